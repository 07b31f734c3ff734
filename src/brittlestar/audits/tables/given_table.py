"""The embedding table that a study names, beside the tokens of the data."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from brittlestar.audits.dataset import AuditDataset, occurrences
from brittlestar.core.checks import Observed
from brittlestar.core.errors import BrittlestarError
from brittlestar.models.table import TableLook, look_at_table
from brittlestar.study.names import MAIN
from brittlestar.study.variants import variant_settings

AROUND = 2  # derived: the furthest row that `embedding.misaligned` looks at


@dataclass(frozen=True)
class GivenTable:
    """`variant` is the first variant of the study that names a table, `path` the table as written there.

    `row` int64 (n_tokens,) is the row of each token of the lexicon, -1 where the table lacks it (the first row where
    it has two); `twice` are tokens of the data that it names more than once; `counts` int64 (n_tokens,) are their
    occurrences in train.
    """

    variant: str
    path: str
    look: TableLook
    row: np.ndarray
    twice: tuple[str, ...]
    counts: np.ndarray

    @cached_property
    def known(self) -> np.ndarray:
        """int64: tokens of train that the table has."""
        return np.flatnonzero((self.row >= 0) & (self.counts > 0))

    @cached_property
    def alive(self) -> np.ndarray:
        """int64: those of them whose vector is finite and not zero."""
        return self.known[~dead(self.vectors(self.known))]

    @property
    def where(self) -> dict[str, str]:
        """Where a finding about the table is."""
        return {"table": self.path} | ({} if self.variant == MAIN else {"variant": self.variant})

    def vectors(self, codes: np.ndarray, shift: int = 0) -> np.ndarray:
        """float64 (n, width): the vector of each token, or of the row `shift` (at most 2) below its own; NaN where
        that row is not there."""
        rows = self.row[codes] + shift
        place = np.searchsorted(self.look.rows, rows)
        there = (rows >= 0) & (rows < len(self.look.names)) & (self.row[codes] >= 0)
        found = np.full((len(codes), self.look.vectors.shape[1]), np.nan)
        found[there] = self.look.vectors[place[there]]
        return found


def given_table(dataset: AuditDataset) -> GivenTable | Observed:
    """The table, or what is seen where there is none to look at."""
    for variant, study in variant_settings(dataset.study).items():
        written = study.model.embedding.table
        if written is None:
            continue
        tokens = {token: code for code, token in enumerate(dataset.tokens)}
        try:
            look = look_at_table(dataset.base / written, tokens, AROUND)
        except (BrittlestarError, OSError) as error:
            return Observed("inconclusive", f"The embedding table cannot be read: {error}")
        row = np.full(len(tokens), -1, np.int64)
        twice: list[str] = []
        for position, name in enumerate(look.names):
            code = tokens.get(name)
            if code is None:
                continue
            if row[code] >= 0:
                twice.append(name)
            else:
                row[code] = position
        counts = occurrences(dataset)["train"]
        return GivenTable(variant, written, look, row, tuple(dict.fromkeys(twice)), counts)
    return Observed("not-applicable", "No embedding table is given (model.embedding.table)")


def dead(vectors: np.ndarray) -> np.ndarray:
    """bool (n,): vectors of zeros, or with something that is no finite number."""
    return ~np.isfinite(vectors).all(axis=1) | (vectors == 0).all(axis=1)
