"""Finding `label.imbalance`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.showing import Rule, percent
from brittlestar.core.findings import Finding

CODE = "label.imbalance"
LEAST_RATIO = 10.0  # chosen, not measured
FEWEST_ROWS = 20  # derived: a recall of so few rows has a 95 % interval of some 40 points
MOST_NAMED = 20  # convention: what a reader looks at
THRESHOLD = (
    "The largest class of train has at least 10 times the rows of the smallest. For information: a property of many "
    "tasks, no fault."
)
REMEDY = "Report macro-averaged metrics and recall by class beside accuracy; weigh or resample classes."
RULE = Rule(CODE, THRESHOLD, REMEDY)


def check(analysis: Analysis) -> Iterator[Finding]:
    """Classes of train of very different size.

    **What it means.** Accuracy is mostly that of the large classes. A class with few rows is neither learned nor
    scored well, whatever the model. That is a property of many tasks and no fault.

    **How it is decided.** Rows of each class in train are counted; the largest is compared with the smallest. Classes
    with fewer than 20 rows in any split are named, because their recall there has an interval some 40 points wide.

    **Thresholds.** Present, and always for information only: the largest class has at least 10 times the rows of the
    smallest.

    **What it cannot see.** Whether training weighs or resamples the classes, and what a mistake on each class costs.

    **What to do.** Read macro-averaged metrics and recall by class beside accuracy; weigh or resample in training.
    """
    counts = np.bincount(analysis.train.labels, minlength=analysis.n_classes)[: analysis.n_classes]
    if len(counts) < 2:
        yield RULE.abstain(f"train has {len(counts)} class: nothing to compare.")
        return
    large, small = int(np.argmax(counts)), int(np.argmin(counts))
    ratio = float(counts[large] / max(counts[small], 1))
    majority = float(counts[large] / max(counts.sum(), 1))
    scarce = _find_scarce(analysis)
    evidence = {
        "classes": len(counts),
        "largest": {"label": analysis.labels[large], "rows": int(counts[large])},
        "smallest": {"label": analysis.labels[small], "rows": int(counts[small])},
        "ratio": ratio,
        "majority_share": majority,
        "fewer_than_20_rows": scarce,
    }
    story = (
        f"train: {analysis.labels[large]!r} has {counts[large]:,} of {counts.sum():,} rows "
        f"({percent(majority)}), {analysis.labels[small]!r} has {counts[small]:,}: "
        f"{ratio:.1f} to 1 over {len(counts)} classes"
    )
    named = "; ".join(f"{name}: {_list_labels(labels)}" for name, labels in scarce.items())
    story += f". Fewer than {FEWEST_ROWS} rows: {named}." if scarce else "."
    yield RULE.conclude(story, "info" if ratio >= LEAST_RATIO else None, {"split": "train"}, evidence)


def _find_scarce(dataset: AuditDataset) -> dict[str, list[str]]:
    """{split: classes of train that have some rows there, but fewer than 20}."""
    found: dict[str, list[str]] = {}
    for name, rows in dataset.splits.items():
        counts = np.bincount(rows.labels, minlength=dataset.n_classes)[: dataset.n_classes]
        few = np.flatnonzero((counts > 0) & (counts < FEWEST_ROWS)).tolist()
        if few:
            found[name] = [dataset.labels[label] for label in few]
    return found


def _list_labels(labels: list[str]) -> str:
    more = len(labels) - MOST_NAMED
    return ", ".join(labels[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
