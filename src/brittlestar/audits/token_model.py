"""Chance, computed: rows drawn from a first-order model of tokens, and how surprising each token is under it."""

from dataclasses import dataclass

import numpy as np

from brittlestar.core.seeds import generator
from brittlestar.core.token_rows import offsets_of

DENSE = 1 << 22  # budget: 32 MB for a table of all pairs
FIT_TOKENS = 2_000_000  # budget: time and memory of the fit


@dataclass(frozen=True)
class TokenModel:
    """A first-order Markov model, kept as the occurrences themselves: the next token is the successor of a random
    occurrence of the last one. `starts` int32 are first tokens of rows; `successors` int32 are sorted by the token
    before them, those of token t being successors[first[t]:first[t + 1]]."""

    starts: np.ndarray
    successors: np.ndarray
    first: np.ndarray

    @staticmethod
    def fit(codes: np.ndarray, offsets: np.ndarray) -> "TokenModel":
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


@dataclass(frozen=True)
class Counts:
    """Occurrences of int64 keys: `keys` sorted and `counts`, or `counts` alone where every key below its length has
    one."""

    keys: np.ndarray | None
    counts: np.ndarray

    @staticmethod
    def of(keys: np.ndarray, size: int) -> "Counts":
        """Count keys in [0, size)."""
        if size <= DENSE:
            return Counts(None, np.bincount(keys, minlength=size))
        return Counts(*np.unique(keys, return_counts=True))

    def at(self, keys: np.ndarray) -> np.ndarray:
        """int64: how often each key occurs."""
        if self.keys is None:
            return self.counts[keys]
        if not len(self.keys):
            return np.zeros(len(keys), np.int64)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[place] == keys, self.counts[place], 0)


@dataclass(frozen=True)
class Surprise:
    """A smoothed first-order model of rows over a lexicon of `size` tokens: what follows a token is a mixture of what
    followed it before and, with the weight of one occurrence, of all tokens (a Dirichlet prior; MacKay and Peto
    1995). `starts` and `single` float64 (size,) are occurrences as first token and anywhere, `followed` those that
    have a successor."""

    size: int
    starts: np.ndarray
    single: np.ndarray
    followed: np.ndarray
    pairs: Counts

    @staticmethod
    def fit(codes: np.ndarray, offsets: np.ndarray, size: int) -> "Surprise":
        """Fit on rows over a lexicon of `size` tokens."""
        model = TokenModel.fit(codes, offsets)
        followed = np.zeros(size)
        followed[: len(model.first) - 1] = np.diff(model.first)
        before = np.repeat(np.arange(size, dtype=np.int64), followed.astype(np.int64))
        return Surprise(
            size,
            np.bincount(model.starts, minlength=size).astype(np.float64),
            np.bincount(codes, minlength=size).astype(np.float64),
            followed,
            Counts.of(before * size + model.successors, size * size),
        )

    def bits(self, codes: np.ndarray, offsets: np.ndarray, own: np.ndarray | None = None) -> np.ndarray:
        """float64 (n_tokens,): bits of each token given the one before it in its row. `own` (n_rows,), 0 where it
        is not given, is how many occurrences of each token are left out first: 1 in rows that the model was fitted on
        predicts them from all others."""
        mine = np.zeros(len(codes)) if own is None else np.repeat(own, np.diff(offsets)).astype(np.float64)
        anywhere = (self.single[codes] - mine + 0.5) / (self.single.sum() - mine + 0.5 * max(self.size, 1))
        first = np.zeros(len(codes), np.bool_)
        first[offsets[:-1][np.diff(offsets) > 0]] = True
        before = np.zeros(len(codes), np.int64)
        before[1:] = codes[:-1]
        seen = np.where(first, self.starts[codes], self.pairs.at(before * self.size + codes))
        of = np.where(first, self.starts.sum(), self.followed[before])
        return -np.log2((np.maximum(seen - mine, 0) + anywhere) / (np.maximum(of - mine, 0) + 1))

    def anywhere_bits(self, codes: np.ndarray) -> np.ndarray:
        """float64 (n_tokens,): bits of each token whatever stands before it."""
        return -np.log2((self.single[codes] + 0.5) / (self.single.sum() + 0.5 * max(self.size, 1)))


def row_sums(values: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """float64 (n_rows,): the sum of the values of each row's tokens."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return sums[offsets[1:]] - sums[offsets[:-1]]


def sample_for_fit(lengths: np.ndarray) -> np.ndarray:
    """int64, ascending: the rows to fit on, a random sample of about two million tokens where there are more."""
    if lengths.sum() <= FIT_TOKENS:
        return np.arange(len(lengths))
    order = generator(0, "surprise").permutation(len(lengths))
    many = int(np.searchsorted(np.cumsum(lengths[order]), FIT_TOKENS))
    return np.sort(order[: max(many, 1)])
