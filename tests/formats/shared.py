"""How documents begin, and what most of them have: headline, findings, runs."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

from brittlestar.core.experiments import Experiment
from brittlestar.core.findings import Effect, Severity, Status
from brittlestar.core.headline import Answer, BestTrivial, Ground, HeadlineScore, WorstSlice

Interval = tuple[float, float]
Arguments = Sequence[str] | None
"""A command as a list of arguments, its program first; null where no command can do it."""


class AnswerShape(TypedDict):
    """The answer to a question: `next` is the command that can change it, as a shell takes it, and `argv` the same as a
    list of arguments; both are null where no command can."""

    answer: Answer
    sentence: str
    grounds: Sequence[Ground]
    next: str | None
    argv: Arguments


class ActShape(TypedDict):
    """The finding to act on first. Without a command, `remedy` says what to do. `effect` has its cost in
    points as people read it, and `cost` as numbers."""

    code: str
    variant: str | None
    sentence: str
    command: str | None
    argv: Arguments
    remedy: str
    effect: str
    cost: Effect | None


class HeadlineShape(TypedDict):
    """The score and the four answers. `fair` is null where nothing is compared, `stated` where no score is stated."""

    real: AnswerShape
    holds: AnswerShape
    sound: AnswerShape
    fair: AnswerShape | None
    stated: AnswerShape | None
    score: HeadlineScore | None
    best_trivial: BestTrivial | None
    act_first: ActShape | None
    worst_slice: WorstSlice | None


class OtherAnswerShape(TypedDict):
    """The answer of a verb with a question of its own: a code, null where there is none, and a sentence for people."""

    answer: str | None
    sentence: str


class FindingShape(TypedDict):
    """What a check found. `severity` is null unless the finding is present; `effect` is there of a present one.

    `where` narrows it (split, variant, seed, …); `evidence` depends on the code; `argv` is the first command of the
    remedy as a list of arguments; `confirmed_by` is the experiment that confirmed it as a cause.
    """

    code: str
    status: Status
    severity: Severity | None
    summary: str
    threshold: str
    where: Mapping[str, str]
    evidence: Mapping[str, Any]
    remedy: str
    argv: Arguments
    confirmed_by: Experiment | None
    effect: NotRequired[Effect | None]


class CellShape(TypedDict):
    """One run. `error` is the type, message and place of what it raised."""

    hash: str
    variant: str
    seed: int
    state: Literal["planned", "running", "done", "failed", "lost"]
    outcome: str | None
    error: str | None
    best_epoch: NotRequired[int | None]


class Begun(TypedDict):
    """How every document begins. `schema_version` grows where a key goes, or changes its meaning."""

    schema_version: Literal[1]


class Answered(Begun):
    """A document whose headline are the answers about a study, or about data alone."""

    headline: HeadlineShape


class AnsweredOtherwise(Begun):
    """A document whose headline is the answer to one question of its own."""

    headline: OtherAnswerShape


class Unanswered(Begun):
    """A document that answers no question, or many, each in its own place."""

    headline: None


class Offered(TypedDict):
    """The command that goes on, as a shell takes it and as a list of arguments; null where there is none."""

    next: str | None
    argv: Arguments
