"""What each arm did under each condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from brittlestar.core.probing import Condition, ProbedCell, ProbeRecord
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.arms import Arm, arms
from brittlestar.diagnosis.probes.effects import Effect, difference, effect

EFFECTS = ("before", "after", "drop", "steady", "answered", "flips", "reliance")


@dataclass(frozen=True)
class Reading:
    """One arm under one condition. Shares of rows, over seeds:

    `before` and `after` are accuracies on true labels, and `drop` the first less the second, where labels are known
    on both sides; `steady` is that drop among the rows whose true label stays, and `answered` are the predictions that
    changed among those whose label turned, which are `turned` of all. `flips` are predictions that changed;
    `reliance` is the accuracy before less the share of rows that are still given the label they had before: how much
    of the score hangs on what the probe takes away. None where it cannot be known. `moved` is the share of rows that
    the probe changed at all. `by_class` has the accuracy afterwards, over seeds, and the number of rows of each class
    that rows have afterwards.
    """

    condition: Condition
    before: Effect | None
    after: Effect | None
    drop: Effect | None
    steady: Effect | None
    answered: Effect | None
    flips: Effect | None
    reliance: Effect | None
    turned: float | None
    moved: float
    by_class: Mapping[int, tuple[float, int]] = field(default_factory=dict[int, tuple[float, int]])

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        one = self.condition
        effects = {name: getattr(self, name) for name in EFFECTS}
        told = {name: None if value is None else value.as_json() for name, value in effects.items()}
        names = {name: getattr(one, name) for name in ("probe", "strength", "unit", "about", "expectation")}
        return {**names, "rows": len(one.after), "rows_changed": self.moved, "labels_turned": self.turned, **told}


@dataclass(frozen=True)
class ProbedArm:
    """An arm with the answers of its cells, by seed, and its readings, one for each condition of the suite."""

    arm: Arm
    cells: Mapping[int, ProbedCell]
    readings: tuple[Reading, ...]

    @property
    def plain(self) -> Reading:
        """The rows as they are."""
        return self.readings[0]

    def of(self, name: str) -> Reading | None:
        """The reading of the condition `probe@strength`."""
        return next((one for one in self.readings if one.condition.name == name), None)

    def family(self, family: str) -> tuple[Reading, ...]:
        """The readings of a family of probes."""
        return tuple(one for one in self.readings if one.condition.family == family)


def probed_arms(record: StudyRecord) -> tuple[ProbedArm, ...]:
    """Every arm of a study that has answers."""
    probes = record.probes
    if probes is None:
        return ()
    found: list[ProbedArm] = []
    for arm in arms(record):
        cells = {cell.seed: probes.cells[cell.hash] for cell in arm.done if cell.hash in probes.cells}
        if cells:
            found.append(ProbedArm(arm, cells, read(probes, cells)))
    return tuple(found)


def read(probes: ProbeRecord, cells: Mapping[int, ProbedCell]) -> tuple[Reading, ...]:
    """The readings of models with one suite."""
    seeds = sorted(cells)
    answers = np.stack([cells[seed].predictions for seed in seeds])
    plain = _accuracy(probes.conditions[0], answers, seeds, False)
    return tuple(_reading(one, answers, seeds, plain) for one in probes.conditions)


def _reading(one: Condition, answers: np.ndarray, seeds: list[int], plain: Effect | None) -> Reading:
    after = answers[:, one.after]
    known = (one.labels_after >= 0) & (one.labels_before >= 0)
    if len(one.before) and one.before[0] < 0:  # rows drawn anew: nothing stands before them
        accuracy = _accuracy(one, answers, seeds, True)
        drop = None if plain is None or accuracy is None else difference(plain, accuracy)
        return Reading(one, plain, accuracy, drop, None, None, None, None, None, 1.0, _by_class(one, answers))
    before = answers[:, one.before]
    flips = effect((before != after).astype(np.float64), seeds) if after.shape[1] else None
    labelled = one.labels_before >= 0
    reliance = None
    if labelled.any():
        labels = one.labels_before[labelled]
        right, still = before[:, labelled] == labels, after[:, labelled] == labels
        reliance = effect(right.astype(np.float64) - still, seeds)
    moved = float((one.before != one.after).mean()) if len(one.after) else 0.0
    if not known.any():
        return Reading(one, None, None, None, None, None, flips, reliance, None, moved)
    weights = np.ones(int(known.sum())) if one.weights is None else one.weights[known]
    first = (before[:, known] == one.labels_before[known]).astype(np.float64)
    second = _weighted((after[:, known] == one.labels_after[known]).astype(np.float64), weights)
    turns = one.labels_before[known] != one.labels_after[known]
    changed = (before != after)[:, known].astype(np.float64)
    return Reading(
        one,
        effect(first, seeds),
        effect(second, seeds),
        effect(first - second, seeds),
        effect((first - second)[:, ~turns], seeds) if (~turns).any() else None,
        effect(changed[:, turns], seeds) if turns.any() else None,
        flips,
        reliance,
        float(turns.mean()),
        moved,
        _by_class(one, answers),
    )


def _weighted(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Values (seeds, rows) whose plain mean is the weighted one, and which vary over rows as a ratio of means does:
    each is its linearisation (Cochran 1977, chapter 6). Without weights they are themselves."""
    relative = weights / weights.mean()
    mean = (values * relative).mean(axis=1, keepdims=True)
    return mean + (values - mean) * relative


def _by_class(one: Condition, answers: np.ndarray) -> dict[int, tuple[float, int]]:
    labels = one.labels_after
    right = answers[:, one.after] == labels
    return {
        int(label): (float(right[:, labels == label].mean()), int((labels == label).sum()))
        for label in np.unique(labels[labels >= 0])
    }


def _accuracy(one: Condition, answers: np.ndarray, seeds: list[int], after: bool) -> Effect | None:
    places, labels = (one.after, one.labels_after) if after else (one.before, one.labels_before)
    known = labels >= 0
    if not known.any():
        return None
    return effect((answers[:, places[known]] == labels[known]).astype(np.float64), seeds)
