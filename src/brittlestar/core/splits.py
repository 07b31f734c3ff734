"""Encoded data: what crosses from the data stage to models and training."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from brittlestar.core.token_rows import TokenRows

SHIFTED = "shift_"
"""How the name of a split begins whose rows were declared to come from elsewhere."""
UNLABELLED = "new_"
"""How the name of a split begins whose rows have no labels: runs answer them, and nothing scores them."""
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
PAD_ID = 0  # by definition of the vocabulary
UNKNOWN_ID = 1  # by definition of the vocabulary


def is_shifted(split: str) -> bool:
    """Whether a split was declared as one of rows from elsewhere, `shift_NAME`."""
    return split.startswith(SHIFTED)


def is_unlabelled(split: str) -> bool:
    """Whether a split is one of rows without labels, `new_NAME`."""
    return split.startswith(UNLABELLED) and split != UNLABELLED


def headline_split(rows: Mapping[str, int]) -> str | None:
    """The split that headline numbers are read on, of the splits with so many rows: test, else dev, that has some; None
    where there is none."""
    return next((split for split in ("test", "dev") if rows.get(split)), None)


def order_of_time(split: str) -> tuple[list[int], list[tuple[int, int, str]]]:
    """What names of splits are sorted by: the years in them, then their parts, English months and numbers by size
    (`new_march` before `new_april`, `new_2025_12` before `new_2026_1`)."""

    def rank(part: str) -> tuple[int, int, str]:
        month = next((k for k, name in enumerate(MONTHS) if len(part) >= 3 and name.startswith(part)), None)
        return (0, int(part), "") if part.isdecimal() else (1, 0, part) if month is None else (0, month + 1, "")

    parts = re.findall(r"\d+|[^\W\d_]+", split.lower())
    return [int(one) for one in parts if re.fullmatch("(19|20)[0-9]{2}", one)], [rank(one) for one in parts]


@dataclass(frozen=True)
class Vocabulary:
    """Tokens of train by id. Ids 0 and 1 are padding and unknown, under names that no real token has.

    `factors[name]` is int32 of shape (vocabulary_size,): the id of the token's value of that factor, 0 where the
    token has none (padding and unknown have none). `factor_values[name][k]` names value k; position 0 is "".
    """

    tokens: tuple[str, ...]
    factors: Mapping[str, np.ndarray]
    factor_values: Mapping[str, tuple[str, ...]]

    @property
    def size(self) -> int:
        """Number of ids, padding and unknown included."""
        return len(self.tokens)


@dataclass(frozen=True)
class EncodedSplit(TokenRows):
    """One split as arrays (memory-mapped when they come from a store).

    `codes` are ids of the vocabulary; `labels` int32 (n_rows,), -1 for a label that train lacks;
    `factor_weights[name]` int32 (n_rows,): distinct values of that factor in the row, counted on the raw tokens;
    `groups` int32 (n_rows,) or None when there is no group column; `fingerprint` 64 hex digits over ids, token strings,
    labels and groups in row order.
    """

    name: str
    labels: np.ndarray
    factor_weights: Mapping[str, np.ndarray]
    groups: np.ndarray | None
    fingerprint: str

    @property
    def unknown_share(self) -> float:
        """The share of its tokens that train lacks."""
        return float((self.codes == UNKNOWN_ID).mean()) if len(self.codes) else 0.0


@dataclass(frozen=True)
class EncodedData:
    """All splits under one vocabulary and one list of classes (the sorted labels of train)."""

    vocabulary: Vocabulary
    classes: tuple[str, ...]
    splits: Mapping[str, EncodedSplit]
