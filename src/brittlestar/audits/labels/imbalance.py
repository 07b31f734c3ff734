"""Finding `label.imbalance`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.audits.analysis import Analysis
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
    scarce: dict[str, list[str]] = {}  # classes of train that have some rows of a split, but fewer than 20
    for name, rows in analysis.splits.items():
        few = np.bincount(rows.labels, minlength=analysis.n_classes)[: analysis.n_classes]
        if names := [analysis.labels[k] for k in np.flatnonzero((few > 0) & (few < FEWEST_ROWS)).tolist()]:
            scarce[name] = names
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
    more = {name: len(labels) - MOST_NAMED for name, labels in scarce.items()}
    shown = {name: ", ".join(labels[:MOST_NAMED]) for name, labels in scarce.items()}
    named = "; ".join(f"{name}: {shown[name]}{f' and {n} more' if n > 0 else ''}" for name, n in more.items())
    story += f". Fewer than {FEWEST_ROWS} rows: {named}." if scarce else "."
    yield RULE.conclude(story, "info" if ratio >= LEAST_RATIO else None, {"split": "train"}, evidence)
