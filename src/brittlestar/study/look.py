"""What a look at a folder of splits finds, as far as a study file depends on it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """A first look at the data, taken before any setting is chosen.

    `tokens` is the proposed tokeniser and `factors` the proposed pattern, both as `DataSettings` writes them;
    `factor_names` are the pattern's named groups, in its order. `classes[label]` counts train's rows;
    `vocabulary_size` is the number of distinct tokens of train (padding and unknown not counted); lengths are in
    tokens, over train. `splits[name]` is the number of rows, `unseen[name]` of those whose sequence is no row of train,
    as written; `missing` names those of `dev` and `test` that are not
    there.
    """

    tokens: str
    factors: str | None
    factor_names: tuple[str, ...]
    classes: Mapping[str, int]
    vocabulary_size: int
    length_min: int
    length_mean: float
    length_max: int
    has_group: bool
    splits: Mapping[str, int]
    unseen: Mapping[str, int]
    missing: tuple[str, ...]
