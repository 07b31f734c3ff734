"""Intervals of a proportion: the exact one of a count, and Wilson's where a share has no count."""


def bound_share(count: float, total: float, level: float = 0.95) -> tuple[float, float]:
    """Exact two-sided interval of a share, `count` of `total` (Clopper and Pearson 1934): (0, 1) of a total of 0.

    It misses with probability (1 - level) / 2 at most on each side.
    """
    tail = (1 - level) / 2
    return bound_share_below(count, total, tail), bound_share_above(count, total, tail)


def bound_share_below(count: float, total: float, tail: float) -> float:
    """Exact one-sided lower bound of a share, which lies above the truth with probability `tail` at most; 0 where the
    count is 0.

    0 <= count <= total; a count that was made from a rate may miss its whole number by rounding.
    """
    from scipy.special import betaincinv

    return float(betaincinv(count, total - count + 1, tail)) if count > 0 else 0.0


def bound_share_above(count: float, total: float, tail: float) -> float:
    """Exact one-sided upper bound of a share, which lies below the truth with probability `tail` at most; 1 where the
    count is the total. Otherwise as `bound_share_below`."""
    from scipy.special import betaincinv

    return float(betaincinv(count + 1, total - count, 1 - tail)) if count < total else 1.0


def wilson_interval(share: float, n: float, quantile: float) -> tuple[float, float]:
    """Interval of a share among n > 0 rows (Wilson 1927): inside [0, 1], and never of width 0.

    `quantile` is that of the normal or t distribution, two-sided: 1.96 for 95 % of a normal one. `n` may be the number
    of rows that a variance is worth, share (1 - share) / variance.
    """
    square = quantile**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = quantile / (1 + square / n) * (share * (1 - share) / n + square / (4 * n * n)) ** 0.5
    return (max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))
