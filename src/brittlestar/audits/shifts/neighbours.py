"""What follows what, and what would follow what if only composition and length had changed."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.special import ndtr

from brittlestar.audits.dataset import AuditSplit, bag
from brittlestar.audits.shifts.chance import Drift, Shares, add_up, drift, shape
from brittlestar.audits.shifts.rows import Comparison
from brittlestar.audits.shifts.saying import SURE
from brittlestar.core.seeds import generator

MOST_TOKENS = 200  # budget: 40,000 cells
PAIRS_PER_CELL = 5  # convention: five expected (Cochran 1954)
PRIOR = 0.5  # convention: half an occurrence
ROUNDS = 200  # budget: rounds of scaling until CLOSE
CENTRING_ROUNDS = 20  # budget: rounds of centring
FEWEST_UNITS = 20  # chosen, not measured: halves of ten units
NEGLIGIBLE = 0.002  # chosen, not measured
DRIFTED = 1.5  # chosen, not measured
CLOSE = 1e-6  # derived: below what a single pair changes


@dataclass(frozen=True)
class Neighbours:
    """`tokens` int64 (k,): the frequent tokens that are told apart; after them stand all others of train as one (where
    there are any) and the edge of a row. `expected` float64 (size, size): train's table under the margins of the other
    split, [left, right], summing to 1; `drift` is against it, cell by cell; `excess` is the total variation above
    chance, or what `halves` surely finds of it where that is more; `p` is the smaller of Bonferroni over cells and of
    `halves`, doubled."""

    tokens: np.ndarray
    size: int
    expected: np.ndarray
    drift: Drift
    excess: float
    p: float


def neighbours(comparison: Comparison) -> Neighbours | None:
    """The comparison of pairs of neighbours; None where either side has none."""
    first, second = comparison.train.rows, comparison.other.rows
    n_tokens = len(comparison.dataset.tokens)
    pairs = min(len(one.codes) + one.n_rows for one in (first, second))
    many = max(1, min(MOST_TOKENS, int(np.sqrt(pairs / PAIRS_PER_CELL)) - 2))
    held = np.bincount(first.codes, minlength=n_tokens)
    both = held + np.bincount(second.codes, minlength=n_tokens)
    known = np.flatnonzero(held)
    tokens = np.sort(known[np.argsort(-both[known], kind="stable")[:many]])
    place = np.full(n_tokens, -1, np.int64)  # tokens unseen in train belong to shift.vocabulary
    moved = _find_drifted(comparison, tokens)
    thinning = tokens[moved]
    tokens = tokens[~moved]
    if not len(tokens):
        return None
    place[known] = len(tokens)
    place[thinning] = -1  # put in at random, such tokens thin out the order of the others: shift.composition
    place[tokens] = np.arange(len(tokens))
    size = len(tokens) + 1 + (len(known) > len(tokens) + len(thinning))
    sides = (comparison.train, comparison.other)
    tables = [add_up(pair_counts(side.rows, place, size), side.units) for side in sides]
    shares = [Shares.of(table, None, None) for table in tables]
    given = [squares_given_one(table, size, None) for table in tables]
    train, other = (replace(one, squares=np.maximum(one.squares, own)) for one, own in zip(shares, given, strict=True))
    if not train.total or not other.total:
        return None
    fitted = under_margins(train.counts.reshape(size, size), other.counts.reshape(size, size))
    apart = drift(train, other, fitted.reshape(-1))
    surely, half_p = halves(tables[0], tables[1], size, comparison.name)
    excess = max(apart.excess, surely if half_p <= SURE else 0.0)
    return Neighbours(tokens, size, fitted, apart, excess, min(1.0, 2 * min(apart.least_p, half_p)))


def _find_drifted(comparison: Comparison, tokens: np.ndarray) -> np.ndarray:
    """bool (k,): tokens that are surely half as frequent again as in train, or as in the other split."""
    n_tokens = len(comparison.dataset.tokens)
    first, second = (
        Shares.of(sparse.csr_matrix(bag(side.rows, n_tokens)[:, tokens]), side.rows.lengths, side.units)
        for side in (comparison.train, comparison.other)
    )
    return drift(first, second).have_moved(DRIFTED, SURE)


def under_margins(table: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Train's counts (size, size) under the margins of the other split's counts, as shares. Half an occurrence of every
    left token is spread over what follows, so that no pair is impossible."""
    prior = PRIOR * table.sum(axis=0) / max(table.sum(), 1.0) * np.ones((len(table), 1))
    prior[-1, -1] = 0.0  # the edge never follows itself
    return fit_margins(table + prior, wanted.sum(axis=1), wanted.sum(axis=0)) / max(wanted.sum(), 1.0)


def halves(train: sparse.csr_matrix, other: sparse.csr_matrix, size: int, stream: str) -> tuple[float, float]:
    """Total variation (its mean is 0 by chance, and at most the true one) and p of many small differences at once: one
    half of both says in which direction each pair moved, the other half is tested in that direction alone, so that no
    correction over pairs is needed.

    `train` and `other` are pair counts of each unit, (n_units, size x size). The direction is the difference over its
    Poisson variance, made orthogonal to the margins; the statistic is a difference of ratios with variance over units.
    """
    random = generator(0, "shift.order", stream, "halves")
    first: list[np.ndarray] = []
    second: list[sparse.csr_matrix] = []
    for counts in (train, other):
        if shape(counts)[0] < FEWEST_UNITS:
            return 0.0, 1.0
        half = random.permutation(shape(counts)[0]) < shape(counts)[0] // 2
        first.append(np.asarray(counts[half].sum(axis=0)).reshape(size, size))
        second.append(sparse.csr_matrix(counts[~half]))
    expected = under_margins(first[0], first[1])
    sums = [np.asarray(one.sum(axis=0)).reshape(size, size) for one in second]
    totals = [float(one.sum()) for one in sums]
    if not min(totals) or not first[1].sum():
        return 0.0, 1.0
    there = under_margins(sums[0], sums[1])
    spread = np.maximum(expected, 1.0 / max(first[0].sum(), 1.0))
    direction = without_margins((first[1] / first[1].sum() - expected) / spread, there)
    stretch = np.divide(there * totals[0], sums[0], out=np.zeros((size, size)), where=sums[0] > 0)
    variance = 0.0
    for counts, weights, total in zip(second, (direction * stretch, direction), totals, strict=True):
        value = np.asarray(counts @ weights.reshape(-1))
        each = np.asarray(counts.sum(axis=1)).reshape(-1)
        variance += float(((value - value.sum() / total * each) ** 2).sum()) / total**2
    apart = sums[1] / totals[1] - there
    difference = float((direction * apart).sum())
    surely = float((np.sign(first[1] / first[1].sum() - expected) * apart).sum()) / 2
    if surely < NEGLIGIBLE:  # where tables agree exactly, what is left is rounding
        return surely, 1.0
    return surely, float(ndtr(-difference / np.sqrt(variance))) if variance > 0 else 1.0


def without_margins(direction: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The direction (r, c) less what rows and columns alone say: its weighted mean is 0 in every row and column."""
    rows, columns = weights.sum(axis=1), weights.sum(axis=0)
    for _ in range(CENTRING_ROUNDS):
        direction = direction - (_scale((direction * weights).sum(axis=1), rows))[:, None]
        direction = direction - _scale((direction * weights).sum(axis=0), columns)
    return direction


def pair_counts(rows: AuditSplit, place: np.ndarray, size: int) -> sparse.csr_matrix:
    """Pairs of neighbours in each row, int32 (n_rows, size x size), column left x size + right. `place` int64
    (n_tokens,) is the position of each token, -1 where its pairs are left out; the edge of a row, before its first
    token and after its last, is size - 1."""
    n = rows.n_rows
    edge = size - 1
    stream = np.full(len(rows.codes) + n + 1, edge, np.int64)
    before = np.repeat(np.arange(1, n + 1), rows.lengths)
    stream[np.arange(len(rows.codes)) + before] = place[rows.codes]
    left, right = stream[:-1], stream[1:]
    row = np.repeat(np.arange(n), rows.lengths + 1)
    kept = (left >= 0) & (right >= 0) & ((left != edge) | (right != edge))
    cells = (np.ones(int(kept.sum()), np.int32), (row[kept], (left * size + right)[kept]))
    return sparse.csr_matrix(sparse.coo_matrix(cells, shape=(n, size * size)))


def squares_given_one(counts: sparse.csr_matrix, size: int, units: np.ndarray | None) -> np.ndarray:
    """float64 (size x size,): squared residuals of each pair, summed over units, against what the unit's left tokens
    let expect, or its right ones, whichever is larger. The expected table follows the margins, and so does its error.
    """
    counts = add_up(counts, units)
    cells = sparse.coo_matrix(counts)
    sums = np.bincount(cells.col, weights=cells.data, minlength=size * size)
    squared = np.bincount(cells.col, weights=cells.data**2, minlength=size * size)
    given: list[np.ndarray] = []
    for end in (np.arange(size * size) // size, np.arange(size * size) % size):
        places = (np.ones(size * size), (np.arange(size * size), end))
        margin = sparse.csr_matrix(counts @ sparse.csr_matrix(places, shape=(size * size, size))).toarray()
        rate = np.divide(sums, margin.sum(axis=0)[end], out=np.zeros(size * size), where=sums > 0)
        crossed = np.bincount(cells.col, weights=cells.data * margin[cells.row, end[cells.col]], minlength=size * size)
        given.append(squared - 2 * rate * crossed + rate**2 * (margin**2).sum(axis=0)[end])
    return np.maximum(*given)


def fit_margins(table: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """The table (r, c) scaled by rows and columns in turn until its sums are `rows` (r,) and `columns` (c,):
    iterative proportional fitting (Deming and Stephan 1940). It keeps every odds ratio, so that what belongs to the
    margins alone changes nothing else."""
    fitted = table.astype(np.float64)
    for _ in range(ROUNDS):
        fitted *= _scale(rows, fitted.sum(axis=1))[:, None]
        fitted *= _scale(columns, fitted.sum(axis=0))
        if np.abs(fitted.sum(axis=1) - rows).sum() <= CLOSE * max(rows.sum(), 1):
            break
    return fitted


def _scale(wanted: np.ndarray, sums: np.ndarray) -> np.ndarray:
    return np.divide(wanted, sums, out=np.zeros(len(sums)), where=sums > 0)
