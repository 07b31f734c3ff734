"""Finding `shift.label`."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.stats import chi2

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.draws import estimate_inflation
from brittlestar.audits.shifts.rows import Comparison
from brittlestar.audits.shifts.saying import MOST_NAMED, Verdict, each_split
from brittlestar.audits.showing import Rule, percent
from brittlestar.core.findings import Finding

CODE = "shift.label"
LEAST_EXCESS = 0.05  # chosen, not measured
SERIOUS = 0.2  # chosen, not measured
FEWEST_EXPECTED = 5.0  # convention: five expected (Cochran 1954)
MOST_CLASSES = 200  # budget: 24 MB of indicators
THRESHOLD = (
    "Class shares differ from train's by 5 points of total variation more than sampling gives (chi-square test, p at "
    "most 0.0001): a warning, an error from 20 points on, info on shifted splits."
)


def check(analysis: Analysis) -> Iterator[Finding]:
    """Class shares of an evaluation split differ from those of train.

    **What it means.** A model learns how common each class is. Where that differs, accuracy mixes ability with a wrong
    prior, and thresholds and probabilities that fit train do not fit the split.

    **How it is decided.** The total variation distance between class shares: the share of rows that would have to
    change their class. Its mean under sampling of rows is taken off. A chi-square test of both splits against common
    shares guards it; classes with fewer than 5 expected rows are taken together, and copies and groups count as what
    was drawn, not as rows.

    **Thresholds.** Present: the excess is at least 0.05 and p at most 0.0001. Error from 0.2 on, else warning; info on
    splits whose name starts with `shift`.

    **What it cannot see.** Classes that train lacks (`label.missing`), and shares that agree while the classes
    themselves have changed.

    **What to do.** Draw the splits again, stratified by class; or report balanced accuracy or per-class recall; or
    weight classes by the shares that are expected in use.
    """
    yield from each_split(analysis, Rule(CODE, THRESHOLD), _examine, by_class=False)


def _examine(comparison: Comparison) -> Verdict:
    dataset = comparison.dataset
    size = dataset.n_classes
    first, second = (
        np.bincount(rows.labels[rows.labels < size], minlength=size) for rows in (dataset.train, comparison.whole)
    )
    told_apart = np.arange(min(size, MOST_CLASSES))
    inflation = [
        estimate_inflation(np.equal.outer(side.rows.labels, told_apart).astype(np.float32), side.units)
        for side in comparison.with_copies
    ]
    n, m = first.sum() / inflation[0], second.sum() / inflation[1]
    if not n or not m:
        return Verdict(f"{comparison.name}: no row has a class of train", {"rows_of_known_classes": int(second.sum())})
    shares = first / first.sum(), second / second.sum()
    pooled = (shares[0] * n + shares[1] * m) / (n + m)
    apart = np.abs(shares[1] - shares[0])
    variation = float(apart.sum()) / 2
    deviation = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    chance = float(deviation.sum() * np.sqrt(2 / np.pi)) / 2
    statistic, freedom = chi_square(shares[0] * n, shares[1] * m)
    p = float(chi2.sf(statistic, freedom)) if freedom else 1.0
    order = np.argsort(-apart, kind="stable")[:MOST_NAMED].tolist()
    evidence: dict[str, Any] = {
        "variation": variation,
        "chance": chance,
        "excess": variation - chance,
        "of": int(second.sum()),
        "classes": {
            dataset.labels[k]: {"train": float(shares[0][k]), comparison.name: float(shares[1][k])} for k in order
        },
        "test": "chi-square of both splits against common class shares",
        "statistic": statistic,
        "degrees_of_freedom": freedom,
        "variance_inflated_by": {"train": inflation[0], comparison.name: inflation[1]},
        "p": p,
    }
    most, excess = order[0], variation - chance
    story = (
        f"{comparison.name}: class shares differ from train's by {100 * variation:.1f} points (total variation; chance "
        f"gives {100 * chance:.1f}), most for {dataset.labels[most]}: {percent(shares[1][most])} of "
        f"{int(second.sum()):,} rows, {percent(shares[0][most])} of {int(first.sum()):,} in train"
    )
    degree = None if excess < LEAST_EXCESS else "error" if excess >= SERIOUS else "warning"
    remedy = "Draw the splits again, stratified by class, or report per-class recall beside accuracy."
    return Verdict(story, evidence, degree, remedy)


def chi_square(first: np.ndarray, second: np.ndarray) -> tuple[float, int]:
    """Pearson's statistic and degrees of freedom of two rows of counts (C,); classes with fewer than 5 expected in
    either are one."""
    least = min(first.sum(), second.sum()) / (first.sum() + second.sum())
    rare = (first + second) * least < FEWEST_EXPECTED
    table = np.stack([np.append(one[~rare], one[rare].sum()) for one in (first, second)])
    table = table[:, table.sum(axis=0) > 0]
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(((table - expected) ** 2 / expected).sum()), table.shape[1] - 1
