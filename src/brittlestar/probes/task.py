"""What probes know of the data: train's tokens and lengths, factors, and true labels where a rule is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from brittlestar.core.seeds import generator
from brittlestar.data.factors import decompose
from brittlestar.data.written_rows import WrittenRows

Relabel = Callable[[WrittenRows], np.ndarray]
"""Rows to int32 (n_rows,): the class that the rule gives each row, -1 where it gives none."""


@dataclass(frozen=True)
class Task:
    """`frequency` is how often train has each token; `longest` is train's longest row; `telling` are up to three
    positions (from 1) whose token tells most of the label in train, the most telling first; `factors` is the pattern
    that decomposes tokens, None without one; `relabel` is None where no rule is known."""

    frequency: Mapping[str, int]
    longest: int
    telling: tuple[int, ...] = ()
    factors: str | None = None
    relabel: Relabel | None = None

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Tokens of train, the most frequent first, equal ones in code-point order."""
        return tuple(sorted(self.frequency, key=lambda token: (-self.frequency[token], token)))

    def values(self, lexicon: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """{factor: the value of each token, "" where it has none}."""
        return decompose(lexicon, self.factors).values

    def shares(self) -> np.ndarray:
        """float64: the share of each of `tokens` in train."""
        counts = np.fromiter((self.frequency[token] for token in self.tokens), np.float64, len(self.frequency))
        return counts / counts.sum()


def telling_positions(rows: WrittenRows, labels: np.ndarray, most: int = 3) -> tuple[int, ...]:
    """Up to `most` positions, from 1, that half of the rows have, with the highest mutual information between token
    and label over rows of train (20,000 of them, drawn at random, where there are more), each less
    (values - 1)(classes - 1) / 2n, what chance gives (Miller 1955). `labels` int (n_rows,)."""
    if rows.n_rows > MOST_ROWS:
        drawn = np.sort(generator(0, "probe", "telling").choice(rows.n_rows, MOST_ROWS, replace=False))
        rows, labels = rows.rows(drawn), labels[drawn]
    found: list[tuple[float, int]] = []
    usual = int(np.median(rows.lengths)) if rows.n_rows else 0
    for place in range(min(usual, PLACES)):
        long = np.flatnonzero(rows.lengths > place)
        found.append((_information(rows.codes[rows.offsets[:-1][long] + place], labels[long]), place + 1))
    best = sorted(found, key=lambda one: (-one[0], one[1]))[:most]
    return tuple(place for _, place in best)


PLACES = 200
"""Positions beyond this are not looked at."""
MOST_ROWS = 20_000  # budget: rows that the telling tokens are counted on


def _information(values: np.ndarray, labels: np.ndarray) -> float:
    """Nats of mutual information between values and labels, both int (n,), less what chance gives."""
    n = len(values)
    if n == 0:
        return 0.0
    (_, value, of_value), (_, label, of_label) = (
        np.unique(one, return_inverse=True, return_counts=True) for one in (values, labels)
    )
    cells, counts = np.unique(value * len(of_label) + label, return_counts=True)
    expected = of_value[cells // len(of_label)] / n * of_label[cells % len(of_label)]
    nats = float((counts / n * np.log(counts / expected)).sum())
    return nats - (len(of_value) - 1) * (len(of_label) - 1) / (2 * n)
