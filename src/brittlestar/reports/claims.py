"""Registered claims as the report shows them: as sentences, and as levels on an axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from brittlestar.reports.reading import Reading
from brittlestar.study.names import BEST_TRIVIAL


@dataclass(frozen=True)
class Level:
    """What a claim asks of its variant on one split: the level as a stored value, and the margin around the other
    variant."""

    value: float
    text: str
    around: float | None
    margin: float | None


def sentence(claim: Mapping[str, Any]) -> str:
    """The claim as registered; composed from its fields where it carries no sentence."""
    for key in ("claim", "sentence", "text"):
        if isinstance(claim.get(key), str):
            return str(claim[key])
    within = "within" if claim.get("relation") == "==" else "by"
    size = claim.get("margin") if within == "within" else claim.get("threshold")
    parts = [str(claim.get("arm", "?")), str(claim.get("relation", "?")), str(claim.get("other", "?"))]
    return " ".join([*parts, within, str(size), "on", str(claim.get("metric", "?"))])


def levels(reading: Reading, split: str) -> list[Level]:
    """Levels that claims about the headline variant and metric put on one split's axis, one per distinct level."""
    found: list[Level] = []
    for claim in reading.record.claims:
        if claim.get("arm") != reading.record.main or claim.get("metric", reading.metric) != reading.metric:
            continue
        if claim.get("split", "test") != split:
            continue
        other = str(claim.get("other"))
        around = (
            _best_rung(reading, split)
            if other == BEST_TRIVIAL
            else reading.entry(other, split)["mean"]
            if other in reading.record.variants
            else None
        )
        threshold, margin = _number(claim.get("threshold")), _number(claim.get("margin"))
        name = "best rung" if other == BEST_TRIVIAL else other
        if around is None:
            continue
        unit = reading.unit
        if claim.get("relation") in ("==", "within", "equivalent"):
            level = Level(around, f"claimed: {name} ± {unit.number(margin)}", around, margin)
        elif threshold is not None:
            step = -threshold if claim.get("relation") in ("<", "less") else threshold
            level = Level(around + step, f"claimed: {name} {unit.number(step, sign=True)}", around, margin)
        else:
            continue
        if level not in found:
            found.append(level)
    return found


def _best_rung(reading: Reading, split: str) -> float | None:
    """What the best rung of the ladder on dev scores on a split, the majority where there is no ladder."""
    audit = reading.record.audit
    if audit is None or audit.ladder is None:
        return reading.majority(split)
    found = audit.ladder.best("dev", reading.metric).score(split, reading.metric).value
    return reading.majority(split) if found is None else found


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
