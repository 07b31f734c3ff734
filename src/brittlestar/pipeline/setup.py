"""Setting a study up in its store: data, audit, claims and study.json, before the first run is trained."""

import os
import shlex
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import filterfalse
from pathlib import Path
from typing import Any

from brittlestar.claims.stated_scores import refuse_stated
from brittlestar.core.cells import Cell
from brittlestar.core.commands import store_name
from brittlestar.core.errors import BrittlestarError, InputError, StoreError
from brittlestar.core.metrics import is_own
from brittlestar.core.own_metrics import describe_metrics
from brittlestar.data.predictions.runs import list_notes
from brittlestar.execution.environment import environment, environment_class
from brittlestar.execution.executors import describe_session
from brittlestar.execution.imported import is_given, save_imported
from brittlestar.execution.inspecting import Inspection, inspect, variant_records
from brittlestar.execution.interruption import Interrupted
from brittlestar.execution.jobs import Run, make_run
from brittlestar.execution.processes import Processes
from brittlestar.execution.progress import AUDIT
from brittlestar.execution.resuming import computing_here, mixing_note, other_environments, refuse_mixing, resume
from brittlestar.execution.session import missing
from brittlestar.models.naming import name_model
from brittlestar.models.session_model import SessionModel
from brittlestar.pipeline import more_seeds
from brittlestar.pipeline.auditing import describe_audited
from brittlestar.pipeline.forecasting import look_at_rows
from brittlestar.pipeline.kept_audits import audit_opened
from brittlestar.pipeline.open import as_text, may_use_optimisers, open_request, placed_in
from brittlestar.pipeline.prepare import Prepared, prepare
from brittlestar.pipeline.probes import fitting_probes
from brittlestar.pipeline.request import (
    Request,
    choose_folder,
    describe_request,
    is_store,
    name_again,
    read_request,
    takes_model,
)
from brittlestar.pipeline.run_options import RunOptions
from brittlestar.pipeline.store_lock import lock_for_run, lock_for_setup, refuse_other_study
from brittlestar.store.attempts import REGISTERED, append_attempt
from brittlestar.store.audit_document import is_cached, read_audit, write_audit
from brittlestar.store.cell_checks import check_cells, make_room, note_copied
from brittlestar.store.cell_folder import read_outcome
from brittlestar.store.layout import Store, create_store, open_store, read_place
from brittlestar.store.split_answers import count_unseen
from brittlestar.store.study_document import read_claims, read_study, stored_cells, write_claims, write_study
from brittlestar.study.asked_metrics import list_asked
from brittlestar.study.claims import claims_document
from brittlestar.study.expand import digest_files
from brittlestar.study.loading import study_name
from brittlestar.study.names import MAIN
from brittlestar.study.settings import ExecutionSettings

ANOTHER = (
    "{} held a study with other settings, data or model of main: its runs stay, and the report is of this study from "
    "now on; another folder for the study keeps both"
)


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


def set_up(request: Request, order: RunOptions) -> AbstractContextManager[SetUp]:
    """Hold the store of a run, set its study up, and give way to signals until the block ends. Raises InputError,
    StoreError."""
    if not is_store(request.data):
        return _setting_out(request, order, grown=False)
    place, named = read_place(str(request.data)), name_model(request.model)
    _refuse_given(place, request)
    if is_unchanged(request, order.settle):
        return _finishing(open_store(place), order, named.session)
    return _setting_out(ask_again(request, order.settle), order, grown=True)


def _refuse_given(place: Path, request: Request) -> None:
    given = request.predictions or request.columns or request.predictions_columns
    if given or not takes_model(place, name_model(request.model)):
        what = "a study's folder has its model, predictions and columns"
        raise InputError(what, str(place), "give others with the data or the study file, and --out")


def is_unchanged(request: Request, settle: str | None) -> bool:
    """Whether a study's folder is given with nothing that could change or grow it."""
    return not request.settings and request.out is None and settle in (None, "no")


def ask_again(request: Request, settle: str | None) -> Request:
    """What the study's folder that is given was asked for, with what is changed now; other settings go into a folder of
    their own. Raises InputError."""
    place, named = read_place(str(request.data)), name_model(request.model)
    _refuse_given(place, request)
    more_seeds.refuse_more_seeds(stored_cells(open_store(place)), request.settings, settle)
    before = read_request(place)
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
def _setting_out(request: Request, order: RunOptions, grown: bool) -> Generator[SetUp]:
    """Set a study up from its data or study file; one that is `grown` keeps the seeds that it has."""
    if isinstance(order.executor, Processes):
        reference = name_model(request.model).reference
        order.executor.warm(may_use_optimisers(request.data, reference, request.settings))
    prepared = prepare_request(request, order)
    opened = prepared.opened
    alone = order.only is not None or order.share is not None
    goal = "no" if alone or prepared.given else more_seeds.settling(order.settle, opened.loaded)
    place = read_place(request.out if request.out is not None else store_name(opened.study.name))
    fresh = Store(place).backend.is_empty()
    store = create_store(place)
    with lock_for_run(store, order), order.interruption.listening():
        with lock_for_setup(store, order):
            stored = stored_cells(store)
            prepared = more_seeds.as_planned(prepared, stored, grown)
            refuse_other_study(store, stored, prepared.cells, order)
            _refuse_other_data(store, stored, prepared)
            another = _are_others(stored, prepared.cells)
            cells = choose_cells(store, prepared.cells, order)
            try:
                with placed_in(opened.loaded):
                    run, describe = write_first_files(prepared, store, order)
            except BrittlestarError:
                if fresh and order.share is None:  # a model that cannot be built leaves nothing behind
                    store.backend.clear()
                raise
            if another:
                order.watcher.on_message(ANOTHER.format(place))
            _tell_copied(store, prepared.cells, order)
            save_imported(store, run, missing(store, filter(is_given, cells)), prepared.given, prepared.opened.data)
        yield SetUp(run, prepared.cells, cells, goal, prepared, describe)


def prepare_request(request: Request, order: RunOptions) -> Prepared:
    """Open a request and name its cells; nothing is written. Raises InputError, also for more seeds of given
    predictions, and for a stated score that is none of the metric."""
    prepared = prepare(open_request(request))
    more_seeds.refuse_more_seeds(prepared.cells, {}, order.settle)
    if order.stated is not None:
        refuse_stated(order.stated, prepared.metric)
    return prepared


def write_first_files(prepared: Prepared, store: Store, order: RunOptions) -> tuple[Run, Callable[[Prepared], None]]:
    """Write data, audit, claims and study.json, in this order; a study that is refused has written none but data.
    Returns where to work, and what writes study.json anew for the same study with more seeds."""
    opened = prepared.opened
    splits = _keep_data(prepared, store)
    run = make_run(store, prepared.search_path, opened.base, opened.named.session)
    inspection = inspect(prepared.trainable, run, order.executor, order.interruption)
    for note in inspection.notes:
        order.watcher.on_message(note)
    described = {**environment(), **inspection.environment}
    here = environment_class(described, opened.study.training.device)
    others = other_environments(store, prepared.cells, here)
    if not order.mix:
        refuse_mixing(store, others, here)
    if order.audit:
        _audit(prepared, store, order)
    _register_claims(prepared, store, order, inspection)
    read = (*opened.frames.notes, *opened.data.notes, *list_notes(prepared.given))
    notes = (*inspection.notes, *read, *mixing_note(others, here), *describe_session(opened.named))
    probes = fitting_probes(prepared, store).model_dump(mode="json")
    writer = _StudyWriter(store, inspection, described, notes, probes, digest_files(opened.loaded))
    writer.write(prepared)
    return replace(run, environment_class=here, fingerprints=splits), writer.write


def _are_others(stored: Sequence[Cell], cells: Sequence[Cell]) -> bool:
    """Whether main of the stored study has no run in common with these: settings, data or model are others."""
    before, now = ({cell.hash for cell in one if cell.variant == MAIN} for one in (stored, cells))
    return bool(before) and not before & now


def _refuse_other_data(store: Store, stored: Sequence[Cell], prepared: Prepared) -> None:
    """Raise InputError where the stored study is of data at another place whose train has other rows; data that changed
    at their place are mended."""
    from brittlestar.data.opening import read_summary

    request = prepared.opened.request
    before = (read_study(store).get("asked") or {}).get("data") if stored else None
    now = None if request is None else store.relate(Path(request.data))
    if not stored or before == now:
        return
    kept, train = read_summary(store.data).splits["train"], prepared.opened.data.splits["train"]
    if kept.fingerprint != train.fingerprint:
        name = "in memory" if before is None else os.path.relpath(store.anchor / before)
        what = f"the study here is of other data ({name}: train has {kept.rows:,} rows, and not these {train.n_rows:,})"
        raise InputError(what, str(store.root), "choose another folder with --out DIR")


def _keep_data(prepared: Prepared, store: Store) -> dict[str, str]:
    """The fingerprint of every split, whose rows are then in the store."""
    from brittlestar.data.opening import open_data
    from brittlestar.execution.relabelled import find_relabelled, score_relabelled
    from brittlestar.store.later_splits import refuse_taken_names, save_later, save_rows

    opened = prepared.opened
    refuse_taken_names(store, opened.data.splits)
    score_relabelled(store, prepared.cells, find_relabelled(store, opened.frames, opened.data), opened.data)
    save_rows(store, opened.frames, opened.data)
    save_later(store, opened.study.data, partial(look_at_rows, store))
    return {name: split.fingerprint for name, split in open_data(store.data).splits.items()}


def _audit(prepared: Prepared, store: Store, order: RunOptions) -> None:
    """Audit into the store, unless the same was audited before. An audit that fails is told: nothing that is found in
    data, and no fault of a check, ever stops a run."""
    opened, given, tell = prepared.opened, prepared.given, partial(order.watcher.on_stage, AUDIT)
    own = [check.check for check in prepared.checks if check.check.needs == "data"]
    try:
        with order.interruption.at_once():
            of = describe_audited(opened, given, own)
            kept = of | ({"limits": True} if order.limits else {})
            if is_cached(store, kept):
                return
            audit, answers = audit_opened(opened, given, of, own, tell, order.limits)
            write_audit(store, audit, kept, answers)
    except Interrupted as wish:
        raise StoreError(f"{wish.reason} before the first run", "", "the same command starts again") from None
    if audit.failed is not None:
        order.watcher.on_message(audit.failed)


def _register_claims(prepared: Prepared, store: Store, order: RunOptions, inspection: Inspection) -> None:
    """Write the claims of the study, or the default ones, and when those were written that are new."""
    done = len(missing(store, prepared.cells)) < len({cell.hash for cell in prepared.cells})
    unseen = count_unseen(store, tuple(prepared.opened.data.splits))
    known = read_claims(store) if done else None
    claims = more_seeds.plan_claims(prepared, unseen, order.settle, order.anytime, inspection.shapes, known)
    if new := write_claims(store, claims_document(claims, True), done):
        append_attempt(store, REGISTERED, "", claims=list(new))


@dataclass(frozen=True)
class _StudyWriter:
    """What study.json says beside the runs of a study, which may become more."""

    store: Store
    inspection: Inspection
    environment: Mapping[str, Any]
    notes: Sequence[str]
    probes: Mapping[str, Any]
    files: Mapping[str, str]

    def write(self, prepared: Prepared) -> None:
        """Write study.json for these runs."""
        study, opened, seen = prepared.opened.study, prepared.opened, self.inspection
        usual, session = study.execution == ExecutionSettings(), opened.named.session
        own = describe_metrics(filter(is_own, list_asked(study)))
        write_study(
            self.store,
            prepared.cells,
            variant_records(opened.loaded, seen.read_back, seen.parameters, seen.shapes),
            name=study.name,
            title=study.report.title,
            given=opened.loaded.given,
            metric=prepared.metric,
            streams=study.streams.model_dump(mode="json"),
            environment=self.environment,
            base=self.store.relate(opened.base),
            search_path=self.store.relate(prepared.search_path),
            own_digests=dict(prepared.own_digests),
            notes=self.notes,
            asked=describe_request(opened.request, self.store),
            probes=self.probes,
            checks=[check.as_json(self.store) for check in prepared.checks],
            **({"metrics": own} if own else {}),
            **({"more_metrics": study.report.metrics} if study.report.metrics else {}),
            **({} if usual else {"execution": study.execution.model_dump(mode="json")}),
            **({"file_digests": self.files} if self.files else {}),
            **({} if session is None else {"own_source": session.source}),
        )


@contextmanager
def _finishing(store: Store, order: RunOptions, session: SessionModel | None) -> Generator[SetUp]:
    """Go on with a study from its store alone."""
    with lock_for_run(store, order), order.interruption.listening():
        with lock_for_setup(store, order):
            read_audit(store)  # a damaged one is told before anything is trained, not after
            stored, everything = resume(store, session)
            cells = choose_cells(store, everything, order)
            trainable = tuple(filterfalse(is_given, cells))
            run = computing_here(stored, trainable, order.executor, order.interruption)
            if not order.mix:
                here = run.environment_class
                refuse_mixing(store, other_environments(store, everything, here), here)
            _tell_copied(store, everything, order)
        yield SetUp(run, everything, cells, "no", None, lambda prepared: None)


def _tell_copied(store: Store, cells: Sequence[Cell], order: RunOptions) -> None:
    """Take in the finished cells that were copied here, all of them checked before."""
    if (told := note_copied(store, cells)) is not None:
        order.watcher.on_message(told)


def choose_cells(store: Store, cells: Sequence[Cell], order: RunOptions) -> tuple[Cell, ...]:
    """All cells, those of the share, or the one whose hash starts with what `only` says, with room made where it failed
    or is not what its name says. Raises InputError where there is no such cell, StoreError where one of them is not."""
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
