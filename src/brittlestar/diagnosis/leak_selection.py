"""Finding `leak.selection` of models that train themselves."""

from collections.abc import Iterator

import numpy as np

from brittlestar.core.findings import Finding
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.diagnosis.arms import Arm, arms

CODE = "leak.selection"
APART = 0.05  # convention: five points
ALIKE = 0.02  # convention: two points, more than two noisy scores differ by
ERRORS = 3.0  # derived: one standard error more than an interval at 95 % has, since every run is asked
THRESHOLD = (
    "In every run of a model that trains itself, dev accuracy is within 2 points of train's, and exceeds test's by 5 "
    "points more than three standard errors of their rows; test is not shifted."
)
REMEDY = (
    "Look at what the fit function does with dev: its rows must not be trained on, nor added to train before the last "
    "fit. Choose on dev, and score test once."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """Dev was trained on: it is answered as well as train, and test is not.

    **What it means.** What was chosen on dev was chosen on rows that the model knew: the dev score is no estimate of
    anything new.

    **How it is decided.** A fit function is given train and dev. Rows of one source that it has not seen are as hard in
    dev as in test: accuracies of each run are compared, with the standard error of their rows. A shift of test that the
    audit found explains it.

    **Thresholds.** As in the rule. Severity: error for main, warning for other variants.

    **What it cannot see.** A model that has not memorised what it was given; a dev split that is a little easier;
    models that this package trains, which are never given dev.

    **What to do.** Keep dev out of training.
    """
    shifted = _is_shifted(record)
    for arm in arms(record):
        if any(cell.outcome == "imported" for cell in arm.done):
            continue
        if any(cell.outcome == "fitted" for cell in arm.done) or not arm.done:
            yield _finding(record, arm, shifted)
        else:
            told = f"{arm.name}: {len(arm.done)} runs were given train alone; dev was only scored."
            where, evidence = {"variant": arm.name, "split": "dev"}, {"runs": len(arm.done)}
            yield Finding(CODE, "absent", told, THRESHOLD, where=where, evidence=evidence)


def _finding(record: StudyRecord, arm: Arm, shifted: bool) -> Finding:
    where = {"variant": arm.name, "split": "dev"}
    scored = [found for cell in arm.done if (found := _read_accuracies(cell)) is not None]
    if not scored or shifted:
        missing = "a test split from the source of dev" if shifted else "scores on train, dev and test"
        summary = (
            f"{arm.name}: whether dev was trained on is open in {len(arm.done)} finished runs. Missing: {missing}."
        )
        evidence = {"runs": len(arm.done), "missing": missing}
        todo = "Score it on a test split from the source of dev, which the fit function is not given."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, None, where, evidence, todo)
    train, dev, test = np.array(scored).T
    rows = [record.splits[name].rows for name in ("dev", "test")]
    error = np.sqrt(dev * (1 - dev) / rows[0] + test * (1 - test) / rows[1])
    found = (dev - test - ERRORS * error >= APART) & (train - dev <= ALIKE)
    means = [100 * float(one.mean()) for one in (train, dev, test)]
    story = f"accuracy is {means[0]:.1f} on train, {means[1]:.1f} on dev and {means[2]:.1f} on test"
    evidence = {"runs": len(scored), "found": int(found.sum()), "accuracy": dict(zip(SPLITS, means, strict=True))}
    if not found.all():
        return Finding(CODE, "absent", f"{arm.name}: {story}.", THRESHOLD, where=where, evidence=evidence)
    summary = f"{arm.name}: {story}, in each of {len(scored)} runs: the model knows the rows of dev."
    severity = "error" if arm.name == record.main else "warning"
    return Finding(CODE, "present", summary, THRESHOLD, severity, where, evidence, REMEDY)


SPLITS = ("train", "dev", "test")


def _read_accuracies(cell: CellRecord) -> tuple[float, ...] | None:
    values = [cell.scores.get(name, {}).get("best", {}).get("accuracy") for name in SPLITS]
    known = tuple(one for one in values if one is not None)
    return known if len(known) == len(SPLITS) else None


def _is_shifted(record: StudyRecord) -> bool:
    if record.audit is None:
        return False
    serious = (one for one in record.audit.findings if one.severity in ("error", "warning"))
    return any(one.code.startswith("shift.") and one.where.get("split") in ("dev", "test") for one in serious)
