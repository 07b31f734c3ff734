"""Chance, computed: rows drawn from a first-order model of tokens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brittlestar.core.token_rows import offsets_of


@dataclass(frozen=True)
class TokenModel:
    """A first-order Markov model, kept as the occurrences themselves: the next token is the successor of a random
    occurrence of the last one. `starts` int32 are first tokens of rows; `successors` int32 are sorted by the token
    before them, those of token t being successors[first[t]:first[t + 1]]."""

    starts: np.ndarray
    successors: np.ndarray
    first: np.ndarray

    @staticmethod
    def fit(codes: np.ndarray, offsets: np.ndarray) -> TokenModel:
        """Fit on rows: `codes` int (n_tokens,), `offsets` int64 (n_rows + 1,)."""
        lengths = np.diff(offsets)
        starts = codes[offsets[:-1][lengths > 0]]
        inner = np.ones(len(codes), np.bool_)
        inner[offsets[1:][lengths > 0] - 1] = False  # a row's last token has no successor
        places = np.flatnonzero(inner)
        before = codes[places]
        order = np.argsort(before, kind="stable")
        size = int(codes.max(initial=-1)) + 1
        return TokenModel(starts, codes[places + 1][order], offsets_of(np.bincount(before, minlength=size)))

    def draw(self, lengths: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the given lengths: codes int32 (sum of lengths,) and offsets. A token that never had a successor
        is followed by the start of a row."""
        offsets = offsets_of(lengths)
        codes = np.zeros(int(offsets[-1]), np.int32)
        if not len(self.starts):
            return codes, offsets
        order = np.argsort(-lengths, kind="stable")
        shrinking = -lengths[order]
        current = self.starts[random.integers(0, len(self.starts), len(lengths))]
        alive = int((lengths > 0).sum())
        step = 0
        while alive:
            rows = order[:alive]
            codes[offsets[rows] + step] = current[rows]
            step += 1
            alive = int(np.searchsorted(shrinking, -step, side="left"))
            rows = order[:alive]
            low, many = self.first[current[rows]], np.diff(self.first)[current[rows]]
            chosen = low + (random.random(alive) * many).astype(np.int64)
            fresh = self.starts[random.integers(0, len(self.starts), alive)]
            stuck = many == 0
            chosen[stuck] = 0
            following = self.successors[chosen] if len(self.successors) else fresh
            current[rows] = np.where(stuck, fresh, following)
        return codes, offsets
