"""Finding `data.small`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from scipy.stats import binomtest

from brittlestar.audits.labels.cheap import CheapModels
from brittlestar.audits.material import Material
from brittlestar.audits.showing import percent
from brittlestar.core.findings import Finding
from brittlestar.core.seeds import generator

CODE = "data.small"
LEAST_GAIN = 0.01
LARGEST_P = 1e-3
FEWEST_ROWS = 200
SHARES = (0.25, 0.5)
THRESHOLD = (
    "From half of the distinct train rows to all of them, the best cheap model gains at least 1 point of accuracy out "
    "of fold, and the gain from a quarter to half is a gain too (McNemar's test, p below .001). For information."
)


def check(material: Material) -> Iterator[Finding]:
    """A learning curve that still rises at full size.

    **What it means.** More rows would make even a cheap model better; differences between models on this data are
    partly differences in how much data they need.

    **How it is decided.** The best cheap model of the audit (`label.noise` names them) learns from a quarter, half and
    all of the distinct train rows (at most 10,000) and answers the same held-out rows each time. The gain is paired by
    row.

    **Thresholds.** Present, for information: at least 1 point from half to all, more than chance gives (exact McNemar
    test, p below .001), and no loss from a quarter to half.

    **What it cannot see.** How a large model's curve goes on; whether rows beyond the 10,000 still help.

    **What to do.** Collect more rows, or report the learning curve (`brittlestar run` with several train sizes).
    """
    where, models = {"split": "train"}, material.cheap
    n = 0 if models is None else int(models.pool.fitted.sum())
    if models is None or n < FEWEST_ROWS:
        summary = f"train: {n:,} distinct rows are too few to halve twice; {FEWEST_ROWS} would do."
        yield Finding(CODE, "inconclusive", summary, THRESHOLD, where=where)
        return
    sizes, right = _curve(models)
    half, full = right[-2], right[-1]
    gained, lost = int((full & ~half).sum()), int((half & ~full).sum())
    gain = (gained - lost) / n
    width = 1.96 * float(np.sqrt(max((gained + lost) / n - gain**2, 0.0) / n))
    p = float(binomtest(gained, gained + lost, alternative="greater").pvalue) if gained + lost else 1.0
    rises = [float(after.mean() - before.mean()) for before, after in pairwise(right)]
    name = models.answers[models.best].model
    evidence = {
        "model": name,
        "sizes": sizes,
        "accuracy": [float(one.mean()) for one in right],
        "gain": {"share": gain, "low": gain - width, "high": gain + width},
        "better": gained,
        "worse": lost,
        "of": n,
        "test": "McNemar, exact, one-sided",
    }
    story = (
        "train: out of fold the best cheap model ("
        + name
        + ") is right on "
        + ", ".join(f"{percent(float(one.mean()))} from {size:,} rows" for size, one in zip(sizes, right, strict=True))
    )
    if gain >= LEAST_GAIN and p < LARGEST_P and rises[0] >= 0:
        summary = f"{story}: twice the rows still bring {100 * gain:.1f} points."
        remedy = "Collect more rows, or report the score over several sizes of train."
        yield Finding(CODE, "present", summary, THRESHOLD, "info", where, {**evidence, "p": p}, remedy)
    else:
        yield Finding(CODE, "absent", f"{story}.", THRESHOLD, where=where, evidence={**evidence, "p": p})


def _curve(models: CheapModels) -> tuple[list[int], list[np.ndarray]]:
    """Rows learned from (before a fold is held out), and for each size bool (n_fitted,): right answers."""
    pool, name = models.pool, models.answers[models.best].model
    fitted = np.flatnonzero(pool.fitted)
    order = generator(0, CODE, "order").permutation(fitted)
    labels = pool.rows.labels[fitted]
    sizes = [int(share * len(fitted)) for share in SHARES]
    right: list[np.ndarray] = []
    for size in sizes:
        kept = np.zeros(pool.rows.n_rows, np.bool_)
        kept[order[:size]] = True
        right.append(models.learner.answers(name, kept).predicted[fitted] == labels)
    right.append(models.answers[models.best].predicted[fitted] == labels)
    return [*sizes, len(fitted)], right
