"""The least that a statistic takes."""

MIN_SEEDS = 5
"""Below so many seeds nothing that speaks of new seeds is settled: verdicts are inconclusive, no finding is present
(convention; four degrees of freedom know a standard deviation to a factor of 1.56)."""
NEAR_TRIVIAL = 2.0  # standard errors above the trivial score: no better than it, at 95 %
FAR_ABOVE_TRIVIAL = 5.0  # standard errors above the trivial score: better beyond doubt
LARGEST_Z = 5.0  # derived: 1 in 3 million, whatever the number of variants, lags and runs
ABOVE = 0.1


def least_above(most: float) -> float:
    """How far above the share of the largest class, `most`, the accuracy of a model lies that has learned its task: ten
    points, or half of what is left, if less (convention)."""
    return min(ABOVE, (1 - most) / 2)
