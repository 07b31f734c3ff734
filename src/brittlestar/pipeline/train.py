"""Training: what is missing of a study is trained, scored and probed, then read and judged; more seeds while claims are
open."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import filterfalse

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.study_outcomes import judge_study
from brittlestar.core.cells import Cell
from brittlestar.core.results import StudyAnswers, StudyRecord
from brittlestar.execution.evaluate_finished import score_new_splits
from brittlestar.execution.gpu_places import place_on_gpus
from brittlestar.execution.imported import is_given
from brittlestar.execution.interruption import Ended
from brittlestar.execution.jobs import Run
from brittlestar.execution.progress import PROBES
from brittlestar.execution.session import train_missing
from brittlestar.pipeline import more_seeds
from brittlestar.pipeline.own_metrics import read_live_record
from brittlestar.pipeline.prepare import Prepared
from brittlestar.pipeline.probes import probe_study, suite_name
from brittlestar.pipeline.run_options import RunOptions
from brittlestar.pipeline.setup import SetUp
from brittlestar.store.split_answers import AnsweredRows


@dataclass(frozen=True)
class TrainedStudy:
    """What a study is after training: with the answers and verdicts, why it ended early, and what went wrong."""

    record: StudyRecord
    answers: StudyAnswers
    judgements: tuple[Judgement, ...]
    ended: Ended | None
    problems: tuple[str, ...]


def train_study(ready: SetUp, order: RunOptions) -> TrainedStudy:
    """Train what is missing of a study that is set up, with more seeds for as long as its claims are open."""
    order = replace(order, executor=place_on_gpus(order.executor, ready.run, ready.cells))
    done = _train_cells(ready.run, ready.everything, ready.cells, order)
    prepared = ready.prepared
    while prepared is not None and done.ended is None:
        prepared = _add_seeds(prepared, done, ready.goal, order)
        if prepared is not None:
            ready.describe(prepared)
            done = _train_cells(ready.run, prepared.cells, prepared.cells, order)
    return done


def _add_seeds(prepared: Prepared, done: TrainedStudy, goal: more_seeds.Settle, order: RunOptions) -> Prepared | None:
    """The study with the seeds that its open claims need, told to the watcher; None where nothing is open."""
    planned = Counter(cell.variant for cell in prepared.trainable)
    wanted = more_seeds.wanted_seeds(done.judgements, planned, goal)
    if not wanted:
        return None
    open_ = sum(more_seeds.is_open(judgement, goal) for judgement in done.judgements)
    variants = ", ".join(f"{name} {planned[name]} to {many} seeds" for name, many in wanted.items())
    order.watcher.on_message(f"{open_} of {len(done.judgements)} claims are open: {variants}")
    return more_seeds.with_seeds(prepared, wanted)


def _train_cells(run: Run, everything: Sequence[Cell], cells: Sequence[Cell], order: RunOptions) -> TrainedStudy:
    """Train, score and probe what is missing of `cells`, then read and judge all there is of the study."""
    ended, problems = carry_out(run, everything, cells, order)
    record = read_live_record(run.store)
    answers = AnsweredRows(run.store, record)
    return TrainedStudy(record, answers, judge_study(record, answers), ended, problems)


def carry_out(
    run: Run, everything: Sequence[Cell], cells: Sequence[Cell], order: RunOptions
) -> tuple[Ended | None, tuple[str, ...]]:
    """Train, score and probe what is missing of `cells`. Returns why that ended early, and what went wrong with
    finished cells."""
    store, executor, interruption = run.store, order.executor, order.interruption
    order.watcher.on_start(store.root)
    if not cells:  # of few runs some shares have none
        return None, ()
    interruption.deadline = order.deadline  # only now: without its set-up no run can tell what is open
    main, trainable = everything[0].variant, [*filterfalse(is_given, cells)]
    run = replace(run, suite=suite_name(run, trainable))
    ended = train_missing(run, trainable, main, executor, order.watcher, interruption, order.holder)
    problems: list[str] = []
    if ended is None:
        scoring = score_new_splits(run, cells, executor, interruption)
        ended, problems = scoring.ended, scoring.problems
    if ended is None:
        probing = probe_study(run, cells, executor, interruption, tell=partial(order.watcher.on_stage, PROBES))
        ended, problems = probing.ended, [*problems, *probing.problems]
    for problem in problems:
        order.watcher.on_message(problem)
    return ended, tuple(problems)
