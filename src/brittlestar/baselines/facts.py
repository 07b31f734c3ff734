"""What a shallow model may see of a row: counts of tokens, neighbours and places, and yes-or-no facts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from brittlestar.baselines.bayes import class_sums
from brittlestar.baselines.counting import KeyColumns, counts_of
from brittlestar.baselines.readings import Reading, bigrams, placed_tokens, tokens
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.token_rows import offsets_of, row_of_token

MOST_COPIES = 5
MOST_ORDERED = 24
STEPS = 24
"""Conventions: numbers of copies, of values whose order is looked at, and of steps of a length that are told apart."""
MOST_CHARACTERS = 3  # convention: tokens such as `▲r` are short
FAR = 1 << 40  # derived: beyond every place in the codes


@dataclass(frozen=True)
class Alphabet:
    """One way to read tokens: `values` int64 (n_tokens,) is the value of each token, or -1 where it has none;
    `names[value]` names it."""

    name: str
    values: np.ndarray
    names: Sequence[str]

    def read(self, rows: BaselineRows) -> BaselineRows:
        """The rows as values; tokens without one are left out."""
        value = self.values[rows.codes]
        kept = value >= 0
        sizes = np.bincount(row_of_token(rows.offsets)[kept], minlength=rows.n_rows)
        return replace(rows, codes=value[kept], offsets=offsets_of(sizes))


def list_alphabets(
    tokens: Sequence[str], factors: Mapping[str, np.ndarray], values: Mapping[str, Sequence[str]]
) -> tuple[Alphabet, ...]:
    """Tokens themselves, then the study's factors; where it has none, the characters of short tokens that look made of
    parts (such as `▲r`)."""
    whole = Alphabet("token", np.arange(len(tokens)), tokens)
    parts = [Alphabet(f, v.astype(np.int64) - 1, values[f][1:]) for f, v in factors.items()]
    return (whole, *(parts or _characters(tokens)))


def _characters(texts: Sequence[str]) -> Iterator[Alphabet]:
    """Characters by place, where tokens have two or three and fill a quarter of the grid that the characters span."""
    longest = max((len(text) for text in texts), default=0)
    if not 2 <= longest <= MOST_CHARACTERS:
        return
    places = [np.unique([text[k : k + 1] for text in texts], return_inverse=True) for k in range(longest)]
    if np.prod([float(len(names)) for names, _ in places]) <= 4 * len(texts):
        for k, (names, values) in enumerate(places):
            known = names[names != ""].tolist()
            if len(known) > 1:
                yield Alphabet(f"character {k + 1}", values.reshape(-1) - (len(names) - len(known)), known)


def counts_by_reading(alphabet: Alphabet, rows: BaselineRows, fitted: np.ndarray) -> dict[str, sparse.csr_matrix]:
    """Counts float32 (n_rows, n_columns) of every reading by its name; columns are those of the rows at positions
    `fitted`."""
    n, seen = len(alphabet.names), alphabet.read(rows)
    readings: dict[str, Reading] = {
        "bag": tokens(n),
        "neighbours": bigrams(n),
        "position": placed_tokens(n),
        "position from the end": placed_tokens(n, from_end=True),
    }
    sample = seen.take(fitted)
    return {name: counts_of(read(seen), KeyColumns.of(read(sample), 1)) for name, read in readings.items()}


def facts_of(
    alphabet: Alphabet, rows: BaselineRows, counts: dict[str, sparse.csr_matrix], labels: np.ndarray, fitted: np.ndarray
) -> list[sparse.csr_matrix]:
    """Yes-or-no facts by kind, bool (n_rows, n_facts) each: readings, copies, order, variety and length."""
    bag = counts["bag"]
    copies = sparse.hstack([at_least(bag, k) for k in range(1, MOST_COPIES + 1)])
    variety = np.asarray(at_least(bag, 1).sum(axis=1), np.int64).reshape(-1)
    read = [at_least(counts[name], 1) for name in counts if name != "bag"]
    steps = [_steps(variety, fitted), _steps(rows.lengths, fitted)]
    found = [copies, *read, _order(alphabet, rows, labels, fitted), *steps]
    return [sparse.csr_matrix(one, dtype=np.float32) for one in found]


def _order(alphabet: Alphabet, rows: BaselineRows, labels: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    """One value's first occurrence before another's, both there; of the values that tell most of the label."""
    seen, n = alphabet.read(rows), len(alphabet.names)
    row = row_of_token(seen.offsets)
    held = sparse.csr_matrix((np.ones(len(row)), (row, seen.codes)), shape=(rows.n_rows, n))
    wanted = telling_columns(at_least(held, 1)[fitted], labels[fitted], MOST_ORDERED)
    which = np.full(n, -1)
    which[wanted] = np.arange(len(wanted))
    kept = which[seen.codes] >= 0
    first = np.full((rows.n_rows, len(wanted)), FAR)
    np.minimum.at(first, (row[kept], which[seen.codes[kept]]), np.flatnonzero(kept))
    before = (first[:, :, None] < first[:, None, :]) & (first[:, None, :] < FAR)
    return before.reshape(rows.n_rows, -1)


def _steps(values: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    return values[:, None] >= np.unique(np.quantile(values[fitted], np.linspace(0, 1, STEPS + 1)[1:]))


def telling_columns(matrix: sparse.csr_matrix, labels: np.ndarray, most: int) -> np.ndarray:
    """int64: the columns of zeros and ones that tell most of the label (Pearson's chi-squared), at most `most`."""
    if width(matrix) <= most:
        return np.arange(width(matrix))
    each = np.bincount(labels).astype(np.float64)
    total = max(each.sum(), 1.0)
    yes = class_sums(matrix, labels, len(each))
    having = yes.sum(axis=1, keepdims=True)
    squared = ((yes - having * each / total) ** 2 / np.maximum(each, 1)).sum(axis=1)
    spread = (having * (1 - having / total))[:, 0]
    return np.sort(np.argsort(-squared / np.maximum(spread, 1e-9), kind="stable")[:most])


def at_least(counts: sparse.csr_matrix, least: int) -> sparse.csr_matrix:
    """Whether counts are at least so many (1 or more): float32 of zeros and ones."""
    return sparse.csr_matrix(counts >= least, dtype=np.float32)


def width(matrix: sparse.csr_matrix) -> int:
    """Number of columns."""
    shape: tuple[int, int] = matrix.shape  # pyright: ignore[reportAssignmentType]
    return shape[1]
