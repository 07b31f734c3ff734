"""Finding `data.sorted`."""

from collections.abc import Iterator

import numpy as np
from scipy.stats import norm

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.showing import Rule
from brittlestar.core.findings import Finding

CODE = "data.sorted"
MOST_RUNS = 2 / 3  # raised from a half on the third set (f587182)
LARGEST_P = 1e-6  # convention: a fact about one file, no estimate
FEWEST_ROWS = 50  # chosen, not measured
THRESHOLD = (
    "Runs of equal labels in train, in file order, are at most two thirds of what a random order gives (Wald and "
    "Wolfowitz's test, p below 1e-6). For information: training loops that shuffle do not care."
)
RULE = Rule(CODE, THRESHOLD, "Shuffle in the fit function, or write the rows in random order.")


def check(analysis: Analysis) -> Iterator[Finding]:
    """Rows of train that stand sorted by class on disk.

    **What it means.** A loop that reads the file in order shows the model one class after the other, and it forgets
    the first. A held-out part cut off the end holds one class only. Our own loop shuffles every epoch and is not
    affected; a fit function may not shuffle.

    **How it is decided.** Runs of equal labels are counted in file order and compared with the number that a random
    order of the same labels gives (Wald and Wolfowitz 1940; mean and variance for more than two classes by Barton and
    David 1957).

    **Thresholds.** Present, for information: at most two thirds of the runs that a random order gives, and p below
    1e-6.

    **What it cannot see.** An order by anything but the label (time, length, source); whether training shuffles.

    **What to do.** Shuffle in the fit function, or write the rows in random order.
    """
    labels, where = analysis.train.labels, {"split": "train"}
    counts = np.unique(labels, return_counts=True)[1].astype(np.float64)
    n = len(labels)
    if n < FEWEST_ROWS or len(counts) < 2:
        told = f"train: {n:,} rows of {len(counts)} classes are too few to tell; {FEWEST_ROWS} of two would do."
        yield RULE.abstain(told, where)
        return
    starts = np.flatnonzero(np.r_[True, labels[1:] != labels[:-1], True])
    runs = len(starts) - 1
    expected, deviation = runs_by_chance(counts)
    z = (runs - expected) / deviation if deviation else 0.0
    p = float(norm.cdf(z))
    evidence = {
        "runs": runs,
        "expected": expected,
        "longest": int(np.diff(starts).max()),
        "of": n,
        "test": "Wald-Wolfowitz runs, one-sided",
        "z": z,
        "p": p,
    }
    story = f"train: {runs:,} runs of equal labels over {n:,} rows in file order, {expected:,.0f} in a random order"
    if runs <= MOST_RUNS * expected and p < LARGEST_P:
        story += ": rows are sorted by class. brittlestar shuffles them; a fit function may not"
        yield RULE.conclude(f"{story}.", "info", where, evidence)
    else:
        yield RULE.conclude(f"{story}.", None, where, evidence)


def runs_by_chance(counts: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation of the number of runs in a random order; `counts` float64 (C,) rows per class.

    Barton and David (1957), as in Bradley, Distribution-free statistical tests (1968).
    """
    n, squares, cubes = counts.sum(), (counts**2).sum(), (counts**3).sum()
    mean = 1 + n - squares / n
    variance = (squares * (squares + n * (n + 1)) - 2 * n * cubes - n**3) / (n**2 * (n - 1))
    return float(mean), float(np.sqrt(max(variance, 0.0)))
