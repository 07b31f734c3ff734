"""Every setting of the generator, checked as a whole."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import numpy as np

from brittlestar.core.errors import InputError, Problem
from brittlestar.data.spr.automaton import MAX_STATES, product_states
from brittlestar.data.spr.rule import ColourPosition, Rule
from brittlestar.data.spr.symbols import COLOUR_OF, SHAPE_OF, TOKENS

Rejects = Literal["random", "near-miss"]
MAX_LENGTH = 1000  # budget: states of the automaton grow with it
MAX_ROWS = 10_000_000  # budget of memory
Where = Literal["all", "dev+test", "test"]
_SPLITS = {"dev+test": ("dev", "test"), "test": ("test",)}


@dataclass(frozen=True)
class Flip:
    """Turn over the labels of a share of rows: `where` names the splits (`all` includes shifted ones). In each exactly
    round(share * rows) labels are flipped; halves round up."""

    share: float
    where: Where = "all"

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise InputError(f"a share of {self.share:g} cannot be flipped", "flip", "a share above 0, at most 1")

    def __str__(self) -> str:
        return f"{self.where}:{self.share!r}"

    def rows(self, split: str, n_rows: int, rng: np.random.Generator) -> np.ndarray:
        """bool (n_rows,): the rows of this split to flip."""
        flipped = np.zeros(n_rows, dtype=bool)
        if split in _SPLITS.get(self.where, (split,)):
            flipped[rng.permutation(n_rows)[: int(np.floor(self.share * n_rows + 0.5))]] = True
        return flipped


@dataclass(frozen=True)
class SprSettings:
    """What `generate_spr` needs; two equal settings give the same bytes.

    `rule`: given, or a number k from 1 to 4 of predicates to draw. `rejects`: `near-miss` rows break exactly one
    predicate, balanced over predicates; `random` rows break any. `lengths` and `long` (of `shift_long`, None for no
    such split): inclusive ranges, uniform, and the same for accepts and rejects, so length tells nothing. `sizes`:
    rows of train, dev, test; a shifted split is as large as test. `held_out`: tokens that occur in
    `shift_held_out_pairs` only, at least one in each of its rows. Raises InputError with all problems.
    """

    rule: Rule | int
    rejects: Rejects = "near-miss"
    lengths: tuple[int, int] = (8, 24)
    sizes: tuple[int, int, int] = (2000, 500, 1000)
    seed: int = 0
    held_out: tuple[str, ...] = ()
    long: tuple[int, int] | None = None
    flip: Flip | None = None

    def __post_init__(self) -> None:
        problems = [
            *self._rule_problems(),
            *_range_problems("lengths", self.lengths),
            *(_range_problems("long", self.long) if self.long is not None else []),
            *self._number_problems(),
            *self._held_out_problems(),
        ]
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
        if self.rejects not in get_args(Rejects):
            problems.append(Problem(f"{self.rejects!r} is unknown", "rejects", "'near-miss' or 'random'"))
        if self.long is not None and self.long[0] <= self.lengths[1] <= MAX_LENGTH:
            what = f"rows of {self.long[0]} tokens are not longer than those of the other splits"
            problems.append(Problem(what, "long", f"start above {self.lengths[1]}"))
        return problems

    def _held_out_problems(self) -> list[Problem]:
        hint = "a shape and a colour, such as ▲r"
        problems = [
            Problem(f"{pair!r} is no pair of shape and colour", "held_out", hint)
            for pair in self.held_out
            if pair not in TOKENS or len(pair) != 2
        ]
        for shape in sorted({pair[:1] for pair in self.held_out}):
            if {token for token in TOKENS if token[0] == shape and len(token) == 2} <= set(self.held_out):
                hint = "leave at least one colour of each shape in train"
                problems.append(Problem(f"every colour of {shape} is held out", "held_out", hint))
        return problems

    def as_json(self) -> dict[str, Any]:
        """All settings but the rule, as plain JSON values."""
        flip = None if self.flip is None else {"text": str(self.flip), **asdict(self.flip)}
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items()}
        del plain["rule"]
        return {**plain, "flip": flip}


def token_weights(held_out: Sequence[str] = ()) -> np.ndarray:
    """float64 (20,): probability of each token code; those held out have none.

    Every token has a colour, and shapes are equally frequent: what a held-out pair would have had goes to the other
    colours of its shape.
    """
    weights = np.zeros(len(TOKENS))
    free = (COLOUR_OF >= 0) & ~np.isin(np.array(TOKENS), held_out)
    for shape in range(4):
        own = free & np.equal(SHAPE_OF, shape)
        weights[own] = 0.25 / own.sum()
    return weights


def _range_problems(name: str, bounds: tuple[int, int]) -> list[Problem]:
    low, high = bounds
    if 1 <= low <= high <= MAX_LENGTH:
        return []
    what = f"{low}-{high} is no range of lengths"
    return [Problem(what, name, f"two whole numbers from 1 to {MAX_LENGTH}, the smaller first, such as 8-24")]


def parse_flip(text: str) -> Flip:
    """Read `SPLITS:SHARE`, SPLITS being all, dev+test or test. Raises InputError."""
    named, _, share = text.strip().rpartition(":")
    where: Where | None = next((one for one in get_args(Where) if one == named), None)
    if where is None or not re.fullmatch(r"[0-9]*\.?[0-9]+(e-?[0-9]+)?", share):
        what = f"{text!r} does not say which labels to flip"
        raise InputError(what, "flip", "such as all:0.2, dev+test:0.2 or test:0.2")
    return Flip(float(share), where)
