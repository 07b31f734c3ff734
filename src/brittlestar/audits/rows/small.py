"""Finding `data.small`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.holding import chosen
from brittlestar.audits.rates import Paired
from brittlestar.audits.showing import Rule, percent
from brittlestar.baselines.shallow import ShallowModels
from brittlestar.core.findings import Finding
from brittlestar.core.seeds import generator

CODE = "data.small"
LEAST_GAIN = 0.01  # convention: one point of a score
LARGEST_P = 1e-3  # convention
LARGEST_P_OF_LAST = 0.05  # convention
FEWEST_ROWS = 80  # derived: a quarter of them are 20
ENOUGH_ROWS = 200  # chosen, not measured
SHARES = (0.25, 0.5)  # derived: what twice the rows bring, twice
THRESHOLD = (
    "The best shallow model gains 1 point of accuracy from half to all of train's distinct rows (p below .05), loses "
    "none from a quarter to half, and gains from a quarter to all (p below .001). Info."
)
RULE = Rule(CODE, THRESHOLD, "Collect more rows, or report the score over several sizes of train.")


def check(analysis: Analysis) -> Iterator[Finding]:
    """A learning curve that still rises at full size.

    **What it means.** More rows would make even a shallow model better; differences between models on this data are
    partly differences in how much data they need.

    **How it is decided.** The best shallow model of the audit (`label.noise` names them) learns from a quarter, half
    and all of the distinct train rows (at most 10,000) and answers the same held-out rows each time. The gain is paired
    by row.

    **Thresholds.** Present, for information: at least 1 point from half to all (exact McNemar test, p below .05), no
    loss from a quarter to half, and from a quarter to all more than chance gives (p below .001). From 80 distinct rows
    on (a quarter of them are 20); below 200 a curve that is not found to rise is inconclusive.

    **What it cannot see.** How a large model's curve goes on; whether rows beyond the 10,000 still help.

    **What to do.** Collect more rows, or report the learning curve (`brittlestar run` with several train sizes).
    """
    where, models = {"split": "train"}, analysis.shallow
    n = 0 if models is None else int(models.pool.fitted.sum())
    if models is None or n < FEWEST_ROWS:
        yield RULE.abstain(f"train: {n:,} distinct rows are too few to halve twice; {ENOUGH_ROWS} would do.", where)
        return
    sizes, right = _curve(models)
    quarter, half, full = right
    last, whole = Paired.of(half, full), Paired.of(quarter, full)
    gain = (last.better - last.worse) / n
    width = 1.96 * float(np.sqrt(max((last.better + last.worse) / n - gain**2, 0.0) / n))
    name = models.best.model
    evidence = {
        "model": name,
        "sizes": sizes,
        "accuracy": [float(one.mean()) for one in right],
        "gain": {"share": gain, "low": gain - width, "high": gain + width},
        "better": last.better,
        "worse": last.worse,
        "of": n,
        "p_of_last_doubling": last.p,
        "gain_from_a_quarter": (whole.better - whole.worse) / n,
        "p": whole.p,
        "test": "McNemar, exact, one-sided, from a quarter to all",
    }
    curve = (f"{percent(float(one.mean()))} from {size:,} rows" for size, one in zip(sizes, right, strict=True))
    story = f"train: out of fold the best shallow model ({name}) is right on {', '.join(curve)}"
    if gain >= LEAST_GAIN and last.p < LARGEST_P_OF_LAST and whole.p < LARGEST_P and half.sum() >= quarter.sum():
        told = f"{story}: twice the rows still bring {100 * gain:.1f} points."
        yield RULE.conclude(told, "info", where, evidence)
    elif n < ENOUGH_ROWS:
        told = f"{story}; whether it still rises, {n:,} rows do not tell, {ENOUGH_ROWS} would."
        yield RULE.abstain(told, where, evidence)
    else:
        yield RULE.conclude(f"{story}.", None, where, evidence)


def _curve(models: ShallowModels) -> tuple[list[int], list[np.ndarray]]:
    """Rows learned from (before a fold is held out), and for each size bool (n_fitted,): right answers."""
    pool, name = models.pool, models.best.model
    fitted = np.flatnonzero(pool.fitted)
    order = generator(0, CODE, "order").permutation(fitted)
    labels = pool.rows.labels[fitted]
    sizes = [int(share * len(fitted)) for share in SHARES]
    parts = [models.learner.answers(name, chosen(order[:size], pool.rows.n_rows)).predicted for size in sizes]
    return [*sizes, len(fitted)], [answers[fitted] == labels for answers in (*parts, models.best.predicted)]
