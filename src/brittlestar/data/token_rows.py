"""Rows of tokens as written: codes into a lexicon of strings, and arithmetic on whole rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from brittlestar.data.rows import offsets_of, row_of_token, take


@dataclass(frozen=True)
class TokenRows:
    """`codes` int32 (n_tokens,), row i being codes[offsets[i]:offsets[i + 1]]; code k is the string `lexicon[k]`;
    `offsets` int64 (n_rows + 1,). No string stands twice in a lexicon."""

    lexicon: tuple[str, ...]
    codes: np.ndarray
    offsets: np.ndarray

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.offsets) - 1

    @property
    def lengths(self) -> np.ndarray:
        """int64 (n_rows,): tokens in each row."""
        return np.diff(self.offsets)

    @property
    def places(self) -> np.ndarray:
        """int64 (n_tokens,): where each token stands in its row, from 0."""
        return np.arange(len(self.codes), dtype=np.int64) - np.repeat(self.offsets[:-1], self.lengths)

    @property
    def owners(self) -> np.ndarray:
        """int64 (n_tokens,): the row of each token."""
        return row_of_token(self.offsets)

    def rows(self, chosen: np.ndarray) -> TokenRows:
        """The rows `chosen` (n,), in this order and as often as they are named."""
        codes, offsets = take(self.codes, self.offsets, chosen)
        return TokenRows(self.lexicon, codes, offsets)

    def with_codes(self, codes: np.ndarray) -> TokenRows:
        """Other tokens, as many to a row as before."""
        return replace(self, codes=codes.astype(np.int32))

    def knowing(self, tokens: Sequence[str]) -> tuple[TokenRows, np.ndarray]:
        """The same rows under a lexicon that knows `tokens` too, and int32 (len(tokens),): their codes."""
        position = {token: code for code, token in enumerate(self.lexicon)}
        for token in tokens:
            position.setdefault(token, len(position))
        known = np.fromiter((position[token] for token in tokens), np.int32, len(tokens))
        return replace(self, lexicon=tuple(position)), known

    def order_tokens(self, keys: np.ndarray) -> TokenRows:
        """Each row's tokens by their `keys` float64 (n_tokens,), ascending; equal keys keep their order."""
        order = np.lexsort((keys, self.owners))
        return self.with_codes(self.codes[order])

    def keep_tokens(self, keep: np.ndarray) -> TokenRows:
        """Only the tokens for which `keep` bool (n_tokens,) is true."""
        lengths = np.bincount(self.owners[keep], minlength=self.n_rows)
        return TokenRows(self.lexicon, self.codes[keep], offsets_of(lengths))

    def repeat_tokens(self, times: np.ndarray) -> TokenRows:
        """Each token `times` int (n_tokens,) times, in its place."""
        lengths = np.bincount(self.owners, weights=times, minlength=self.n_rows).astype(np.int64)
        return TokenRows(self.lexicon, np.repeat(self.codes, times), offsets_of(lengths))

    def with_behind(self, where: np.ndarray, codes: np.ndarray) -> TokenRows:
        """Behind each token where `where` bool (n_tokens,) holds, one more: its entry of `codes` int (n_tokens,)."""
        rows = self.repeat_tokens(1 + where)
        first = offsets_of(1 + where)[:-1]
        longer = rows.codes.copy()
        longer[first[where] + 1] = codes[where]
        return rows.with_codes(longer)

    def followed_by(self, other: TokenRows) -> TokenRows:
        """Each row with the row of the same number of `other`, which has the same lexicon, behind it."""
        return _merge_rows(self, other)

    def strings(self) -> list[list[str]]:
        """The rows as lists of tokens."""
        used, places = np.unique(self.codes, return_inverse=True)
        names = np.array([*(self.lexicon[code] for code in used.tolist()), ""], dtype=object)[:-1]
        words = names[places.reshape(-1)].tolist()
        return [words[start:stop] for start, stop in pairwise(self.offsets.tolist())]


def rows_of_strings(rows: Sequence[Sequence[str]], lexicon: Sequence[str] = ()) -> TokenRows:
    """Rows of lists of tokens, under a lexicon that begins with `lexicon`."""
    position = {token: code for code, token in enumerate(lexicon)}
    codes = [position.setdefault(token, len(position)) for row in rows for token in row]
    lengths = np.fromiter((len(row) for row in rows), np.int64, len(rows))
    return TokenRows(tuple(position), np.asarray(codes, np.int32), offsets_of(lengths))


def stack_token_rows(parts: Sequence[TokenRows]) -> TokenRows:
    """All rows, part after part, under one lexicon: the last one's, which must begin with that of each other part."""
    lexicon = max((part.lexicon for part in parts), key=len)
    lengths = np.concatenate([part.lengths for part in parts])
    return TokenRows(lexicon, np.concatenate([part.codes for part in parts]), offsets_of(lengths))


def _merge_rows(left: TokenRows, right: TokenRows) -> TokenRows:
    lengths = left.lengths + right.lengths
    offsets = offsets_of(lengths)
    codes = np.empty(offsets[-1], np.int32)
    codes[offsets[:-1][left.owners] + left.places] = left.codes
    codes[(offsets[:-1] + left.lengths)[right.owners] + right.places] = right.codes
    return TokenRows(left.lexicon, codes, offsets)
