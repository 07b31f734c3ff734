"""A rule is a conjunction of one to four predicates, of four families.

Each predicate is known in three ways that tests hold against each other: its text, its value on rows of arrays
(`holds`), and a small automaton that reads a row token by token (`states`, `step`, `accepting`). The automata let
the sampler draw rows that satisfy or break a predicate without rejecting any.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from brittlestar.data.spr.symbols import COLOUR_OF, COLOURS, SHAPE_OF, SHAPES, SymbolRows

Relation = Literal["exactly", "at least", "at most"]
Parity = Literal["even", "odd"]


@dataclass(frozen=True)
class ShapeCount:
    """Exactly, at least or at most `n` tokens of the row have the shape."""

    relation: Relation
    n: int
    shape: str
    family = "shape-count"

    def __str__(self) -> str:
        return f"{self.relation} {self.n} {self.shape}"

    def holds(self, rows: SymbolRows) -> np.ndarray:
        """bool (n_rows,)."""
        return self._compare(matches(self.shape, rows).sum(axis=1))

    def _compare(self, count: np.ndarray) -> np.ndarray:
        if self.relation == "exactly":
            return count == self.n
        return count >= self.n if self.relation == "at least" else count <= self.n

    @property
    def states(self) -> int:
        """The count, which need not be followed once it decides the predicate."""
        return self.n + 1 if self.relation == "at least" else self.n + 2

    def step(self, position: int) -> np.ndarray:
        """int64 (states, 20): next state by state and token code; `position` counts from 0."""
        count = np.arange(self.states)[:, None]
        return np.minimum(count + token_matches(self.shape), self.states - 1)

    def accepting(self) -> np.ndarray:
        """bool (states,): whether the predicate holds of a row that ends in the state."""
        return self._compare(np.arange(self.states))


@dataclass(frozen=True)
class ColourPosition:
    """The token at `position` (from 1) has the colour; a row that is too short does not satisfy it."""

    position: int
    colour: str
    family = "colour-position"

    def __str__(self) -> str:
        return f"colour {self.position} is {self.colour}"

    def holds(self, rows: SymbolRows) -> np.ndarray:
        """bool (n_rows,)."""
        if self.position > rows.colours.shape[1]:
            return np.zeros(len(rows.lengths), dtype=bool)
        return rows.colours[:, self.position - 1] == COLOURS.index(self.colour)

    @property
    def states(self) -> int:
        """Not seen (0), seen (1)."""
        return 2

    def step(self, position: int) -> np.ndarray:
        """int64 (2, 20): next state by state and token code; `position` counts from 0."""
        seen = token_matches(self.colour) if position == self.position - 1 else np.zeros(20, dtype=bool)
        return np.stack([seen.astype(np.int64), np.ones(20, dtype=np.int64)])

    def accepting(self) -> np.ndarray:
        """bool (2,)."""
        return np.array([False, True])


@dataclass(frozen=True)
class CountParity:
    """The number of tokens with the shape or colour is even (none is even) or odd."""

    parity: Parity
    symbol: str
    family = "parity"

    def __str__(self) -> str:
        return f"{self.parity} number of {self.symbol}"

    def holds(self, rows: SymbolRows) -> np.ndarray:
        """bool (n_rows,)."""
        return matches(self.symbol, rows).sum(axis=1) % 2 == (self.parity == "odd")

    @property
    def states(self) -> int:
        """The count modulo 2."""
        return 2

    def step(self, position: int) -> np.ndarray:
        """int64 (2, 20): next state by state and token code; `position` counts from 0."""
        return np.arange(2)[:, None] ^ token_matches(self.symbol)

    def accepting(self) -> np.ndarray:
        """bool (2,)."""
        return np.arange(2) == (self.parity == "odd")


@dataclass(frozen=True)
class FirstBefore:
    """Both shapes (or colours) occur, and the first `first` stands before the first `second`.

    That a row without one of them does not satisfy it is what the public rows show.
    """

    first: str
    second: str
    family = "order"

    def __str__(self) -> str:
        return f"first {self.first} before {self.second}"

    def holds(self, rows: SymbolRows) -> np.ndarray:
        """bool (n_rows,)."""
        if rows.shapes.shape[1] == 0:
            return np.zeros(len(rows.lengths), dtype=bool)
        left, right = matches(self.first, rows), matches(self.second, rows)
        return left.any(axis=1) & right.any(axis=1) & (left.argmax(axis=1) < right.argmax(axis=1))

    @property
    def states(self) -> int:
        """Neither seen (0), lost (1), the first one seen alone (2), won (3)."""
        return 4

    def step(self, position: int) -> np.ndarray:
        """int64 (4, 20): next state by state and token code; `position` counts from 0."""
        left, right = token_matches(self.first), token_matches(self.second)
        start = np.where(right, 1, np.where(left, 2, 0))
        return np.stack([start, np.full(20, 1), np.where(right, 3, 2), np.full(20, 3)])

    def accepting(self) -> np.ndarray:
        """bool (4,)."""
        return np.arange(4) == 3


Predicate = ShapeCount | ColourPosition | CountParity | FirstBefore


@dataclass(frozen=True)
class Rule:
    """Accepts a row when every predicate holds. `str(rule)` is the text that `parse_rule` reads back."""

    predicates: tuple[Predicate, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.predicates) <= 4:
            raise ValueError("a rule has one to four predicates")

    def __str__(self) -> str:
        return " AND ".join(str(predicate) for predicate in self.predicates)

    def broken(self, rows: SymbolRows) -> np.ndarray:
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
        broken = self.broken(SymbolRows(shapes, colours, lengths))
        return np.logical_not(broken.any(axis=1))

    def as_json(self) -> list[dict[str, Any]]:
        """One mapping a predicate: its family, its text and its fields."""
        return [{"family": p.family, "text": str(p), **asdict(p)} for p in self.predicates]


def matches(symbol: str, rows: SymbolRows) -> np.ndarray:
    """bool (n, L): where a token has this shape or this colour."""
    if symbol in SHAPES:
        return rows.shapes == SHAPES.index(symbol)
    return rows.colours == COLOURS.index(symbol)


def token_matches(symbol: str) -> np.ndarray:
    """bool (20,): which token codes have this shape or this colour."""
    if symbol in SHAPES:
        return np.equal(SHAPE_OF, SHAPES.index(symbol))
    return np.equal(COLOUR_OF, COLOURS.index(symbol))
