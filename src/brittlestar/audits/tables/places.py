"""Checks `position.missing`, `position.overflow` and `padding.side`: where in a row tokens stand."""

from collections.abc import Iterator

import numpy as np
from scipy.stats import binom

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.chance import Paired
from brittlestar.audits.checking import compare_with_train, data_check, observe, unknown
from brittlestar.audits.dataset import AuditDataset, format_tokens
from brittlestar.audits.showing import percent, show_rows
from brittlestar.audits.tokens.padding import Sides, written_padding
from brittlestar.baselines.bayes import MOST_HELD_OUT, answer_held_out
from brittlestar.baselines.readings import neighbours, placed_tokens, tokens
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Observed
from brittlestar.statistics.proportions import bound_share_above

LEAST_ORDER = 0.05  # chosen, not measured
FEWEST_FOR_ORDER = 100  # chosen, not measured


@data_check(
    "position.missing",
    "Main cannot see order, and naive Bayes on neighbours or positions answers 5 points more of train's rows out "
    "of fold than on the bag of tokens (sign test over rows). A warning.",
    remedy="Set model.positions: true, or model.family: lstm.",
)
def position_missing(analysis: Analysis) -> Iterator[Observed]:
    """A model without order information, on a task that needs it.

    **What it means.** The model answers every order of the same tokens alike; what order carries is out of its reach.

    **How it is decided.** From the settings of main: the families `mean` and `bag`, and a `transformer` with
    `positions: false`, see no order. Then naive Bayes is fitted on train's rows out of fold three times: on the bag of
    tokens, on pairs of neighbours, and on tokens with their positions. (50,000 rows, drawn at random, where
    there are more.) What the better of the latter two gets right beyond the bag is what order carries, at least.

    **What it cannot see.** Order that pairs and positions do not show; the order that your own model uses.
    """
    model = analysis.study.model
    what = f"{model.family} without positions" if model.family == "transformer" else model.family
    if model.own is not None or model.predictions:
        sentence = "Whether a model of your own sees order is found by permuting its input, not from the data"
        yield Observed("not-applicable", sentence)
    elif not (model.family in ("mean", "bag") or (model.family == "transformer" and not model.positions)):
        yield observe(f"main ({model.family}) sees the order of tokens.")
    elif analysis.train.n_rows < FEWEST_FOR_ORDER:
        sentence = (
            f"main ({what}) sees no order; {FEWEST_FOR_ORDER} rows of train would tell whether the task needs it."
        )
        yield unknown(sentence)
    else:
        yield _compare_readings(analysis, what)


def _compare_readings(dataset: AuditDataset, what: str) -> Observed:
    train, n = dataset.train.thin(MOST_HELD_OUT, "position.missing"), len(dataset.tokens)
    readings = {"bag": tokens(n), "neighbours": neighbours(n), "places": placed_tokens(n)}
    right = {
        name: answer_held_out(train, reading, dataset.n_classes) == train.labels for name, reading in readings.items()
    }
    bag = right.pop("bag")
    best = max(right, key=lambda name: right[name].mean())
    accuracy, of_bag, pairs = float(right[best].mean()), float(bag.mean()), Paired.of(bag, right[best])
    evidence = {
        "rows": train.n_rows,
        "accuracy_bag": of_bag,
        f"accuracy_{best}": accuracy,
        "won": pairs.better,
        "lost": pairs.worse,
        "test": "sign test over rows, for two models",
        "p": min(1.0, 2 * pairs.p),
    }
    named = {"neighbours": "pairs of neighbours", "places": "tokens with their positions"}[best]
    sentence = (
        f"main ({what}) sees no order; out of fold, naive Bayes gets {percent(accuracy)} of {train.n_rows:,} "
        f"rows right from {named}, {percent(of_bag)} from the bag of tokens."
    )
    return observe(sentence, "warning" if accuracy - of_bag >= LEAST_ORDER else None, {"variant": "main"}, evidence)


LEAST_LONGER = 0.01  # convention: one point of a score
FEWEST_LONGER = 5  # chosen, not measured


@data_check(
    "position.overflow",
    "At least 1 % of a split's rows, and 5, are longer than train's longest (tested as a draw of the longest "
    "rows). Info: built-in models compute positions, so no table overflows.",
    remedy="A model of your own needs positions for the longest row: enlarge its table, or compute positions.",
)
def position_overflow(analysis: Analysis) -> Iterator[Observed]:
    """Evaluation rows that are longer than any row of train.

    **What it means.** A learnt table of positions has nothing beyond the longest row of train, or beyond its size: the
    model fails, cuts the row, or reads vectors that were never trained. The built-in Transformer computes its
    positions (sines and cosines) and the built-in recurrent models have none, so nothing overflows there; that a
    model has never seen such lengths is true of all.

    **How it is decided.** Rows of each split that are longer than train's longest are counted.

    **What it cannot see.** The position table of a model of your own: compare its size with the longest row.
    """
    yield from compare_with_train(analysis, lambda rows: _count_longer(analysis, rows))


def _count_longer(dataset: AuditDataset, rows: BaselineRows) -> Observed:
    longest = int(dataset.train.lengths.max(initial=0))
    longer = np.flatnonzero(rows.lengths > longest)
    where = {"split": rows.name}
    evidence = {
        "longest_in_train": longest,
        "longest": int(rows.lengths.max(initial=0)),
        "rows_touched": len(longer),
        "of": rows.n_rows,
    }
    share = len(longer) / max(rows.n_rows, 1)
    sentence = (
        f"{rows.name}: {len(longer):,} of {rows.n_rows:,} rows ({percent(share)}) are longer than train's longest of "
        f"{longest:,} tokens (up to {evidence['longest']:,})"
    )
    if len(longer) < FEWEST_LONGER or share < LEAST_LONGER:
        return observe(sentence, None, where, evidence)
    evidence |= {
        "test": "all rows longer than train's longest fall into this split by chance",
        "p": float((rows.n_rows / (rows.n_rows + dataset.train.n_rows)) ** len(longer)),
        **show_rows(rows, longer),
    }
    note = "the built-in models compute positions, and no table overflows"
    if dataset.study.model.own is not None:
        note = "whether your model has positions for them is not known here"
    return observe(f"{sentence}; {note}.", "info", where, evidence)


MOSTLY = 0.8  # chosen, not measured
MIXED = 0.05  # chosen, not measured
OTHER_SIDE = 0.02  # chosen, not measured
FEWEST_PADDED = 20  # chosen, not measured


@data_check(
    "padding.side",
    "Of padded rows, 80 % of train's have one side and 2 % more of a split's the other: a warning, info for a "
    "declared shift. Or 5 % of train's have each: a warning.",
    remedy="Take the padding out of the files, or write it on one side everywhere.",
    rows="sample",
    softens=True,
)
def padding_side(analysis: Analysis) -> Iterator[Observed]:
    """Padding on different sides in train and in an evaluation split, or on both in train.

    **What it means.** A recurrent model that reads the last state, and any model with positions, sees the real tokens
    of such a split at places where train had padding.

    **How it is decided.** Padding that is written into sequences (see `token.padding`) is at the start of a row or at
    its end, or on both sides. The sides of each split's padded rows are counted and compared with train's. Batches that
    are made while training are padded at the end in every split, and masked: nothing needs to be looked for there.

    **What it cannot see.** The padding of a model of your own.
    """
    padding = written_padding(analysis)
    if padding is None or not (padding.splits["train"].edges | padding.splits["train"].inside).any():
        yield observe("No padding is written into train's sequences; batches are padded at the end, in every split.")
        return
    name, train = format_tokens(analysis, padding.codes), padding.splits["train"]
    if padding.named:
        yield _examine_train(analysis.train, train, name)
    for rows in analysis.evaluations:
        yield _compare_sides(rows, padding.splits[rows.name], train, name)


def _compare_sides(rows: BaselineRows, sides: Sides, train: Sides, name: str) -> Observed:
    where, evidence = {"split": rows.name}, {**sides.counts, "of": rows.n_rows}
    padded = int(sides.edges.sum())
    if not padded:
        return observe(f"{rows.name}: no row is padded with {name}.", None, where, evidence)
    sentence = (
        f"{rows.name}: of {padded:,} rows padded with {name}, {_describe_sides(sides)}; train: {_describe_sides(train)}"
    )
    if padded < FEWEST_PADDED:
        return unknown(f"{sentence}; {FEWEST_PADDED} padded rows would be needed.", where, evidence)
    start, end, _ = train.counts.values()
    if start + end < FEWEST_PADDED or max(start, end) < MOSTLY * (start + end):
        return observe(sentence, None, where, evidence)
    here, there = (one.end if start > end else one.start for one in (sides, train))
    affected, in_train, of_train = np.flatnonzero(here), int(there.sum()), int(train.edges.sum())
    excess = len(affected) / padded - in_train / of_train
    upper = bound_share_above(in_train, of_train, 0.01)
    evidence |= {
        "rows_touched": len(affected),
        "padded": padded,
        "excess": excess,
        "test": "binomial, against the upper 99 % bound of train's share",
        "p": float(binom.sf(len(affected) - 1, padded, upper)),
    }
    if excess < OTHER_SIDE:
        return observe(sentence, None, where, evidence)
    return observe(sentence, "warning", where, {**evidence, **show_rows(rows, affected)})


def _examine_train(rows: BaselineRows, sides: Sides, name: str) -> Observed:
    where, evidence = {"split": "train"}, {**sides.counts, "of": rows.n_rows}
    start, end, _ = sides.counts.values()
    sentence = f"train: of {start + end:,} rows padded with {name}, {_describe_sides(sides)}."
    if start + end < FEWEST_PADDED or min(start, end) < MIXED * (start + end):
        return observe(sentence, None, where, evidence)
    rarer = sides.start & ~sides.end if start <= end else sides.end & ~sides.start
    evidence |= show_rows(rows, np.flatnonzero(rarer))
    return observe(sentence, "warning", where, evidence, "Write padding on one side everywhere.")


def _describe_sides(sides: Sides) -> str:
    padded = max(int(sides.edges.sum()), 1)
    start, end, both = (percent(n / padded) for n in sides.counts.values())
    return f"{start} at the start and {end} at the end{f', {both} at both' if sides.counts['at_both'] else ''}"
