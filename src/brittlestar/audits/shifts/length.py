"""Finding `shift.length`."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.special import kolmogorov

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.draws import estimate_inflation
from brittlestar.audits.shifts.chance import all_in_second
from brittlestar.audits.shifts.rows import Comparison, count_draws
from brittlestar.audits.shifts.saying import Verdict, each_split
from brittlestar.audits.showing import Rule, percent, show_rows
from brittlestar.core.findings import Finding

CODE = "shift.length"
LEAST_EXCESS = 0.08  # chosen, not measured
LEAST_BEYOND = 0.02  # chosen, not measured
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)  # convention: five numbers and the tails
MEAN_OF_KOLMOGOROV = float(np.sqrt(np.pi / 2) * np.log(2))  # derived: the mean of Kolmogorov's distribution, 0.87
THRESHOLD = (
    "The Kolmogorov-Smirnov distance between lengths exceeds its mean under sampling by 0.08, or 2 % of the rows are "
    "longer than every train row (p at most 0.0001): a warning, info on shifted splits."
)


def check(analysis: Analysis) -> Iterator[Finding]:
    """Sequences of an evaluation split are longer or shorter than those of train.

    **What it means.** Models differ in how they carry over to other lengths: positions that were never trained, sums
    and maxima over more tokens, states that fade. The score measures that as well as the task.

    **How it is decided.** The Kolmogorov-Smirnov distance is the largest difference between the shares of rows up to
    any one length. Its mean under sampling of rows, 0.87 / sqrt(n m / (n + m)), is taken off; for lengths, which
    repeat, both that mean and the test err on the side of silence. A long tail moves few rows, so rows longer than
    every row of train are counted too; chance that the k longest rows of both all fall to one split follows from
    counting. Where class shares differ as well (`shift.label`) the comparison is repeated with classes of train drawn
    in the split's shares; what that explains is a note.

    **Thresholds.** Present: distance at least 0.08 above its mean, or 2 % of rows beyond train's longest, with p at
    most 0.0001. A warning; info on splits whose name starts with `shift`.

    **What it cannot see.** Lengths after truncation by a model, and whether the labels depend on length
    (`shortcut.length`).

    **What to do.** Say that the split tests other lengths; report the score by length; or draw the splits again.
    """
    yield from each_split(analysis, Rule(CODE, THRESHOLD), _examine)


def _examine(comparison: Comparison) -> Verdict:
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
    story = (
        f"{comparison.name}: lengths are {second.mean():.1f} on average, {first.mean():.1f} in train; "
        f"Kolmogorov-Smirnov distance {distance:.2f} (chance gives {chance:.2f}); {len(beyond):,} of {whole.n_rows:,} "
        f"rows ({percent(share)}) are longer than the longest of train"
    )
    shifted = distance - chance >= LEAST_EXCESS or share >= LEAST_BEYOND
    remedy = "Report the score by length, or draw the splits again from all rows."
    return Verdict(story, evidence, "warning" if shifted else None, remedy, float(distance - chance), float(chance))


def kolmogorov_smirnov(first: np.ndarray, second: np.ndarray) -> tuple[float, int]:
    """The largest difference between the distribution functions of two samples, and the value where it is."""
    values = np.union1d(first, second)
    shares = [np.searchsorted(np.sort(one), values, side="right") / len(one) for one in (first, second)]
    apart = np.abs(shares[0] - shares[1])
    return float(apart.max()), int(values[apart.argmax()])
