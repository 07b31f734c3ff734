"""A rule is a conjunction of one to four predicates."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from brittlestar.data.spr.predicates import Predicate
from brittlestar.data.spr.symbols import Rows, rows_from_tokens


@dataclass(frozen=True)
class Rule:
    """Accepts a row when every predicate holds. `str(rule)` is the text that `parse_rule` reads back."""

    predicates: tuple[Predicate, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.predicates) <= 4:
            raise ValueError("a rule has one to four predicates")

    def __str__(self) -> str:
        return " AND ".join(str(predicate) for predicate in self.predicates)

    def broken(self, rows: Rows) -> np.ndarray:
        """bool (n_rows, n_predicates): which predicates each row breaks."""
        return np.stack([~predicate.holds(rows) for predicate in self.predicates], axis=1)

    def holds(self, shapes: np.ndarray, colours: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """bool (n,): whether the rule accepts each row.

        `shapes` and `colours` are int8 (n, L), positions in `▲■●◆` and `rgby`, -1 at and beyond `lengths` (n,) and
        where a token has no colour. Raises ValueError when something other than -1 stands beyond a row's length.
        """
        outside = np.arange(shapes.shape[1]) >= lengths[:, None]
        if (shapes[outside] >= 0).any() or (colours[outside] >= 0).any():
            raise ValueError("shapes and colours must be -1 beyond the length of a row")
        broken = self.broken(Rows(shapes, colours, lengths))
        return np.logical_not(broken.any(axis=1))

    def as_json(self) -> list[dict[str, Any]]:
        """One mapping a predicate: its family, its text and its fields."""
        return [{"family": p.family, "text": str(p), **asdict(p)} for p in self.predicates]


def label_rows(rule: Rule, sequences: Sequence[Sequence[str]]) -> np.ndarray:
    """int64 (n,): 1 where the rule accepts the row of tokens, else 0. Raises InputError on tokens of another task."""
    rows = rows_from_tokens(sequences)
    return rule.holds(rows.shapes, rows.colours, rows.lengths).astype(np.int64)
