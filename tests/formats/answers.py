"""Documents of the verbs that answer."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

from brittlestar.claims.aa import SelfTest
from brittlestar.claims.stated_scores import StatedScoreCheck
from brittlestar.core.checks import Needs
from brittlestar.core.experiments import Experiment
from brittlestar.core.forecasts import Forecast
from brittlestar.core.gating import GateOutcome, SliceLine
from brittlestar.core.tracing import Effect, Kind
from brittlestar.diagnosis.probes.asked_metric import ConditionScore

from .claims import JudgementShape
from .data import BaselinesShape, DataShape, LimitsShape
from .probes import ProbesShape
from .shared import Answered, AnsweredOtherwise, Arguments, Begun, FindingShape, HeadlineShape, Offered, Unanswered


class Audit(Answered, Offered):
    """`audit --json`. `trivial_baselines` is null where `--only` needs none; `clean`: what `--write-clean` removed."""

    study: str
    data: DataShape
    findings: Sequence[FindingShape]
    trivial_baselines: BaselinesShape | None
    notes: Sequence[str]
    limits: NotRequired[LimitsShape | None]
    clean: NotRequired[Mapping[str, Any]]


class Check(Answered):
    """`check --json`. `stated` is where a stated score lies among the runs."""

    claims: Sequence[JudgementShape]
    stated: StatedScoreCheck | None
    limits: LimitsShape | None
    trivial_baselines: BaselinesShape | None
    findings: Sequence[FindingShape]
    notes: Sequence[str]
    store: str | None


class Settling(TypedDict):
    """What settles an open claim; null where no command does."""

    claim: str
    sentence: str
    command: str | None
    argv: Arguments


class Judge(Begun):
    """`judge --json`. Of a table the headline is null: each claim has its own verdict."""

    headline: HeadlineShape | None
    claims: Sequence[JudgementShape]
    settling: Sequence[Settling]
    against_itself: SelfTest | None
    notes: NotRequired[Sequence[str]]


class AddedSplit(TypedDict):
    """An added split: rows, labels that train lacks, copies of train, and accuracy by variant."""

    rows: int
    rows_in_train: int
    unknown_label_rows: int
    unseen_token_rate: float
    accuracy: Mapping[str, Any]


class Probe(Answered):
    """`probe --json`."""

    probes: ProbesShape | None
    findings: Sequence[FindingShape]
    problems: Sequence[str]
    not_probed: Mapping[str, str]
    splits: Mapping[str, AddedSplit]
    store: str | None
    metric: NotRequired[str]
    scores: NotRequired[Sequence[ConditionScore]]


class ProbedRow(TypedDict):
    """One row before and after a change; `answers` are both predictions by seed."""

    id: str | None
    before: str | None
    after: str
    label_before: str | None
    label_after: str | None
    answers: Mapping[str, tuple[str | None, str]]


class ProbeRows(Unanswered):
    """`probe --show CONDITION --json`."""

    condition: str
    rows: Sequence[ProbedRow]


class TracedShape(TypedDict):
    """One thing that was changed alone, and whether any weight or answer changed."""

    kind: Kind
    name: str
    told: str
    effect: Effect
    why: str
    code: str | None


class TracingShape(TypedDict):
    """What was changed alone in a run of main, on so many rows of train."""

    cell: str
    rows: int
    traced: Sequence[TracedShape]


class Diagnose(AnsweredOtherwise, Offered):
    """`diagnose --json`. The answer is the code of the first cause; `traced` is null where nobody traced main."""

    main: str
    causes: Sequence[FindingShape]
    experiments: Sequence[Experiment]
    experiments_study: str | None
    no_experiments: str | None
    how_often_right: str | None
    not_seen: Sequence[str]
    traced: TracingShape | None
    likely: NotRequired[Sequence[FindingShape]]
    shown: NotRequired[Mapping[str, str]]


class Forecasts(Unanswered):
    """`forecast --json`: an answer for each split without labels. `measured` are accuracies of splits with labels."""

    forecasts: Sequence[Forecast]
    measured: Mapping[str, float]
    problems: Sequence[str]
    store: str


class GateRequirement(Offered):
    """One thing that was asked for. `undecided` and `not_applicable` are codes with the reason; `lines` are
    classes or slices."""

    name: str
    outcome: GateOutcome
    sentence: str
    findings: Sequence[FindingShape]
    was_open: bool
    lines: Sequence[SliceLine]
    undecided: Mapping[str, str]
    not_applicable: Mapping[str, str]


class Gate(AnsweredOtherwise):
    """`gate --json`."""

    subject: str
    outcome: GateOutcome
    exit_code: Literal[0, 3, 4]
    requirements: Sequence[GateRequirement]
    notes: Sequence[str]


class ExplainedCheck(TypedDict):
    """One check of a code. `parts` are those of its page by title; `declared` is where a check of your own stands."""

    needs: Needs
    parts: Mapping[str, str]
    explained_by: Sequence[str]
    explains: Sequence[str]
    cause: Literal["broken", "shaky", "untaught"] | None
    symptom: Literal["low", "other"] | None
    declared: str | None


class ExplainedCode(TypedDict):
    """A code, with its page in Markdown."""

    code: str
    family: str
    summary: str
    page: str
    checks: Sequence[ExplainedCheck]


class Explain(Unanswered):
    """`explain --json`. `asked` is the code or the family, null where all are listed."""

    asked: str | None
    codes: Sequence[ExplainedCode]
