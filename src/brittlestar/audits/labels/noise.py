"""Finding `label.noise`."""

from collections.abc import Iterator

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.labels.contradictions import contradict_train
from brittlestar.audits.labels.everywhere import judge_everywhere
from brittlestar.audits.labels.look import RULE, Look
from brittlestar.audits.labels.near_chance import find_near_chance, find_near_chance_by_predictions
from brittlestar.audits.labels.slices import GROUP
from brittlestar.core.findings import Finding

CODE = RULE.code
FEWEST_LOOKED = 20
FEWEST_ROWS = 100
"""Conventions: rows below which nothing is said, and rows that would do."""


def check(analysis: Analysis) -> Iterator[Finding]:
    """Labels that the rest of the data contradicts.

    **What it means.** No model can be right on a label that was turned over, except by accident. In train it costs
    ability; in dev and test it lowers every score, and where it sits in one slice the score of that slice says nothing
    about generalisation.

    **How it is decided.** Shallow models (naive Bayes on tokens, neighbours, places and factors; a decision tree on
    copies, neighbours, places, order, variety and length) answer every row of every split; none has learned from the
    row's own sequence or group. The best out of fold reads the labels; one row of each sequence counts, whose tokens
    the model knows. Three contrasts are asked in turn, groups of rows (batches, say) first.
    (1) *Against train*: a split, or a slice of it (length, variety, tokens, ends, factor values, group), contradicts
    the model more often than train does, for rows of the same answer, confidence and length, and of the same label.
    Rows are dealt at random under the null hypothesis, which makes the test exact however weak the model.
    (2) *Against the rest of its split*: a slice is near chance while the model learned what lies outside. Hard rows
    look the same, so labels are blamed only where they still follow, or contradict beyond chance, a model of the other
    rows (Cohen's kappa), or where one token, its length, its variety or its group alone sets the slice apart:
    difficulty grows, it does not jump from nothing to chance. Predictions of trained models, where given, are asked
    the same.
    (3) *Against confidence*: mistakes of a model that lacks something sit where it is unsure; labels turned over at
    random are as many where it is surest, in every class (after Northcutt et al. 2021). Such noise bounds every score:
    for information.

    **Thresholds.** (1) 1 % of a split's rows or 5 % of a slice's, p below 0.0001; an error where 5 % of an evaluation
    split are affected. Inconclusive where the inputs differ as well (told from train's with an area of 0.75), or the
    most telling token has changed. (2) An error of 25 % and of 60 % of naming one class, four times the rest; the rest
    at most 3 % wrong (10 % around a group); kappa 0.15 with z 4, or an area below 0.7 without the token. (3) At least
    0.75 % among the surest quarter, and half of the rate of all.

    **What it cannot see.** Noise in a task that shallow models do not learn (parity, say): `inconclusive`. A slice in
    which all labels are turned over in all splits is a rule like any other; one token that switches to a rule that no
    shallow model learns looks like noise. In a declared shift, contradictions may be the shift.

    **What to do.** Read the rows listed, correct or remove them, and report the ceiling beside the score.
    """
    models = analysis.cheap
    if models is None:
        yield RULE.abstain("Train has no two classes of at least 10 rows: there is nothing to learn labels from.")
        return
    look = Look(analysis, models)
    apart = {name: find_near_chance(look, name, GROUP) or contradict_train(look, name) for name in analysis.splits}
    together = [name for name, found in apart.items() if found is None and not name.startswith("shift")]
    for name, found in apart.items():
        looked = int((look.pool.of(name) & look.pool.usable).sum())
        if found is None and looked < FEWEST_LOOKED:
            told = f"{name}: {looked:,} rows say something about labels (one of each sequence, tokens known to train)"
            found = look.abstain({"split": name}, f"{told}; {FEWEST_ROWS} would do.", {})
        found = found or find_near_chance_by_predictions(look, name) or find_near_chance(look, name)
        yield found or judge_everywhere(look, name, together)
