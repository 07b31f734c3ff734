"""What a model reads of rows, and what its batches are made of."""

import numpy as np

from brittlestar.core.checks import Observed, Role
from brittlestar.core.findings import choose_status
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis.seen import watched_runs
from brittlestar.diagnosis.seen.watched_runs import MOSTLY, SeenRun, fits_poorly, format_share, seen_check

SHARE = 0.05  # convention: one token in twenty
PADDING_SHARE = 0.002  # convention: one token in 500
FEWEST_ROWS_SEEN = 50  # convention: fewer rows may have come twice by chance
CHANCE = 0.05  # convention: what class shares explain may not come near to it
TOLD = 0.1  # convention: of the way from chance to all right, that counts of tokens go in train
ERRORS_ABOVE_CHANCE = 3.0  # convention: standard errors around chance
ERRORS_FROM_TRUE = 5.0  # convention: standard errors of the distance from what train tells
PAIRING = (
    "Print a batch as the model gets it, decoded, beside its targets, and find these rows in train. Look for what "
    "shuffles, sorts, cuts or filters rows without their labels, or labels without their rows."
)


@seen_check(
    "token.unknown",
    "In every run seen, tokens that make up 5 % of train or more are answered as a token that was never seen, in "
    "rows where others are told apart.",
    "tokens of train are unknown to the model",
    role=Role("untaught", 130, mild=80),
)
def token_unknown(record: StudyRecord, run: SeenRun) -> Observed | None:
    """To an own model, tokens of train are unknown.

    **What it means.** All of these tokens are one to the model, and the same as any that comes later.

    **How it is decided.** After training, in six rows of train one token is exchanged for each of the 150 most frequent
    ones, and for one that was never seen, in batches of one length. A token is unknown where its answers are those of
    the stranger, to .00001 nats of every class, in every row in which the place matters. Tokens must usually be told
    apart by .001 nats.

    **Thresholds.** As in the rule. Severity: warning; information where train is fitted (90 %): words may be left out
    on purpose.

    **What it cannot see.** Models that do not train in PyTorch; those that are in training mode when they answer.

    **What to do.** Look at how the function makes its vocabulary: its size, a least frequency, another pattern, or
    another case.
    """
    reading = run.seen.reading
    if reading is None or not reading.tokens:
        return watched_runs.reads_as_encoded(record, run)
    named = f": {', '.join(reading.unknown[:5])}{', …' if len(reading.unknown) > 5 else ''}" if reading.unknown else ""
    share = format_share(reading.unknown_share)
    sentence = f"{len(reading.unknown)} of {reading.tokens} are what a new token is{named} ({share} of all)"
    evidence = {"share": reading.unknown_share, "tokens": list(reading.unknown[:10])}
    return Observed(
        choose_status(reading.unknown_share >= SHARE),
        sentence,
        evidence,
        severity=watched_runs.severity_unfitted(record, run),
    )


@seen_check(
    "token.collision",
    "In every run seen, different tokens get the same answers in rows where others are told apart, and 5 % of "
    "train or more are merged into another that way.",
    "tokens are not told apart",
    role=Role("untaught", 140, mild=70),
)
def token_collision(record: StudyRecord, run: SeenRun) -> Observed | None:
    """To an own model, different tokens are one.

    **What it means.** What tells these tokens apart is lost before the model: no training can bring it back.

    **How it is decided.** As in `token.unknown`. Tokens are merged where their answers are the same to .00001 nats of
    every class in every row in which the place matters.

    **Thresholds.** As in the rule, without the most frequent token of each group. Severity: as in `token.unknown`.

    **What it cannot see.** As in `token.unknown`; tokens that the model tells apart in other rows alone.

    **What to do.** Look at how the function encodes tokens: lower case, stripped characters, hashes, one number for
    two tokens.
    """
    reading = run.seen.reading
    if reading is None or not reading.tokens:
        return watched_runs.reads_as_encoded(record, run)
    groups = [" = ".join(group[:4]) for group in reading.merged[:3]]
    named = f": {'; '.join(groups)}{'; …' if len(reading.merged) > 3 else ''}" if groups else ""
    sentence = f"{sum(map(len, reading.merged))} of {reading.tokens} tokens of train are the same as others{named}"
    cased = [group for group in reading.merged if len({token.casefold() for token in group}) == 1]
    case = " and differ in letter case alone" if cased and len(cased) == len(reading.merged) else ""
    evidence = {"share": reading.merged_share, "groups": [list(one) for one in reading.merged[:10]]}
    sentence = f"{sentence}{case} ({format_share(reading.merged_share)} of all)"
    return Observed(
        choose_status(reading.merged_share >= SHARE),
        sentence,
        evidence,
        severity=watched_runs.severity_unfitted(record, run),
    )


@seen_check(
    "token.padding",
    "In every run seen, tokens of train with 0.2 % of all tokens change no answer when they are put behind a row, "
    "where most others do; or a token that was never seen changes none (info).",
    "a token is read as padding: the mask hides it",
    role=Role("untaught", 150),
)
def token_padding(record: StudyRecord, run: SeenRun) -> Observed | None:
    """An own model that reads a token as padding.

    **What it means.** The mask that hides padding hides that token, too: rows are shorter than they are.

    **How it is decided.** After training, each of the 150 most frequent tokens of train, and one that was never seen,
    are put behind a few rows. A token that moves no probability (1e-4 of its logarithm), where most tokens move some,
    is not read.

    **Thresholds.** As in the rule. Severity: warning for tokens of train where train is not fitted (90 %); else
    information.

    **What it cannot see.** Models that read a row only up to some place (`data.truncation`); rare tokens; a token that
    is ignored on purpose.

    **What to do.** Keep an id for padding alone: number tokens from 1 or 2, and give unknown ones an id of their
    own.
    """
    reading = run.seen.reading
    if reading is None or not reading.tokens:
        return watched_runs.reads_as_encoded(record, run)
    share, strangers = reading.ignored_share, reading.strangers_ignored
    evidence = {"tokens": list(reading.ignored[:10]), "share": share, "unknown": strangers}
    if share >= PADDING_SHARE:
        sentence = f"{', '.join(reading.ignored[:5])} change no answer behind a row ({format_share(share, 1)} of all)"
        return Observed("present", sentence, evidence, severity=watched_runs.severity_unfitted(record, run))
    if strangers:
        return Observed(
            "present", "a token that was never seen changes no answer behind a row", evidence, severity="info"
        )
    return Observed("absent", f"each of {reading.tokens} tokens of train changes answers behind a row", evidence)


@seen_check(
    "data.truncation",
    "In every run seen, exchanging a token behind (or before) one and the same place, or at the end of every row, "
    "never moves an answer: a warning where that cuts rows of mean length, else info.",
    "rows are cut",
    role=Role("untaught", 160, mild=90),
)
def data_truncation(record: StudyRecord, run: SeenRun) -> Observed | None:
    """An own model reads rows up to a place, and not to their end.

    **What it means.** Whatever stands behind that place cannot count, in training as in prediction.

    **How it is decided.** After training, in each of the 12 longest rows of train every token (120 at most) is
    exchanged for one that the model tells from it. Of rows that are longer than the last place that matters anywhere,
    three at least, most must react at that very place, by .01 nats or more. The same is asked from the end. And the
    first, or the last, tokens of these rows may never matter, as many in each.

    **Thresholds.** As in the rule: long rows are often cut on purpose. A token that is left out of every row is a
    warning where train is not fitted (90 %).

    **What it cannot see.** Models that are in training mode when they answer, or name classes alone; cuts behind 120
    tokens. Of models without PyTorch it is said where rows are cut, and never that they are not.

    **What to do.** Raise the maximum length in your own code, for training and for prediction alike.
    """
    reading, train = run.seen.reading, record.splits.get("train")
    if reading is None or train is None:
        return watched_runs.reads_as_encoded(record, run)
    place = reading.read_to if reading.read_to is not None else reading.read_last
    skipped = [(reading.skips_first, "first", "[1:]"), (reading.skips_last, "last", "[:-1]")]
    many, which, slice_ = max(skipped)
    if place is None and many:
        tokens = "token of every row is" if many == 1 else f"{many} tokens of every row are"
        sentence = f"the {which} {tokens} never read"
        remedy = (
            f"Look for a slice ({slice_}) or a range that ends too early or begins too late where rows are encoded."
        )
        return Observed(
            "present",
            sentence,
            {"skipped": many, "end": which},
            severity=watched_runs.severity_unfitted(record, run),
            remedy=remedy,
        )
    evidence = {"read_to": reading.read_to, "read_last": reading.read_last, "mean_length": train.mean_length}
    if place is None:
        return Observed("absent", f"tokens matter anywhere in rows of up to {reading.longest}", evidence)
    which = "first" if reading.read_to is not None else "last"
    sentence = f"only the {which} {place} tokens of a row are read (rows have {train.mean_length:.0f} in the mean)"
    return Observed("present", sentence, evidence, severity="warning" if place < train.mean_length else "info")


@seen_check(
    "data.small",
    "In every run seen, the steps that were looked at read 50 rows or more, and fewer than half as many different "
    "ones as so many draws from train would give.",
    "only a part of the rows is read in training",
    role=Role("untaught", 70, explains=("eval.train-mismatch", "train.rate-low")),
)
def data_small(_: StudyRecord, run: SeenRun) -> Observed | None:
    """An own loop trains on a part of train.

    **What it means.** The model has seen few of the rows that it was given, again and again, and the others not at all.

    **How it is decided.** In the first 12 steps, every 17th after them and every 97th after 1,000, the first table of
    whole numbers that a module is given is read. Rows that differ are counted, and held against how many so many draws
    from train, with replacement, would give.

    **What it cannot see.** Models that are given no ids; an own padding that is not zero; a tokeniser that makes many
    rows one.

    **What to do.** Look at what cuts train before the loop: a slice, a limit from a first try, a `zip` with
    something shorter, a sampler that draws the same few.
    """
    rows = run.seen.rows
    if rows is None or not rows.expected or rows.looked < FEWEST_ROWS_SEEN:
        return None
    sentence = (
        f"{rows.looked:,} rows of batches were looked at, and only {rows.different:,} rows are different ones, where "
        f"draws from train would give {rows.expected:,.0f}"
    )
    evidence = {"looked": rows.looked, "different": rows.different, "expected": rows.expected}
    return Observed(choose_status(rows.different < MOSTLY * rows.expected), sentence, evidence)


@seen_check(
    "train.batching",
    "In every run seen, half of the batches hold one class (class shares explain 5 %); or what the model is given "
    "tells classes as chance does, unlike tokens of train.",
    role=Role("untaught", 60),
)
def train_batching(record: StudyRecord, run: SeenRun) -> Observed | None:
    """Batches hold one class each, or rows with classes that are not theirs.

    **What it means.** From batches of one class a model learns to name the class of the moment. From rows whose labels
    belong to other rows it learns nothing, or each by heart.

    **How it is decided.** In the first 12 batches and every 17th (every 97th after 1,000), of four rows or more,
    targets of one class are counted, and held against chance. There, ridge regression on counts, in four folds, must
    tell targets from what the model is given no better than chance does (three standard errors), while tokens of train
    go a tenth of the way to all right, and five standard errors farther: asked of a model that does not fit train.

    **What it cannot see.** Batches in another order; losses that are not of `torch.nn.functional`; a part of the rows
    with other labels; classes that counts of tokens do not tell.

    **What to do.** Shuffle train anew in each epoch: `DataLoader(…, shuffle=True)`, or `torch.randperm`.
    """
    return _tell_pairs(record, run) or _tell_classes(record, run)


def _tell_pairs(record: StudyRecord, run: SeenRun) -> Observed | None:
    """What is told where rows and classes do not belong together; None elsewhere."""
    pairs = run.seen.pairs
    if pairs is None or not np.isfinite(pairs.true) or not fits_poorly(record, run):
        return None
    chance = 1 / len(record.classes)
    error = ((1 - chance) * chance / pairs.rows) ** 0.5
    alike = pairs.fed > chance + ERRORS_ABOVE_CHANCE * error or pairs.true < pairs.fed + ERRORS_FROM_TRUE * error
    if alike or pairs.true < chance + TOLD * (1 - chance):
        return None
    sentence = (
        f"batches put rows beside classes that are not theirs: what the model is given tells the class of "
        f"{format_share(pairs.fed)} of rows, as chance does, and tokens of train that of {format_share(pairs.true)}"
    )
    return Observed("present", sentence, {"rows": pairs.rows, "fed": pairs.fed, "true": pairs.true}, remedy=PAIRING)


def _tell_classes(record: StudyRecord, run: SeenRun) -> Observed | None:
    seen, train = run.seen, record.splits.get("train")
    if seen.one_class is None or seen.batch is None or train is None or not train.rows:
        return None
    chance = sum((count / train.rows) ** seen.batch for count in train.class_counts.values())
    alone = seen.one_class >= MOSTLY and chance < CHANCE
    evidence = {"one_class": seen.one_class, "by_chance": chance, "batch": seen.batch, "steps": seen.steps}
    by_chance = f"by chance {format_share(chance, 1)}"
    cause = "train is not shuffled: " if alone else ""
    sentence = (
        f"{cause}{format_share(seen.one_class)} of batches of {seen.batch:,.0f} rows hold one class ({by_chance})"
    )
    return Observed(choose_status(alone), sentence, evidence)
