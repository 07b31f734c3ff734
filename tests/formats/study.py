"""The document of a study, the files beside results.json, and a share of a run."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from brittlestar.claims.variance_sources import VarianceSource
from brittlestar.core.forecasts import Forecast

from .claims import JudgementShape
from .data import BaselinesShape, DataShape
from .probes import ConditionShape, ProbesShape
from .shared import Answered, CellShape, FindingShape, Interval, Unanswered


class OverSeeds(TypedDict):
    """A score by root seed. `mean` is null where a seed has none, `interval` (95 %, seeds) below two seeds, too."""

    mean: float | None
    interval: Interval | None
    seeds: Mapping[str, float | None]


class MetricScores(OverSeeds):
    """The score of the best checkpoint, that of the last one, and that of the majority class."""

    majority: float | None
    last: OverSeeds


class States(TypedDict):
    """Numbers of runs by state; those that diverged are done, too."""

    done: int
    failed: int
    lost: int
    planned: int
    running: int
    diverged: int


class Variant(TypedDict):
    """A variant: `changes` are settings by path, `splits.SPLIT.METRIC` its scores."""

    title: str
    own: bool
    unequal_budget: str | None
    changes: Mapping[str, Any]
    parameters: int | None
    seeds: States
    splits: Mapping[str, Mapping[str, MetricScores]]


class AskedScore(TypedDict):
    """A score under the metric that the study asks for, in its own unit."""

    metric: str
    mean: float
    interval: Interval | None


class Slice(TypedDict):
    """Main on some rows: the share that is right, and how much that is below all other rows (fractions)."""

    where: str
    value: str
    mean: float
    interval: Interval | None
    level: float
    population: str
    n_seeds: int
    n_rows: int
    by_seed: Sequence[float]
    trivial: float | None
    below: float | None
    interval_below: Interval | None
    asked: NotRequired[AskedScore]


class ClaimFields(TypedDict):
    """A claim as it was registered, by its hash; one that nobody registered (`default`) has its sentence alone."""

    hash: str
    registered: bool
    default: NotRequired[bool]
    withdrawn: NotRequired[Any]
    arm: NotRequired[str]
    other: NotRequired[str]
    threshold: NotRequired[float]
    metric: NotRequired[str]
    split: NotRequired[str]
    margin: NotRequired[float]
    alpha: NotRequired[float]
    looks: NotRequired[Sequence[int]]
    max_seeds: NotRequired[int]
    settle: NotRequired[str]
    higher_is_better: NotRequired[bool]
    group: NotRequired[str | None]
    collapse_below: NotRequired[float | None]
    chance: NotRequired[float | None]
    where: NotRequired[str]


class JudgedClaim(JudgementShape, ClaimFields):
    """A claim with its verdict."""


class OpenClaim(ClaimFields):
    """A claim without a verdict: it was withdrawn, or nothing could be judged."""

    claim: str
    relation: str
    population: str
    pairing: NotRequired[str]


class Named(TypedDict):
    """What a study is called and made of."""

    name: str
    main: str
    metric: str
    metrics: Sequence[str]
    classes: Sequence[str]
    factors: Sequence[str]
    seeds: Sequence[int]
    streams: Mapping[str, str]
    notes: Sequence[str]


class VarianceSources(TypedDict):
    """The variance of one variant by stream, and what is left over."""

    variant: str
    metric: str
    split: str
    levels: int
    sources: Sequence[VarianceSource]
    left_over: float
    missing: int
    shares: Mapping[str, float] | None
    sentence: str


class FindingCounts(TypedDict):
    """Numbers of findings: present ones by severity, inconclusive ones, absent ones, and those of checks that
    have nothing to look at."""

    error: int
    warning: int
    info: int
    inconclusive: int
    absent: int
    not_applicable: int


class Study(Answered):
    """`run --json`, `report --json` and results.json. Findings are all but those that are absent; `files`
    names files beside results.json by what they hold. `timing` (seconds) is in what is printed alone."""

    study: Named
    environment: Mapping[str, Any]
    data: DataShape
    variants: Mapping[str, Variant]
    slices: Mapping[str, Sequence[Slice]]
    trivial_baselines: BaselinesShape
    cells: Sequence[CellShape]
    finding_counts: FindingCounts
    findings: Sequence[FindingShape]
    claims: Sequence[JudgedClaim | OpenClaim]
    probes: NotRequired[ProbesShape]
    forecasts: NotRequired[Sequence[Forecast]]
    sources: NotRequired[Sequence[VarianceSources]]
    files: NotRequired[Mapping[str, str]]
    timing: NotRequired[Mapping[str, Any]]


class ProbesFile(Unanswered):
    """probes.json: every variant under every condition of probes."""

    study: str
    variants: Mapping[str, Sequence[ConditionShape]]


class AbsentFile(Unanswered):
    """absent.json: findings that were looked for, and are not there."""

    study: str
    findings: Sequence[FindingShape]


class Share(Unanswered):
    """`run --share --json`."""

    study: str
    share: str
    states: Mapping[str, int]
    runs_of_study: int
    open_elsewhere: int
    problems: Sequence[str]
    cells: Sequence[CellShape]
