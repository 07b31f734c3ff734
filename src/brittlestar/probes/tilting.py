"""Composition without changing a row: the same rows, weighted so that one token is more or less frequent among them."""

import numpy as np

from brittlestar.data.written_rows import WrittenRows

MOST_WEIGHT = 50.0  # convention: no row stands for more than 50


def tilt_weights(rows: WrittenRows, members: np.ndarray, divergence: float) -> np.ndarray | None:
    """float64 (n_rows,), mean 1: weights of the rows under which the share of the tokens in `members` (bool by code)
    has grown so that the two-valued distribution "such a token or another" lies `divergence` nats (Kullback-Leibler,
    tilted from plain) away. Each row's weight is exp(t x its share of such tokens). None where no t reaches that, or
    one row would weigh more than 50 others."""
    lengths = rows.lengths
    counts = np.bincount(rows.owners, weights=members[rows.codes], minlength=rows.n_rows)
    if not 0 < counts.sum() < lengths.sum():
        return None
    own = counts / np.maximum(lengths, 1)
    plain = counts.sum() / lengths.sum()
    low, high = 0.0, 1.0
    while _measure_divergence(own, counts, lengths, plain, high) < divergence:
        high *= 2
        if high > 1e4:
            return None
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (
            (low, middle) if _measure_divergence(own, counts, lengths, plain, middle) >= divergence else (middle, high)
        )
    weights = _weights(own, high)
    return weights if weights.max() <= MOST_WEIGHT else None


def share(rows: WrittenRows, members: np.ndarray, weights: np.ndarray) -> float:
    """The share of tokens in `members` (bool by code) among all, rows counted by `weights` (n_rows,)."""
    counts = np.bincount(rows.owners, weights=members[rows.codes], minlength=rows.n_rows)
    return float((weights * counts).sum() / (weights * rows.lengths).sum())


def _weights(own: np.ndarray, tilt: float) -> np.ndarray:
    raw = np.exp(tilt * (own - own.max()))
    return raw / raw.mean()


def _measure_divergence(own: np.ndarray, counts: np.ndarray, lengths: np.ndarray, plain: float, tilt: float) -> float:
    """Nats between the tilted and the plain share of such tokens."""
    weights = _weights(own, tilt)
    p = float((weights * counts).sum() / (weights * lengths).sum())
    both = np.array([p, 1 - p]), np.array([plain, 1 - plain])
    return float(sum(a * np.log(a / b) for a, b in zip(*both, strict=True) if a > 0))
