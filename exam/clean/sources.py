"""Sources of tokens and of lengths."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from brittlestar.core.token_rows import row_of_token

Lengths = Callable[[int, np.random.Generator], np.ndarray]
"""`lengths(n, random)`: int64 (n,), each at least 1."""


@dataclass(frozen=True)
class Source:
    """Hidden states in a chain, each with its own distribution over tokens.

    `chain` (n_states, n_states), rows sum to 1, is what follows what; `emission` (n_states, n_tokens), rows sum to 1.
    `per_row`: a row stays in one state, as a text stays with its topic.
    """

    chain: np.ndarray
    emission: np.ndarray
    per_row: bool = False

    @property
    def n_tokens(self) -> int:
        """Number of tokens."""
        return self.emission.shape[1]

    def draw(self, offsets: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """Codes int64 (n_tokens,) of rows with the given offsets."""
        states = self._states(offsets, random)
        if len(self.chain) == self.n_tokens and np.array_equal(self.emission, np.eye(self.n_tokens)):
            return states
        codes = np.empty(len(states), np.int64)
        for state in range(len(self.chain)):
            here = states == state
            codes[here] = random.choice(self.n_tokens, int(here.sum()), p=self.emission[state])
        return codes

    def _states(self, offsets: np.ndarray, random: np.random.Generator) -> np.ndarray:
        lengths = np.diff(offsets)
        first = random.choice(len(self.chain), len(lengths), p=stationary(self.chain))
        if self.per_row:
            return np.repeat(first, lengths)
        if len(self.chain) == 1:
            return np.zeros(int(offsets[-1]), np.int64)
        states = np.empty(int(offsets[-1]), np.int64)
        cumulative = np.cumsum(self.chain, axis=1)
        cumulative[:, -1] = 1.0
        order = np.argsort(-lengths, kind="stable")
        current = first
        for step in range(int(lengths.max(initial=0))):
            rows = order[: int((lengths > step).sum())]
            if step:
                draws = random.random(len(rows))
                current[rows] = (cumulative[current[rows]] < draws[:, None]).sum(axis=1)
            states[offsets[rows] + step] = current[rows]
        return states


def stationary(chain: np.ndarray) -> np.ndarray:
    """Shares of the states in the long run."""
    shares = np.full(len(chain), 1 / len(chain))
    for _ in range(50):
        shares = shares @ chain
    return shares / shares.sum()


def zipf(n: int, exponent: float, random: np.random.Generator) -> np.ndarray:
    """Shares proportional to rank to the power of `-exponent`, in random order; 0 is uniform."""
    shares = 1.0 / np.arange(1, n + 1) ** exponent
    return random.permutation(shares / shares.sum())


def unigram(n: int, exponent: float, random: np.random.Generator) -> Source:
    """Independent tokens."""
    return Source(np.ones((1, 1)), zipf(n, exponent, random)[None])


def markov(n: int, concentration: float, random: np.random.Generator) -> Source:
    """A first-order chain over the tokens; the smaller the concentration, the more a token decides what follows."""
    chain = random.dirichlet(np.full(n, concentration), n) * 0.98 + 0.02 / n
    return Source(chain, np.eye(n))


def word_classes(n: int, random: np.random.Generator, n_states: int = 6) -> Source:
    """A chain over hidden word classes, each with Zipf's law over all words in an order of its own."""
    n_states = min(n_states, n)
    chain = random.dirichlet(np.full(n_states, 0.4), n_states) * 0.95 + 0.05 / n_states
    return Source(chain, np.stack([zipf(n, 1.1, random) for _ in range(n_states)]))


def topics(n: int, random: np.random.Generator, n_topics: int = 8) -> Source:
    """Every row keeps to one topic: rows differ more than independent tokens would."""
    base = zipf(n, 0.8, random)
    mixed = [0.5 * base + 0.5 * zipf(n, 1.0, random) for _ in range(n_topics)]
    return Source(np.full((n_topics, n_topics), 1 / n_topics), np.stack(mixed), per_row=True)


def fixed(length: int) -> Lengths:
    """Every row has this length."""
    return lambda n, random: np.full(n, length, np.int64)


def uniform(low: int, high: int) -> Lengths:
    """Every length from `low` to `high` alike."""
    return lambda n, random: random.integers(low, high + 1, n)


def heavy(middle: float, spread: float = 0.7, low: int = 2, high: int = 400) -> Lengths:
    """Log-normal: a few rows are many times as long as most, so that most of a padded batch is padding."""
    return lambda n, random: np.clip(np.rint(random.lognormal(np.log(middle), spread, n)), low, high).astype(np.int64)


def two_humps(low: int, high: int) -> Lengths:
    """Short and long rows, few in between."""
    return lambda n, random: np.maximum(np.where(random.random(n) < 0.5, low, high) + random.integers(-2, 3, n), 2)


def rows_of(codes: np.ndarray, offsets: np.ndarray, alphabet: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Token strings of every row."""
    tokens = np.asarray(alphabet, object)[codes].tolist()
    bounds = offsets.tolist()
    return [tuple(tokens[start:stop]) for start, stop in pairwise(bounds)]


def counts_per_row(codes: np.ndarray, offsets: np.ndarray, of_token: np.ndarray, n: int) -> np.ndarray:
    """How often each of `n` values occurs in each row: int64 (n_rows, n); `of_token` (n_tokens,), -1 is left out."""
    value = of_token[codes]
    row = row_of_token(offsets)
    has = value >= 0
    n_rows = len(offsets) - 1
    return np.bincount(row[has] * n + value[has], minlength=n_rows * n).reshape(n_rows, n)
