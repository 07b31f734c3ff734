"""Check `shift.order`: which token follows which."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check
from brittlestar.audits.dataset import bag
from brittlestar.audits.shifts.chance import Drift, Shares, drift
from brittlestar.audits.shifts.judge import ALL_AS_WRITTEN, MOST_EXAMPLES, SURE, Shift, each_split
from brittlestar.audits.shifts.rows import SplitPair
from brittlestar.audits.showing import percent
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Observed

LEAST_PAIRS_MOVED = 0.03  # chosen, not measured: as for composition
MOST_TOKENS_IN_ORDER = 200  # budget: 40,000 cells
PAIRS_PER_CELL = 5  # convention: five expected (Cochran 1954)
PRIOR = 0.5  # convention: half an occurrence
ROUNDS = 200  # budget: rounds of scaling until CLOSE
CLOSE = 1e-6  # derived: below what a single pair changes
DRIFTED = 1.5  # chosen, not measured
OTHER = "any other token"
EDGE = "edge of the row"


@data_check(
    "shift.order",
    "Pairs of neighbours differ from train's under the split's own composition by 3 points of total variation "
    "more than sampling gives (p at most 0.0001): a warning, info on shifted splits.",
    remedy="See whether rows were reversed, shuffled or tokenised otherwise, or say that another order is tested.",
    softens=True,
    reads_labels=False,
)
def order(analysis: Analysis) -> Iterator[Observed]:
    """Tokens follow each other otherwise in an evaluation split than in train, beyond composition and length.

    **What it means.** A model that reads order meets transitions it was not trained on, while a bag of tokens notices
    nothing: the two can no longer be compared on this split.

    **How it is decided.** Pairs of neighbours are counted for the most frequent tokens (at most 200, and so many that a
    pair is expected five times on average), all others as one, and the edge of a row. Train's table is scaled to the
    row and column sums of the split (iterative proportional fitting; Deming and Stephan 1940), which keeps how strongly
    tokens attract each other and takes over composition and length. The total variation distance to the split's own
    table is the share of pairs that would have to change; its mean under sampling of rows is taken off. The sum is
    tested, and each pair, against the variance over rows, copies and groups taken together. Where class shares differ
    as well (`shift.label`) the comparison is repeated with classes of train drawn in the split's shares; what that
    explains is a note.

    **What it cannot see.** Order over more than one step, order among rare tokens, and of tokens that are half as
    frequent again as in train, or less (`shift.composition`). Where tokens are in no order to begin with, another order
    of them is no shift.
    """
    yield from each_split(analysis, _examine)


def _examine(comparison: SplitPair) -> Shift:
    found = compare_order(comparison)
    name = comparison.name
    if found is None:
        sentence = f"{name}: no frequent token of train is about as frequent here, so that order cannot be compared"
        return Shift(sentence, {"pairs": 0})
    apart = found.drift
    evidence: dict[str, Any] = {
        "variation": apart.variation,
        "chance": apart.by_chance,
        "excess": apart.excess,
        "pairs": int(apart.other.total),
        "tokens_told_apart": len(found.tokens),
        "most_changed": _list_changed(found, comparison),
        "sampled": comparison.sampled,
        "test": "each pair against its variance over rows, or all together; the smaller p, doubled",
        "p": min(1.0, 2 * min(apart.least_p, apart.p_of_variation)),
    }
    top, rows = evidence["most_changed"][0], comparison.other.rows
    share = apart.other.total / (len(rows.codes) + np.count_nonzero(rows.lengths))  # each row has its two edges
    of = (
        "of pairs of neighbours"
        if share >= ALL_AS_WRITTEN
        else f"of the pairs of neighbours compared ({percent(share)} of all)"
    )
    sentence = (
        f"{name}: beyond composition and length, {100 * apart.variation:.1f} % {of} would "
        f"have to change to match train (chance gives {100 * apart.by_chance:.1f} %), most for {top['left']!r} "
        f"before {top['right']!r}: {percent(top[name])} of these, {percent(top['expected'])} "
        f"expected{comparison.describe_rows()}"
    )
    severity = "warning" if apart.excess >= LEAST_PAIRS_MOVED else None
    return Shift(sentence, evidence, severity, apart.excess, apart.by_chance)


@dataclass(frozen=True)
class TokenOrder:
    """`tokens` int64 (k,): the frequent tokens that are told apart; after them stand all others of train as one (where
    there are any) and the edge of a row. `drift` is of the shares of pairs, cells of a table (size, size), [left,
    right], against `expected` float64: train's table under the margins of the other split."""

    tokens: np.ndarray
    size: int
    expected: np.ndarray
    drift: Drift


def compare_order(comparison: SplitPair) -> TokenOrder | None:
    """The comparison of pairs of neighbours; None where either side has none."""
    sides, n_tokens = (comparison.train, comparison.other), len(comparison.dataset.tokens)
    pairs = min(len(one.rows.codes) + one.rows.n_rows for one in sides)
    many = max(1, min(MOST_TOKENS_IN_ORDER, int(np.sqrt(pairs / PAIRS_PER_CELL)) - 2))
    held, there = (np.bincount(one.rows.codes, minlength=n_tokens) for one in sides)
    known = np.flatnonzero(held)  # tokens unseen in train belong to shift.vocabulary
    tokens = np.sort(known[np.argsort(-(held + there)[known], kind="stable")[:many]])
    first, second = (
        Shares.of(sparse.csr_matrix(bag(side.rows, n_tokens)[:, tokens]), side.rows.lengths, side.units)
        for side in sides
    )
    drifted = drift(first, second).have_moved(DRIFTED, SURE)
    thinning, tokens = tokens[drifted], tokens[~drifted]
    if not len(tokens):
        return None
    place = np.full(n_tokens, -1, np.int64)
    place[known] = len(tokens)
    place[thinning] = -1  # put in at random, such tokens thin out the order of the others: shift.composition
    place[tokens] = np.arange(len(tokens))
    size = len(tokens) + 1 + (len(known) > len(tokens) + len(thinning))
    train, other = (Shares.of(pair_counts(side.rows, place, size), None, side.units) for side in sides)
    if not train.total or not other.total:
        return None
    expected = under_margins(train.counts.reshape(size, size), other.counts.reshape(size, size)).reshape(-1)
    return TokenOrder(tokens, size, expected, drift(train, other, expected))


def under_margins(table: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Train's counts (size, size) under the margins of the other split's counts, as shares. Half an occurrence of every
    left token is spread over what follows, so that no pair is impossible. Rows and columns are scaled in turn
    (iterative proportional fitting), which keeps every odds ratio."""
    fitted = table + PRIOR * table.sum(axis=0) / max(table.sum(), 1.0)
    fitted[-1, -1] = 0.0  # the edge never follows itself
    rows, columns = wanted.sum(axis=1), wanted.sum(axis=0)
    for _ in range(ROUNDS):
        fitted *= _scale(rows, fitted.sum(axis=1))[:, None]
        fitted *= _scale(columns, fitted.sum(axis=0))
        if np.abs(fitted.sum(axis=1) - rows).sum() <= CLOSE * max(rows.sum(), 1):
            break
    return fitted / max(wanted.sum(), 1.0)


def _scale(wanted: np.ndarray, sums: np.ndarray) -> np.ndarray:
    return np.divide(wanted, sums, out=np.zeros(len(sums)), where=sums > 0)


def pair_counts(rows: BaselineRows, place: np.ndarray, size: int) -> sparse.csr_matrix:
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


def _list_changed(found: TokenOrder, comparison: SplitPair) -> list[dict[str, Any]]:
    names = [comparison.dataset.tokens[k] for k in found.tokens.tolist()]
    names += [OTHER] * (found.size - 1 - len(names)) + [EDGE]
    return [
        {
            "left": names[cell // found.size],
            "right": names[cell % found.size],
            comparison.name: float(found.drift.other.rates[cell]),
            "expected": float(found.expected[cell]),
            "train": float(found.drift.train.rates[cell]),
            "p": float(found.drift.p[cell]),
        }
        for cell in found.drift.list_moved(MOST_EXAMPLES)
    ]
