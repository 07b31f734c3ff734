"""Setting a study up in its store: data, audit, claims and study.json, before the first run is trained."""

import shlex
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import filterfalse
from pathlib import Path

from brittlestar.claims.stated_scores import refuse_stated
from brittlestar.core.cells import Cell
from brittlestar.core.commands import store_name
from brittlestar.core.errors import BrittlestarError, InputError
from brittlestar.execution.given import is_given, keep_given
from brittlestar.execution.jobs import Run
from brittlestar.execution.processes import Processes
from brittlestar.execution.resuming import computing_here, other_environments, refuse_mixing, resume
from brittlestar.execution.session import missing
from brittlestar.models.naming import name_model
from brittlestar.models.session_model import SessionModel
from brittlestar.pipeline import more_seeds
from brittlestar.pipeline.first_files import write_first_files
from brittlestar.pipeline.hold import at_work, refuse_other_study, setting_up
from brittlestar.pipeline.open import as_text, may_use_optimisers, open_request, placed_in
from brittlestar.pipeline.order import Order
from brittlestar.pipeline.prepare import Prepared, prepare
from brittlestar.pipeline.request import (
    Request,
    choose_folder,
    is_store,
    name_again,
    read_request,
    takes_model,
)
from brittlestar.store.audit_document import read_audit
from brittlestar.store.cell_folder import check_cells, make_room, read_outcome
from brittlestar.store.layout import Store, create_store, open_store, read_place
from brittlestar.store.study_document import stored_cells
from brittlestar.study.loading import study_name
from brittlestar.training.prediction_sources import sources_of


@dataclass(frozen=True)
class SetUp:
    """A study that is set up: where to work, all its runs and those that are to be done, what settles open claims, and
    what writes study.json anew with more seeds. `prepared` is None for a study that is only finished."""

    run: Run
    everything: tuple[Cell, ...]
    cells: tuple[Cell, ...]
    goal: more_seeds.Settle
    prepared: Prepared | None
    describe: Callable[[Prepared], None]


@contextmanager
def set_up(request: Request, order: Order) -> Generator[SetUp]:
    """Hold the store of a run, set its study up, and give way to signals until the block ends. Raises InputError,
    StoreError."""
    if is_store(request.data):
        place, named = read_place(str(request.data)), name_model(request.model)
        given = sources_of(request.predictions, request.predictions_columns)
        if given or request.columns or request.predictions_columns or not takes_model(place, named):
            what = "a study's folder has its model, predictions and columns"
            raise InputError(what, str(place), "give others with the data or the study file, and --out")
        if not request.settings and request.out is None and order.settle in (None, "no"):
            with _finishing(open_store(place), order, named.session) as found:
                yield found
            return
        more_seeds.refuse_more_seeds(stored_cells(open_store(place)), request.settings, order.settle)
        with _setting_out(_ask_again(place, request), order, grown=True) as found:
            yield found
        return
    with _setting_out(request, order, grown=False) as found:
        yield found


def _ask_again(place: Path, request: Request) -> Request:
    """What a study's folder was asked for, with what is changed now; other settings go into a folder of their own."""
    before, named = read_request(place), name_model(request.model)
    named = named if named.session is not None else name_again(place, before)
    changed = any(path != "seeds" and not path.startswith("execution") for path in request.settings)
    settings = {path: as_text(value) for path, value in {**before.settings, **request.settings}.items()}
    out = None if request.out is None else read_place(request.out)
    if out is None:
        out = choose_folder(place, settings) if changed else place
        if changed:  # by its name the commands in its report name its folder
            settings = {"name": study_name(out.resolve().name.removesuffix(".study")), **settings}
    return replace(before, model=named, settings=settings, out=out)


@contextmanager
def _setting_out(request: Request, order: Order, grown: bool) -> Generator[SetUp]:
    """Set a study up from its data or study file; one that is `grown` keeps the seeds that it has."""
    if isinstance(order.executor, Processes):
        reference = name_model(request.model).reference
        order.executor.warm(may_use_optimisers(request.data, reference, request.settings))
    opened = open_request(request)
    prepared = prepare(opened)
    more_seeds.refuse_more_seeds(prepared.cells, {}, order.settle)
    if order.stated is not None:
        refuse_stated(order.stated, prepared.metric)
    alone = order.only is not None or order.share is not None
    goal = "no" if alone or prepared.given else more_seeds.settling(order.settle, opened.loaded)
    place = read_place(request.out if request.out is not None else store_name(opened.study.name))
    fresh = Store(place).backend.is_empty()
    store = create_store(place)
    with at_work(store, order), order.interruption.listening():
        with setting_up(store, order):
            prepared = more_seeds.as_planned(prepared, stored_cells(store), grown)
            refuse_other_study(store, prepared.cells, order)
            cells = choose_cells(store, prepared.cells, order)
            try:
                with placed_in(opened.loaded):
                    run, describe = write_first_files(prepared, store, order)
            except BrittlestarError:
                if fresh and order.share is None:  # a model that cannot be built leaves nothing behind
                    store.backend.clear()
                raise
            keep_given(run, missing(store, filter(is_given, cells)), prepared.given, prepared.opened.data)
        yield SetUp(run, prepared.cells, cells, goal, prepared, describe)


@contextmanager
def _finishing(store: Store, order: Order, session: SessionModel | None) -> Generator[SetUp]:
    """Go on with a study from its store alone."""
    with at_work(store, order), order.interruption.listening():
        with setting_up(store, order):
            read_audit(store)  # a damaged one is told before anything is trained, not after
            stored, everything = resume(store, session)
            cells = choose_cells(store, everything, order)
            trainable = tuple(filterfalse(is_given, cells))
            run = computing_here(stored, trainable, order.executor, order.interruption)
            if not order.mix:
                here = run.environment_class
                refuse_mixing(store, other_environments(store, everything, here), here)
        yield SetUp(run, everything, cells, "no", None, lambda prepared: None)


def choose_cells(store: Store, cells: Sequence[Cell], order: Order) -> tuple[Cell, ...]:
    """All cells, those of the share, or the one whose hash starts with what `only` says, with room made where it failed
    or is damaged. Raises InputError where there is no such cell, StoreError where one of them is damaged."""
    prefix, share = order.only, order.share
    chosen = tuple(cells) if share is None else tuple(filter(share.takes, cells))
    if prefix is not None:
        chosen = tuple(cell for cell in cells if cell.hash.startswith(prefix))[:1]
        hashes = {cell.hash for cell in cells if cell.hash.startswith(prefix)}
        if len(hashes) != 1 or not prefix:
            many = "no run has" if not hashes else f"{len(hashes)} runs have"
            hint = f"`brittlestar status {shlex.quote(str(store.root))} -v` lists the runs"
            raise InputError(f"{many} a hash that starts with {prefix!r}", str(store.root), hint)
        try:
            outcome = read_outcome(store, store.cell(chosen[0].hash))
        except ValueError:
            outcome = None  # damaged: set aside for that
        make_room(store, chosen[0], outcome is not None and outcome.get("state") == "failed")
    check_cells(store, chosen)
    return chosen
