"""Finding `train.batching`."""

from collections.abc import Iterator

import numpy as np

from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen.looking import MOSTLY, WELL_FITTED, SeenRun, Told, fits_poorly, format_share, judge_seen

CODE = "train.batching"
CHANCE = 0.05  # convention: what class shares explain may not come near to it
TOLD = 0.1  # convention: of the way from chance to all right, that counts of tokens go in train
ERRORS, APART = 3.0, 5.0  # convention: standard errors around chance, and of the distance from what train tells
THRESHOLD = (
    "In every run seen, half of the batches hold one class (class shares explain 5 %); or what the model is given "
    "tells classes as chance does, unlike tokens of train; or rows lose half their tokens."
)
REMEDY = "Shuffle train anew in each epoch: `DataLoader(…, shuffle=True)`, or `torch.randperm`."
LEFT = 0.5  # convention: of the tokens of a row
COPYING = (
    "Look for what changes rows in place, such as dropped or replaced words: work on a copy of the row in each epoch."
)
PAIRING = (
    "Print a batch as the model gets it, decoded, beside its targets, and find these rows in train. Look for what "
    "shuffles, sorts, cuts or filters rows without their labels, or labels without their rows."
)


def check(record: StudyRecord) -> Iterator[Finding]:
    """Batches hold one class each, or rows with classes that are not theirs.

    **What it means.** From batches of one class a model learns to name the class of the moment. From rows whose labels
    belong to other rows it learns nothing, or each by heart.

    **How it is decided.** In the first 12 batches and every 17th (every 97th after 1,000), of four rows or more,
    targets of one class are counted, and held against chance. There, ridge regression on counts, in four folds, must
    tell targets from what the model is given no better than chance does (three standard errors), while tokens of train
    go a tenth of the way to all right, and five standard errors farther: asked of a model that does not fit train. Rows
    that have half as many different tokens in the last third of the steps as in the first are changed in place; train
    is not fitted then.

    **Thresholds.** As in the rule. Severity: warning.

    **What it cannot see.** Batches in another order; losses that are not of `torch.nn.functional`; a part of the rows
    with other labels; classes that counts of tokens do not tell.

    **What to do.** Shuffle train in each epoch, rows and labels by the same numbers.
    """
    yield from judge_seen(record, CODE, THRESHOLD, REMEDY, _tell)


def _tell(record: StudyRecord, run: SeenRun) -> Told | None:
    return _tell_pairs(record, run) or _tell_loss_of_tokens(record, run) or _tell_classes(record, run)


def _tell_pairs(record: StudyRecord, run: SeenRun) -> Told | None:
    """What is told where rows and classes do not belong together; None elsewhere."""
    pairs = run.seen.pairs
    if pairs is None or not np.isfinite(pairs.true) or not fits_poorly(record, run):
        return None
    chance = 1 / len(record.classes)
    error = ((1 - chance) * chance / pairs.rows) ** 0.5
    alike = pairs.fed > chance + ERRORS * error or pairs.true < pairs.fed + APART * error
    if alike or pairs.true < chance + TOLD * (1 - chance):
        return None
    story = (
        f"batches put rows beside classes that are not theirs: what the model is given tells the class of "
        f"{format_share(pairs.fed)} of rows, as chance does, and tokens of train that of {format_share(pairs.true)}"
    )
    return Told(True, story, {"rows": pairs.rows, "fed": pairs.fed, "true": pairs.true}, remedy=PAIRING)


def _tell_loss_of_tokens(record: StudyRecord, run: SeenRun) -> Told | None:
    """What is told where rows lose their tokens from epoch to epoch, and train is not fitted; None elsewhere."""
    rows = run.seen.rows
    if rows is None or not rows.early or rows.late > LEFT * rows.early or not fits_poorly(record, run, WELL_FITTED):
        return None
    story = (
        f"rows lose their tokens while training: {rows.early:.1f} different ones a row in the first third of the "
        f"steps, {rows.late:.1f} in the last"
    )
    return Told(True, story, {"early": rows.early, "late": rows.late}, remedy=COPYING)


def _tell_classes(record: StudyRecord, run: SeenRun) -> Told | None:
    seen, train = run.seen, record.splits.get("train")
    if seen.one_class is None or seen.batch is None or train is None or not train.rows:
        return None
    chance = sum((count / train.rows) ** seen.batch for count in train.class_counts.values())
    alone = seen.one_class >= MOSTLY and chance < CHANCE
    evidence = {"one_class": seen.one_class, "by_chance": chance, "batch": seen.batch, "steps": seen.steps}
    by_chance = f"by chance {format_share(chance, 1)}"
    cause = "train is not shuffled: " if alone else ""
    story = f"{cause}{format_share(seen.one_class)} of batches of {seen.batch:,.0f} rows hold one class ({by_chance})"
    return Told(alone, story, evidence)
