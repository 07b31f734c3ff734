"""Finding `label.noise`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.labels.against import against
from brittlestar.audits.labels.everywhere import everywhere
from brittlestar.audits.labels.inside import predicted, within
from brittlestar.audits.labels.look import CODE, FEWEST_LOOKED, FEWEST_ROWS, THRESHOLD, Look
from brittlestar.audits.labels.patterns import bad_slice, floor
from brittlestar.core.findings import Finding


def check(analysis: Analysis) -> Iterator[Finding]:
    """Labels that the rest of the data contradicts.

    **What it means.** No model can be right on a label that was turned over, except by accident. In train it costs
    ability; in dev and test it lowers every score, and where it sits in one slice the score of that slice says nothing
    about generalisation.

    **How it is decided.** Shallow models (naive Bayes on tokens, neighbours, places and factors; softmax regression on
    token shares; a decision tree on copies, places, order, variety and length) answer every row of every split; none
    has learned from the row's own sequence or group. The best out of fold reads the labels, in three ways.
    (1) *Against train*: a split in which labels were turned over contradicts the model more often than train does, for
    rows of the same label, confidence and length; so does a slice of it (length, number of distinct tokens or factor
    values, first and last token and their factor values, tokens, factor values, group); so does a group of at least 20
    rows, a batch say, more often than the rest of its split (a quarter of its labels at least). Rows are dealt at
    random under the null hypothesis, which makes the test exact however weak the model. Only one row of each sequence
    counts, and only rows whose tokens the model knows. Where the inputs differ as well (naive Bayes on tokens,
    neighbours or places tells the split's rows from train's; or a model that does not see the most telling token
    contradicts far fewer labels), these differences explain the errors as well: `inconclusive`.
    (2) *Within all splits*: a slice whose errors are near chance and depend on nothing else (confidence, any other
    slice), while the model learned what lies outside. A slice that is hard for shallow models looks the same (a query
    token that asks for a parity, longer rows), so labels are blamed only where they still follow, or contradict beyond
    chance, a model of the other rows (Cohen's kappa), or where one token alone sets the slice apart from rows that are
    learned, or its length, variety or group alone does, and the others are learned nearly all: difficulty grows, it
    does not jump from nothing to chance. Else it is `inconclusive`.
    (3) *Everywhere*: mistakes of a model that lacks something sit where it is unsure; labels turned over at random are
    as many where it is surest. The rate lies between what the surest quarter of its answers shows and the errors of
    all (after Northcutt et al. 2021, who separate the two by confidence). Such noise is a property of the task and
    bounds every score: it is for information.
    Where predictions of trained models are given, slices of evaluation splits are read with them as well.

    **Thresholds.** As printed with each finding.

    **What it cannot see.** Noise in a task that shallow models do not learn (parity, say): `inconclusive`. A slice in
    which all labels are turned over in all splits is a rule like any other. One token that switches, among rows that
    are otherwise alike, to a rule that no shallow model learns looks like noise. A rule that holds with exceptions
    which no shallow model understands looks like noise. In a declared shift, contradictions may be the shift.

    **What to do.** Read the rows listed, correct or remove them, and report the ceiling beside the score.
    """
    models = analysis.cheap
    if models is None:
        summary = "Train has no two classes of at least 10 rows: there is nothing to learn labels from."
        yield Finding(CODE, "inconclusive", summary, THRESHOLD)
        return
    look = Look(analysis, models)
    apart = {name: against(look, name) for name in analysis.splits}
    together = [name for name, found in apart.items() if found is None and not name.startswith("shift")]
    places = [look.pool.splits.index(name) for name in together]
    everything = look.pool.usable & np.isin(look.pool.split, places)
    bad, seen = bad_slice(look.reading, look.slices, everything), floor(look.reading, everything)
    for name, found in apart.items():
        found = found or _scarce(look, name) or predicted(look, name) or within(look, name, bad)
        yield found or everywhere(look, name, seen, together)


def _scarce(look: Look, name: str) -> Finding | None:
    """Whether too few rows of the split say anything."""
    looked = int((look.pool.of(name) & look.pool.usable).sum())
    if looked >= FEWEST_LOOKED:
        return None
    summary = (
        f"{name}: {looked:,} rows say something about labels (one of each sequence, tokens known to train); "
        f"{FEWEST_ROWS} would do."
    )
    return look.finding("inconclusive", {"split": name}, summary, {})
