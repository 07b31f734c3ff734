"""How far a split may differ from train, from a distance between two samples of rows."""

import math

from scipy.special import ndtri

ALPHA = 0.05
"""Error allowed on either side (convention)."""
STEP = 1.1
"""How finely rows needed are told: by tenths, up to 10,000 times as many (convention)."""


def bound_shift(size: float, chance: float, train: int, split: int, effects: int = 1) -> tuple[float, float]:
    """The interval of a distance whose sample value is `size`: its lower end with Bonferroni's correction for one of so
    many `effects`, its upper end without, since all of them must lie low.

    A distance is a difference of two shares or, as an area, of two chances: its standard error is at most
    sqrt(1 / train + 1 / split) / 2, of independent rows (for the area: Birnbaum and Klose 1957). `chance` is the mean
    under no shift. The lower end takes it off whole. The upper end asks which distance would be seen so: of parts that
    are normal about their differences |d|, the mean is convex in d, so that equal parts are the worst case.
    """
    error = math.sqrt(1 / max(train, 1) + 1 / max(split, 1)) / 2
    low = size - chance + float(ndtri(ALPHA / effects)) * error
    high = max(size - float(ndtri(ALPHA)) * error, 0.0)
    deviation = chance / _fold(0.0)
    return max(low, 0.0), deviation * _unfold(high / deviation) if chance > 0 else high


def _fold(mean: float) -> float:
    """The mean of |x| where x is normal with this mean and deviation 1."""
    return math.sqrt(2 / math.pi) * math.exp(-(mean**2) / 2) + mean * math.erf(mean / math.sqrt(2))


def _unfold(seen: float) -> float:
    """The mean whose `_fold` is `seen`, by Newton's method from above, since it is convex; 0 where none is so small."""
    mean = seen if seen > _fold(0.0) else 0.0
    for _ in range(60 if mean else 0):
        mean = max(mean - (_fold(mean) - seen) / math.erf(mean / math.sqrt(2)), 1e-9)
    return mean


def count_rows_needed(size: float, chance: float, most: float, train: int, split: int) -> int | None:
    """About how many rows of the split, of which there are `split`, bring the upper end of `bound_shift` down to `most`
    where the distance beyond chance stays; None where no number does."""

    def reaches(rows: int) -> bool:
        less = chance * math.sqrt((1 / train + 1 / rows) / (1 / train + 1 / split))
        return bound_shift(max(size - chance, 0.0) + less, less, train, rows)[1] <= most

    return next((rows for rows in (math.ceil(split * STEP**k) for k in range(1, 100)) if reaches(rows)), None)
