"""Runs of a record that were trained again in another environment than it names, judged together.

Which environment a run was made in is the author's word alone, and explains nothing by itself. Rounding of another
machine moves all rows alike, begins at the last digits, and has no direction: what does otherwise differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.special import bdtr

from brittlestar.core.cells import Cell
from brittlestar.records.outcomes import WORST, Checked, Outcome
from brittlestar.records.unpacked import name_run
from brittlestar.statistics.estimates import Estimate, estimate_over_seeds
from brittlestar.statistics.multiplicity import adjust_p_values
from brittlestar.statistics.row_bounds import bound_discordant
from brittlestar.study.units import Unit, count, unit_of

MARGIN = 0.01  # convention: one point, as of a claim of equivalence
LEVEL = 0.9  # two one-sided tests at 5 % each (Schuirmann 1987)
ALPHA = 0.05
SAME = "everything that it left is the same, bit by bit"


@dataclass(frozen=True)
class RunAgain:
    """A run of `cell` that was trained again, and what is `told` of it. `outcome` None: its answers are others, and
    whether another machine explains that shows in all runs together.

    Its metric is `difference` (new − recorded) on `rows` rows, of which `gained` are right only now and `lost` only in
    the record; without `rows` nothing is known. `moved`: all rows alike, or a `few` while the others stayed; `drift`:
    its losses part from those of the record little by little.
    """

    cell: Cell
    told: str
    outcome: Outcome | None
    same_class: bool
    difference: float = 0.0
    gained: int = 0
    lost: int = 0
    rows: int = 0
    moved: Literal["all", "few", "drift"] = "all"

    def tell_difference(self, metric: str) -> str:
        """What it is worth: `−0.9 points of HWA (7 rows right in the record alone, 1 now)`."""
        if not self.rows:
            return "its score is not known"
        unit = unit_of(metric)
        right = f"{count(self.lost, 'row')} right in the record alone, {self.gained:,} now alone"
        return f"{unit.amount(self.difference, sign=True)} of {unit.short} ({right})"


@dataclass(frozen=True)
class Group:
    """Runs whose differences are pooled: what they are of, their mean, and how likely that is where the record is what
    training gives (`p`)."""

    name: str
    runs: Sequence[RunAgain]
    mean: Estimate
    p: float

    @property
    def bounds(self) -> tuple[float, float]:
        """Where the mean difference lies, with 90 %: over the runs and over their rows, whichever is wider."""
        sides = [bound_rows(self.runs)]
        if len(self.runs) > 1:
            sides.append(self.mean.interval(1 - LEVEL))
        return min(low for low, _ in sides), max(high for _, high in sides)


def bound_rows(runs: Sequence[RunAgain]) -> tuple[float, float]:
    """Where the difference in accuracy lies by the rows that are right in one of the two alone, with 90 %."""
    gained, lost, rows = (sum(getattr(one, name) for one in runs) for name in ("gained", "lost", "rows"))
    return bound_discordant(gained, lost, rows, LEVEL)


def judge_drawn(runs: Sequence[RunAgain], metric: str, split: str) -> list[Checked]:
    """What is found of all that differ together, and of each run, the worst first."""
    runs, unit = [_hold_against(one, runs) for one in runs], unit_of(metric)
    other = [one for one in runs if not one.same_class and one.rows]
    found, outcomes = _judge_pooled(other, unit, split)
    same = [name_run(one.cell) for one in runs if one.told == SAME]
    found += [Checked("", "identical", (f"{', '.join(same)}: {SAME}",))] if same else []
    for one in runs:
        if one.told != SAME:
            outcome = one.outcome or outcomes[one.cell.variant]
            found.append(Checked("", outcome, (f"{name_run(one.cell)}: {one.told}",)))
    return sorted(found, key=lambda one: WORST.index(one.outcome))


def _hold_against(run: RunAgain, runs: Sequence[RunAgain]) -> RunAgain:
    """The same; it differs where another came back bit by bit and no drift of its own losses is seen. A drift is held
    against runs of its own family alone: where oneDNN rounds an LSTM otherwise, a GRU may be the same to the bit."""
    model = run.cell.settings["model"]
    for one in runs if run.outcome in (None, "cannot-tell") else ():
        other = one.cell.settings["model"]
        kin = (model["own"], model["family"]) == (other["own"], other["family"])
        if one.outcome == "identical" and (kin or (run.outcome is None and run.moved != "drift")):
            told = f"{run.told}; {name_run(one.cell)} came back bit by bit, so that no other machine explains it"
            return replace(run, outcome="differs", told=told)
    return run


def _judge_pooled(runs: Sequence[RunAgain], unit: Unit, split: str) -> tuple[list[Checked], Mapping[str, Outcome]]:
    """What is said of the differences of each variant, and of all; and the outcome of each variant."""
    if all(one.outcome == "identical" for one in runs):
        return [], {}
    variants = [*dict.fromkeys(one.cell.variant for one in runs)]
    of = {name: [one for one in runs if one.cell.variant == name] for name in variants}
    groups = [_pool(name, some, unit) for name, some in of.items()]
    groups += [_pool("all runs drawn", runs, unit)] if len(groups) > 1 else []
    wrong = {
        one.name: one
        for one, p in zip(groups, adjust_p_values([one.p for one in groups]), strict=True)
        if p <= ALPHA
    }
    far = [one.name for one in groups if not all(abs(end) < MARGIN for end in one.bounds)]
    outcomes: dict[str, Outcome] = {
        name: "differs" if name in wrong else "cannot-tell" if name in far else "equivalent" for name in variants
    }
    if wrong:
        return [Checked("", "differs", (_tell_direction(one, unit, split),)) for one in wrong.values()], outcomes
    largest = max(runs, key=lambda one: abs(one.difference))
    rows = f"{largest.gained + largest.lost} of {largest.rows:,} rows of {split} are right in one of the two alone"
    told = f"the largest difference is {unit.amount(largest.difference, sign=True)} of {unit.short}"
    told += f", {name_run(largest.cell)} ({rows})"
    if far:
        return [Checked("", "cannot-tell", (f"{told}: too few runs and rows to say whether within 1 point",))], outcomes
    return [Checked("", "equivalent", (f"within 1 point: {told}",))], outcomes


def _pool(name: str, runs: Sequence[RunAgain], unit: Unit) -> Group:
    """The mean difference, tested over runs (t) and over rows that are right in one of the two alone (McNemar's exact
    test). Where all other rows stayed, these rows are independent and decide alone."""
    values = np.array([one.difference for one in runs])
    gained, lost = sum(one.gained for one in runs), sum(one.lost for one in runs)
    by_rows = min(1.0, 2 * float(bdtr(min(gained, lost), gained + lost, 0.5))) if gained + lost else 1.0
    if all(one.moved == "few" or not one.difference for one in runs):
        return Group(name, runs, Estimate(float(values.mean()), 0.0, 1.0), by_rows)
    if len(runs) == 1:
        return Group(name, runs, Estimate(float(values[0]), 0.0, 1.0), 1.0)  # of its spread nothing is known
    mean = estimate_over_seeds(values)
    by_runs = mean.p_value(0.0)
    return Group(name, runs, mean, max(0.0 if by_runs is None else by_runs, by_rows if unit.unit == "points" else 0.0))


def _tell_direction(group: Group, unit: Unit, split: str) -> str:
    values = [one.difference for one in group.runs]
    below, above = sum(one < 0 for one in values), sum(one > 0 for one in values)
    which = f"{'lower' if below > above else 'higher'} in {max(below, above)} of {count(len(values), 'run')} drawn"
    p = "p < .001" if group.p < 0.001 else f"p = {group.p:.3f}".replace("0.", ".")
    mean = unit.amount(group.mean.value, sign=True)
    return f"{group.name}: {mean} of {unit.short} on {split} trained again, {which} ({p}): rounding has no direction"
