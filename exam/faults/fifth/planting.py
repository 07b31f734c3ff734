"""How faults of the fifth set are declared and written into one split."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from exam.cases import Row
from exam.faults.drawing import in_split, written
from exam.planted import Fault, Plant, Planted, Subject, some

Respell = Callable[[str], str]
Wrong = Callable[[Subject, float, np.random.Generator], dict[int, str]]


def fifth(
    code: str,
    sentence: str,
    unit: str,
    doses: tuple[float, ...],
    plant: Plant,
    subjects: Callable[..., Subject],
    **given: int,
) -> Fault:
    """A fault of the fifth set; every dose matters."""
    return Fault(code, f"fifth: {sentence}", unit, doses, doses[0], plant, given, subjects)


def respelled(split: str, respell: Respell) -> Plant:
    """A share of one split's rows with each token respelled, among those that it changes; these are at fault."""

    def plant(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
        rows: dict[int, Row] = {
            i: tuple(respell(token) for token in row) for i, row in enumerate(subject.split(split).rows)
        }
        return written(subject, split, dose, random, rows)

    return plant


def retokenised(split: str, change: Callable[[Row], Row]) -> Plant:
    """A share of one split's rows as another tokeniser gives them."""

    def plant(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
        there = subject.split(split)
        at = some(there.n_rows, dose, random).tolist()
        changed = {i: change(there.rows[i]) for i in at}
        if sum(changed[i] != there.rows[i] for i in at) < len(at) / 2:
            raise ValueError("too few rows change")
        return in_split(subject, split, changed)

    return plant


def relabelled(split: str, wrong: Wrong) -> Plant:
    """One split with other labels at the positions that `wrong` names; the split is the place."""

    def plant(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
        labels = wrong(subject, dose, random)
        there = subject.split(split)
        if not any(label != there.labels[i] for i, label in labels.items()):
            raise ValueError("no label changed")
        return in_split(subject, split, {}, labels)

    return plant
