"""What probes know of the data: train's tokens and lengths, factors, and true labels where a rule is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.data.factors import decompose
from brittlestar.probes.token_rows import TokenRows

Relabel = Callable[[TokenRows], np.ndarray]
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

    @property
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


def telling_positions(rows: TokenRows, labels: np.ndarray, most: int = 3) -> tuple[int, ...]:
    """Up to `most` positions, from 1, that half of the rows have, with the highest mutual information between token
    and label over rows of train, each less (values - 1)(classes - 1) / 2n, what chance gives (Miller 1955).
    `labels` int (n_rows,)."""
    places, owners = rows.places, rows.owners
    found: list[tuple[float, int]] = []
    usual = int(np.median(rows.lengths)) if rows.n_rows else 0
    for place in range(min(usual, PLACES)):
        here = places == place
        table = np.zeros((len(rows.lexicon), int(labels.max(initial=0)) + 1))
        np.add.at(table, (rows.codes[here], labels[owners[here]]), 1)
        found.append((_information(table), place + 1))
    best = sorted(found, key=lambda one: (-one[0], one[1]))[:most]
    return tuple(place for _, place in best)


PLACES = 200
"""Positions beyond this are not looked at."""


def _information(table: np.ndarray) -> float:
    """Nats of mutual information in a table of counts (values, classes), less what chance gives."""
    table = table[table.sum(axis=1) > 0]
    n = table.sum()
    if n == 0:
        return 0.0
    shares = table / n
    independent = shares.sum(axis=1, keepdims=True) * shares.sum(axis=0, keepdims=True)
    filled = shares > 0
    nats = float((shares[filled] * np.log(shares[filled] / independent[filled])).sum())
    return nats - (len(table) - 1) * (int((table.sum(axis=0) > 0).sum()) - 1) / (2 * n)
