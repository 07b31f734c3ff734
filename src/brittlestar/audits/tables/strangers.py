"""Tokens of a well-known use whose own vectors have nothing to do with it, while those of others have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.tables.likeness import by_company, fitting_their_own, own_fits

RELIABLE = 0.4
FEWEST_RELIABLE = 15
FEWEST = 5
LEAST = 0.3
CORE_FIT = 0.4
OWN_FIT = 0.25


@dataclass(frozen=True)
class Strangers:
    """`tokens` int64: positions of those whose vector fits not, of `reliable` tokens whose company in one half of
    train's rows is that of the other half; `fit` of the `core` tokens that fit their own, `own_fit` of the others."""

    tokens: np.ndarray
    reliable: int
    core: int
    fit: float
    own_fit: float

    @property
    def many(self) -> bool:
        """Whether so many strangers are no matter of chance or of taste."""
        return (
            self.reliable >= FEWEST_RELIABLE
            and len(self.tokens) >= max(FEWEST, LEAST * self.reliable)
            and self.fit >= CORE_FIT
        )


def strangers(dataset: AuditDataset, codes: np.ndarray, company: np.ndarray, vectors: np.ndarray) -> Strangers | None:
    """`company`, `vectors` float64 (m, m): likenesses of the tokens `codes` and of their vectors; None where too few
    tokens fit their own vectors to compare others with."""
    found = fitting_their_own(company, vectors)
    if found is None:
        return None
    right, fits = found
    rows, n_tokens = dataset.train, len(dataset.tokens)
    halves = [by_company(rows.taken(np.arange(start, rows.n_rows, 2)), codes, n_tokens) for start in (0, 1)]
    reliable = own_fits(halves[0], halves[1], right) >= RELIABLE
    core = float(fits[right].mean())
    strange = np.flatnonzero(reliable & (fits < OWN_FIT * core))
    own = float(fits[strange].mean()) if len(strange) else core
    return Strangers(strange, int(reliable.sum()), len(right), core, own)
