"""`label.noise`: noise that is the same everywhere, none, or no way to tell."""

from typing import Any

import numpy as np
from scipy.stats import binom

from brittlestar.audits.labels.ceiling import ceiling_of_noise
from brittlestar.audits.labels.confused import find_suspects
from brittlestar.audits.labels.look import Look
from brittlestar.audits.labels.reading import Reading
from brittlestar.audits.showing import percent
from brittlestar.core.findings import Finding
from brittlestar.statistics.proportions import bound_share_above, bound_share_below

SUREST = 0.75
LEARNED = 0.5
FLAT = 0.5
LEAST_FLOOR, MOST_FLOOR = 0.0075, 0.015
FEWEST_CONFIDENT = 50
"""Conventions: the surest quarter of each answer, the errors avoided by a task that is learned, the share of all
errors that stays among the surest if labels make them, the noise that is told and that is neglected, and the rows of a
frequent answer."""


def judge_everywhere(look: Look, name: str, together: list[str]) -> Finding:
    """What the errors of the surest answers over the splits `together` say of a split that nothing sets apart."""
    reading, where = look.reading, {"split": name}
    rows = look.pool.usable & np.isin(look.pool.split, [look.pool.splits.index(one) for one in together])
    surest = rows & (reading.rank >= SUREST)
    (wrong, of), (sure_wrong, sure_of) = (
        (int((reading.error & chosen).sum()), int(chosen.sum())) for chosen in (rows, surest)
    )
    error, sure_error, skill = wrong / max(of, 1), sure_wrong / max(sure_of, 1), reading.skill(rows) if of else 0.0
    low, high = bound_share_below(sure_wrong, sure_of, 0.01), bound_share_above(wrong, of, 0.01)
    evidence: dict[str, Any] = {
        "over": together,
        "all": {"error": error, "of": of},
        "surest": {"error": sure_error, "of": sure_of},
    }
    story = (
        f"{name}: nothing sets its labels apart; over {' + '.join(together) or 'no split'} the best shallow model "
        f"({look.best.model}) is wrong on {percent(error)} of {of:,} rows out of fold (naming the largest class: "
        f"{percent(look.models.chance_error)}) and on {percent(sure_error)} of the {sure_of:,} that it is surest of"
    )
    even = sure_error >= FLAT * error and _errs_in_every_class(reading, surest, sure_error)
    if skill >= LEARNED and even and low >= LEAST_FLOOR and not name.startswith("shift"):
        ceiling = ceiling_of_noise(low, high)
        evidence |= {"rate": {"low": low, "high": high}, "ceiling": ceiling.as_json()}
        evidence |= look.list_suspects(name, find_suspects(reading, look.pool.of(name), sure_error))
        summary = (
            f"{story}: as errors do not fall with confidence, {percent(low)} to {percent(high)} of labels are noise, "
            f"alike in these splits, and no model can be expected above {ceiling}, unless the rule has a part that "
            "shallow models cannot learn (a parity, say): a trained model that scores more would show that."
        )
        return look.conclude(where, summary, evidence, "info")
    most = min(high, bound_share_above(sure_wrong, sure_of, 0.01)) if skill >= LEARNED else high
    evidence["at_most"] = most
    if most < MOST_FLOOR:
        summary = f"{story}: at most {percent(most)} of labels are noise that is the same everywhere."
        return look.conclude(where, summary, evidence)
    told = (
        "Shallow models do not learn this task, so noise cannot be distinguished from difficulty; predictions of "
        "trained models would help."
        if skill < LEARNED
        else f"That is too many for a task free of noise and too uneven for noise: at most {percent(high)} of labels "
        "are wrong. More rows, or predictions of trained models, would settle it."
    )
    return look.abstain(where, f"{story}. {told}", evidence)


def _errs_in_every_class(reading: Reading, surest: np.ndarray, error: float) -> bool:
    """Whether every frequent answer errs at least a third as often as all together, chance aside, and most of them err
    at all. Labels turned over at random are in every class; a rule that the model lacks is in one, as a parity that
    rejects what it accepts."""
    n = reading.models.pool.n_classes
    rows, wrong = (np.bincount(reading.predicted[one], minlength=n) for one in (surest, surest & reading.error))
    frequent = rows >= max(FEWEST_CONFIDENT, 0.02 * rows.sum())
    even = (binom.sf(wrong, rows, error / 3) > 0.01) | (wrong >= error / 3 * rows)
    return bool(even[frequent].all() and 2 * (wrong[frequent] > 0).sum() > frequent.sum())
