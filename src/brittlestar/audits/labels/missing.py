"""Finding `label.missing`."""

from collections.abc import Iterator

import numpy as np
from scipy.stats import hypergeom

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.labels.contrast import LARGEST_P
from brittlestar.audits.showing import Rule, percent, show_rows
from brittlestar.baselines.rows import LabelledRows
from brittlestar.core.findings import Finding, Severity

CODE = "label.missing"
SERIOUS = 0.01  # convention: one point of a score
MOST_NAMED = 10  # convention: what a reader looks at
THRESHOLD = (
    "A split has a label that train lacks (a warning, an error from 1 % of its rows on), or lacks a class of train "
    "(a warning), beyond chance (p below 0.0001). Info: unknown labels within chance, declared shifts."
)
REMEDY = "Correct the spelling of the label, draw the splits anew with the split command, or name the classes scored."
RULE = Rule(CODE, THRESHOLD, REMEDY)


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
    yield from RULE.compare_with_train(analysis, lambda rows: _examine(analysis, rows))


def _examine(dataset: AuditDataset, rows: LabelledRows) -> Finding:
    where, known = {"split": rows.name}, dataset.n_classes
    if not rows.n_rows:
        return RULE.abstain(f"{rows.name}: no rows; one would do.", where)
    here = np.bincount(rows.labels, minlength=len(dataset.labels))
    new, unknown = known + np.flatnonzero(here[known:]), np.flatnonzero(rows.labels >= known)
    in_train = np.bincount(dataset.train.labels, minlength=known)[:known]
    share = in_train / max(in_train.sum(), 1)
    lacking = np.flatnonzero((here[:known] == 0) & (in_train > 0))
    chance = (1 - share[lacking]) ** rows.n_rows
    missing, expected = lacking[chance < LARGEST_P], share * rows.n_rows
    new_chance = _find_chance(dataset, new)
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
            "expected_rows": expected[missing].round(1).tolist(),
            "chance": chance[chance < LARGEST_P].tolist(),
            "absent_as_chance_allows": len(lacking) - len(missing),
        },
        **show_rows(rows, unknown),
    }
    told = f"{rows.name}: holds {int((here[:known] > 0).sum())} of train's {known} classes"
    if len(new):
        names = _list_names([repr(dataset.labels[label]) for label in new.tolist()])
        share_of_rows = percent(len(unknown) / rows.n_rows)
        told += f"; {len(unknown):,} of {rows.n_rows:,} rows ({share_of_rows}) have a label that train lacks ({names})"
    if len(missing):
        names = [f"{dataset.labels[label]!r} ({expected[label]:.0f} rows expected)" for label in missing.tolist()]
        told += f"; it lacks {_list_names(names)}"
    elif len(lacking):
        told += f"; chance explains the {len(lacking)} that it lacks"
    severity: Severity | None = "warning" if len(missing) else "info" if len(new) else None
    if len(unknown) and new_chance < LARGEST_P:
        severity = "error" if len(unknown) >= SERIOUS * rows.n_rows else "warning"
    severity = "info" if severity and rows.name.startswith("shift") else severity
    return RULE.conclude(f"{told}.", severity, where, evidence)


def _list_names(names: list[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")


def _find_chance(dataset: AuditDataset, new: np.ndarray) -> float:
    """The smallest probability, over the labels `new`, that dealing gives train none; declared shifts left out."""
    dealt = [rows for rows in dataset.evaluations if not rows.name.startswith("shift")]
    total = dataset.train.n_rows + sum(rows.n_rows for rows in dealt)
    probabilities = [1.0]
    for label in new.tolist():
        rows = sum(int((split.labels == label).sum()) for split in dealt)
        probabilities.append(float(hypergeom.pmf(0, total, rows, dataset.train.n_rows)) if rows else 1.0)
    return min(probabilities)
