"""How what is said of a faulty program is graded against its twin, and what counts as a false alarm."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exam.training.fault import Fault
from exam.training.study import REFUSED, Outcome, Said

RANK = {"info": 0, "warning": 1, "error": 2}
FAMILIES = ("train", "eval", "seed", "padding", "token", "data", "embedding", "position", "run")
"""Families whose warnings on a healthy program are false alarms; `run` stands for runs that fail. Others speak of the
data of a task."""
COMPARED = frozenset({"eval.below-trivial"})
"""Codes that compare with trivial baselines: true of a healthy program that such a baseline beats."""
MATTERS = 0.02
"""A fault matters where the mean accuracy of its program is this much below that of its twin: convention."""


@dataclass(frozen=True)
class Grade:
    """What was said of one faulty program. `new` are the codes of warnings and errors that its twin lacks, `right`
    those of them that are accepted; `first`:
    what to act on first has an accepted code; `remedy`: a remedy names the cause; `weak`: the fault does not matter."""

    name: str
    kind: str
    weak: bool
    accuracy: tuple[float, float]
    new: tuple[str, ...]
    noticed: bool
    accepted: bool
    first: bool
    named: bool
    place: bool
    remedy: bool
    failed: int
    seconds: float
    right: tuple[str, ...] = ()


def alarms(said: Iterable[Said]) -> tuple[Said, ...]:
    """Warnings and errors."""
    return tuple(one for one in said if RANK[one.severity] > 0)


def false_alarms(outcome: Outcome) -> tuple[str, ...]:
    """Codes of alarms that a healthy program must not get."""
    return tuple(sorted({alarm.code for alarm in alarms(outcome.said) if alarm.code.split(".")[0] in FAMILIES}))


def weak(faulty: Sequence[float], twin: Sequence[float]) -> bool:
    """Whether a fault is too weak to matter, by accuracies over seeds."""
    return bool(faulty) and _mean(twin) - _mean(faulty) < MATTERS


def graded(fault: Fault, faulty: Outcome, twin: Outcome, is_weak: bool) -> Grade:
    """Grade what was said of a fault."""
    known = {
        alarm.code: RANK[alarm.severity] for alarm in sorted(alarms(twin.said), key=lambda one: RANK[one.severity])
    }
    new = [alarm for alarm in alarms(faulty.said) if RANK[alarm.severity] > known.get(alarm.code, 0)]
    sentences = [alarm.summary for alarm in new]
    if faulty.first is not None and faulty.first[0] in {alarm.code for alarm in new}:
        sentences.append(faulty.first[1])
    named = _matches(fault.words, sentences)
    refused = any(alarm.code == REFUSED for alarm in new)  # with a sentence, and no code
    places = [*sentences, *(str(value) for alarm in new for value in alarm.where.values())]
    return Grade(
        fault.name,
        fault.faulty.kind,
        is_weak,
        (_mean(faulty.scores), _mean(twin.scores)),
        tuple(dict.fromkeys(alarm.code for alarm in new)),
        bool(new),
        any(alarm.code in fault.codes for alarm in new) or (refused and named),
        _is_accepted(fault, faulty.first, refused and named),
        named,
        _matches(fault.place, places),
        _matches(fault.words, [alarm.remedy for alarm in new]),
        faulty.failed,
        faulty.seconds,
        tuple(
            dict.fromkeys(alarm.code for alarm in new if alarm.code in fault.codes or (alarm.code == REFUSED and named))
        ),
    )


def _is_accepted(fault: Fault, act: tuple[str, str] | None, refused: bool) -> bool:
    """Whether what to act on first names the cause."""
    return act is not None and (act[0] in fault.codes or refused)


def _matches(patterns: Iterable[str], sentences: Iterable[str]) -> bool:
    texts = list(sentences)
    return any(re.search(pattern, text, re.IGNORECASE | re.DOTALL) for pattern in patterns for text in texts)


def _mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores) if scores else float("nan")
