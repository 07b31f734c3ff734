"""Check `shift.overall`: whether a classifier can tell the rows of a split from those of train."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import ndtr
from scipy.stats import rankdata

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check
from brittlestar.audits.draws import estimate_inflation, renumber
from brittlestar.audits.shifts.chance import shape
from brittlestar.audits.shifts.judge import MOST_EXAMPLES, Shift, each_split
from brittlestar.audits.shifts.rows import SplitPair, SplitSide
from brittlestar.baselines.bayes import FOLDS, NaiveBayes, class_sums, folds_of, from_sums, out_of_fold
from brittlestar.baselines.counting import KeyColumns, counts_of
from brittlestar.baselines.facts import at_least
from brittlestar.baselines.readings import lengths, neighbours, tokens
from brittlestar.baselines.rows import BaselineRows, stack_rows
from brittlestar.core.checks import Observed
from brittlestar.core.seeds import generator
from brittlestar.data.joining import find_smallest, join

MOST_A_SIDE = 2000  # budget: rows of one side
LEAST_AREA = 0.6  # chosen, not measured
MOST_HOLDERS = 20  # chosen, not measured: rows that hold a token, or two neighbours, which tells a text
LEAST_SHARED = 0.25  # chosen, not measured
FEWEST_IN_COLUMN = 2  # derived: what one row holds tells nothing of another


@data_check(
    "shift.overall",
    "A naive Bayes classifier tells the split's rows from train's, out of fold, with an area under the curve of "
    "at least 0.6 (p at most 0.0001): a warning, info on shifted splits or where a named shift explains it.",
    remedy="Look at the features that weigh most, and read the score on this split as one under shift.",
    softens=True,
    reads_labels=False,
    explained_by=(
        *(f"shift.{what}" for what in ("label", "length", "vocabulary", "composition", "order", "combination")),
        "token.mismatch",
        "token.unknown",
    ),
)
def overall(analysis: Analysis) -> Iterator[Observed]:
    """A classifier can tell rows of an evaluation split from rows of train.

    **What it means.** The split was not drawn as train was: in what respect, the other checks of this family say, or
    the features that weigh most here. One test of everything at once sees a shift that is spread over many small
    differences (Lopez-Paz and Oquab 2017).

    **How it is decided.** At most 2,000 random rows of each side. Multinomial naive Bayes on token counts, pairs of
    neighbours and the length is fitted on four fifths and ranks the last fifth, five times. Copies of one text (equal,
    or sharing a quarter of their tokens and pairs, of those that 20 rows hold at most) stay in one fold, and groups
    where the split is by group. The effect is the area under the curve within folds: 0.5 cannot tell,
    1 always can. The test takes folds in turn and models from the folds before only, so that each fold's rank sum is
    that of exchangeable rows, and their sum that of a martingale: its p is normal (Mann and Whitney 1947, with ties).
    Where class shares differ as well (`shift.label`) the comparison is repeated with classes of train drawn in the
    split's shares; what that explains is a note.

    **What it cannot see.** Labels, order over more than one step, and positions.
    """
    yield from each_split(analysis, _examine)


def _examine(comparison: SplitPair) -> Shift:
    name = comparison.name
    sides = [_thin_side(side, name) for side in (comparison.train, comparison.other)]
    both = stack_rows([side.rows for side in sides])
    kinds, keys, counts = _counts(both, len(comparison.dataset.tokens))
    n, m = (side.rows.n_rows for side in sides)
    sizes = {"train": n, name: m}
    labels = np.repeat([0, 1], [n, m])
    if shape(counts)[1] == 0:
        return Shift(f"{name}: there is no feature that two rows share", {"rows_compared": sizes})
    units = _join_texts(both.hashes, sides, sparse.csr_matrix(counts[:, kinds != "length"]))
    sides = [replace(side, units=part) for side, part in zip(sides, np.split(units, [n]), strict=True)]
    if sides[0].clustered:
        other = np.bincount(units, labels) > 0  # units of both sides are spread over all folds
        order = np.lexsort((generator(0, "shift.overall", "groups").random(len(other)), other))
        folds = np.argsort(order)[units] % FOLDS
    else:
        folds = folds_of(find_smallest(both.hashes, units)[units])
    area, p = _rank_rows(counts, labels, folds, sides)
    evidence: dict[str, Any] = {
        "area": area,
        "by_chance": 0.5,
        "rows_compared": sizes,
        "features": shape(counts)[1],
        "weigh_most": _weigh_most(counts, labels, kinds, keys, comparison),
        "test": "rank sums of later folds under models of earlier ones",
        "p": p,
    }
    top = ", ".join(one["feature"] for one in evidence["weigh_most"][:3])
    sentence = (
        f"{name}: a classifier distinguishes its rows from train's with an area under the curve of {area:.2f} "
        f"({m:,} rows against {n:,}; 0.50 is chance); what weighs most: {top}"
    )
    return Shift(sentence, evidence, "warning" if area >= LEAST_AREA else None, area - 0.5, 0.5)


def _join_texts(hashes: np.ndarray, sides: Sequence[SplitSide], read: sparse.csr_matrix) -> np.ndarray:
    """int64 (n_rows,): numbers of what goes into one fold, of both sides together: units of a side, equal sequences,
    and rows that share a quarter of the shorter one's tokens and pairs (counts `read`), of those that few rows hold.
    Where that joins more than a fold has, units or equal sequences alone."""
    sizes = [side.rows.n_rows for side in sides]
    groups = None
    if all(side.units is not None for side in sides):
        groups = np.concatenate([np.asarray(side.units) + k * sum(sizes) for k, side in enumerate(sides)])
    alone = join(np.arange(len(hashes), dtype=np.uint64) if groups is not None else hashes, groups).component
    has = at_least(read, 1)
    rare = sparse.csr_matrix(has[:, np.bincount(has.indices, minlength=shape(has)[1]) <= MOST_HOLDERS], dtype=np.int32)
    lengths = np.concatenate([2 * side.rows.lengths - 1 for side in sides])
    shared = sparse.coo_matrix(sparse.triu(rare @ rare.T, 1))
    alike = shared.data >= np.maximum(LEAST_SHARED * np.minimum(lengths[shared.row], lengths[shared.col]), 2)
    joined = join(hashes, groups, (shared.row[alike], shared.col[alike])).component
    return joined if np.bincount(joined).max() * FOLDS <= len(joined) else alone


def _rank_rows(
    counts: sparse.csr_matrix, labels: np.ndarray, folds: np.ndarray, sides: list[SplitSide]
) -> tuple[float, float]:
    """(area under the curve out of fold, p of later folds); counts (n_rows, k), labels 0 (train), 1."""
    logits = out_of_fold(counts, labels, 2, folds)
    score = np.subtract(logits[:, 1], logits[:, 0], where=np.isfinite(logits).all(axis=1), out=np.zeros(len(labels)))
    above, pairs = 0.0, 0.0
    for fold in range(FOLDS):
        mine = labels[folds == fold]
        second = int(mine.sum())
        above += float(rankdata(score[folds == fold])[mine == 1].sum()) - second * (second + 1) / 2
        pairs += (len(mine) - second) * second
    area = above / pairs if pairs else 0.5
    held = _later_folds(counts, labels, folds)
    total, variance = 0.0, 0.0
    for inside, rank in held:
        mine = labels[inside]
        second = int(mine.sum())
        first = len(inside) - second
        inflated = [
            estimate_inflation(
                rank[mine == k], renumber(np.asarray(side.units)[inside[mine == k] - k * sides[0].rows.n_rows])
            )
            for k, side in enumerate(sides)
        ]
        total += float(rank[mine == 1].sum()) - second * (len(inside) + 1) / 2
        variance += (
            float(rank.var(ddof=1)) * first * second * (inflated[0] * second + inflated[1] * first) / len(inside) ** 2
        )
    p = float(ndtr(-total / np.sqrt(variance))) if variance > 0 else 1.0
    return area, p


def _later_folds(
    counts: sparse.csr_matrix, labels: np.ndarray, folds: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Rows of each fold with both sides before it, and their ranks under the model of these folds."""
    sums = np.zeros((shape(counts)[1], 2))
    rows = np.zeros(2)
    found: list[tuple[np.ndarray, np.ndarray]] = []
    for fold in range(FOLDS):
        inside = np.flatnonzero(folds == fold)
        if rows.min() > 0 and len(np.unique(labels[inside])) == 2:
            logits = from_sums(sums, rows).logits(counts[inside])
            found.append((inside, rankdata(logits[:, 1] - logits[:, 0])))
        sums = sums + class_sums(counts[inside], labels[inside], 2)
        rows = rows + np.bincount(labels[inside], minlength=2)
    return found


def _thin_side(side: SplitSide, stream: str) -> SplitSide:
    """About 2,000 rows at random; whole groups, since rows of one group share features that no other row has."""
    rows = side.rows
    if rows.n_rows <= MOST_A_SIDE:
        return side
    random = generator(0, "shift.overall", stream, rows.name)
    if side.units is None or not side.clustered:
        return side.take(np.sort(random.choice(rows.n_rows, MOST_A_SIDE, replace=False)))
    sizes = np.bincount(side.units)
    order = random.permutation(len(sizes))
    kept = order[: max(1, int(np.searchsorted(np.cumsum(sizes[order]), MOST_A_SIDE, side="right")))]
    return side.take(np.flatnonzero(np.isin(side.units, kept)))


def _counts(rows: BaselineRows, n_tokens: int) -> tuple[np.ndarray, np.ndarray, sparse.csr_matrix]:
    """Kind and key of each column that two rows hold, and counts float32 (n_rows, k)."""
    blocks: list[sparse.csr_matrix] = []
    kept_keys: list[np.ndarray] = []
    for reading in (tokens(n_tokens), neighbours(n_tokens), lengths):
        read = reading(rows)
        columns = KeyColumns.of(read, 1)
        counts = counts_of(read, columns)
        kept = np.flatnonzero(np.bincount(counts.indices, minlength=columns.n) >= FEWEST_IN_COLUMN)
        blocks.append(sparse.csr_matrix(counts[:, kept]))
        kept_keys.append(columns.keys[kept])
    kinds = np.repeat(["token", "pair", "length"], [len(keys) for keys in kept_keys])
    return kinds, np.concatenate(kept_keys), sparse.csr_matrix(sparse.hstack(blocks, format="csr"))


def _weigh_most(
    counts: sparse.csr_matrix, labels: np.ndarray, kinds: np.ndarray, keys: np.ndarray, comparison: SplitPair
) -> list[dict[str, Any]]:
    """Features by what they add to the divergence of the two sides: difference of shares x log ratio."""
    model = NaiveBayes.fit(counts, labels, 2)
    shares = np.exp(model.weights)
    apart = (shares[:, 1] - shares[:, 0]) * (model.weights[:, 1] - model.weights[:, 0])
    per_row = class_sums(counts, labels, 2) / np.maximum(np.bincount(labels, minlength=2), 1)
    return [
        {
            "feature": _format_feature(str(kinds[column]), int(keys[column]), comparison.dataset.tokens),
            "kind": str(kinds[column]),
            "per_row_in_train": float(per_row[column, 0]),
            f"per_row_in_{comparison.name}": float(per_row[column, 1]),
        }
        for column in np.argsort(-apart, kind="stable")[:MOST_EXAMPLES].tolist()
    ]


def _format_feature(kind: str, key: int, lexicon: Sequence[str]) -> str:
    """A token, two neighbours, or the length or lengths that one key of `lengths` stands for."""
    if kind == "pair":
        return f"{lexicon[key // len(lexicon)]!r} before {lexicon[key % len(lexicon)]!r}"
    if kind == "token":
        return repr(lexicon[key])
    if key < 32:
        return f"length {key}"
    low, high = (round(32 * 2 ** ((key - 32 + step) / 8)) for step in (0, 1))
    return f"length {low} to {high}"
