"""Rows of tokens as written: codes into a lexicon of strings, and arithmetic on whole rows at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from brittlestar.core.token_rows import TokenRows, offsets_of, stack_tokens, take


@dataclass(frozen=True)
class WrittenRows(TokenRows):
    """Rows whose code k is the string `lexicon[k]`. No string stands twice in a lexicon."""

    lexicon: tuple[str, ...]

    def rows(self, chosen: np.ndarray) -> "WrittenRows":
        """The rows `chosen` (n,), in this order and as often as they are named."""
        return WrittenRows(*take(self.codes, self.offsets, chosen), self.lexicon)

    def with_codes(self, codes: np.ndarray) -> "WrittenRows":
        """Other tokens, as many to a row as before."""
        return replace(self, codes=codes.astype(np.int32))

    def knowing(self, tokens: Sequence[str]) -> "tuple[WrittenRows, np.ndarray]":
        """The same rows under a lexicon that knows `tokens` too, and int32 (len(tokens),): their codes."""
        position = {token: code for code, token in enumerate(self.lexicon)}
        for token in tokens:
            position.setdefault(token, len(position))
        known = np.fromiter((position[token] for token in tokens), np.int32, len(tokens))
        return replace(self, lexicon=tuple(position)), known

    def order_tokens(self, keys: np.ndarray) -> "WrittenRows":
        """Each row's tokens by their `keys` float64 (n_tokens,), ascending; equal keys keep their order."""
        order = np.lexsort((keys, self.owners))
        return self.with_codes(self.codes[order])

    def keep_tokens(self, keep: np.ndarray) -> "WrittenRows":
        """Only the tokens for which `keep` bool (n_tokens,) is true."""
        lengths = np.bincount(self.owners[keep], minlength=self.n_rows)
        return WrittenRows(self.codes[keep], offsets_of(lengths), self.lexicon)

    def repeat_tokens(self, times: np.ndarray) -> "WrittenRows":
        """Each token `times` int (n_tokens,) times, in its place."""
        lengths = np.bincount(self.owners, weights=times, minlength=self.n_rows).astype(np.int64)
        return WrittenRows(np.repeat(self.codes, times), offsets_of(lengths), self.lexicon)

    def with_behind(self, where: np.ndarray, codes: np.ndarray) -> "WrittenRows":
        """Behind each token where `where` bool (n_tokens,) holds, one more: its entry of `codes` int (n_tokens,)."""
        rows = self.repeat_tokens(1 + where)
        first = offsets_of(1 + where)[:-1]
        longer = rows.codes.copy()
        longer[first[where] + 1] = codes[where]
        return rows.with_codes(longer)

    def followed_by(self, other: "WrittenRows") -> "WrittenRows":
        """Each row with the row of the same number of `other`, which has the same lexicon, behind it."""
        offsets = offsets_of(self.lengths + other.lengths)
        codes = np.empty(offsets[-1], np.int32)
        codes[offsets[:-1][self.owners] + self.places] = self.codes
        codes[(offsets[:-1] + self.lengths)[other.owners] + other.places] = other.codes
        return WrittenRows(codes, offsets, self.lexicon)

    def strings(self) -> list[list[str]]:
        """The rows as lists of tokens."""
        used, places = np.unique(self.codes, return_inverse=True)
        names = np.array([*(self.lexicon[code] for code in used.tolist()), ""], dtype=object)[:-1]
        words = names[places.reshape(-1)].tolist()
        return [words[start:stop] for start, stop in pairwise(self.offsets.tolist())]


def rows_of_strings(rows: Sequence[Sequence[str]], lexicon: Sequence[str] = ()) -> WrittenRows:
    """Rows of lists of tokens, under a lexicon that begins with `lexicon`."""
    position = {token: code for code, token in enumerate(lexicon)}
    codes = [position.setdefault(token, len(position)) for row in rows for token in row]
    lengths = np.fromiter((len(row) for row in rows), np.int64, len(rows))
    return WrittenRows(np.asarray(codes, np.int32), offsets_of(lengths), tuple(position))


def stack_token_rows(parts: Sequence[WrittenRows]) -> WrittenRows:
    """All rows, part after part, under one lexicon: the last one's, which must begin with that of each other part."""
    lexicon = max((part.lexicon for part in parts), key=len)
    return WrittenRows(*stack_tokens(parts), lexicon)
