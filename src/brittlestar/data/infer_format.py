"""A first look at splits that nobody has described yet: what the tokens seem to be, and what is there."""

import re
import unicodedata
from collections.abc import Collection, Mapping

import numpy as np
import polars as pl

from brittlestar.core.large_arrays import blocks
from brittlestar.data.tokenise import tokenise
from brittlestar.study.template import DataLook

# Below this share of rows with inner white space, sequences are taken as characters. Low on purpose: words read as
# characters only cost length, while characters read as words leave one unknown token a row.
BLANKS_HARDLY_OCCUR = 0.05  # convention: one text in 20 may hold a stray blank
LONGEST_PAIR = 2  # by its meaning: two characters, one for each part
LARGEST_PRODUCT = 64  # convention: an alphabet of parts, not a vocabulary
ROWS_AT_ONCE = 1 << 20  # budget: rows that are stripped of blanks together
LEAST_COVERAGE = 0.5  # by its meaning: most pairs occur
COLOUR_LETTERS = frozenset("rgbycmkwop")


def infer_format(frames: Mapping[str, pl.DataFrame]) -> DataLook:
    """Look at frames as `read_splits` returns them. Proposals are cautious: a factor pattern only where every token
    of train fits it and most combinations of its parts occur."""
    train = frames["train"]
    how, pattern = propose_reading(train["sequence"])
    distinct: set[str] = set()
    lengths: list[np.ndarray] = []
    for chunk in tokenise(train["sequence"], how):
        distinct.update(chunk.tokens)
        lengths.append(chunk.lengths)
    length = np.concatenate(lengths)
    counts = train["label"].value_counts().sort("label")
    return DataLook(
        tokens=how,
        factors=pattern,
        factor_names=tuple(re.compile(pattern).groupindex) if pattern else (),
        classes=dict(zip(counts["label"].to_list(), counts["count"].to_list(), strict=True)),
        vocabulary_size=len(distinct),
        length_min=int(length.min()),
        length_mean=float(length.mean()),
        length_max=int(length.max()),
        has_group="group" in train.columns,
        splits={name: frame.height for name, frame in frames.items()},
        unseen={
            name: int((~frame["sequence"].is_in(train["sequence"].implode())).sum())
            for name, frame in frames.items()
            if name != "train"
        },
        missing=tuple(name for name in ("dev", "test") if name not in frames),
    )


def propose_reading(sequences: pl.Series) -> tuple[str, str | None]:
    """The proposed tokeniser of train's sequences, and the proposed pattern of factors or None."""
    how = proposed_tokens(sequences)
    distinct: set[str] = set()
    for chunk in () if how == "characters" else tokenise(sequences, how):
        distinct.update(chunk.tokens)
        if any(len(token) > LONGEST_PAIR for token in chunk.tokens):
            return how, None
    return how, proposed_factors(distinct) if distinct else None


def proposed_tokens(sequences: pl.Series) -> str:
    """`list` for lists; `characters` where hardly any row has white space inside; `whitespace` otherwise."""
    if isinstance(sequences.dtype, pl.List):
        return "list"
    filled = with_blanks = 0
    for block in blocks(len(sequences), ROWS_AT_ONCE):
        texts = sequences[block].str.strip_chars()
        filled += int((texts != "").sum())
        with_blanks += int(texts.str.contains(r"\s").sum())
    return "characters" if with_blanks < BLANKS_HARDLY_OCCUR * filled else "whitespace"


def proposed_factors(tokens: Collection[str]) -> str | None:
    """A pattern for tokens of one character and an optional second one of another kind, or None.

    Both alphabets have at least two characters and share none, each is of one kind (symbols, upper or lower case,
    digits), their product is small and at least half of it occurs. The parts are named shape and colour for symbols
    with colour letters (r, g, b, y, …), factor1 and factor2 otherwise.
    """
    if any(not 1 <= len(token) <= LONGEST_PAIR for token in tokens):
        return None
    first = sorted({token[0] for token in tokens})
    second = sorted({token[1] for token in tokens if len(token) == 2})
    pairs = sum(len(token) == 2 for token in tokens)
    product = len(first) * len(second)
    kinds = {_kind(character) for character in first}, {_kind(character) for character in second}
    if min(len(first), len(second)) < 2 or not LEAST_COVERAGE * product <= pairs <= product <= LARGEST_PRODUCT:
        return None
    if len(kinds[0]) > 1 or len(kinds[1]) > 1 or kinds[0] & kinds[1]:
        return None
    coloured = kinds[0] == {"symbol"} and COLOUR_LETTERS.issuperset(second)
    names = ("shape", "colour") if coloured else ("factor1", "factor2")
    parts = ["".join(re.escape(character) for character in part) for part in (first, second)]
    return f"(?P<{names[0]}>[{parts[0]}])(?P<{names[1]}>[{parts[1]}])?"


def _kind(character: str) -> str:
    category = unicodedata.category(character)
    kinds = {"S": "symbol", "P": "symbol", "N": "digit", "L": category}
    return kinds.get(category[0], category)
