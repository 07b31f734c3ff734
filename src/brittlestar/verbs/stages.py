"""The stages of a run: data, audit, claims and study.json before the first cell; then training, scores and verdicts."""

import os
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import filterfalse

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.study_outcomes import judge_study
from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError, StoreError
from brittlestar.core.results import StudyAnswers, StudyRecord
from brittlestar.core.shares import Share
from brittlestar.execution.environment import environment, environment_class
from brittlestar.execution.given import is_given, notes_on
from brittlestar.execution.inspecting import inspect, variant_records
from brittlestar.execution.interruption import Ended, Interrupted, Interruption
from brittlestar.execution.jobs import Executor, Watcher, Workplace, site_of
from brittlestar.execution.progress import AUDIT, PROBES
from brittlestar.execution.rescoring import score_new_splits
from brittlestar.execution.resuming import mixing_note, other_environments, refuse_mixing
from brittlestar.execution.session import missing, train_missing
from brittlestar.store.attempts import REGISTERED, append_attempt
from brittlestar.store.cell_folder import check_cells, make_room, read_outcome
from brittlestar.store.layout import Store
from brittlestar.store.lock import RUN
from brittlestar.store.split_answers import StoredAnswers
from brittlestar.store.split_rows import rows_not_in_train
from brittlestar.store.study_document import read_claims, write_claims, write_study
from brittlestar.store.study_record import read_record
from brittlestar.study.claims import claims_document, settle_pairing
from brittlestar.study.default_claims import default_claims
from brittlestar.study.expand import digest_files
from brittlestar.study.settings import ExecutionSettings
from brittlestar.study.study_claims import claims_of
from brittlestar.verbs.asked import describe_request
from brittlestar.verbs.auditing import audit_into
from brittlestar.verbs.executors import describe_session
from brittlestar.verbs.more_seeds import as_registered, asked_for, shared_luck
from brittlestar.verbs.preparing import Prepared
from brittlestar.verbs.probing import fitting_probes, probe_study, suite_name


@dataclass(frozen=True)
class Order:
    """How to run: by whom, told to whom, until when (of `time.monotonic`), one cell alone, whether environments may
    mix, what claims are registered with: what settles them, and looks at any time; `told`, what there is to say of who
    trains; and the share of the runs that is trained here, None for all."""

    executor: Executor
    watcher: Watcher
    interruption: Interruption
    deadline: float | None
    only: str | None = None
    mix: bool = False
    settle: str | None = None
    anytime: bool = False
    stated: float | None = None
    limits: bool = False
    told: tuple[str, ...] = ()
    share: Share | None = None

    @property
    def holder(self) -> str:
        """The name that the store is held by."""
        return RUN if self.share is None else self.share.name


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


def set_up_study(prepared: Prepared, store: Store, order: Order) -> tuple[Workplace, Callable[[Prepared], None]]:
    """Write data, audit, claims and study.json, in this order; a study that is refused has written none but data.
    Returns where to work, and what writes study.json anew for the same study with more seeds."""
    from brittlestar.data.opening import open_data
    from brittlestar.store.later_splits import keep_later, keep_rows

    opened = prepared.opened
    keep_rows(store, opened.frames, opened.data)
    keep_later(store, opened.loaded.study.data)
    splits = {name: split.fingerprint for name, split in open_data(store.data).splits.items()}
    site = site_of(store, prepared.search_path, opened.base, opened.named.session)
    inspection = inspect(prepared.trainable, site, order.executor, order.interruption)
    for note in inspection.notes:
        order.watcher.on_message(note)
    described = {**environment(), **inspection.environment}
    study = opened.loaded.study
    here = environment_class(described, study.training.device)
    others = other_environments(store, prepared.cells, here)
    if not order.mix:
        refuse_mixing(store, others, here)
    checks = tuple(one.check for one in prepared.checks)
    try:
        with order.interruption.at_once():
            failed = audit_into(
                store, opened, prepared.given, checks, partial(order.watcher.on_stage, AUDIT), order.limits
            )
    except Interrupted as wish:
        raise StoreError(f"{wish.reason} before the first run", "", "the same command starts again") from None
    if failed is not None:
        order.watcher.on_message(failed)
    done = len(missing(store, prepared.cells)) < len({cell.hash for cell in prepared.cells})
    claims = claims_of(opened.loaded, tuple(splits)) or default_claims(
        {name: split.n_rows for name, split in opened.data.splits.items()},
        rows_not_in_train(store.data, tuple(opened.data.splits)),
        prepared.metric,
        prepared.cells[0].variant,
    )
    luck = shared_luck(prepared, inspection.shapes)
    asked = [settle_pairing(asked_for(claim, order.settle, order.anytime), luck) for claim in claims]
    claims = [as_registered(claim, read_claims(store), luck) for claim in claims] if done else asked
    if new := write_claims(store, claims_document(claims, True), done):
        append_attempt(store, REGISTERED, "", claims=list(new))

    probes = fitting_probes(prepared, store)

    read = (*opened.frames.notes, *opened.data.notes, *notes_on(prepared.given))
    notes = (*inspection.notes, *read, *mixing_note(others, here))
    session, files = describe_session(opened.named), digest_files(opened.loaded)

    def describe(prepared: Prepared) -> None:
        study, opened = prepared.opened.loaded.study, prepared.opened
        usual = study.execution == ExecutionSettings()
        write_study(
            store,
            prepared.cells,
            variant_records(opened.loaded, inspection.read_back, inspection.parameters, inspection.shapes),
            name=study.name,
            title=study.report.title,
            given=opened.loaded.given,
            metric=prepared.metric,
            streams=study.streams.model_dump(mode="json"),
            environment=described,
            base=os.path.relpath(opened.base, store.anchor),
            search_path=os.path.relpath(prepared.search_path, store.anchor),
            own_digests=dict(prepared.own_digests),
            notes=(*notes, *session),
            asked=describe_request(opened.asked, store),
            probes=probes.model_dump(mode="json"),
            checks=[one.as_json(store) for one in prepared.checks],
            **({} if usual else {"execution": study.execution.model_dump(mode="json")}),
            **({"file_digests": files} if files else {}),
            **({} if opened.named.session is None else {"own_source": opened.named.session.source}),
        )

    describe(prepared)
    model = opened.named.session
    return Workplace(store, prepared.search_path, opened.base, here, splits, model, holder=order.holder), describe


@dataclass(frozen=True)
class Trained:
    """What a study is after training: with the answers and verdicts, why it ended early, and what went wrong."""

    record: StudyRecord
    answers: StudyAnswers
    judgements: tuple[Judgement, ...]
    ended: Ended | None
    problems: tuple[str, ...]


def train_cells(workplace: Workplace, everything: Sequence[Cell], cells: Sequence[Cell], order: Order) -> Trained:
    """Train, score and probe what is missing of `cells`, then read and judge all there is of the study."""
    ended, problems = carry_out(workplace, everything, cells, order)
    record = read_record(workplace.store)
    answers = StoredAnswers(workplace.store, record)
    return Trained(record, answers, judge_study(record, answers), ended, problems)


def carry_out(
    workplace: Workplace, everything: Sequence[Cell], cells: Sequence[Cell], order: Order
) -> tuple[Ended | None, tuple[str, ...]]:
    """Train, score and probe what is missing of `cells`. Returns why that ended early, and what went wrong with
    finished cells."""
    store, executor, interruption = workplace.store, order.executor, order.interruption
    order.watcher.on_start(store.root)
    if not cells:  # of few runs some shares have none
        return None, ()
    interruption.deadline = order.deadline  # only now: without its set-up no run can tell what is open
    main, trainable = everything[0].variant, [*filterfalse(is_given, cells)]
    workplace = replace(workplace, suite=suite_name(workplace, trainable))
    ended = train_missing(workplace, trainable, main, executor, order.watcher, interruption)
    problems: list[str] = []
    if ended is None:
        scoring = score_new_splits(workplace, cells, executor, interruption)
        ended, problems = scoring.ended, scoring.problems
    if ended is None:
        probing = probe_study(workplace, cells, executor, interruption, tell=partial(order.watcher.on_stage, PROBES))
        ended, problems = probing.ended, [*problems, *probing.problems]
    for problem in problems:
        order.watcher.on_message(problem)
    return ended, tuple(problems)
