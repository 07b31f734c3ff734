"""What each variant did under each condition."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from brittlestar.core.expectations import direction_of
from brittlestar.core.probing import NO_ANSWER, Condition, ProbedCell, ProbeRecord
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.probes.slices import by_class, large, part, slices, units_of
from brittlestar.diagnosis.variant_runs import VariantRuns, list_variant_runs
from brittlestar.statistics.effects import Effect, estimate_effect, subtract_effects

EFFECTS = (
    *("before", "after", "drop", "steady", "respelled", "answered"),
    *("flips", "reliance", "followed", "along", "against", "silent"),
)
"""What a reading measures, in the order in which it is written."""


@dataclass(frozen=True)
class ConditionReading:
    """One variant under one condition. Shares of rows, over seeds:

    `before` and `after` are accuracies on true labels, and `drop` the first less the second, where labels are known
    on both sides; `steady` is that drop among the rows whose true label stays, and `answered` are the predictions that
    changed among those whose label turned, which are `turned` of all. `majority_before` and `majority_after` are the
    shares of the most frequent label among the same rows, before and after. `flips` are predictions that changed;
    `reliance` is the accuracy before less the share of rows that are still given the label they had before: what the
    model loses of its score without what the probe takes away. Of the rows that the probe changed at all, which are
    `moved` of all, `followed` are those with another answer; and where a direction is stated, `along` those that went
    that way, `against` those that went the other way, and `free` the share that could go. Among those that another
    tokenisation leaves in familiar tokens, `respelled` is the drop, or the share of other answers where no label is
    known. None where it cannot be known. No answer is another one, but follows nothing; `silent` is its share, where
    there is one. `by_slice` has the accuracy afterwards of each slice that has rows enough: classes are those that rows
    have afterwards, other slices those of the rows before.
    """

    condition: Condition
    before: Effect | None = None
    after: Effect | None = None
    drop: Effect | None = None
    steady: Effect | None = None
    respelled: Effect | None = None
    answered: Effect | None = None
    flips: Effect | None = None
    reliance: Effect | None = None
    majority_before: float | None = None
    majority_after: float | None = None
    turned: float | None = None
    moved: float = 1.0
    followed: Effect | None = None
    along: Effect | None = None
    against: Effect | None = None
    free: float | None = None
    silent: Effect | None = None
    by_slice: Mapping[str, Effect] = field(default_factory=dict[str, Effect])

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        one = self.condition
        effects = {name: getattr(self, name) for name in EFFECTS}
        told = {name: None if value is None else value.as_json() for name, value in effects.items()}
        named = ("probe", "strength", "unit", "about", "title", "expectation", "declared")
        names = {"id": one.name, **{name: getattr(one, name) for name in named}}
        parts = {name: value.as_json() for name, value in self.by_slice.items()}
        rows = {"rows": len(one.after), "rows_changed": self.moved, "labels_turned": self.turned}
        trivial = {name: getattr(self, name) for name in ("majority_before", "majority_after")}
        return {**names, **rows, **trivial, "tokens_familiar": self.familiar, **told, "slices": parts}

    @property
    def familiar(self) -> dict[str, float | int | None] | None:
        """How many of the tokens that the probe changed a model of train can know: shares before and after, and the
        changed rows of which it can know all; None of rows that were not changed token by token."""
        one, found = self.condition, self.condition.familiarity
        if found is None:
            return None
        rows = int((found.rows & (one.before != one.after)).sum())
        return {"before": found.before, "after": found.after, "rows": rows}

    @property
    def worst_slice(self) -> tuple[str, Effect] | None:
        """The slice with the lowest accuracy afterwards, None where there are none."""
        return min(self.by_slice.items(), key=lambda one: one[1].estimate, default=None)


@dataclass(frozen=True)
class ProbedVariant:
    """A variant with the answers of its cells, by seed, and its readings, one for each condition of the suite."""

    runs: VariantRuns
    cells: Mapping[int, ProbedCell]
    readings: tuple[ConditionReading, ...]

    @property
    def name(self) -> str:
        """The variant's name."""
        return self.runs.name

    @property
    def plain(self) -> ConditionReading:
        """The rows as they are."""
        return self.readings[0]

    def of(self, name: str) -> ConditionReading | None:
        """The reading of the condition `probe@strength`."""
        return next((reading for reading in self.readings if reading.condition.name == name), None)


def labels_known(variant: ProbedVariant) -> bool:
    """Whether true labels of changed rows are known in most conditions; rows that are only weighted keep theirs."""
    changed = [reading for reading in variant.readings[1:] if reading.condition.weights is None]
    return sum(reading.after is not None for reading in changed) * 2 > len(changed)


@dataclass(frozen=True)
class ProbedStudy:
    """A study with the answers of its cells, and every variant that has some."""

    record: StudyRecord
    probes: ProbeRecord
    variants: tuple[ProbedVariant, ...]

    def of(self, name: str) -> ProbedVariant | None:
        """The variant of this name, None where no cell of it was probed."""
        return next((variant for variant in self.variants if variant.name == name), None)


def probed_study(record: StudyRecord) -> ProbedStudy | None:
    """The readings of every variant of a study, None where no cell was probed."""
    probes = record.probes
    found: list[ProbedVariant] = []
    for variant in list_variant_runs(record) if probes is not None else ():
        assert probes is not None
        cells = {cell.seed: probes.cells[cell.hash] for cell in variant.done if cell.hash in probes.cells}
        if cells:
            readings = (slice_reading(probes, condition, cells) for condition in read_conditions(probes, cells))
            found.append(ProbedVariant(variant, cells, tuple(readings)))
    return ProbedStudy(record, probes, tuple(found)) if probes is not None and found else None


def read_conditions(probes: ProbeRecord, cells: Mapping[int, ProbedCell]) -> tuple[ConditionReading, ...]:
    """The readings of models with one suite, without slices; one condition is in memory at a time."""
    first = probes.conditions[0]
    usual = units_of(probes, first)
    found: list[ConditionReading] = []
    for condition in probes.conditions:
        rows = _Rows(condition, cells, usual if condition.same_rows(first) else units_of(probes, condition))
        drawn = len(condition.before) and condition.before[0] < 0  # nothing stands before them
        reading = _read_drawn_rows(rows, found[0]) if drawn else _read_changed_rows(rows, probes.classes)
        silent = rows.after == NO_ANSWER
        found.append(replace(reading, silent=rows.estimate(silent) if silent.any() else None))
    return tuple(found)


class _Rows:
    """The rows of one condition, with what models answer to them before and after it: int32 (seeds, n)."""

    def __init__(self, one: Condition, cells: Mapping[int, ProbedCell], units: np.ndarray | None) -> None:
        self.condition, self.seeds, self.units = one, sorted(cells), units
        self.before, self.after = answers(cells, one.before), answers(cells, one.after)

    def estimate(self, values: np.ndarray, among: np.ndarray | None = None) -> Effect | None:
        """The effect of values (seeds, n) over the rows of a mask bool (n,), over all without one; None of no rows."""
        rows = np.ones(values.shape[1], np.bool_) if among is None else among
        units = part(self.units, rows)
        return estimate_effect(values[:, rows].astype(np.float64), self.seeds, units) if rows.any() else None


def _read_changed_rows(rows: _Rows, classes: tuple[str, ...]) -> ConditionReading:
    one, before, after = rows.condition, rows.before, rows.after
    moved, labelled = one.before != one.after, one.labels_before >= 0
    known = labelled & (one.labels_after >= 0)
    changed, answered = before != after, after != NO_ANSWER
    right = (before == one.labels_before).astype(np.float64)
    familiar = moved & is_respelling(one) & (True if one.familiarity is None else one.familiarity.rows)
    reading = ConditionReading(
        one,
        flips=rows.estimate(changed),
        reliance=rows.estimate(right - (after == one.labels_before), labelled),
        moved=float(moved.mean()) if len(moved) else 0.0,
        followed=rows.estimate(changed & answered, moved),
        **_follow_direction(rows, moved, classes),
    )
    if not known.any():
        return replace(reading, respelled=rows.estimate(changed, familiar))
    weights = np.ones(int(known.sum())) if one.weights is None else one.weights[known]
    still_right = np.zeros(after.shape)
    still_right[:, known] = _linearise_values((after == one.labels_after)[:, known].astype(np.float64), weights)
    turns = known & (one.labels_before != one.labels_after)
    lost = right - still_right
    return replace(
        reading,
        before=rows.estimate(right, known),
        after=rows.estimate(still_right, known),
        drop=rows.estimate(lost, known),
        steady=rows.estimate(lost, known & ~turns),
        respelled=rows.estimate(lost, known & familiar),
        answered=rows.estimate(changed & answered, turns),
        majority_before=_majority(one.labels_before[known], np.ones(int(known.sum()))),
        majority_after=_majority(one.labels_after[known], weights),
        turned=float(turns[known].mean()),
    )


def _follow_direction(rows: _Rows, moved: np.ndarray, classes: tuple[str, ...]) -> dict[str, Any]:
    """Which way the answers to changed rows went, where a direction is stated."""
    stated = direction_of(rows.condition.expectation)
    if stated is None or stated.label not in classes or not moved.any():
        return {}
    label = classes.index(stated.label)
    was = np.equal(rows.before, label) == stated.toward
    is_ = (np.equal(rows.after, label) == stated.toward) & (rows.after != NO_ANSWER)
    along, against = rows.estimate(~was & is_, moved), rows.estimate(was & ~is_, moved)
    return {"along": along, "against": against, "free": float((~was)[:, moved].mean())}


def _read_drawn_rows(rows: _Rows, plain: ConditionReading) -> ConditionReading:
    one = rows.condition
    beside = ConditionReading(one, plain.before, majority_before=plain.majority_before)
    known = one.labels_after >= 0
    after = rows.estimate(rows.after == one.labels_after, known)
    if after is None:
        return beside
    drop = None if beside.before is None else subtract_effects(beside.before, after)
    majority = _majority(one.labels_after[known], np.ones(int(known.sum())))
    return replace(beside, after=after, drop=drop, majority_after=majority)


def slice_reading(probes: ProbeRecord, reading: ConditionReading, cells: Mapping[int, ProbedCell]) -> ConditionReading:
    """The same reading with the accuracy afterwards by slice; of rows that are weighted, as they are weighted."""
    one = reading.condition
    labels = one.labels_after
    known = labels >= 0
    if not known.any():
        return reading
    same = one.same_rows(probes.conditions[0])
    found = slices(probes, labels) if same else large(by_class(labels, probes.classes))
    right = np.equal(answers(cells, one.after), labels).astype(np.float64)
    weights = np.ones(len(labels)) if one.weights is None else one.weights
    units = units_of(probes, one)
    by_slice = {
        name: estimate_effect(
            _linearise_values(right[:, own & known], weights[own & known]), sorted(cells), part(units, own & known)
        )
        for name, own in found.items()
        if (own & known).any()
    }
    return replace(reading, by_slice=by_slice)


def answers(cells: Mapping[int, ProbedCell], rows: np.ndarray) -> np.ndarray:
    """int32 (seeds, n): what each cell answers to so many rows of the suite."""
    return np.stack([cells[seed].predictions[rows] for seed in sorted(cells)])


def is_respelling(one: Condition) -> bool:
    """Whether a condition writes the same in other tokens, of which a model knows those that train has."""
    return one.family == "tokenisation" or one.probe == "noise.look-alike"


def _majority(labels: np.ndarray, weights: np.ndarray) -> float:
    """The share of the most frequent of the labels (n,), as rows are weighted."""
    return float(np.bincount(labels, weights=weights).max() / weights.sum())


def _linearise_values(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Values (seeds, rows) whose plain mean is the weighted one, and which vary over rows as a ratio of means does:
    each is its linearisation (Cochran 1977, chapter 6). Without weights they are themselves."""
    relative = weights / weights.mean()
    mean = (values * relative).mean(axis=1, keepdims=True)
    return mean + (values - mean) * relative
