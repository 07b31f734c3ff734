"""What is said of a claim."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from brittlestar.claims.collapse import CollapseRate
from brittlestar.core.plain import plain
from brittlestar.study.claims import Claim, format_claim

Verdict = Literal["supported", "refuted", "inconclusive"]
Relation = Literal["better", "worse", "equivalent", "open"]


@dataclass(frozen=True)
class SecondOpinions:
    """`sign_flip`: one-sided p-value, towards the verdict, of the mean distance from the threshold when signs are as
    likely either way (exact up to 16 seeds), or, of sides that are not paired, when runs are as likely on either side;
    `above`: share of seeds, or of pairs of runs, on the side of the verdict, ties counting half; `superiority`:
    probability that a run of the variant beats a run of the other, over all pairs of runs."""

    sign_flip: float
    above: float
    superiority: float


@dataclass(frozen=True)
class InterimAnalysis:
    """What a claim looked like after the first `seeds` pairs of runs: estimate and repeated interval."""

    seeds: int
    estimate: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Converged:
    """The difference among runs that did not collapse, conditional on that: estimate, interval at the level of the
    judgement, and the seeds that are left."""

    estimate: float
    interval: tuple[float, float]
    seeds: int


OTHERWISE = ("claim", "collapse_rates", "among_converged", "opinions", "path", "members", "this_model", "rivals")
"""Fields that the JSON has in another form, or not at all."""


@dataclass(frozen=True, repr=False)
class Judgement:
    """The verdict on one claim, in the units of its metric (fractions; nats for log loss).

    `estimate` is variant - other and `interval` its repeated interval, which misses with probability `level` at any
    one look; None where nothing can be estimated. `population` is what the interval speaks of (that of the claim,
    but where outcomes do not reach it). `seeds` are the pairs of runs that were judged (of independent sides, the
    runs of the side that has fewer), `seeds_at_hand` those that are there, and `next_look` the number of seeds at
    which the rest counts, None where none does; `collapsed` and `lost` name seeds by variant. `smallest_detectable`
    is the true distance from the threshold (for ==, the margin that two equal variants would need) that this many
    seeds find with 80 % power; `seeds_needed` the range of seeds that would settle the claim if the estimate is
    right, None where no number does; `rows_needed` the rows that would, None where no number does or rows play no
    part. `reasons` say why a verdict is what it is. `path` is the claim at each planned look so far, the present
    one last. `corrected` is the estimate without the overshoot of a study that stopped at a look before the last
    because that settled it; None where it did not. `variance` is what that of the estimate is made of: over seeds
    (of one pair of runs) and over rows (of these many); None where seeds play no part. `members` are the judgements
    of the variants that a claim names to choose from; estimate, interval and what follows from them are then those
    of the one that leads. `this_model` is the same claim about the models at hand, for new rows; it is there for
    claims about new examples that have fewer than 5 seeds. `collapse_rates` are there where a run of any variant
    collapsed, with `collapse_p`, the exact test of equal rates on both sides, and the difference `among_converged`
    runs. `q` is the share of false ones among exploratory claims like this one (Benjamini and Hochberg); None where
    it was registered. `baseline` names the trivial baseline that a claim about `best-trivial` was judged against,
    the least favourable of the `rivals` that dev cannot tell from the best; None for other claims.
    """

    claim: Claim
    verdict: Verdict
    relation: Relation
    estimate: float | None
    interval: tuple[float, float] | None
    population: str
    level: float
    seeds: int = 0
    rows: int | None = None
    collapsed: Mapping[str, tuple[Any, ...]] = field(default_factory=dict[str, tuple[Any, ...]])
    lost: Mapping[str, tuple[Any, ...]] = field(default_factory=dict[str, tuple[Any, ...]])
    smallest_detectable: float | None = None
    seeds_needed: tuple[int | None, int | None] | None = None
    rows_needed: int | None = None
    opinions: SecondOpinions | None = None
    reasons: tuple[str, ...] = ()
    sentence: str = ""
    registered: bool = True
    correlation: float | None = None
    p: float | None = None
    per_seed: Mapping[Any, float] = field(default_factory=dict[Any, float])
    members: tuple[Judgement, ...] = ()
    path: tuple[InterimAnalysis, ...] = ()
    corrected: float | None = None
    variance: tuple[float, float] | None = None
    seeds_at_hand: int = 0
    next_look: int | None = None
    this_model: Judgement | None = None
    collapse_rates: Mapping[str, CollapseRate] = field(default_factory=dict[str, CollapseRate])
    collapse_p: float | None = None
    among_converged: Converged | None = None
    q: float | None = None
    baseline: str | None = None
    rivals: int = 0

    def __repr__(self) -> str:
        return f"{self.verdict}: {format_claim(self.claim)}\n{self.sentence}"

    def _repr_html_(self) -> str:
        claim, sentence = html.escape(format_claim(self.claim)), html.escape(self.sentence)
        return f"<p><b>{self.verdict}</b>: {claim}<br>{sentence}</p>"

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        needed, variance = self.seeds_needed, self.variance
        found = plain({one.name: getattr(self, one.name) for one in fields(self) if one.name not in OTHERWISE})
        return found | {
            "claim": format_claim(self.claim),
            "claim_hash": self.claim.hash,
            "claimed_population": self.claim.population,
            "pairing": self.claim.pairing or "paired",
            "collapse_rates": {name: plain(asdict(rate)) for name, rate in self.collapse_rates.items()},
            "among_converged": None if self.among_converged is None else plain(asdict(self.among_converged)),
            "seeds_needed": None if needed is None else {"low": needed[0], "high": needed[1]},
            "second_opinions": None if self.opinions is None else vars(self.opinions),
            "variance": None if variance is None else {"seeds": variance[0], "rows": variance[1]},
            "path": [plain(asdict(one)) for one in self.path],
            "members": [member.as_json() for member in self.members],
            "this_model": None if self.this_model is None else self.this_model.as_json(),
        }

    def __getitem__(self, name: str) -> Any:
        """A field as `as_json` has it."""
        return self.as_json()[name]
