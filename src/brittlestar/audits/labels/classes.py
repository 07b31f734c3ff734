"""Checks `label.imbalance` and `label.missing`: the classes of each split, and how many rows they have."""

from collections.abc import Iterator

import numpy as np
from scipy.stats import hypergeom

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import compare_with_train, data_check, observe, unknown
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.labels.label_model import LARGEST_P
from brittlestar.audits.showing import percent, show_rows
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Observed
from brittlestar.core.findings import Severity
from brittlestar.core.splits import is_shifted

LEAST_RATIO = 10.0  # chosen, not measured
FEWEST_FOR_RECALL = 20  # derived: a recall of so few rows has a 95 % interval of some 40 points
MOST_SCARCE_NAMED = 20  # convention: what a reader looks at


@data_check(
    "label.imbalance",
    "The largest class of train has at least 10 times the rows of the smallest. For information: a property of "
    "many tasks, no fault.",
    remedy="Report macro-averaged metrics and recall by class beside accuracy; weigh or resample classes.",
)
def imbalance(analysis: Analysis) -> Iterator[Observed]:
    """Classes of train of very different size.

    **What it means.** Accuracy is mostly that of the large classes. A class with few rows is neither learned nor
    scored well, whatever the model. That is a property of many tasks and no fault.

    **How it is decided.** Rows of each class in train are counted; the largest is compared with the smallest. Classes
    with fewer than 20 rows in any split are named, because their recall there has an interval some 40 points wide.

    **What it cannot see.** Whether training weighs or resamples the classes, and what a mistake on each class costs.
    """
    counts = np.bincount(analysis.train.labels, minlength=analysis.n_classes)[: analysis.n_classes]
    if len(counts) < 2:
        yield unknown(f"train has {len(counts)} class: nothing to compare.")
        return
    large, small = int(np.argmax(counts)), int(np.argmin(counts))
    ratio = float(counts[large] / max(counts[small], 1))
    majority = float(counts[large] / max(counts.sum(), 1))
    scarce: dict[str, list[str]] = {}  # classes of train that have some rows of a split, but fewer than 20
    for name, rows in analysis.splits.items():
        few = np.bincount(rows.labels, minlength=analysis.n_classes)[: analysis.n_classes]
        if names := [analysis.labels[k] for k in np.flatnonzero((few > 0) & (few < FEWEST_FOR_RECALL)).tolist()]:
            scarce[name] = names
    evidence = {
        "classes": len(counts),
        "largest": {"label": analysis.labels[large], "rows": int(counts[large])},
        "smallest": {"label": analysis.labels[small], "rows": int(counts[small])},
        "ratio": ratio,
        "majority_share": majority,
        "fewer_than_20_rows": scarce,
    }
    sentence = (
        f"train: {analysis.labels[large]!r} has {counts[large]:,} of {counts.sum():,} rows "
        f"({percent(majority)}), {analysis.labels[small]!r} has {counts[small]:,}: "
        f"{ratio:.1f} to 1 over {len(counts)} classes"
    )
    more = {name: len(labels) - MOST_SCARCE_NAMED for name, labels in scarce.items()}
    shown = {name: ", ".join(labels[:MOST_SCARCE_NAMED]) for name, labels in scarce.items()}
    named = "; ".join(f"{name}: {shown[name]}{f' and {n} more' if n > 0 else ''}" for name, n in more.items())
    sentence += f". Fewer than {FEWEST_FOR_RECALL} rows: {named}." if scarce else "."
    yield observe(sentence, "info" if ratio >= LEAST_RATIO else None, {"split": "train"}, evidence)


MOST_NEW_LABELS = 10  # convention: what a reader looks at
LARGE_SHARE = 0.1  # convention: from here on chance does not make unknown labels information; their effect decides


@data_check(
    "label.missing",
    "A split has a label that train lacks, beyond chance (p below 0.0001) or in 10 % of its rows, or lacks a class of "
    "train beyond chance. Info: fewer unknown labels within chance, declared shifts.",
    remedy=(
        "Correct the spelling of the label, add rows of it to train, draw the splits anew with the split command, or "
        "name the classes scored."
    ),
    softens=True,
)
def missing(analysis: Analysis) -> Iterator[Observed]:
    """A class that train lacks, or that an evaluation split lacks.

    **What it means.** A label that train never shows cannot be predicted: those rows are wrong for every model. A
    class that the evaluation split never shows is not scored at all: the number says nothing about it.

    **How it is decided.** Labels of each split are compared with those of train. A rare class may miss a split by
    chance, so that chance is computed. For a label that train lacks: the probability that none of its rows, over all
    splits, falls into train when rows are dealt out at random (hypergeometric). Chance is no excuse where a tenth of
    the split's rows have such a label: a train split of few rows, such as the examples of a prompt, misses common
    classes. For a class that the split lacks: (1 - share in train) to the power of the split's rows.

    **What it cannot see.** Classes that no split has; a class that is there, but under another name.
    """
    yield from compare_with_train(analysis, lambda rows: _compare_classes(analysis, rows))


def _compare_classes(dataset: AuditDataset, rows: BaselineRows) -> Observed:
    where, known = {"split": rows.name}, dataset.n_classes
    if not rows.n_rows:
        return unknown(f"{rows.name}: no rows; one would do.", where)
    here = np.bincount(rows.labels, minlength=len(dataset.labels))
    new, strange = known + np.flatnonzero(here[known:]), np.flatnonzero(rows.labels >= known)
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
            "rows": len(strange),
            "of": rows.n_rows,
            "labels": {dataset.labels[label]: int(here[label]) for label in new[:MOST_NEW_LABELS].tolist()},
            "chance": new_chance,
        },
        "absent": {
            "labels": [dataset.labels[label] for label in missing.tolist()],
            "expected_rows": expected[missing].round(1).tolist(),
            "chance": chance[chance < LARGEST_P].tolist(),
            "absent_as_chance_allows": len(lacking) - len(missing),
        },
        **show_rows(rows, strange),
    }
    sentence = f"{rows.name}: holds {int((here[:known] > 0).sum())} of train's {known} classes"
    if len(new):
        names = _list_names([repr(dataset.labels[label]) for label in new.tolist()])
        share_of_rows = percent(len(strange) / rows.n_rows)
        sentence += (
            f"; {len(strange):,} of {rows.n_rows:,} rows ({share_of_rows}) have a label that train lacks ({names})"
        )
    if len(missing):
        names = [f"{dataset.labels[label]!r} ({expected[label]:.0f} rows expected)" for label in missing.tolist()]
        sentence += f"; it lacks {_list_names(names)}"
    elif len(lacking):
        sentence += f"; chance explains the {len(lacking)} that it lacks"
    many = len(strange) >= LARGE_SHARE * rows.n_rows
    severity: Severity | None = "warning" if len(missing) or many else "info" if len(new) else None
    return observe(sentence, "error" if new_chance < LARGEST_P else severity, where, evidence)


def _list_names(names: list[str]) -> str:
    return ", ".join(names[:MOST_NEW_LABELS]) + (", …" if len(names) > MOST_NEW_LABELS else "")


def _find_chance(dataset: AuditDataset, new: np.ndarray) -> float:
    """The smallest probability, over the labels `new`, that dealing gives train none; declared shifts left out."""
    dealt = [rows for rows in dataset.evaluations if not is_shifted(rows.name)]
    total = dataset.train.n_rows + sum(rows.n_rows for rows in dealt)
    probabilities = [1.0]
    for label in new.tolist():
        rows = sum(int((split.labels == label).sum()) for split in dealt)
        probabilities.append(float(hypergeom.pmf(0, total, rows, dataset.train.n_rows)) if rows else 1.0)
    return min(probabilities)
