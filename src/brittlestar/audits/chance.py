"""How many rows two splits share, and how many chance would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import beta, binom

from brittlestar.audits.material import Material, Rows
from brittlestar.core.seeds import generator

CHANCE_DRAWS = 20_000
CONFIDENCE = 0.99


@dataclass(frozen=True)
class Overlap:
    """`shared` int64: positions of the second split's rows that stand in the first; `of` its rows; `rate` the
    share of drawn rows that stand in the first by chance, `upper` its upper 99 % bound, `draws` their number."""

    shared: np.ndarray
    of: int
    rate: float
    upper: float
    draws: int

    @property
    def share(self) -> float:
        """Shared rows over rows."""
        return len(self.shared) / self.of if self.of else 0.0

    @property
    def expected(self) -> float:
        """Rows that chance gives."""
        return self.rate * self.of

    @property
    def excess(self) -> float:
        """Share above chance."""
        return self.share - self.rate

    @property
    def p(self) -> float:
        """Probability of at least as many shared rows under the upper bound of chance; 1 without rows."""
        return float(binom.sf(len(self.shared) - 1, self.of, self.upper)) if self.of else 1.0

    def as_json(self) -> dict[str, Any]:
        """Counts, chance and test as JSON values."""
        return {
            "shared": len(self.shared),
            "of": self.of,
            "share": self.share,
            "chance": {"rows": self.expected, "share": self.rate, "upper": self.upper, "draws": self.draws},
            "excess": self.excess,
            "test": "binomial, against the upper 99 % bound of chance",
            "p": self.p,
        }


def overlap(material: Material, first: Rows, second: Rows, stream: str) -> Overlap:
    """Rows of `second` that stand in `first`, beside chance: rows of `second`'s lengths under train's token model."""
    known = np.unique(first.hashes)
    shared = np.flatnonzero(np.isin(second.hashes, known))
    random = generator(0, stream, first.name, second.name)
    lengths = second.lengths
    if not len(lengths) or not first.n_rows:
        return Overlap(shared, second.n_rows, 0.0, 0.0, 0)
    drawn = random.choice(lengths, CHANCE_DRAWS)
    hits = int(np.isin(material.hashed(*material.token_model.draw(drawn, random)), known).sum())
    upper = float(beta.ppf(CONFIDENCE, hits + 1, CHANCE_DRAWS - hits)) if hits < CHANCE_DRAWS else 1.0
    return Overlap(shared, second.n_rows, hits / CHANCE_DRAWS, upper, CHANCE_DRAWS)
