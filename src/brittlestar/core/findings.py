"""What a check reports. The fields and their meaning are those of the catalogue of failure modes."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from brittlestar.core.commands import Advice, list_arguments

Status = Literal["present", "absent", "inconclusive", "not-applicable"]
"""`inconclusive` looked and could not tell; `not-applicable` has nothing to look at: no such column, split or run."""
STATUSES: tuple[Status, ...] = ("present", "inconclusive", "absent", "not-applicable")
Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity | None, ...] = ("error", "warning", "info", None)


def choose_status(present: bool) -> Status:
    """Present or absent."""
    return "present" if present else "absent"


Way = Literal["rows", "answers", "split", "intervention", "bound"]
"""How an effect is known: main with and without the rows of a finding, main asked otherwise, main on a split against
the headline split, an experiment beside main, or at most the distance to something better."""
BY_SOURCE = "by_source"
"""Evidence of what a source that repeats itself explains: information, unless a point of score is proven to rest on
it."""
LEAST_POINTS = 1.0
"""Points of score that make a finding serious: proven it is an error, possible a warning (convention)."""
SLICE_GAP = 0.1
"""A slice is worse than the other rows where so much less of it is right (convention: ten points)."""
CONFIDENCE_GAP = 0.05  # convention: five points, as what breaks a probe


@dataclass(frozen=True)
class Effect:
    """What a finding costs: by how many points of the headline metric on the headline split the score would change if
    it were mended, between `low` and `high` (95 %), known by `way` from `n` rows. Of a `bound` only the farther end is
    known."""

    points: float
    low: float
    high: float
    way: Way
    n: int

    @property
    def proven(self) -> float:
        """Points that the score moves at least, whichever way; 0 where it may not move at all."""
        return 0.0 if self.low <= 0 <= self.high else min(abs(self.low), abs(self.high))

    @property
    def possible(self) -> float:
        """Points that the score moves at most, whichever way."""
        return max(abs(self.low), abs(self.high))

    @property
    def words(self) -> str:
        """As a column has it: `−0.2 points [−0.6, +0.2]`, `at most 14.8 points`."""
        if self.way == "bound" and self.low <= 0:
            return f"at most {self.possible:.1f} points"
        number, low, high = (f"{value:+.1f}".replace("-", "−") for value in (self.points, self.low, self.high))
        shown = f"{number} points [{low}, {high}]"
        return shown.replace("+0.0", "0.0").replace("−0.0", "0.0")


@dataclass(frozen=True, repr=False)
class Finding:
    """One finding: `code` is `family.name` of the catalogue; `severity` is None unless the finding is present, and so
    is `effect`, which is also None where nothing tells it.

    `where` narrows it (split, slice, variant, seed, layer, …); `evidence` holds JSON values only: counts with their
    denominators, effect, interval, test, what chance would give, up to ten row ids under `rows`.
    """

    code: str
    status: Status
    summary: str
    threshold: str
    severity: Severity | None = None
    where: Mapping[str, str] = field(default_factory=dict[str, str])
    evidence: Mapping[str, Any] = field(default_factory=dict[str, Any])
    remedy: str | Advice = ""
    confirmed_by: Mapping[str, Any] | None = None
    effect: Effect | None = None

    def __post_init__(self) -> None:
        if (self.severity is not None) != (self.status == "present"):
            raise ValueError(f"{self.code}: a severity belongs to a present finding, and only there")

    def __repr__(self) -> str:
        where = ", ".join(f"{name} {value}" for name, value in self.where.items())
        return f"Finding({self.severity or self.status} {self.code}{f' ({where})' if where else ''}: {self.summary})"

    @property
    def is_settled(self) -> bool:
        """Whether the check looked, and could tell."""
        return self.status in ("present", "absent")

    @property
    def effect_words(self) -> str:
        """The effect of a present finding as a column has it."""
        return "not measured" if self.effect is None else self.effect.words

    @property
    def document(self) -> dict[str, Any]:
        """The same as documents have it: with the first command of its remedy as `argv`."""
        return {**self.as_json(), "argv": list_arguments(self.remedy)}

    def as_json(self) -> dict[str, Any]:
        """All fields as plain JSON values; an effect has only what is present."""
        fields = asdict(replace(self, remedy=str(self.remedy)))
        return fields if self.status == "present" else {k: v for k, v in fields.items() if k != "effect"}


def worst_first(findings: Iterable[Finding], split: str | None = None) -> list[Finding]:
    """Present findings first and worst first, then others in the order of `STATUSES`; by code and place within each.

    With the headline `split`, those about it (or about no split alone) come before those about train, dev and others
    of the same severity, whatever their code.
    """
    places = list(dict.fromkeys((split, "train", "dev")))

    def place(finding: Finding) -> int:
        here = finding.where.get("split", split)
        return 0 if split is None else places.index(here) if here in places else len(places)

    def key(finding: Finding) -> tuple[int, int, int, str, str]:
        where = json.dumps(dict(finding.where), sort_keys=True)
        rank = STATUSES.index(finding.status), SEVERITIES.index(finding.severity)
        return *rank, place(finding), finding.code, where

    return sorted(findings, key=key)
