"""The least that a statistic takes."""

MIN_SEEDS = 5
"""Below so many seeds nothing that speaks of new seeds is settled: verdicts are inconclusive, no finding is present
(convention; four degrees of freedom know a standard deviation to a factor of 1.56)."""
