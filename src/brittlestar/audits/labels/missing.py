"""Finding `label.missing`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.stats import hypergeom

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.audits.labels.look import LARGEST_P
from brittlestar.audits.showing import all_ids, listed_ids, percent
from brittlestar.core.findings import Finding, Severity

CODE = "label.missing"
SERIOUS = 0.01  # convention: one point of a score
MOST_NAMED = 10  # convention: what a reader looks at
THRESHOLD = (
    "A split has a label that train lacks (a warning, an error from 1 % of its rows on), or lacks a class of train "
    "(a warning), beyond chance (p below 0.0001). Info: unknown labels within chance, declared shifts."
)


def check(analysis: Analysis) -> Iterator[Finding]:
    """A class that train lacks, or that an evaluation split lacks.

    **What it means.** A label that train never shows cannot be predicted: those rows are wrong for every model. A
    class that the evaluation split never shows is not scored at all: the number says nothing about it.

    **How it is decided.** Labels of each split are compared with those of train. A rare class may miss a split by
    chance, so that chance is computed. For a label that train lacks: the probability that none of its rows, over all
    splits, falls into train when rows are dealt out at random (hypergeometric). For a class that the split lacks:
    (1 - share in train) to the power of the split's rows.

    **Thresholds.** Any label that train lacks is present; it is a warning where chance is below 1 in 10,000 and an
    error from 1 % of the split's rows on, else for information. A class of train that the split lacks is present
    where chance is below 1 in 10,000: a warning. For information on a split declared as shifted.

    **What it cannot see.** Classes that no split has; a class that is there, but under another name.

    **What to do.** Correct the spelling of the label, or draw the splits anew (`brittlestar split`, which keeps class
    shares), or say which classes the score is about.
    """
    if not analysis.evaluations:
        yield Finding(CODE, "inconclusive", "There is no split besides train to compare with it.", THRESHOLD)
    for rows in analysis.evaluations:
        yield _finding(analysis, rows)


def _finding(dataset: AuditDataset, rows: AuditSplit) -> Finding:
    where = {"split": rows.name}
    if not rows.n_rows:
        summary = f"{rows.name}: no rows; one would do."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, where=where)
    known = dataset.n_classes
    here = np.bincount(rows.labels, minlength=len(dataset.labels))
    new = known + np.flatnonzero(here[known:])
    unknown = np.flatnonzero(rows.labels >= known)
    in_train = np.bincount(dataset.train.labels, minlength=known)[:known]
    share = in_train / max(in_train.sum(), 1)
    lacking = np.flatnonzero((here[:known] == 0) & (in_train > 0))
    chance = (1 - share[lacking]) ** rows.n_rows
    missing = lacking[chance < LARGEST_P]
    new_chance = _missed_by_chance(dataset, new)
    evidence = {
        "labels_in_split": int((here > 0).sum()),
        "classes_in_train": known,
        "unknown": {
            "rows": len(unknown),
            "of": rows.n_rows,
            "labels": {dataset.labels[label]: int(here[label]) for label in new[:MOST_NAMED].tolist()},
            "chance": new_chance,
        },
        "absent": {
            "labels": [dataset.labels[label] for label in missing.tolist()],
            "expected_rows": (share[missing] * rows.n_rows).round(1).tolist(),
            "chance": chance[chance < LARGEST_P].tolist(),
            "absent_as_chance_allows": len(lacking) - len(missing),
        },
        "rows": listed_ids(rows, unknown),
        "row_ids": all_ids(rows, unknown),
    }
    told = f"{rows.name}: holds {int((here[:known] > 0).sum())} of train's {known} classes"
    if len(new):
        names = ", ".join(repr(dataset.labels[label]) for label in new[:MOST_NAMED].tolist())
        told += (
            f"; {len(unknown):,} of {rows.n_rows:,} rows ({percent(len(unknown) / rows.n_rows)}) have a label that "
            f"train lacks ({names}{', …' if len(new) > MOST_NAMED else ''})"
        )
    if len(missing):
        names = ", ".join(
            f"{dataset.labels[label]!r} ({share[label] * rows.n_rows:.0f} rows expected)"
            for label in missing[:MOST_NAMED].tolist()
        )
        told += f"; it lacks {names}{', …' if len(missing) > MOST_NAMED else ''}"
    elif len(lacking):
        told += f"; chance explains the {len(lacking)} that it lacks"
    if not len(new) and not len(missing):
        return Finding(CODE, "absent", f"{told}.", THRESHOLD, where=where, evidence=evidence)
    severity = _severity(rows, len(unknown), new_chance, len(missing) > 0)
    remedy = (
        "Correct the spelling of the label, draw the splits anew with the split command, or name the classes scored."
    )
    return Finding(CODE, "present", f"{told}.", THRESHOLD, severity, where, evidence, remedy)


def _severity(rows: AuditSplit, unknown: int, chance: float, lacks: bool) -> Severity:
    if rows.name.startswith("shift"):
        return "info"
    if unknown and chance < LARGEST_P:
        return "error" if unknown >= SERIOUS * rows.n_rows else "warning"
    return "warning" if lacks else "info"


def _missed_by_chance(dataset: AuditDataset, new: np.ndarray) -> float:
    """The smallest probability, over the labels `new`, that random dealing gives none of the label's rows to train.

    Declared shifts are left out: they were not dealt from the same rows.
    """
    dealt = [rows for rows in dataset.evaluations if not rows.name.startswith("shift")]
    total = dataset.train.n_rows + sum(rows.n_rows for rows in dealt)
    probabilities = [1.0]
    for label in new.tolist():
        rows = sum(int((split.labels == label).sum()) for split in dealt)
        probabilities.append(float(hypergeom.pmf(0, total, rows, dataset.train.n_rows)) if rows else 1.0)
    return min(probabilities)
