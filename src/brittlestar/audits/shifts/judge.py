"""The form that findings of this family share."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import NO_OTHER_SPLIT, observe, unknown
from brittlestar.audits.shifts.rows import SplitPair, count_draws, match_classes
from brittlestar.audits.showing import FEWEST_ROWS
from brittlestar.core.checks import Observed
from brittlestar.core.findings import Severity
from brittlestar.data.tables import format_count

FEWEST_DRAWS = 20  # chosen, not measured
FEWEST_CLUSTERS = 4  # chosen, not measured: between-group variance needs a few groups
MOST_EXAMPLES = 10  # budget: room in a document and on a page
ALL_AS_WRITTEN = 0.995  # derived: 100 % as it is written
SURE = 1e-4  # derived: 500 tests may stand in one audit before Holm takes 5 % away
SUGGESTIVE = 0.05  # convention: 5 %, before any correction
LEAST_CLASS_SHIFT = 0.05  # as `shift.label` has it


@dataclass(frozen=True)
class Shift:
    """What one comparison measured: `sentence` with the numbers, `evidence`, `severity`, None below the threshold.
    `excess` is the effect above `chance`, which sampling alone gives."""

    sentence: str
    evidence: Mapping[str, Any]
    severity: Severity | None = None
    excess: float = 0.0
    chance: float = 0.0


def each_split(analysis: Analysis, examine: Callable[[SplitPair], Shift], by_class: bool = True) -> Iterator[Observed]:
    """One result for every evaluation split. A shift counts where p is at most 0.0001, and is a note where it is gone
    once train's classes are drawn in the shares of the split (`by_class`)."""
    if not analysis.evaluations:
        yield Observed("not-applicable", NO_OTHER_SPLIT)
    for comparison in analysis.comparisons:
        where, few = {"split": comparison.name}, ""
        for name, many in ((comparison.name, comparison.whole.n_rows), ("train", analysis.train.n_rows)):
            if many < FEWEST_ROWS:
                few = f"{many} rows of {name} are too few to tell, {FEWEST_ROWS} would do"
        if not min(analysis.train.n_rows, comparison.whole.n_rows):
            yield unknown(f"{comparison.name}: {few}", where)
            continue
        found = examine(comparison)
        p = float(found.evidence.get("p", 0.0))
        evidence = dict(found.evidence)
        if any(side.units is not None for side in comparison.with_copies):
            evidence["units"] = comparison.units
        sure, lacking = found.severity is not None and p <= SURE, _too_dependent(comparison)
        if lacking:
            evidence.pop("p", None)
        elif sure:
            found = _explain_by_classes(comparison, found, examine) if by_class else found
        elif found.severity is not None and p <= SUGGESTIVE:  # above, sampling alone makes effects of this size
            lacking = f"not significant (p = {p:.2g}); about {_rows_needed(comparison, p):,} rows would be needed"
        else:
            lacking = few
        severity = found.severity if sure and not lacking else None
        yield observe(found.sentence, severity, where, evidence, lacking=lacking or None)


def _rows_needed(comparison: SplitPair, p: float) -> int:
    """Rows at which the same effect would be sure."""
    z = max(float(ndtri(1 - min(p, 0.5))), 1.0)  # one standard error at least
    return int(np.ceil(comparison.whole.n_rows * (float(ndtri(1 - SURE)) / z) ** 2))


def _explain_by_classes(comparison: SplitPair, found: Shift, examine: Callable[[SplitPair], Shift]) -> Shift:
    """The shift as a note where class shares explain it."""
    alike = match_classes(comparison) if class_shift(comparison) else None
    again = None if alike is None else examine(alike)
    if again is None or again.severity is not None:
        return found
    if again.chance - found.chance > found.excess / 2:  # so few rows are left that it would not be seen any more
        return found
    sentence = (
        f"{found.sentence}; with train's classes in the shares of {comparison.name} it is gone, so see shift.label"
    )
    return replace(found, sentence=sentence, severity="info")


def class_shift(comparison: SplitPair) -> bool:
    """Whether class shares differ by as much as `shift.label` would report."""
    labels = [side.rows.labels for side in comparison.with_copies]
    size = max(int(label.max(initial=-1)) for label in labels) + 1
    first, second = (np.bincount(label, minlength=size) / max(len(label), 1) for label in labels)
    return float(np.abs(first - second).sum()) / 2 >= LEAST_CLASS_SHIFT


def _too_dependent(comparison: SplitPair) -> str:
    """That the rows of one side go back to too few units, where they are copies, near copies or windows; else empty."""
    for side in comparison.with_copies:
        many, enough = count_draws(side), FEWEST_CLUSTERS if side.clustered else FEWEST_DRAWS
        if side.units is not None and many < enough <= side.rows.n_rows:
            sentence = f"its {side.rows.n_rows:,} rows" if side.rows.name == comparison.name else "the rows of train"
            what = "groups and windows of one text" if side.clustered else "copies and near copies"
            return f"{sentence} go back to {format_count(many, 'independent unit')} ({what} are one), {enough} would do"
    return ""
