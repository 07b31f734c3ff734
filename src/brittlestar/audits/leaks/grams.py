"""Hashes of runs of tokens at many places at once, and which of them two sets of rows share."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from brittlestar.core.token_rows import offsets_of
from brittlestar.data.rows import mix_bits

CHUNK_TOKENS = 1 << 21  # budget: memory of one piece
BASE = np.uint64(0x9E3779B97F4A7C15)  # convention: 2^64 over the golden ratio (Knuth 1998, 6.4), an odd number
FILTER_BITS = 24  # budget: 16 MB


@dataclass(frozen=True)
class Grams:
    """Polynomial hashes (Karp and Rabin 1987, modulo 2^64) of every run of a piece of tokens, from sums over prefixes.
    `sums` uint64 (n_tokens + 1,), `inverse` uint64 (n_tokens + 1,) takes the place of a run out of its hash."""

    sums: np.ndarray
    inverse: np.ndarray

    @staticmethod
    def of(hashes: np.ndarray) -> "Grams":
        """Of the token hashes of a piece, uint64 (n_tokens,)."""
        sums = np.zeros(len(hashes) + 1, np.uint64)
        np.cumsum(hashes * _powers(BASE, len(hashes) + 1)[:-1], out=sums[1:])
        return Grams(sums, _powers(np.uint64(pow(int(BASE), -1, 1 << 64)), len(hashes) + 1))

    def at(self, places: np.ndarray, length: int, tag: np.ndarray | int) -> np.ndarray:
        """uint64: hashes of the runs of `length` tokens at `places`, different for different tags."""
        run = (self.sums[places + length] - self.sums[places]) * self.inverse[places]
        return mix_bits(run ^ mix_bits(np.atleast_1d(tag).astype(np.uint64)))


def _powers(base: np.uint64, many: int) -> np.ndarray:
    powers = np.full(many, base, np.uint64)
    powers[0] = 1
    return np.cumprod(powers)


@dataclass(frozen=True)
class GramPiece:
    """Consecutive rows with the hashes of their runs: row `first + i` is at offsets[i] … offsets[i + 1]."""

    grams: Grams
    offsets: np.ndarray
    first: int

    def segments(self, length: int, tag: int, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Segments of `length` tokens laid end to end from the left end of each of the rows, and from the right end:
        (keys, rows, starts within the row). Keys are equal where tokens, end and place counted from that end are."""
        lengths = np.diff(self.offsets)[rows]
        many = lengths // length
        row = np.repeat(rows, many)
        number = np.arange(len(row)) - np.repeat(offsets_of(many)[:-1], many)
        left = number * length
        right = np.repeat(lengths, many) - left - length
        keys = [
            self.grams.at(self.offsets[row] + start, length, ((number << 1 | side) << 16) + tag)
            for side, start in enumerate((left, right))
        ]
        return np.concatenate(keys), np.tile(row, 2), np.concatenate([left, right])

    def list_runs(self, length: int, tag: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Runs of `length` tokens at every place: (keys, rows, starts within the row)."""
        many = np.maximum(np.diff(self.offsets) - length + 1, 0)
        row = np.repeat(np.arange(len(many)), many)
        start = np.arange(len(row)) - np.repeat(offsets_of(many)[:-1], many)
        return self.grams.at(self.offsets[row] + start, length, tag), row, start


def pieces(hashes: np.ndarray, codes: np.ndarray, offsets: np.ndarray) -> Iterator[GramPiece]:
    """Rows in pieces that bound the memory in use; `hashes` uint64 (n_lexicon,) of each token."""
    first = 0
    while first < len(offsets) - 1:
        last = max(first + 1, int(np.searchsorted(offsets, offsets[first] + CHUNK_TOKENS, side="right")) - 1)
        start, stop = offsets[first], offsets[last]
        yield GramPiece(Grams.of(hashes[codes[start:stop]]), offsets[first : last + 1] - start, first)
        first = last


@dataclass(frozen=True)
class Index:
    """The keys that are looked for: `distinct` uint64, sorted; those of number u belong to the entries
    order[begin[u]:begin[u + 1]]; `passes` bool (2^24,) says which leading bits a key may have."""

    distinct: np.ndarray
    order: np.ndarray
    begin: np.ndarray
    passes: np.ndarray

    @staticmethod
    def of(keys: np.ndarray) -> "Index":
        """Of the keys of all entries."""
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        new = np.ones(len(keys), np.bool_)
        new[1:] = ordered[1:] != ordered[:-1]
        begin = np.append(np.flatnonzero(new), len(keys))
        passes = np.zeros(1 << FILTER_BITS, np.bool_)
        passes[_leading(ordered)] = True
        return Index(ordered[new], order, begin, passes)

    def find(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(positions in `keys` of those that are looked for, the number of each)."""
        maybe = np.flatnonzero(self.passes[_leading(keys)])
        number = np.minimum(np.searchsorted(self.distinct, keys[maybe]), max(len(self.distinct) - 1, 0))
        found = self.distinct[number] == keys[maybe] if len(self.distinct) else np.zeros(0, np.bool_)
        return maybe[found], number[found]

    def join_pairs(self, numbers: np.ndarray, most_each: int, most: int) -> tuple[np.ndarray, np.ndarray]:
        """Pairs (entry, hit) of the hits whose key numbers are given, at most `most_each` hits of each key, and fewer
        until there are at most `most` pairs."""
        order = np.argsort(numbers, kind="stable")
        ordered = numbers[order]
        rank = np.arange(len(ordered)) - np.searchsorted(ordered, ordered)
        many = (self.begin[1:] - self.begin[:-1])[ordered]
        while most_each > 1 and int(many[rank < most_each].sum()) > most:
            most_each //= 2
        kept = rank < most_each
        hits, ordered, many = order[kept], ordered[kept], many[kept]
        if int(many.sum()) > most:
            within = np.cumsum(many) <= most
            hits, ordered, many = hits[within], ordered[within], many[within]
        place = (
            np.repeat(self.begin[:-1][ordered], many) + np.arange(many.sum()) - np.repeat(offsets_of(many)[:-1], many)
        )
        return self.order[place], np.repeat(hits, many)


def _leading(keys: np.ndarray) -> np.ndarray:
    return (keys >> np.uint64(64 - FILTER_BITS)).astype(np.int64)
