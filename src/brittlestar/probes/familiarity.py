"""Which rows a change leaves in tokens that a model of train can know."""

from collections.abc import Iterator

import numpy as np

from brittlestar.core.probing import MOST_FREQUENT, Familiarity
from brittlestar.data.written_rows import WrittenRows
from brittlestar.probes.task import Task

TOKENS = 1 << 20
"""Tokens that are compared at once: memory does not grow with a split."""


def compare_familiarity(before: WrittenRows, after: WrittenRows, task: Task) -> Familiarity:
    """The familiarity of the tokens that differ between rows and the same rows changed: of each row those that it has
    more often on one side than on the other, wherever they stand."""
    after, codes = after.knowing(before.lexicon)
    before = WrittenRows(codes[before.codes], before.offsets, after.lexicon)
    usual = _usual_tokens(after, task)
    known = np.fromiter((token in task.frequency for token in after.lexicon), np.bool_, len(after.lexicon))
    rows = np.ones(before.n_rows, np.bool_)
    counts = np.zeros((2, 2), np.int64)  # (gone, new) by (all, familiar)
    for part in _parts(before.lengths + after.lengths):
        cells, more = _differences(before.rows(part), after.rows(part))
        owner, code = cells // len(after.lexicon), cells % len(after.lexicon)
        for side, own, familiar in ((0, more < 0, known), (1, more > 0, usual)):
            many = np.abs(more[own])
            counts[side] += many.sum(), many[familiar[code[own]]].sum()
            rows[part[owner[own][~familiar[code[own]]]]] = False
    shares = [float(familiar / many) if many else None for many, familiar in counts.tolist()]
    return Familiarity(shares[0], shares[1], rows)


def _usual_tokens(rows: WrittenRows, task: Task) -> np.ndarray:
    """bool by code: tokens of train that the rows have at most MOST_FREQUENT times as often."""
    counts = np.bincount(rows.codes, minlength=len(rows.lexicon))
    train = np.fromiter((task.frequency.get(token, 0) for token in rows.lexicon), np.float64, len(rows.lexicon))
    total = max(float(sum(task.frequency.values())), 1.0)
    return (train > 0) & (counts / max(len(rows.codes), 1) <= MOST_FREQUENT * train / total)


def _parts(lengths: np.ndarray) -> Iterator[np.ndarray]:
    """The numbers of the rows, so many at a time."""
    part = np.cumsum(lengths) // TOKENS
    for number in np.unique(part):
        yield np.flatnonzero(part == number)


def _differences(before: WrittenRows, after: WrittenRows) -> tuple[np.ndarray, np.ndarray]:
    """int64 (n,): row x lexicon + code of each token that a row has more often on one side, and how many more it has
    afterwards."""
    size = len(after.lexicon)
    cells = np.concatenate([rows.owners * size + rows.codes for rows in (before, after)])
    sides = np.repeat([-1, 1], [len(before.codes), len(after.codes)])
    distinct, place = np.unique(cells, return_inverse=True)
    more = np.bincount(place.reshape(-1), weights=sides, minlength=len(distinct)).astype(np.int64)
    return distinct[more != 0], more[more != 0]
