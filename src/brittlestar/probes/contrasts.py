"""Minimal contrasts: two rows that are nearly the same and have different labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brittlestar.data.spr.rule import Rule
from brittlestar.probes.relabelling import broken
from brittlestar.probes.task import Task
from brittlestar.probes.token_rows import TokenRows

TRIES = 24


@dataclass(frozen=True)
class Contrast:
    """Pairs of rows: `left` and `right` have as many rows; labels int32 (n,)."""

    name: str
    about: str
    left: TokenRows
    right: TokenRows
    left_labels: np.ndarray
    right_labels: np.ndarray


def one_token(rows: TokenRows, labels: np.ndarray, task: Task, random: np.random.Generator) -> Contrast | None:
    """Rows beside the same rows with one token replaced so that the true label is another, found by trying 24 random
    replacements a row; None where no rule is known or none was found."""
    if task.relabel is None:
        return None
    edited, place = edits(rows, task, random)
    found = task.relabel(edited)
    before = labels[place]
    chosen = _first(place, (found >= 0) & (before >= 0) & (found != before))
    return _of("one-token", "one token replaced, and the true label turns", rows, edited, place, chosen, before, found)


def near_misses(
    rule: Rule, rows: TokenRows, labels: np.ndarray, task: Task, random: np.random.Generator
) -> tuple[Contrast, ...]:
    """Accepted rows beside the same rows with one token replaced so that they break exactly one predicate: a contrast
    for each predicate that single tokens break."""
    if task.relabel is None:
        return ()
    edited, place = edits(rows, task, random)
    wrong = broken(rule, edited)
    whole: np.ndarray = np.logical_not(broken(rule, rows).any(axis=1))
    found = task.relabel(edited)
    contrasts: list[Contrast] = []
    for k, predicate in enumerate(rule.predicates):
        chosen = _first(place, whole[place] & wrong[:, k] & (wrong.sum(axis=1) == 1))
        about = f"one token replaced, and only '{predicate}' is broken"
        made = _of(f"near-miss:{k + 1}", about, rows, edited, place, chosen, labels[place], found)
        contrasts += [] if made is None else [made]
    return tuple(contrasts)


def edits(rows: TokenRows, task: Task, random: np.random.Generator) -> tuple[TokenRows, np.ndarray]:
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
    """The first good copy of each row that has one."""
    found = np.flatnonzero(good)
    return found[np.unique(place[found], return_index=True)[1]]


def _of(
    name: str,
    about: str,
    rows: TokenRows,
    edited: TokenRows,
    place: np.ndarray,
    chosen: np.ndarray,
    before: np.ndarray,
    after: np.ndarray,
) -> Contrast | None:
    if not len(chosen):
        return None
    left, right = rows.rows(place[chosen]), edited.rows(chosen)
    return Contrast(f"contrast.{name}", about, left, right, before[chosen], after[chosen])
