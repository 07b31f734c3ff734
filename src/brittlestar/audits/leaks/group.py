"""Finding `leak.group`."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.chance import LEAST_EXCESS, SERIOUS
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.showing import Rule, percent, show_rows
from brittlestar.baselines.rows import LabelledRows
from brittlestar.core.commands import SPLIT_AGAIN, Advice
from brittlestar.core.findings import Finding

CODE = "leak.group"
CATEGORIES = 12  # chosen, not measured
ROWS_EACH = 100  # chosen, not measured
THRESHOLD = (
    "Rows whose group is in train are at least 0.2 % of the split: a warning, an error from 1 % on. Info where train "
    "has at most 12 groups, all of 100 rows or more, which look like categories."
)
REMEDY = Advice("Split by group: each group on one side.", (SPLIT_AGAIN, " shows whether it worked."))

RULE = Rule(CODE, THRESHOLD)


def check(analysis: Analysis) -> Iterator[Finding]:
    """A group (author, template, patient, parent text) has rows in train and in an evaluation split.

    **What it means.** Rows of one group resemble each other in ways that rows of a new group will not. A model that
    learns the groups of train is rewarded for it on the split, and the score is not that on new groups.

    **How it is decided.** The group column is taken at its word: every row of the split whose group also stands in
    train counts. A row without a group is a group of its own. Chance has no part in it. Dev against test is noted in
    the evidence.

    **Thresholds.** Warning from .2 % of the split's rows, error from 1 %. At most twelve groups with 100 or more train
    rows each look like categories that every split should hold (a topic, a site); that is reported as information.

    **What it cannot see.** Groups that no column states; `leak.near` finds what is left of them in the tokens.

    **What to do.** Split by group, so that each is on one side. Where performance on known groups is the question,
    say so beside the score.
    """
    train = analysis.train.groups
    if train is None or not len(train):
        what = "There is no group column, so that groups on both sides cannot be seen; one text a row would do."
        yield RULE.abstain(what)
    else:
        yield from RULE.compare_with_train(analysis, lambda rows: _finding(analysis, train, rows))


def _finding(dataset: AuditDataset, train: np.ndarray, rows: LabelledRows) -> Finding:
    where = {"split": rows.name}
    if rows.groups is None or not rows.n_rows:
        what = "has no rows" if not rows.n_rows else "has no group column"
        return RULE.abstain(f"{rows.name} {what}.", where)
    known, counts = np.unique(train, return_counts=True)
    crossing = np.flatnonzero(np.isin(rows.groups, known))
    groups = np.unique(rows.groups)
    both = int(np.isin(groups, known).sum())
    share = len(crossing) / rows.n_rows
    evidence: dict[str, Any] = {
        "shared": len(crossing),
        "of": rows.n_rows,
        "share": share,
        "groups": {"both": both, "of": len(groups), "train": len(known)},
        **show_rows(rows, crossing),
        "dev_and_test": None,
    }
    dev, test = dataset.splits.get("dev"), dataset.splits.get("test")
    if dev is not None and test is not None and dev.groups is not None and test.groups is not None:
        evidence["dev_and_test"] = {"shared": int(np.isin(test.groups, dev.groups).sum()), "of": test.n_rows}
    story = (
        f"{rows.name}: {len(crossing):,} of {rows.n_rows:,} rows ({percent(share)}) belong to a group that is also in "
        f"train; {both:,} of its {len(groups):,} groups are on both sides"
    )
    if share < LEAST_EXCESS:
        return RULE.conclude(f"{story}.", None, where, evidence)
    if len(known) <= CATEGORIES and counts.min() >= ROWS_EACH:
        story = f"{story}. {len(known)} groups of {counts.min():,} train rows or more look like categories."
        return RULE.conclude(story, "info", where, evidence)
    return RULE.conclude(f"{story}.", "error" if share >= SERIOUS else "warning", where, evidence, REMEDY)
