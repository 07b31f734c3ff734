"""How a run begins: what was asked for becomes a study that is set up in its store, with the runs that are to train."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import filterfalse
from pathlib import Path
from typing import Any

from brittlestar.claims.standing import refuse_stated
from brittlestar.core.cells import Cell
from brittlestar.core.commands import store_name
from brittlestar.core.errors import BrittlestarError, InputError
from brittlestar.execution.given import is_given, keep_given
from brittlestar.execution.jobs import Workplace
from brittlestar.execution.processes import Processes
from brittlestar.execution.resuming import computing_here, other_environments, refuse_mixing, resume
from brittlestar.execution.session import missing
from brittlestar.models.naming import NamedModel
from brittlestar.models.session_model import SessionModel
from brittlestar.store.address import Place, name_place, read_place
from brittlestar.store.audit_document import read_audit
from brittlestar.store.layout import Store, create_store, open_store
from brittlestar.store.study_document import stored_cells
from brittlestar.study.loading import study_name
from brittlestar.training.prediction_sources import sources_of
from brittlestar.verbs import more_seeds
from brittlestar.verbs.asked import asked_of, choose_folder, is_store, name_again, takes_model
from brittlestar.verbs.holding import at_work, refuse_other_study, setting_up
from brittlestar.verbs.opening import as_text, may_use_optimisers, open_input, placed_in
from brittlestar.verbs.preparing import Prepared, prepare
from brittlestar.verbs.stages import Order, choose_cells, set_up_study


@dataclass(frozen=True)
class Request:
    """What a run is asked for: data, a study file or a study's folder; the model or given predictions; how their
    columns are called; changed settings as YAML text; where the study goes, and its name where data are in memory."""

    data: str | Path | Mapping[str, Any]
    named: NamedModel
    predictions: Any
    predictions_columns: Mapping[str, str] | None
    columns: Mapping[str, str] | None
    overrides: Mapping[str, str]
    out: str | Path | None
    name: str | None


@dataclass(frozen=True)
class Begun:
    """A study that is set up: where to work, all its runs and those that are to be done, what settles open claims, and
    what writes study.json anew with more seeds. `prepared` is None for a study that is only finished."""

    workplace: Workplace
    everything: tuple[Cell, ...]
    cells: tuple[Cell, ...]
    goal: more_seeds.Settle
    prepared: Prepared | None
    describe: Callable[[Prepared], None]


@contextmanager
def begin(request: Request, order: Order) -> Generator[Begun]:
    """Hold the store of a run, set its study up, and give way to signals until the block ends. Raises InputError,
    StoreError."""
    if is_store(request.data):
        place = read_place(str(request.data))
        given = sources_of(request.predictions, request.predictions_columns)
        if given or request.columns or request.predictions_columns or not takes_model(place, request.named):
            what = "a study's folder has its model, predictions and columns"
            raise InputError(what, str(place), "give others with the data or the study file, and --out")
        if not request.overrides and request.out is None and order.settle in (None, "no"):
            with _finishing(open_store(place), order, request.named.session) as begun:
                yield begun
            return
        more_seeds.refuse_more_seeds(stored_cells(open_store(place)), request.overrides, order.settle)
        with _setting_out(_asked_again(place, request), order, grown=True) as begun:
            yield begun
        return
    with _setting_out(request, order, grown=False) as begun:
        yield begun


def _asked_again(place: Place, request: Request) -> Request:
    """What a study's folder was asked for, with what is changed now; other settings go into a folder of their own."""
    asked = asked_of(place)
    named = request.named if request.named.session is not None else name_again(place, asked)
    changed = any(path != "seeds" and not path.startswith("execution") for path in request.overrides)
    overrides = {path: as_text(value) for path, value in {**asked.settings, **request.overrides}.items()}
    out = None if request.out is None else read_place(request.out)
    if out is None:
        out = choose_folder(place, overrides) if changed else place
        if changed:  # by its name the commands in its report name its folder
            overrides = {"name": study_name(name_place(out).removesuffix(".study")), **overrides}
    return Request(
        asked.data, named, asked.predictions, asked.predictions_columns, asked.columns, overrides, out, asked.name
    )


@contextmanager
def _setting_out(request: Request, order: Order, grown: bool) -> Generator[Begun]:
    """Set a study up from its data or study file; one that is `grown` keeps the seeds that it has."""
    if isinstance(order.executor, Processes):
        order.executor.warm(may_use_optimisers(request.data, request.named.reference, request.overrides))
    opened = open_input(
        request.data,
        model=request.named,
        predictions=request.predictions,
        predictions_columns=request.predictions_columns,
        columns=request.columns,
        overrides=request.overrides,
        name=request.name,
    )
    prepared = prepare(opened)
    more_seeds.refuse_more_seeds(prepared.cells, {}, order.settle)
    if order.stated is not None:
        refuse_stated(order.stated, prepared.metric)
    alone = order.only is not None or order.share is not None
    goal = "no" if alone or prepared.given else more_seeds.settling(order.settle, opened.loaded)
    place = read_place(request.out if request.out is not None else store_name(opened.loaded.study.name))
    fresh = Store(place).backend.is_empty()
    store = create_store(place)
    with at_work(store, order), order.interruption.listening():
        with setting_up(store, order):
            prepared = more_seeds.as_planned(prepared, stored_cells(store), grown)
            refuse_other_study(store, prepared.cells, order)
            cells = choose_cells(store, prepared.cells, order)
            try:
                with placed_in(opened.loaded):
                    workplace, describe = set_up_study(prepared, store, order)
            except BrittlestarError:
                if fresh and order.share is None:  # a model that cannot be built leaves nothing behind
                    store.backend.clear()
                raise
            keep_given(workplace, missing(store, filter(is_given, cells)), prepared.given, prepared.opened.data)
        yield Begun(workplace, prepared.cells, cells, goal, prepared, describe)


@contextmanager
def _finishing(store: Store, order: Order, session: SessionModel | None) -> Generator[Begun]:
    """Go on with a study from its store alone."""
    with at_work(store, order), order.interruption.listening():
        with setting_up(store, order):
            read_audit(store)  # a damaged one is told before anything is trained, not after
            stored, everything = resume(store, session)
            cells = choose_cells(store, everything, order)
            trainable = tuple(filterfalse(is_given, cells))
            workplace = computing_here(stored, trainable, order.executor, order.interruption)
            if not order.mix:
                here = workplace.environment_class
                refuse_mixing(store, other_environments(store, everything, here), here)
        yield Begun(replace(workplace, holder=order.holder), everything, cells, "no", None, lambda prepared: None)
