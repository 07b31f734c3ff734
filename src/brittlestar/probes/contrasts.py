"""Minimal contrasts: two rows that are nearly the same and have different labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from brittlestar.data.spr.rule import ColourPosition, FirstBefore, Predicate, Rule
from brittlestar.data.spr.symbols import SHAPES
from brittlestar.data.written_rows import WrittenRows, stack_token_rows
from brittlestar.probes.relabelling import broken
from brittlestar.probes.task import Task

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


def one_token(rows: WrittenRows, labels: np.ndarray, task: Task, random: np.random.Generator) -> Contrast | None:
    """Rows beside the same rows with one token replaced so that the true label is another, found by trying 24 random
    replacements a row; None where no rule is known or none was found."""
    if task.relabel is None:
        return None
    made: list[Contrast] = []
    for part, before in _parts(rows, labels):
        edited, place = edits(part, task, random)
        old, found = before[place], task.relabel(edited)
        chosen = _first(place, (found >= 0) & (old >= 0) & (found != old))
        made += _make_contrasts(
            "one-token", "one token replaced so that the true label turns", part, edited, place, chosen, old, found
        )
    return next(iter(_merge_contrasts(made)), None)


def near_misses(
    rule: Rule, rows: WrittenRows, labels: np.ndarray, task: Task, random: np.random.Generator
) -> tuple[Contrast, ...]:
    """Accepted rows beside the same rows with one token replaced so that they break exactly one predicate: a contrast
    for each predicate that single tokens break."""
    if task.relabel is None:
        return ()
    made: list[Contrast] = []
    for part, before in _parts(rows, labels):
        edited, place = edits(part, task, random)
        wrong = broken(rule, edited)
        whole: np.ndarray = np.logical_not(broken(rule, part).any(axis=1))
        old, found = before[place], task.relabel(edited)
        for k, predicate in enumerate(rule.predicates):
            chosen = _first(place, whole[place] & wrong[:, k] & (wrong.sum(axis=1) == 1))
            about = f"one token replaced so that only '{predicate}' is broken"
            concerns = _concerns(predicate)
            made += _make_contrasts(f"near-miss:{k + 1}", about, part, edited, place, chosen, old, found, concerns)
    return _merge_contrasts(made)


def _concerns(predicate: Predicate) -> tuple[str, ...]:
    """What a predicate of the founding task is about: where tokens stand, and which of their two factors."""
    order = ("order",) if isinstance(predicate, ColourPosition | FirstBefore) else ()
    symbols = [value for name, value in vars(predicate).items() if name in ("shape", "colour", "symbol", "first")]
    return (*order, *(f"factor {'shape' if symbol in SHAPES else 'colour'}" for symbol in symbols))


def _parts(rows: WrittenRows, labels: np.ndarray) -> Iterator[tuple[WrittenRows, np.ndarray]]:
    """The rows and their labels, so many at a time that their edits fit into memory."""
    before = np.cumsum(rows.lengths * TRIES)
    part = before // TOKENS
    for number in np.unique(part).tolist():
        chosen = np.flatnonzero(part == number)
        yield rows.rows(chosen), labels[chosen]


def _merge_contrasts(made: Sequence[Contrast]) -> tuple[Contrast, ...]:
    """Contrasts of one name made one, in the order of their names."""
    found: list[Contrast] = []
    for name in sorted({one.name for one in made}):
        own = [one for one in made if one.name == name]
        left, right = (stack_token_rows([getattr(one, side) for one in own]) for side in ("left", "right"))
        before, after = (np.concatenate([getattr(one, f"{side}_labels") for one in own]) for side in ("left", "right"))
        found.append(Contrast(name, own[0].about, left, right, before, after, own[0].concerns))
    return tuple(found)


def edits(rows: WrittenRows, task: Task, random: np.random.Generator) -> tuple[WrittenRows, np.ndarray]:
    """24 copies of each row that is not empty, each with one random token replaced by one of train's, and the row of
    each copy; none where train has no tokens."""
    filled = np.flatnonzero(rows.lengths) if task.frequency else np.zeros(0, np.int64)
    place = np.repeat(filled, TRIES)
    copies, known = rows.rows(place).knowing(task.tokens)
    at = copies.offsets[:-1] + random.integers(0, copies.lengths)
    codes = copies.codes.copy()
    codes[at] = known[random.integers(0, max(len(known), 1), len(place))]
    return copies.with_codes(codes), place


def _first(place: np.ndarray, good: np.ndarray) -> np.ndarray:
    found = np.flatnonzero(good)
    return found[np.unique(place[found], return_index=True)[1]]


def _make_contrasts(
    name: str,
    about: str,
    rows: WrittenRows,
    edited: WrittenRows,
    place: np.ndarray,
    chosen: np.ndarray,
    before: np.ndarray,
    after: np.ndarray,
    concerns: tuple[str, ...] = (),
) -> list[Contrast]:
    if not len(chosen):
        return []
    left, right = rows.rows(place[chosen]), edited.rows(chosen)
    return [Contrast(f"contrast.{name}", about, left, right, before[chosen], after[chosen], concerns)]
