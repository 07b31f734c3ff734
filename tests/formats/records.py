"""Documents of comparisons and of records."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from brittlestar.core.headline import Answer
from brittlestar.records.describing import ScoredRuns
from brittlestar.records.outcomes import Checked, CheckOutcome
from brittlestar.records.reported.reading import Kind
from brittlestar.records.reported.scores import ReportedScore
from brittlestar.reports.study_differences import SplitChange

from .claims import JudgementShape
from .shared import AnsweredOtherwise, FindingShape, Interval, Offered, Unanswered


class Changed(TypedDict):
    """One thing that is not the same in both."""

    what: str
    first: Any
    second: Any
    variants: Sequence[str]


class ComparedScores(TypedDict):
    """A variant of each side on one split. `rows` and `seeds` are those of the first, of the second, and of both."""

    variants: tuple[str, str]
    split: str
    metric: str
    means: Interval | None
    rows: tuple[int, int, int] | None
    seeds: tuple[int, int, int] | None
    judgement: JudgementShape | None
    reason: str
    identical: bool


class OneSided(FindingShape):
    """A finding of one side, with its status on the other."""

    other: str


class OtherSeverity(FindingShape):
    """A finding of both sides, with its severity in the first."""

    first: str


class Moved(TypedDict):
    """A code that is present on both sides in other places."""

    code: str
    first: Sequence[FindingShape]
    second: Sequence[FindingShape]


class FindingDifferences(TypedDict):
    """Findings that are not present in the same places of both."""

    gained: Sequence[OneSided]
    lost: Sequence[OneSided]
    moved: Sequence[Moved]
    severity: Sequence[OtherSeverity]


class Compare(Unanswered):
    """`compare A B --json`: differences are second − first. Each pair of scores has its own judgement."""

    first: str
    second: str
    settings: Sequence[Changed]
    data: Sequence[SplitChange]
    scores: Sequence[ComparedScores]
    answers: Sequence[Changed]
    findings: FindingDifferences
    claims: Sequence[Changed]
    notes: Sequence[str]


class ReportedField(TypedDict):
    """One setting of a report: what was stated, and what was in effect."""

    name: str
    kind: Kind
    stated: str | None
    actual: Any
    why: str
    line: int
    code: str | None


class Reported(AnsweredOtherwise):
    """`compare STUDY REPORTED --json`. The answer says whether the report states what was run."""

    study: str
    reported: str
    as_run: Answer
    counts: Mapping[str, int]
    fields: Sequence[ReportedField]
    scores: Sequence[ReportedScore]
    not_compared: Sequence[str]


class VerdictAgain(TypedDict):
    """A verdict before and after."""

    what: str
    before: str
    after: str
    words: str
    outcome: CheckOutcome


class RanAsReported(TypedDict):
    """What was run as a report describes it."""

    study: str | None
    settings: Mapping[str, Any]
    kept: Sequence[str]
    verdicts: Sequence[VerdictAgain]
    score: ComparedScores | None


class ReportedRun(Reported):
    """`compare STUDY REPORTED --does-it-matter --json`. The answer says whether it matters."""

    matters: Answer
    ran: RanAsReported


class Seal(Unanswered, Offered):
    """`seal --json`. `root` is the root hash, `printed` the same as a paper prints it."""

    record: str
    root: str
    printed: str
    files: int
    bytes: int
    withheld: Sequence[str]
    scored_before: Sequence[ScoredRuns]
    notes: Sequence[str]
    line: str
    says: str


class Verify(AnsweredOtherwise, Offered):
    """`verify --json`."""

    record: str
    root: str
    printed: str
    outcome: CheckOutcome
    depth: str
    checked: Sequence[Checked]
    files: int
    bytes: int
    says: str
    runs: int
