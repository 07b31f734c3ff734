"""From the text of a row to its tokens: the only place where sequences are split."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from brittlestar.core.errors import InputError
from brittlestar.data.matching import StuckError, matches

CHUNK_BYTES = 1 << 23  # budget: 8 MiB of text at a time


@dataclass(frozen=True)
class TokenChunk:
    """Tokens of consecutive rows: `codes` int32 (n_tokens,) index `tokens`, the distinct tokens of the chunk in any
    order; `lengths` int64 (n_rows,)."""

    codes: np.ndarray
    lengths: np.ndarray
    tokens: list[str]


def tokenise(sequences: pl.Series, how: str) -> Iterator[TokenChunk]:
    """The tokens of every row, in chunks of rows that bound the memory in use.

    `how`: `whitespace` (runs of Unicode White_Space separate, leading and trailing ones do not count), `characters`
    (every Unicode character is a token, blanks included), `regex:PATTERN` (every match of Python's `re` is a token,
    empty matches are not), `list`. A List(String) column is taken as it is under `list` and `whitespace`. Raises
    InputError on a pattern that does not compile or takes for ever, and where `how` does not fit the column.
    """
    if isinstance(sequences.dtype, pl.List):
        if how not in ("list", "whitespace"):
            raise InputError("a list column is never split again", "data.tokens", "use list")
        take = _lists
    elif how == "list":
        raise InputError("the sequence column holds text, not lists", "data.tokens", "use whitespace or characters")
    elif how == "whitespace":
        take = _words
    elif how == "characters":
        take = _characters
    else:
        pattern = compile_pattern(how.removeprefix("regex:"), "data.tokens")
        done = 0

        def take(column: pl.Series) -> TokenChunk:
            nonlocal done
            texts = column.to_list()
            try:
                rows: list[list[str]] = matches(pattern, texts, whole=False)
            except StuckError as error:
                row = f"row {done + error.position + 1:,}"
                raise stuck(pattern, "data.tokens", row, texts[error.position], error.seconds) from error
            done += len(column)
            flat = pl.Series([token for row in rows for token in row], dtype=pl.String)
            return _encode_tokens(flat, np.fromiter(map(len, rows), np.int64, len(rows)))

    return map(take, _chunks(sequences))


def compile_pattern(pattern: str, where: str) -> re.Pattern[str]:
    """The compiled pattern. Raises InputError that says what is wrong with it, and at which position."""
    try:
        return re.compile(pattern)
    except re.error as error:
        at = f" at position {error.pos}" if error.pos is not None else ""
        raise InputError(f"the pattern {pattern!r} does not compile: {error.msg}{at}", where) from error


def stuck(pattern: re.Pattern[str], where: str, what: str, text: str, seconds: float) -> InputError:
    """The error for a pattern that backtracks without end on one text."""
    shown = text if len(text) <= 40 else text[:39] + "…"
    return InputError(
        f"the pattern {pattern.pattern!r} was stopped: after {seconds:.0f} s it was still trying {what}, {shown!r}",
        where,
        "it tries the same text in too many ways: do not repeat what repeats, as in (a+)+; a++ and (?>…) never go back",
    )


def _chunks(sequences: pl.Series) -> Iterator[pl.Series]:
    sizes = sequences.list.len() * 8 if isinstance(sequences.dtype, pl.List) else sequences.str.len_bytes()
    ends = np.cumsum(sizes.to_numpy().astype(np.int64) + 1)
    start = 0
    while start < len(sequences):
        before = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + CHUNK_BYTES)))
        yield sequences.slice(start, stop - start)
        start = stop


def _words(column: pl.Series) -> TokenChunk:
    # One literal space between tokens is the common case, and splitting by it is ten times as fast as by a pattern.
    if column.str.contains(r"[^\S ]|^ | $|  ").any():
        column = column.str.replace_all(r"\s+", " ").str.strip_chars(" ")
    lengths = np.where((column == "").to_numpy(), 0, column.str.count_matches(" ", literal=True).to_numpy() + 1)
    return _encode_tokens(column.filter(column != "").str.split(" ").explode(), lengths)


def _lists(column: pl.Series) -> TokenChunk:
    lengths = column.list.len()
    return _encode_tokens(column.filter(lengths > 0).explode(), lengths.to_numpy())


def _characters(column: pl.Series) -> TokenChunk:
    lengths = column.str.len_chars()
    return _encode_tokens(column.filter(lengths > 0).str.split("").explode(), lengths.to_numpy())


def _encode_tokens(flat: pl.Series, lengths: np.ndarray) -> TokenChunk:
    distinct = flat.unique().sort()  # by itself their order would change from run to run
    codes = flat.cast(pl.Enum(distinct)).to_physical().to_numpy().astype(np.int32)
    return TokenChunk(codes, lengths.astype(np.int64), distinct.to_list())
