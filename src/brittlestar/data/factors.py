"""How a token decomposes: named groups of one pattern, matched against the whole token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.core.errors import InputError
from brittlestar.data.matching import StuckError, matches
from brittlestar.data.tokenise import compile_pattern, stuck

CELLS = 1 << 24  # budget: cells of a dense block, 16 MiB of bools


@dataclass(frozen=True)
class Decomposition:
    """Factor values of distinct tokens: `values[factor][k]` is the value of token k, "" where it has none.

    `unmatched` bool (n_tokens,): the pattern does not fit the token at all.
    """

    values: Mapping[str, Sequence[str]]
    unmatched: np.ndarray


def decompose(tokens: Sequence[str], pattern: str | None) -> Decomposition:
    """Match every token. Raises InputError on a pattern that does not compile, has no named group or takes for ever."""
    if pattern is None:
        return Decomposition({}, np.zeros(len(tokens), np.bool_))
    expression = compile_pattern(pattern, "data.factors")
    if not expression.groupindex:
        hint = "name the parts, for example (?P<shape>.)(?P<colour>.)?"
        raise InputError(f"the pattern {pattern!r} has no named group", "data.factors", hint)
    try:
        found: list[tuple[str, ...] | None] = matches(expression, tokens, whole=True)
    except StuckError as error:
        raise stuck(expression, "data.factors", "a token", tokens[error.position], error.seconds) from error
    values = {
        name: [parts[place] if parts else "" for parts in found] for place, name in enumerate(expression.groupindex)
    }
    return Decomposition(values, np.fromiter((parts is None for parts in found), np.bool_, len(found)))


def number_values(values: Sequence[str], names: Sequence[str]) -> np.ndarray:
    """int32 (n_tokens,): the position of each value in `names`, whose first entry stands for no value."""
    position = {name: k for k, name in enumerate(names)}
    return np.fromiter((position[value] for value in values), np.int32, len(values))


def distinct_per_row(values: np.ndarray, codes: np.ndarray, offsets: np.ndarray, n_values: int) -> np.ndarray:
    """int32 (n_rows,): how many distinct values other than 0 the tokens of each row have.

    `values` int (lexicon,) in [0, n_values), by code; row i has the tokens codes[offsets[i]:offsets[i + 1]].
    """
    n_rows = len(offsets) - 1
    weights = np.zeros(n_rows, np.int32)
    step = max(1, CELLS // max(1, n_values))
    for start in range(0, n_rows, step):
        stop = min(start + step, n_rows)
        row = np.repeat(np.arange(stop - start), np.diff(offsets[start : stop + 1]))
        seen = np.zeros((stop - start, n_values), np.bool_)
        seen[row, values[codes[offsets[start] : offsets[stop]]]] = True
        weights[start:stop] = seen[:, 1:].sum(axis=1)
    return weights
