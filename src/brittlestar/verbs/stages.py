"""What a run does once a study is set up: train, score, probe, then read and judge all there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import filterfalse

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.study_judgements import judge_study
from brittlestar.core.answers import StudyAnswers
from brittlestar.core.cells import Cell
from brittlestar.core.results import StudyRecord
from brittlestar.execution.given import is_given
from brittlestar.execution.interruption import Ended
from brittlestar.execution.jobs import Workplace
from brittlestar.execution.rescoring import score_new_splits
from brittlestar.execution.session import train_missing
from brittlestar.store.split_answers import StoredAnswers
from brittlestar.store.study_record import read_record
from brittlestar.verbs.probing import probe_study
from brittlestar.verbs.setting_up import Order


@dataclass(frozen=True)
class Trained:
    """What a study is after training: with the answers and verdicts, why it ended early, and what went wrong."""

    record: StudyRecord
    answers: StudyAnswers
    judgements: tuple[Judgement, ...]
    ended: Ended | None
    problems: tuple[str, ...]


def train_cells(workplace: Workplace, everything: Sequence[Cell], cells: Sequence[Cell], order: Order) -> Trained:
    """Train and score what is missing of `cells`, then read and judge all there is of the study."""
    store, executor, interruption = workplace.store, order.executor, order.interruption
    order.watcher.on_start(store.root)
    interruption.deadline = order.deadline  # only now: without its set-up no run can tell what is open
    main, trainable = everything[0].variant, [*filterfalse(is_given, cells)]
    ended = train_missing(workplace, trainable, main, executor, order.watcher, interruption)
    problems: list[str] = []
    if ended is None:
        scoring = score_new_splits(workplace, cells, executor, interruption)
        ended, problems = scoring.ended, scoring.problems
    if ended is None:
        probing = probe_study(workplace, cells, executor, interruption, tell=order.watcher.on_probe)
        ended, problems = probing.ended, [*problems, *probing.problems]
    for problem in problems:
        order.watcher.on_message(problem)
    record = read_record(store)
    answers = StoredAnswers(store, record)
    return Trained(record, answers, judge_study(record, answers), ended, tuple(problems))
