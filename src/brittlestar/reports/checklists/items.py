"""What an item of a checklist is, and its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from brittlestar.reports.checklists.facts import Facts

Answer = Literal["yes", "no", "in part", "does not apply", "cannot be answered from this record"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)
UNKNOWN: Answer = "cannot be answered from this record"


@dataclass(frozen=True)
class Answered:
    """The answer to an item, and a sentence or two on what it rests on and where that is found, as plain text."""

    answer: Answer
    evidence: str


@dataclass(frozen=True)
class Item:
    """An item of a checklist: its number there, what it asks in a few words of our own, and the rule that answers."""

    number: str
    label: str
    answer: Callable[[Facts], Answered]
