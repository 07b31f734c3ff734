"""What checks read: every split with its tokens as written, under one lexicon that no split is favoured by; how often
tokens occur, and which rows hold them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl
from scipy import sparse

from brittlestar.audits.vocabulary import GivenVocabulary
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.answers import Probabilities
from brittlestar.core.brief import brief_repr
from brittlestar.core.large_arrays import AT_ONCE, blocks, count
from brittlestar.core.splits import is_unlabelled
from brittlestar.core.token_rows import TokenRows
from brittlestar.data.encode import Encoded
from brittlestar.data.factors import decompose, number_values
from brittlestar.data.rows import sequence_hashes, token_hashes
from brittlestar.study.settings import Study


@dataclass(frozen=True, repr=False)
class AuditDataset:
    """All splits, train among them, and the settings that a study states (the defaults for a bare folder).

    `tokens` are the distinct tokens of all splits by code; `labels` names train's classes first (sorted, the first
    `n_classes`), then labels that train lacks; `factors[name]` int32 (n_tokens,) is the position of each token's value
    in `factor_values[name]`, 0 where it has none. `groups` names the codes of groups from 0 on; rows without a group
    have codes beyond them. `predictions[variant][split]` are class probabilities of the runs that cover the split, or
    None where nothing has been predicted; `vocabulary` is one that was given; `known` uint64 are the hashes of all rows
    of train where its split holds a sample of them; `unlabelled` are splits of rows without labels. Derived quantities
    are computed once and only when asked for.
    """

    __repr__ = brief_repr

    splits: Mapping[str, BaselineRows]
    tokens: tuple[str, ...]
    labels: tuple[str, ...]
    n_classes: int
    factors: Mapping[str, np.ndarray]
    factor_values: Mapping[str, tuple[str, ...]]
    study: Study
    base: Path
    groups: tuple[str, ...] = ()
    predictions: Mapping[str, Mapping[str, Probabilities]] | None = None
    vocabulary: GivenVocabulary | None = None
    known: np.ndarray | None = None
    unlabelled: Mapping[str, BaselineRows] = field(default_factory=dict[str, BaselineRows])

    @classmethod
    def of(cls, frames: Mapping[str, pl.DataFrame], data: Encoded, study: Study, base: Path) -> Self:
        """Of splits that were read and encoded."""
        names = {label for frame in frames.values() for label in frame["label"].unique()}
        labels = (*data.classes, *sorted(names - set(data.classes)))
        kind = pl.Enum(list(labels))
        parts = decompose(data.raw_tokens, study.data.factors).values
        values = {name: tuple(sorted({"", *of_token})) for name, of_token in parts.items()}
        hashes = token_hashes(data.raw_tokens)
        splits = {
            name: BaselineRows(
                data.raw_codes[name],
                data.splits[name].offsets,
                name,
                frame["id"],
                frame["sequence"],
                frame["label"].cast(kind).to_physical().to_numpy().astype(np.int32),
                data.splits[name].groups,
                sequence_hashes(hashes, data.raw_codes[name], data.splits[name].offsets),
            )
            for name, frame in frames.items()
        }
        return cls(
            {name: rows for name, rows in splits.items() if not is_unlabelled(name)},
            data.raw_tokens,
            labels,
            len(data.classes),
            {name: number_values(of_token, values[name]) for name, of_token in parts.items()},
            values,
            study,
            base,
            data.group_names,
            unlabelled={name: rows for name, rows in splits.items() if is_unlabelled(name)},
        )

    @property
    def train(self) -> BaselineRows:
        """The split that everything is compared with."""
        return self.splits["train"]

    @property
    def evaluations(self) -> tuple[BaselineRows, ...]:
        """Every other split: dev, test, then shifted ones."""
        return tuple(rows for name, rows in self.splits.items() if name != "train")

    @property
    def train_hashes(self) -> np.ndarray:
        """uint64: the hash of every row of train, also where its split holds a sample of them."""
        return self.train.hashes if self.known is None else self.known

    @cached_property
    def distinct_train(self) -> BaselineRows:
        """The first of each distinct token sequence of train."""
        _, first = np.unique(self.train.hashes, return_index=True)
        return self.train if len(first) == self.train.n_rows else self.train.take(np.sort(first))

    @cached_property
    def token_hashes(self) -> np.ndarray:
        """uint64 (n_tokens,): hash of each token of the lexicon."""
        return token_hashes(self.tokens)

    def hash_rows(self, codes: np.ndarray, offsets: np.ndarray) -> np.ndarray:
        """uint64 (n_rows,): hashes of any rows over this lexicon, comparable with `LabelledRows.hashes`."""
        return sequence_hashes(self.token_hashes, codes, offsets)

    def with_splits(self, splits: Mapping[str, BaselineRows]) -> Self:
        """The same with other rows; nothing derived is carried over, nor what was predicted for these rows."""
        return replace(self, splits=dict(splits), predictions=None, known=None, unlabelled={})


def bag(rows: TokenRows, n_tokens: int) -> sparse.csr_matrix:
    """Token counts, int32 (n_rows, n_tokens)."""
    shape = (rows.n_rows, n_tokens)
    cells = (np.ones(len(rows.codes), np.int32), (rows.owners, rows.codes))
    return sparse.csr_matrix(sparse.coo_matrix(cells, shape=shape))


def occurrences(dataset: AuditDataset) -> dict[str, np.ndarray]:
    """int64 (n_tokens,) by split: how often each token of the lexicon occurs."""
    n = len(dataset.tokens)
    return {name: count(rows.codes, n) for name, rows in dataset.splits.items()}


def row_at(rows: BaselineRows, places: np.ndarray) -> np.ndarray:
    """int64: the row of each place in `rows.codes`."""
    return np.searchsorted(rows.offsets, places, side="right") - 1


def places_of(rows: TokenRows, wanted: np.ndarray) -> np.ndarray:
    """int64, ascending: the places in `rows.codes` of tokens with `wanted[code]`; `wanted` bool (n_tokens,)."""
    if not wanted.any():
        return np.zeros(0, np.int64)
    found = (part.start + np.flatnonzero(wanted[rows.codes[part]]) for part in blocks(len(rows.codes), AT_ONCE))
    return np.concatenate([np.zeros(0, np.int64), *found])


def holding(rows: BaselineRows, wanted: np.ndarray) -> np.ndarray:
    """int64, ascending: the rows that hold any token with `wanted[code]`; `wanted` bool (n_tokens,)."""
    return np.unique(row_at(rows, places_of(rows, wanted)))


def chosen(codes: np.ndarray, n_tokens: int) -> np.ndarray:
    """bool (n_tokens,): true for the given codes."""
    wanted = np.zeros(n_tokens, np.bool_)
    wanted[codes] = True
    return wanted


def order_codes(dataset: AuditDataset, codes: np.ndarray) -> np.ndarray:
    """The codes, the most frequent over all splits first; ties by the token, since codes have no order of their own."""
    total: list[int] = np.sum(list(occurrences(dataset).values()), axis=0).tolist()
    listed: list[int] = codes.tolist()
    return np.asarray(sorted(listed, key=lambda code: (-total[code], dataset.tokens[code])), np.int64)


def format_tokens(dataset: AuditDataset, codes: np.ndarray | list[int]) -> str:
    """Five tokens, 30 characters each, as a sentence shows them, with invisible ones spelt out: `'a'`, `'\\u200b'`."""
    words = [dataset.tokens[int(code)] for code in codes[:5]]
    shown = ", ".join(repr(word if len(word) <= 30 else word[:29] + "…") for word in words)
    return shown + (" …" if len(codes) > 5 else "")
