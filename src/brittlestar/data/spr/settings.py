"""Every setting of the generator, checked as a whole."""

import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.data.spr.automaton import MAX_STATES, product_states
from brittlestar.data.spr.rule import ColourPosition, Rule
from brittlestar.data.spr.symbols import COLOUR_OF, COLOURS, SHAPE_OF, SHAPES, TOKENS, SymbolRows, distinct_counts

Rejects = Literal["random", "near-miss"]
MAX_LENGTH = 1000  # budget: states of the automaton grow with it
MAX_ROWS = 10_000_000  # budget of memory
EVEN = (1.0, 1.0, 1.0, 1.0)  # four shapes, four colours, none preferred
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

    def rows(self, split: str, rows: SymbolRows, rng: np.random.Generator) -> np.ndarray:
        """bool (n_rows,): the rows of this split to flip."""
        flipped = np.zeros(len(rows.lengths), dtype=bool)
        if split not in _SPLITS.get(self.where, (split,)):
            return flipped
        symbols = rows.shapes if self.which == "four-shapes" else rows.colours
        eligible = np.flatnonzero((distinct_counts(symbols) == 4) | (self.which == "rows"))
        count = int(np.floor(self.share * len(eligible) + 0.5))
        flipped[rng.permutation(eligible)[:count]] = True
        return flipped


@dataclass(frozen=True)
class SprSettings:
    """What `generate_spr` needs; two equal settings give the same bytes.

    `rule`: given, or a number k from 1 to 4 of predicates to draw. `rejects`: `near-miss` rows break exactly one
    predicate, balanced over predicates; `random` rows break any. `lengths` and `long` (of `shift_long`, None for no
    such split): inclusive ranges, uniform, and the same for accepts and rejects, so length tells nothing. `sizes`:
    rows of train, dev, test; a shifted split is as large as test. `colourless`: probability that a token has no
    colour, in [0, 1). Weights: relative frequency of `▲■●◆` and of `rgby`. `held_out`: coloured tokens that occur in
    `shift_held_out_pairs` only, at least one in each of its rows. Raises InputError with all problems.
    """

    rule: Rule | int
    rejects: Rejects = "near-miss"
    lengths: tuple[int, int] = (8, 24)
    sizes: tuple[int, int, int] = (2000, 500, 1000)
    seed: int = 0
    colourless: float = 0.0
    shape_weights: tuple[float, ...] = EVEN
    colour_weights: tuple[float, ...] = EVEN
    held_out: tuple[str, ...] = ()
    long: tuple[int, int] | None = None
    flip: Flip | None = None

    def __post_init__(self) -> None:
        problems = [
            *self._rule_problems(),
            *_range_problems("lengths", self.lengths),
            *(_range_problems("long", self.long) if self.long is not None else []),
            *self._number_problems(),
            *_weight_problems("shape_weights", self.shape_weights),
            *_weight_problems("colour_weights", self.colour_weights),
        ]
        problems += [] if problems else self._held_out_problems()
        if problems:
            raise InputError(problems)

    def _rule_problems(self) -> list[Problem]:
        if isinstance(self.rule, int):
            if 1 <= self.rule <= 4:
                return []
            return [Problem(f"{self.rule} predicates cannot be drawn", "k", "a rule has 1, 2, 3 or 4")]
        problems: list[Problem] = []
        states = product_states(self.rule.predicates)
        if states > MAX_STATES:
            what = f"the counts of the rule combine to {states:,} states, more than {MAX_STATES:,}"
            problems.append(Problem(what, "rule", "use smaller numbers or fewer count predicates"))
        late = [p for p in self.rule.predicates if isinstance(p, ColourPosition) and p.position > self.lengths[0]]
        for predicate in late:
            what = f"'{predicate}' cannot hold of a row of {self.lengths[0]} tokens, the shortest asked for"
            problems.append(Problem(what, "rule", "name an earlier position or raise the lower length"))
        return problems

    def _number_problems(self) -> list[Problem]:
        problems: list[Problem] = []
        for name, size in zip(("train", "dev", "test"), self.sizes, strict=True):
            if size < 2:
                problems.append(Problem(f"{size} rows cannot hold both labels", f"sizes ({name})", "at least 2"))
            if size > MAX_ROWS:
                problems.append(
                    Problem(f"{size:,} rows are more than {MAX_ROWS:,}", f"sizes ({name})", "ask for fewer")
                )
        if self.seed < 0:
            problems.append(Problem(f"{self.seed} is negative", "seed", "a whole number from 0"))
        if not 0 <= self.colourless < 1:
            problems.append(Problem(f"{self.colourless} is outside [0, 1)", "colourless", "a share such as 0.2"))
        if self.rejects not in get_args(Rejects):
            problems.append(Problem(f"{self.rejects!r} is unknown", "rejects", "'near-miss' or 'random'"))
        if self.long is not None and self.long[0] <= self.lengths[1] <= MAX_LENGTH:
            what = f"rows of {self.long[0]} tokens are not longer than those of the other splits"
            problems.append(Problem(what, "long", f"start above {self.lengths[1]}"))
        return problems

    def _held_out_problems(self) -> list[Problem]:
        problems: list[Problem] = []
        possible = [TOKENS[code] for code in np.flatnonzero(token_weights(self, hold_out=False))]
        for pair in self.held_out:
            if pair not in TOKENS or len(pair) != 2:
                hint = "a shape and a colour, such as ▲r"
                problems.append(Problem(f"{pair!r} is no pair of shape and colour", "held_out", hint))
            elif pair not in possible:
                problems.append(Problem(f"{pair} never occurs: its shape or colour has weight 0", "held_out"))
        if len(set(self.held_out)) < len(self.held_out):
            problems.append(Problem("a pair is named twice", "held_out"))
        for shape in sorted({pair[0] for pair in possible}):
            coloured = {pair for pair in possible if pair[0] == shape and len(pair) == 2}
            if coloured and coloured <= set(self.held_out):
                hint = "leave at least one colour of each shape in train"
                problems.append(Problem(f"every colour of {shape} is held out", "held_out", hint))
        return problems

    def as_json(self) -> dict[str, Any]:
        """All settings but the rule, as plain JSON values."""
        flip = None if self.flip is None else {"text": str(self.flip), **asdict(self.flip)}
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items()}
        shapes = dict(zip(SHAPES, self.shape_weights, strict=True))
        colours = dict(zip(COLOURS, self.colour_weights, strict=True))
        del plain["rule"]
        return {**plain, "shape_weights": shapes, "colour_weights": colours, "flip": flip}


def token_weights(settings: SprSettings, hold_out: bool) -> np.ndarray:
    """float64 (20,): probability of each token code; with `hold_out`, held-out pairs have none.

    A shape's frequency and the share of colourless tokens stay as set when pairs are held out: what a held-out pair
    would have had goes to the other colours of its shape.
    """
    shapes = np.array(settings.shape_weights, dtype=np.float64)
    colours = np.array(settings.colour_weights, dtype=np.float64)
    weights = np.zeros(len(TOKENS))
    for shape in range(4):
        own = np.equal(SHAPE_OF, shape)
        coloured = np.where(own & (COLOUR_OF >= 0), colours[COLOUR_OF], 0.0)
        if hold_out:
            coloured[[TOKENS.index(pair) for pair in settings.held_out]] = 0.0
        share = shapes[shape] / math.fsum(shapes)
        weights += share * (1 - settings.colourless) * coloured / math.fsum(coloured)
        weights[own & (COLOUR_OF < 0)] = share * settings.colourless
    return weights


def _range_problems(name: str, bounds: tuple[int, int]) -> list[Problem]:
    low, high = bounds
    if 1 <= low <= high <= MAX_LENGTH:
        return []
    what = f"{low}-{high} is no range of lengths"
    return [Problem(what, name, f"two whole numbers from 1 to {MAX_LENGTH}, the smaller first, such as 8-24")]


def _weight_problems(name: str, weights: Sequence[float]) -> list[Problem]:
    hint = "four numbers from 0, such as 4,2,1,1"
    if len(weights) != 4:
        return [Problem(f"{len(weights)} weights instead of 4", name, hint)]
    if not all(math.isfinite(weight) and weight >= 0 for weight in weights) or sum(weights) <= 0:
        return [Problem(f"{', '.join(f'{weight:g}' for weight in weights)} are no relative frequencies", name, hint)]
    return []


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
