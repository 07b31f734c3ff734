"""What an audit looks at: every split with its tokens as written, under one lexicon that no split is favoured by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import sparse

from brittlestar.audits.surprise import Surprise, sample_for_fit
from brittlestar.audits.token_model import TokenModel
from brittlestar.audits.tokens.ids import VocabularyIds
from brittlestar.data.encode import Encoded
from brittlestar.data.factors import decompose, numbered
from brittlestar.data.rows import row_of_token, sequence_hashes, take, token_hashes
from brittlestar.study.settings import Study

if TYPE_CHECKING:
    from brittlestar.audits.draws import Families, Kept
    from brittlestar.audits.labels.cheap import CheapModels
    from brittlestar.audits.shifts.rows import Comparison
    from brittlestar.audits.shortcuts.ladder import Climb
    from brittlestar.audits.tables.given import GivenTable


@dataclass(frozen=True)
class Rows:
    """One split. `codes` int32 (n_tokens,) index the lexicon, row i being codes[offsets[i]:offsets[i + 1]];
    `labels` int32 (n_rows,) index the label names; `groups` int32 (n_rows,), codes shared by all splits, or None;
    `hashes` uint64 (n_rows,) are equal where token sequences are; `ids` and `texts` (the sequence column as read:
    String or List(String)) are for showing rows to people."""

    name: str
    ids: pl.Series
    texts: pl.Series
    codes: np.ndarray
    offsets: np.ndarray
    labels: np.ndarray
    groups: np.ndarray | None
    hashes: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.codes, self.offsets, self.labels, self.groups, self.hashes):
            if array is not None:
                array.flags.writeable = False  # checks of others get these very arrays

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.labels)

    @property
    def lengths(self) -> np.ndarray:
        """int64 (n_rows,): tokens in each row."""
        return np.diff(self.offsets)

    def taken(self, rows: np.ndarray) -> Rows:
        """The rows at the given positions, in that order."""
        codes, offsets = take(self.codes, self.offsets, rows)
        positions = pl.Series(rows)
        return Rows(
            self.name,
            self.ids.gather(positions),
            self.texts.gather(positions),
            codes,
            offsets,
            self.labels[rows],
            None if self.groups is None else self.groups[rows],
            self.hashes[rows],
        )

    def tokens_of(self, row: int) -> np.ndarray:
        """int32: the codes of one row."""
        return self.codes[self.offsets[row] : self.offsets[row + 1]]


@dataclass(frozen=True)
class Material:
    """All splits, train among them, and the settings that a study states (the defaults for a bare folder).

    `tokens` are the distinct tokens of all splits by code; `labels` names train's classes first (sorted, the first
    `n_classes`), then labels that train lacks; `factors[name]` int32 (n_tokens,) is the position of each token's value
    in `factor_values[name]`, 0 where it has none. `groups` names the codes of groups from 0 on; rows without a group
    have codes beyond them. `predictions[arm][split]` float (n_rows, n_classes) are class
    probabilities averaged over seeds, or None where nothing has been predicted; `vocabulary` are the tokens of a
    vocabulary that was given, `vocabulary_ids` its ids as written. Derived quantities are computed once and only when
    asked for.
    """

    splits: Mapping[str, Rows]
    tokens: tuple[str, ...]
    labels: tuple[str, ...]
    n_classes: int
    factors: Mapping[str, np.ndarray]
    factor_values: Mapping[str, tuple[str, ...]]
    study: Study
    base: Path
    groups: tuple[str, ...] = ()
    predictions: Mapping[str, Mapping[str, np.ndarray]] | None = None
    vocabulary: tuple[str, ...] | None = None
    vocabulary_ids: VocabularyIds | None = None

    @property
    def train(self) -> Rows:
        """The split that everything is compared with."""
        return self.splits["train"]

    @property
    def evaluations(self) -> tuple[Rows, ...]:
        """Every other split: dev, test, then shifted ones."""
        return tuple(rows for name, rows in self.splits.items() if name != "train")

    @cached_property
    def distinct_train(self) -> Rows:
        """The first of each distinct token sequence of train."""
        _, first = np.unique(self.train.hashes, return_index=True)
        return self.train.taken(np.sort(first))

    @cached_property
    def token_model(self) -> TokenModel:
        """The first-order model of train's distinct rows: what chance is computed with."""
        rows = self.distinct_train
        return TokenModel.fit(rows.codes, rows.offsets)

    @cached_property
    def surprise_rows(self) -> np.ndarray:
        """int64: the rows of `distinct_train` that `surprise` is fitted on, all of them up to two million tokens."""
        return sample_for_fit(self.distinct_train.lengths)

    @cached_property
    def surprise(self) -> Surprise:
        """How likely rows are under a smoothed first-order model of train's distinct rows."""
        rows = self.distinct_train
        return Surprise.fit(*take(rows.codes, rows.offsets, self.surprise_rows), len(self.tokens))

    @cached_property
    def token_hashes(self) -> np.ndarray:
        """uint64 (n_tokens,): hash of each token of the lexicon."""
        return token_hashes(self.tokens)

    @cached_property
    def bags(self) -> Mapping[str, sparse.csr_matrix]:
        """Counts of each token in each row of each split: int32 (n_rows, n_tokens)."""
        return {name: bag(rows, len(self.tokens)) for name, rows in self.splits.items()}

    @cached_property
    def samples(self) -> Mapping[str, Rows]:
        """The rows of each split that comparisons of splits look at: all of them up to 30,000."""
        from brittlestar.audits.draws import sample  # it reads rows itself

        return {name: sample(rows) for name, rows in self.splits.items()}

    @cached_property
    def families(self) -> Families:
        """Near copies that were drawn together."""
        from brittlestar.audits.draws import find_families  # it reads materials itself

        return find_families(self)

    @cached_property
    def kept(self) -> Mapping[str, Kept]:
        """By what units each split was parted from train."""
        from brittlestar.audits.draws import find_kept  # it reads materials itself

        return find_kept(self)

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Every evaluation split side by side with train."""
        from brittlestar.audits.shifts.rows import compare_splits  # it reads materials itself

        return compare_splits(self)

    @cached_property
    def climb(self) -> Climb:
        """The trivial baselines with every answer it was scored on."""
        from brittlestar.audits.shortcuts.ladder import climb  # it reads materials itself

        return climb(self)

    @cached_property
    def cheap(self) -> CheapModels | None:
        """Shallow models and their out-of-fold answers on all splits; None where train has no two classes to learn."""
        from brittlestar.audits.labels.cheap import cheap_models  # it reads materials itself

        return cheap_models(self)

    @cached_property
    def table(self) -> GivenTable | str:
        """The embedding table that the study names, or a sentence that says why there is none to look at."""
        from brittlestar.audits.tables.given import given_table  # it reads materials itself

        return given_table(self)

    def hashed(self, codes: np.ndarray, offsets: np.ndarray) -> np.ndarray:
        """uint64 (n_rows,): hashes of any rows over this lexicon, comparable with `Rows.hashes`."""
        return sequence_hashes(self.token_hashes[codes], offsets)

    def with_splits(self, splits: Mapping[str, Rows]) -> Material:
        """The same material with other rows; nothing derived is carried over, nor what was predicted for these rows."""
        return replace(self, splits=dict(splits), predictions=None)


def bag(rows: Rows, n_tokens: int) -> sparse.csr_matrix:
    """Token counts, int32 (n_rows, n_tokens)."""
    shape = (rows.n_rows, n_tokens)
    ones = np.ones(len(rows.codes), np.int32)
    return sparse.csr_matrix(sparse.coo_matrix((ones, (row_of_token(rows.offsets), rows.codes)), shape=shape))


def material_of(frames: Mapping[str, pl.DataFrame], data: Encoded, study: Study, base: Path) -> Material:
    """The material of splits that were read and encoded."""
    names = {label for frame in frames.values() for label in frame["label"].unique()}
    labels = (*data.classes, *sorted(names - set(data.classes)))
    kind = pl.Enum(list(labels))
    parts = decompose(data.raw_tokens, study.data.factors).values
    values = {name: tuple(sorted({"", *of_token})) for name, of_token in parts.items()}
    hashes = token_hashes(data.raw_tokens)
    splits = {
        name: Rows(
            name,
            frame["id"],
            frame["sequence"],
            data.raw_codes[name],
            data.splits[name].offsets,
            frame["label"].cast(kind).to_physical().to_numpy().astype(np.int32),
            data.splits[name].groups,
            sequence_hashes(hashes[data.raw_codes[name]], data.splits[name].offsets),
        )
        for name, frame in frames.items()
    }
    return Material(
        splits,
        data.raw_tokens,
        labels,
        len(data.classes),
        {name: numbered(of_token, values[name]) for name, of_token in parts.items()},
        values,
        study,
        base,
        data.group_names,
    )
