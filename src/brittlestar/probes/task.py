"""What probes know of the data: train's tokens and lengths, factors, and true labels where a rule is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from brittlestar.core.probing import MOST_FREQUENT, Familiarity
from brittlestar.core.seeds import generator
from brittlestar.data.factors import decompose
from brittlestar.data.written_rows import WrittenRows

Relabel = Callable[[WrittenRows], np.ndarray]
"""Rows to int32 (n_rows,): the class that the rule gives each row, -1 where it gives none."""


@dataclass(frozen=True)
class ProbeTask:
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
    if rows.n_rows > MOST_ROWS_COUNTED:
        drawn = np.sort(generator(0, "probe", "telling").choice(rows.n_rows, MOST_ROWS_COUNTED, replace=False))
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


MOST_ROWS_COUNTED = 20_000  # budget: rows that the telling tokens are counted on


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


def compare_familiarity(before: WrittenRows, after: WrittenRows, task: ProbeTask) -> Familiarity:
    """The familiarity of the tokens that differ between rows and the same rows changed: of each row those that it has
    more often on one side than on the other, wherever they stand."""
    after, codes = after.knowing(before.lexicon)
    before = WrittenRows(codes[before.codes], before.offsets, after.lexicon)
    # tokens of train that the rows have at most MOST_FREQUENT times as often
    times = np.bincount(after.codes, minlength=len(after.lexicon)) / max(len(after.codes), 1)
    train = np.fromiter((task.frequency.get(token, 0) for token in after.lexicon), np.float64, len(after.lexicon))
    usual = (train > 0) & (times <= MOST_FREQUENT * train / max(float(sum(task.frequency.values())), 1.0))
    known = np.fromiter((token in task.frequency for token in after.lexicon), np.bool_, len(after.lexicon))
    rows, size = np.ones(before.n_rows, np.bool_), len(after.lexicon)
    cells = np.concatenate([one.owners * size + one.codes for one in (before, after)])
    sides = np.repeat([-1, 1], [len(before.codes), len(after.codes)])
    distinct, place = np.unique(cells, return_inverse=True)
    more = np.bincount(place.reshape(-1), weights=sides, minlength=len(distinct)).astype(np.int64)
    shares: list[float | None] = []
    for own, familiar in ((more < 0, known), (more > 0, usual)):  # tokens that are gone, and new ones
        many, fits = np.abs(more[own]), familiar[distinct[own] % size]
        shares.append(float(many[fits].sum() / many.sum()) if many.size else None)
        rows[distinct[own][~fits] // size] = False
    return Familiarity(shares[0], shares[1], rows)
