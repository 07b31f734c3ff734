"""Label corruption: the planted flaw that makes "the model generalises badly" the wrong verdict."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.data.spr.symbols import Rows, distinct_counts

Where = Literal["all", "dev+test", "test"]
Which = Literal["rows", "four-shapes", "four-colours"]

_SPLITS = {"dev+test": ("dev", "test"), "test": ("test",)}
_EXAMPLES = "such as all:0.2, dev+test:0.2, test:0.2, four-shapes:0.6 or test/four-shapes:1"


@dataclass(frozen=True)
class Flip:
    """Turn over the labels of a share of rows: `where` names the splits (`all` includes shifted ones), `which` the
    rows among them (all rows, or those with four distinct shapes, or four distinct colours). In each split exactly
    round(share * eligible rows) labels are flipped; halves round up."""

    share: float
    where: Where = "all"
    which: Which = "rows"

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise InputError(f"a share of {self.share:g} cannot be flipped", "flip", "a share above 0, at most 1")

    def __str__(self) -> str:
        words = [word for word in (self.where, self.which) if word not in ("all", "rows")]
        return f"{'/'.join(words) or 'all'}:{self.share!r}"

    def rows(self, split: str, rows: Rows, rng: np.random.Generator) -> np.ndarray:
        """bool (n_rows,): the rows of this split to flip."""
        flipped = np.zeros(len(rows.lengths), dtype=bool)
        if split not in _SPLITS.get(self.where, (split,)):
            return flipped
        eligible = np.flatnonzero(self._eligible(rows))
        count = int(np.floor(self.share * len(eligible) + 0.5))
        flipped[rng.permutation(eligible)[:count]] = True
        return flipped

    def _eligible(self, rows: Rows) -> np.ndarray:
        if self.which == "rows":
            return np.ones(len(rows.lengths), dtype=bool)
        return distinct_counts(rows.shapes if self.which == "four-shapes" else rows.colours) == 4


def parse_flip(text: str) -> Flip:
    """Read `SPLITS:SHARE`, `ROWS:SHARE` or `SPLITS/ROWS:SHARE` (SPLITS all, dev+test, test; ROWS four-shapes,
    four-colours). Raises InputError."""
    names, colon, share = text.strip().rpartition(":")
    words = names.split("/")
    where = [word for word in get_args(Where) if word in words]
    which = [word for word in get_args(Which)[1:] if word in words]
    known = len(where) + len(which) == len(words) and len(where) <= 1 and len(which) <= 1
    if not colon or not known or not re.fullmatch(r"[0-9]*\.?[0-9]+(e-?[0-9]+)?", share):
        raise InputError([Problem(f"{text!r} does not say which labels to flip", "flip", _EXAMPLES)])
    return Flip(float(share), where[0] if where else "all", which[0] if which else "rows")
