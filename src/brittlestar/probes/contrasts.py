"""Minimal contrasts: two rows that are nearly the same and have different labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.data.spr.rule import ColourPosition, FirstBefore, Predicate, Rule
from brittlestar.data.spr.symbols import SHAPES
from brittlestar.data.written_rows import WrittenRows, stack_token_rows
from brittlestar.probes.relabelling import broken
from brittlestar.probes.task import ProbeTask

TRIES = 24  # nearly every row that has a partner finds it; chosen, not measured
TOKENS = 2_000_000
"""Tokens of edits that are in memory at once."""


@dataclass(frozen=True)
class Contrast:
    """Pairs of rows: `left` and `right` have as many rows; labels int32 (n,). `concerns` says what the difference
    between them is about: `order`, `factor NAME`; empty where nobody knows."""

    name: str
    about: str
    left: WrittenRows
    right: WrittenRows
    left_labels: np.ndarray
    right_labels: np.ndarray
    concerns: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Tries:
    """Edits of some rows: the rows, their edits, the row of each edit (`place`), and the labels before and after."""

    rows: WrittenRows
    edited: WrittenRows
    place: np.ndarray
    before: np.ndarray
    after: np.ndarray

    def pair_rows(self, name: str, about: str, good: np.ndarray, concerns: tuple[str, ...] = ()) -> list[Contrast]:
        """The rows beside the first edit of each that is `good` bool (n_edits,); nothing where none is."""
        found = np.flatnonzero(good)
        chosen = found[np.unique(self.place[found], return_index=True)[1]]
        left, right = self.rows.rows(self.place[chosen]), self.edited.rows(chosen)
        made = Contrast(f"contrast.{name}", about, left, right, self.before[chosen], self.after[chosen], concerns)
        return [made] if len(chosen) else []


def one_token(rows: WrittenRows, labels: np.ndarray, task: ProbeTask, random: np.random.Generator) -> Contrast | None:
    """Rows beside the same rows with one token replaced so that the true label is another, found by trying 24 random
    replacements a row; None where no rule is known or none was found."""
    made: list[Contrast] = []
    for edit in _try_edits(rows, labels, task, random):
        turned = (edit.after >= 0) & (edit.before >= 0) & (edit.after != edit.before)
        made += edit.pair_rows("one-token", "one token replaced so that the true label turns", turned)
    return next(iter(_merge_contrasts(made)), None)


def near_misses(
    rule: Rule, rows: WrittenRows, labels: np.ndarray, task: ProbeTask, random: np.random.Generator
) -> tuple[Contrast, ...]:
    """Accepted rows beside the same rows with one token replaced so that they break exactly one predicate: a contrast
    for each predicate that single tokens break."""
    made: list[Contrast] = []
    for edit in _try_edits(rows, labels, task, random):
        wrong = broken(rule, edit.edited)
        whole: np.ndarray = np.logical_not(broken(rule, edit.rows).any(axis=1))
        for k, predicate in enumerate(rule.predicates):
            about = f"one token replaced so that only '{predicate}' is broken"
            single = whole[edit.place] & wrong[:, k] & (wrong.sum(axis=1) == 1)
            made += edit.pair_rows(f"near-miss:{k + 1}", about, single, _concerns(predicate))
    return _merge_contrasts(made)


def _concerns(predicate: Predicate) -> tuple[str, ...]:
    """What a predicate of the founding task is about: where tokens stand, and which of their two factors."""
    order = ("order",) if isinstance(predicate, ColourPosition | FirstBefore) else ()
    symbols = [value for name, value in vars(predicate).items() if name in ("shape", "colour", "symbol", "first")]
    return (*order, *(f"factor {'shape' if symbol in SHAPES else 'colour'}" for symbol in symbols))


def _try_edits(rows: WrittenRows, labels: np.ndarray, task: ProbeTask, random: np.random.Generator) -> Iterator[_Tries]:
    """Edits of the rows, so many rows at a time that they fit into memory; none where no rule is known."""
    part = np.cumsum(rows.lengths * TRIES) // TOKENS
    for number in np.unique(part).tolist() if task.relabel is not None else ():
        chosen = np.flatnonzero(part == number)
        some = rows.rows(chosen)
        edited, place = edits(some, task, random)
        assert task.relabel is not None
        yield _Tries(some, edited, place, labels[chosen][place], task.relabel(edited))


def _merge_contrasts(made: Sequence[Contrast]) -> tuple[Contrast, ...]:
    """Contrasts of one name made one, in the order of their names."""
    found: list[Contrast] = []
    for name in sorted({contrast.name for contrast in made}):
        own = [contrast for contrast in made if contrast.name == name]
        left, right = (stack_token_rows([getattr(contrast, side) for contrast in own]) for side in ("left", "right"))
        before, after = (
            np.concatenate([getattr(contrast, f"{side}_labels") for contrast in own]) for side in ("left", "right")
        )
        found.append(Contrast(name, own[0].about, left, right, before, after, own[0].concerns))
    return tuple(found)


def edits(rows: WrittenRows, task: ProbeTask, random: np.random.Generator) -> tuple[WrittenRows, np.ndarray]:
    """24 copies of each row that is not empty, each with one random token replaced by one of train's, and the row of
    each copy; none where train has no tokens."""
    filled = np.flatnonzero(rows.lengths) if task.frequency else np.zeros(0, np.int64)
    place = np.repeat(filled, TRIES)
    copies, known = rows.rows(place).knowing(task.tokens)
    at = copies.offsets[:-1] + random.integers(0, copies.lengths)
    codes = copies.codes.copy()
    codes[at] = known[random.integers(0, max(len(known), 1), len(place))]
    return copies.with_codes(codes), place
