"""Checks `shift.label` and `shift.length`: class shares and lengths of a split against those of train."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.special import kolmogorov
from scipy.stats import chi2

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check
from brittlestar.audits.draws import estimate_inflation
from brittlestar.audits.shifts.chance import all_in_second
from brittlestar.audits.shifts.judge import MOST_EXAMPLES, Shift, each_split
from brittlestar.audits.shifts.rows import SplitPair, count_draws
from brittlestar.audits.showing import percent, show_rows
from brittlestar.core.checks import Observed

LEAST_SHARES_MOVED = 0.05  # chosen, not measured
FEWEST_EXPECTED = 5.0  # convention: five expected (Cochran 1954)
MOST_CLASSES = 200  # budget: 24 MB of indicators


@data_check(
    "shift.label",
    "Class shares differ from train's by 5 points of total variation more than sampling gives (chi-square test, p "
    "at most 0.0001): a warning, info on shifted splits.",
    remedy="Draw the splits again, stratified by class, or report per-class recall beside accuracy.",
    softens=True,
)
def label(analysis: Analysis) -> Iterator[Observed]:
    """Class shares of an evaluation split differ from those of train.

    **What it means.** A model learns how common each class is. Where that differs, accuracy mixes ability with a wrong
    prior, and thresholds and probabilities that fit train do not fit the split.

    **How it is decided.** The total variation distance between class shares: the share of rows that would have to
    change their class. Its mean under sampling of rows is taken off. A chi-square test of both splits against common
    shares guards it; classes with fewer than 5 expected rows are taken together, and copies and groups count as what
    was drawn, not as rows.

    **What it cannot see.** Classes that train lacks (`label.missing`), and shares that agree while the classes
    themselves have changed.
    """
    yield from each_split(analysis, _compare_labels, by_class=False)


def _compare_labels(comparison: SplitPair) -> Shift:
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
        return Shift(f"{comparison.name}: no row has a class of train", {"rows_of_known_classes": int(second.sum())})
    shares = first / first.sum(), second / second.sum()
    pooled = (shares[0] * n + shares[1] * m) / (n + m)
    apart = np.abs(shares[1] - shares[0])
    variation = float(apart.sum()) / 2
    deviation = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    chance = float(deviation.sum() * np.sqrt(2 / np.pi)) / 2
    statistic, freedom = chi_square(shares[0] * n, shares[1] * m)
    p = float(chi2.sf(statistic, freedom)) if freedom else 1.0
    order = np.argsort(-apart, kind="stable")[:MOST_EXAMPLES].tolist()
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
    sentence = (
        f"{comparison.name}: class shares differ from train's by {100 * variation:.1f} points (total variation; chance "
        f"gives {100 * chance:.1f}), most for {dataset.labels[most]}: {percent(shares[1][most])} of "
        f"{int(second.sum()):,} rows, {percent(shares[0][most])} of {int(first.sum()):,} in train"
    )
    return Shift(sentence, evidence, None if excess < LEAST_SHARES_MOVED else "warning")


def chi_square(first: np.ndarray, second: np.ndarray) -> tuple[float, int]:
    """Pearson's statistic and degrees of freedom of two rows of counts (C,); classes with fewer than 5 expected in
    either are one."""
    least = min(first.sum(), second.sum()) / (first.sum() + second.sum())
    rare = (first + second) * least < FEWEST_EXPECTED
    table = np.stack([np.append(one[~rare], one[rare].sum()) for one in (first, second)])
    table = table[:, table.sum(axis=0) > 0]
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(((table - expected) ** 2 / expected).sum()), table.shape[1] - 1


LEAST_LENGTHS_MOVED = 0.08  # chosen, not measured
LEAST_BEYOND = 0.02  # chosen, not measured
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)  # convention: five numbers and the tails
MEAN_OF_KOLMOGOROV = float(np.sqrt(np.pi / 2) * np.log(2))  # derived: the mean of Kolmogorov's distribution, 0.87


@data_check(
    "shift.length",
    "The Kolmogorov-Smirnov distance between lengths exceeds its mean under sampling by 0.08, or 2 % of the rows "
    "are longer than every train row (p at most 0.0001): a warning, info on shifted splits.",
    remedy="Report the score by length, or draw the splits again from all rows.",
    softens=True,
    reads_labels=False,
)
def length(analysis: Analysis) -> Iterator[Observed]:
    """Sequences of an evaluation split are longer or shorter than those of train.

    **What it means.** Models differ in how they carry over to other lengths: positions that were never trained, sums
    and maxima over more tokens, states that fade. The score measures that as well as the task.

    **How it is decided.** The Kolmogorov-Smirnov distance is the largest difference between the shares of rows up to
    any one length. Its mean under sampling of rows, 0.87 / sqrt(n m / (n + m)), is taken off; for lengths, which
    repeat, both that mean and the test err on the side of silence. A long tail moves few rows, so rows longer than
    every row of train are counted too; chance that the k longest rows of both all fall to one split follows from
    counting. Where class shares differ as well (`shift.label`) the comparison is repeated with classes of train drawn
    in the split's shares; what that explains is a note.

    **What it cannot see.** Lengths after truncation by a model, and whether the labels depend on length
    (`shortcut.length`).
    """
    yield from each_split(analysis, _compare_lengths)


def _compare_lengths(comparison: SplitPair) -> Shift:
    train, other = comparison.train, comparison.other
    whole = comparison.whole
    first, second = train.rows.lengths, other.rows.lengths
    cuts = np.quantile(np.concatenate([first, second]), QUANTILES)
    n, m = (
        side.rows.n_rows
        / estimate_inflation(np.less_equal.outer(side.rows.lengths, cuts).astype(np.float64), side.units)
        for side in (train, other)
    )
    distance, at = kolmogorov_smirnov(first, second)
    effective = n * m / (n + m)
    chance = MEAN_OF_KOLMOGOROV / np.sqrt(effective)
    beyond = np.flatnonzero(whole.lengths > comparison.longest)
    longer = count_draws(other, second > first.max())
    tests = {
        "distance": float(kolmogorov(distance * np.sqrt(effective))),
        "beyond": float(all_in_second(np.asarray([longer]), count_draws(train), count_draws(other))[0]),
    }
    evidence: dict[str, Any] = {
        "distance": distance,
        "chance": float(chance),
        "excess": float(distance - chance),
        "largest_at": at,
        "mean": {"train": float(first.mean()), comparison.name: float(second.mean())},
        "quantiles": {
            "at": list(QUANTILES),
            "train": np.quantile(first, QUANTILES).tolist(),
            comparison.name: np.quantile(second, QUANTILES).tolist(),
        },
        "sampled": comparison.sampled,
        "longest_of_train": comparison.longest,
        "beyond": len(beyond),
        "of": whole.n_rows,
        **show_rows(whole, beyond),
        "test": "Kolmogorov-Smirnov, and the longest rows all in the split; the smaller p, doubled",
        "p_of_tests": tests,
        "p": min(1.0, 2 * min(tests.values())),
    }
    share = len(beyond) / whole.n_rows
    sentence = (
        f"{comparison.name}: lengths are {second.mean():.1f} on average, {first.mean():.1f} in train; "
        f"Kolmogorov-Smirnov distance {distance:.2f} (chance gives {chance:.2f}){comparison.describe_rows()}; "
        f"{len(beyond):,} of {whole.n_rows:,} rows ({percent(share)}) are longer than the longest of train"
    )
    shifted = distance - chance >= LEAST_LENGTHS_MOVED or share >= LEAST_BEYOND
    return Shift(sentence, evidence, "warning" if shifted else None, float(distance - chance), float(chance))


def kolmogorov_smirnov(first: np.ndarray, second: np.ndarray) -> tuple[float, int]:
    """The largest difference between the distribution functions of two samples, and the value where it is."""
    values = np.union1d(first, second)
    shares = [np.searchsorted(np.sort(one), values, side="right") / len(one) for one in (first, second)]
    apart = np.abs(shares[0] - shares[1])
    return float(apart.max()), int(values[apart.argmax()])
