"""The rows that shallow models look at: all splits in one pool, with folds that no sequence or group crosses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from brittlestar.baselines.rows import BaselineRows, stack_rows
from brittlestar.core.seeds import generator
from brittlestar.core.splits import is_shifted

STREAM = "label.noise"  # of random numbers: the first check that learned from a pool
N_FOLDS = 4  # budget: every model is fitted so often
MOST_FITTED = 10_000  # budget: rows that models learn from in seconds
MOST_LOOKED = 30_000  # budget: as many rows of a split as comparisons of splits look at
MOST_TOKENS_POOLED = 1_500_000  # budget: 30,000 rows of 50 tokens
MOST_MODELLED_CLASSES = 40  # budget: columns of every model
FEWEST_OF_CLASS = 10  # chosen, not measured: so that every fold has some
FEWEST_GROUPS = 20  # chosen, not measured: so that folds are about even


@dataclass(frozen=True)
class Pool:
    """Rows of all splits, end to end.

    `rows`: their tokens (labels are positions in `classes`, label codes of the dataset, or -1 for other labels);
    `split` int64 indexes `splits`; `position` int64: the row's place in its split; `fold` int64: shared by equal
    sequences and by groups; `alone` bool: one row of each sequence, in a shifted split only if it is nowhere else;
    `fitted` bool: rows of train that models learn from; `familiar` bool: train knows all its tokens, and its length;
    `shifted` bool: rows of splits that were declared as shifted; `whole`: no row was left out.
    """

    splits: tuple[str, ...]
    rows: BaselineRows
    classes: np.ndarray
    split: np.ndarray
    position: np.ndarray
    fold: np.ndarray
    alone: np.ndarray
    fitted: np.ndarray
    familiar: np.ndarray
    shifted: np.ndarray
    whole: bool

    @property
    def n_classes(self) -> int:
        """Classes that models know."""
        return len(self.classes)

    def of(self, split: str) -> np.ndarray:
        """bool (n_rows,): the rows of one split."""
        return self.split == self.splits.index(split)

    @property
    def usable(self) -> np.ndarray:
        """bool (n_rows,): rows that say something about labels: familiar, one of each sequence, of a known class."""
        return self.familiar & self.alone & (self.rows.labels >= 0)


def draw_pool(splits: Mapping[str, BaselineRows], n_classes: int, n_labels: int, n_tokens: int) -> Pool:
    """At most 30,000 rows of every split (fewer where they are long), drawn without replacement; models learn from at
    most 10,000 distinct rows of train, and know its 40 largest classes that have at least 10 rows. Labels are below
    `n_labels`, those of train below `n_classes`; the lexicon has `n_tokens`."""
    parts: dict[str, np.ndarray] = {}  # positions of the rows looked at, ascending
    for name, rows in splits.items():
        most = min(MOST_LOOKED, int(MOST_TOKENS_POOLED / max(1.0, len(rows.codes) / max(rows.n_rows, 1))))
        some = generator(0, STREAM, "looked", rows.name).choice(rows.n_rows, min(most, rows.n_rows), replace=False)
        parts[name] = np.sort(some)
    counts = np.bincount(splits["train"].labels, minlength=n_classes)[:n_classes]
    large = np.argsort(-counts, kind="stable")[:MOST_MODELLED_CLASSES]
    classes = np.sort(large[counts[large] >= FEWEST_OF_CLASS])
    renamed = np.full(n_labels, -1, np.int32)
    renamed[classes] = np.arange(len(classes), dtype=np.int32)
    rows = stack_rows([split.take(parts[name]) for name, split in splits.items()])
    rows = replace(rows, labels=renamed[rows.labels])
    split = np.repeat(np.arange(len(parts)), [len(part) for part in parts.values()])
    shifted = np.asarray([is_shifted(name) for name in parts])[split]
    order = np.lexsort((generator(0, STREAM, "alone").random(len(split)), shifted, rows.hashes))
    alone = np.empty(len(split), np.bool_)
    alone[order] = np.diff(rows.hashes[order], prepend=rows.hashes[order[:1]] + np.uint64(1)) != 0
    learned = np.flatnonzero((split == list(parts).index("train")) & (rows.labels >= 0))
    learned = learned[np.unique(rows.hashes[learned], return_index=True)[1]]
    if len(learned) > MOST_FITTED:
        learned = generator(0, STREAM, "fitted").choice(np.sort(learned), MOST_FITTED, replace=False)
    if rows.groups is None or len(np.unique(rows.groups)) < FEWEST_GROUPS:
        fold = (rows.hashes % np.uint64(N_FOLDS)).astype(np.int64)
    else:
        dealt = generator(0, STREAM, "groups").integers(0, N_FOLDS, int(rows.groups.max(initial=-1)) + 1)
        fold = dealt[rows.groups]
    fitted = np.zeros(len(split), np.bool_)
    fitted[learned] = True
    return Pool(
        tuple(parts),
        rows,
        classes,
        split,
        np.concatenate(list(parts.values())),
        fold,
        alone,
        fitted,
        _find_familiar(rows, fold, fitted, n_tokens),
        shifted,
        all(len(parts[name]) == split.n_rows for name, split in splits.items()),
    )


def _find_familiar(rows: BaselineRows, fold: np.ndarray, fitted: np.ndarray, n_tokens: int) -> np.ndarray:
    row = rows.owners
    learned = fitted[row]
    cell = rows.codes.astype(np.int64) * N_FOLDS + fold[row]
    inside = np.bincount(cell[learned], minlength=n_tokens * N_FOLDS).reshape(n_tokens, N_FOLDS)
    elsewhere = (inside.sum(axis=1, keepdims=True) - inside).reshape(-1)
    strange = np.concatenate([[0], np.cumsum(elsewhere[cell] == 0)])
    lengths = rows.lengths[fitted]
    low, high = (int(lengths.min()), int(lengths.max())) if len(lengths) else (0, 0)
    return (np.diff(strange[rows.offsets]) == 0) & (rows.lengths >= low) & (rows.lengths <= high)
