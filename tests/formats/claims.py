"""The verdict on a claim, as documents have it."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from brittlestar.claims.collapse import CollapseRate
from brittlestar.claims.judgement import Converged, InterimAnalysis, Relation, SecondOpinions, Verdict

from .shared import Interval


class SeedsNeededShape(TypedDict):
    """Numbers of seeds that would settle a claim if the estimate is right; null where no number does."""

    low: int | None
    high: int | None


class VarianceShape(TypedDict):
    """The variance of an estimate: over seeds (of one pair of runs), and over rows."""

    seeds: float
    rows: float


class JudgementShape(TypedDict):
    """The verdict on a claim, in the units of its metric: fractions, and nats for log loss.

    `estimate` is variant − other; `interval` misses with probability `level` at this look. `p` is two-sided, against
    the threshold. `rows_needed` and `seeds_needed` would settle it, if the estimate is right.
    """

    claim: str
    claim_hash: str
    verdict: Verdict
    relation: Relation
    estimate: float | None
    interval: Interval | None
    level: float
    population: str
    claimed_population: str
    pairing: str
    seeds: int
    seeds_at_hand: int
    next_look: int | None
    rows: int | None
    collapsed: Mapping[str, Sequence[Any]]
    lost: Mapping[str, Sequence[Any]]
    smallest_detectable: float | None
    seeds_needed: SeedsNeededShape | None
    rows_needed: int | None
    second_opinions: SecondOpinions | None
    reasons: Sequence[str]
    sentence: str
    registered: bool
    correlation: float | None
    p: float | None
    q: float | None
    per_seed: Mapping[str, float]
    corrected: float | None
    variance: VarianceShape | None
    collapse_rates: Mapping[str, CollapseRate]
    collapse_p: float | None
    among_converged: Converged | None
    baseline: str | None
    path: Sequence[InterimAnalysis]
    members: "Sequence[JudgementShape]"
    this_model: "JudgementShape | None"
