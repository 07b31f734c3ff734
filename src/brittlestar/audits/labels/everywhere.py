"""`label.noise`: noise that is the same everywhere, none, or no way to tell."""

from __future__ import annotations

from typing import Any

from brittlestar.audits.labels.ceiling import ceiling_of_noise
from brittlestar.audits.labels.look import LEAST_FLOOR, MOST_FLOOR, SMALL_ERROR, Look
from brittlestar.audits.labels.patterns import LEARNED, PAIR_LEARNED, Floor
from brittlestar.audits.showing import percent
from brittlestar.core.findings import Finding


def everywhere(look: Look, name: str, seen: Floor, together: list[str]) -> Finding:
    """What the errors of the surest answers over the splits `together` say of a split that nothing sets apart."""
    where = {"split": name}
    evidence: dict[str, Any] = {
        "over": together,
        "all": {"error": seen.error, "of": seen.of},
        "surest": {"error": seen.surest_error, "of": seen.surest_of},
    }
    story = (
        f"{name}: nothing sets its labels apart; over {' + '.join(together) or 'no split'} the best shallow model "
        f"({look.best.model}) is wrong on {percent(seen.error)} of {seen.of:,} rows out of fold (naming the largest "
        f"class: {percent(look.models.chance_error)}) and on {percent(seen.surest_error)} of the {seen.surest_of:,} "
        "that it is surest of"
    )
    learned = seen.skill >= (PAIR_LEARNED if seen.pairs else LEARNED)
    even = seen.flat and (seen.balanced or bool(seen.pairs))
    if learned and even and seen.low >= LEAST_FLOOR and not name.startswith("shift"):
        ceiling = ceiling_of_noise(seen.low, seen.high)
        evidence |= {"rate": {"low": seen.low, "high": seen.high}, "ceiling": ceiling.as_json()}
        summary = (
            f"{story}: as errors do not fall with confidence, {percent(seen.low)} to {percent(seen.high)} of labels "
            f"are noise, alike in these splits, and no model can be expected above {ceiling}, unless the rule has a "
            "part that shallow models cannot learn (a parity, say): a trained model that scores more would show that"
        )
        if seen.pairs:
            where["class"] = look.named(seen.pairs)
            summary += f"; {percent(seen.pair_rate)} of rows that look like such a class are {where['class']}"
            evidence["pair"] = {"which": where["class"], "share": seen.pair_rate}
        rate = seen.pair_rate if seen.pairs else seen.surest_error
        evidence |= look.suspects(name, look.pool.of(name), rate, None, seen.pairs)
        return look.finding("present", where, f"{summary}.", evidence, "info")
    most = min(seen.high, seen.upper) if seen.skill >= LEARNED else seen.high
    evidence["at_most"] = most
    if seen.high < MOST_FLOOR or (seen.error <= SMALL_ERROR and seen.upper < MOST_FLOOR):
        summary = f"{story}: at most {percent(most)} of labels are noise that is the same everywhere."
        return look.finding("absent", where, summary, evidence)
    if seen.skill < LEARNED:
        summary = (
            f"{story}. Shallow models do not learn this task, so noise cannot be distinguished from difficulty; "
            "predictions of trained models would help."
        )
    else:
        summary = (
            f"{story}. That is too many for a task free of noise and too uneven for noise: at most "
            f"{percent(seen.high)} of labels are wrong. More rows, or predictions of trained models, would settle it."
        )
        if seen.pairs:
            summary += f" Most errors are rows that look like {look.named(seen.pairs)}."
    return look.finding("inconclusive", where, summary, evidence)
