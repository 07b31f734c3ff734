"""Runs of a record that were trained again in another environment than it names, judged together.

Which environment a run was made in is the author's word alone, and explains nothing by itself. Rounding of another
machine moves all rows alike, begins at the last digits, and has no direction: what does otherwise differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from brittlestar.audits.chance import sign_test
from brittlestar.core.cells import Cell
from brittlestar.records.outcomes import WORST, Checked, CheckOutcome
from brittlestar.records.unpacked import name_run
from brittlestar.statistics.estimates import estimate_over_seeds
from brittlestar.statistics.multiplicity import adjust_p_values
from brittlestar.statistics.row_bounds import bound_discordant
from brittlestar.study.units import Unit, count, unit_of

MARGIN = 0.01  # convention: one point, as of a claim of equivalence
EQUIVALENCE_LEVEL = 0.9  # two one-sided tests at 5 % each (Schuirmann 1987)
ALPHA = 0.05
ALL = "all runs drawn"
SAME_FILES = "everything that it left is the same, bit by bit"


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
    outcome: CheckOutcome | None
    same_class: bool
    difference: float = 0.0
    gained: int = 0
    lost: int = 0
    rows: int = 0
    moved: Literal["all", "few", "drift"] = "all"

    def tell_difference(self, unit: Unit) -> str:
        """What it is worth: `−0.9 points of HWA (7 rows right in the record alone, 1 now alone)`."""
        if not self.rows:
            return "its score is not known"
        right = f" ({count(self.lost, 'row')} right in the record alone, {self.gained:,} now alone)"
        score = f"{unit.amount(self.difference, sign=True)} of {unit.short}"
        return score + (right if self.lost or self.gained else "")


def bound_rows(runs: Sequence[RunAgain]) -> tuple[float, float]:
    """Where the difference in accuracy lies by the rows that are right in one of the two alone, with 90 %."""
    gained, lost, rows = (sum(getattr(run, name) for run in runs) for name in ("gained", "lost", "rows"))
    return bound_discordant(gained, lost, rows, EQUIVALENCE_LEVEL)


def judge_drawn(runs: Sequence[RunAgain], metric: str, split: str) -> list[Checked]:
    """What is found of all that differ together, and of each run, the worst first."""
    runs, unit = [_hold_against(run, runs) for run in runs], unit_of(metric)
    other = [run for run in runs if run.rows and (not run.same_class or run.outcome == "equivalent")]
    found, outcomes = _judge_pooled(other, unit, split)
    named: dict[tuple[CheckOutcome, str], list[str]] = {}
    for run in runs:
        named.setdefault((run.outcome or outcomes[run.cell.variant], run.told), []).append(name_run(run.cell))
    found += [Checked("", outcome, (f"{', '.join(names)}: {told}",)) for (outcome, told), names in named.items()]
    return sorted(found, key=lambda one: WORST.index(one.outcome))


def _hold_against(run: RunAgain, runs: Sequence[RunAgain]) -> RunAgain:
    """The same; it differs where another came back bit by bit and no drift of its own losses is seen. A drift is held
    against runs of its own family alone: where oneDNN rounds an LSTM otherwise, a GRU may be the same to the bit."""
    model = run.cell.settings["model"]
    for one in runs if run.outcome in (None, "cannot-tell") else ():
        other = one.cell.settings["model"]
        kin = (model["own"], model["family"]) == (other["own"], other["family"])
        if one.outcome == "identical" and (kin or (run.outcome is None and run.moved != "drift")):
            sentence = f"{run.told}; {name_run(one.cell)} came back bit by bit, so that no other machine explains it"
            return replace(run, outcome="differs", told=sentence)
    return run


def _judge_pooled(runs: Sequence[RunAgain], unit: Unit, split: str) -> tuple[list[Checked], Mapping[str, CheckOutcome]]:
    """What is said of the differences of each variant that has some, and of all; and the outcome of each variant."""
    moved = [*dict.fromkeys(run.cell.variant for run in runs if run.outcome != "identical")]
    groups = {name: [run for run in runs if run.cell.variant == name] for name in moved}
    if len(moved) > 1:
        groups[ALL] = [run for run in runs if run.cell.variant in moved]
    found = {name: _pool(some, unit) for name, some in groups.items()}
    adjusted = adjust_p_values([p for p, _ in found.values()])
    wrong = [name for name, p in zip(found, adjusted, strict=True) if p <= ALPHA]
    far = [name for name, (_, near) in found.items() if not near]
    outcomes: dict[str, CheckOutcome] = {
        name: "differs" if name in wrong else "cannot-tell" if name in far else "equivalent" for name in moved
    }
    if wrong:
        named = [name for name in wrong if name in moved] or wrong
        told = [_tell_direction(name, groups[name], found[name][0], unit, split) for name in named]
        return [Checked("", "differs", (one,)) for one in told], outcomes
    if not (asked := [run for run in runs if run.outcome in (None, "equivalent")]):
        return [], outcomes
    largest = max(asked, key=lambda one: abs(one.difference))
    told = "of the others, " if any(run.outcome == "differs" for run in runs) else ""
    told += "too few runs and rows to say whether it is within 1 point" if far else "within 1 point"
    told += f": the largest difference is {largest.tell_difference(unit)} on {split}, of {name_run(largest.cell)}"
    return [Checked("", "cannot-tell" if far else "equivalent", (told,))], outcomes


def _pool(runs: Sequence[RunAgain], unit: Unit) -> tuple[float, bool]:
    """How likely differences are where the record is what training gives, and whether their mean lies within a point.

    Tested over runs (t) and over rows that are right in one of the two alone (McNemar's exact test); where all other
    rows stayed, these are independent and decide alone. Of the spread of a single run nothing is known."""
    gained, lost = sum(run.gained for run in runs), sum(run.lost for run in runs)
    by_rows = min(1.0, 2 * sign_test(max(gained, lost), min(gained, lost)))
    mean = estimate_over_seeds(np.array([run.difference for run in runs])) if len(runs) > 1 else None
    ends = [*bound_rows(runs), *(mean.interval(1 - EQUIVALENCE_LEVEL) if mean else ())]
    near = all(run.outcome is not None for run in runs) or all(abs(end) < MARGIN for end in ends)
    if all(run.moved == "few" or not run.difference for run in runs) or mean is None:
        return (by_rows if mean or runs[0].moved == "few" else 1.0), near
    by_runs = mean.p_value(0.0) or 0.0
    return (max(by_runs, by_rows) if unit.unit == "points" else by_runs), near


def _tell_direction(name: str, runs: Sequence[RunAgain], p: float, unit: Unit, split: str) -> str:
    values = [run.difference for run in runs]
    below, above = sum(value < 0 for value in values), sum(value > 0 for value in values)
    many, most = count(len(values), "run"), max(below, above)
    which = f"{'lower' if below > above else 'higher'} in {'each' if most == len(values) else most} of {many} drawn"
    shown = "p < .001" if p < 0.001 else f"p = {p:.3f}".replace("0.", ".", 1)
    mean = unit.amount(float(np.mean(values)), sign=True)
    return f"{name}: trained again {mean} of {unit.short} on {split}, {which} ({shown}); rounding has no direction"
