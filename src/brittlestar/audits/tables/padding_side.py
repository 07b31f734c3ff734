"""Finding `padding.side`."""

from collections.abc import Iterator

import numpy as np
from scipy.stats import binom

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.holding import format_tokens
from brittlestar.audits.showing import Rule, percent, show_rows, soften_declared
from brittlestar.audits.tokens.padding import Sides, written_padding
from brittlestar.baselines.rows import LabelledRows
from brittlestar.core.findings import Finding
from brittlestar.statistics.proportions import bound_share_above

CODE = "padding.side"
SEES = "sample"
MOSTLY = 0.8  # chosen, not measured
MIXED = 0.05  # chosen, not measured
OTHER = 0.02  # chosen, not measured
SERIOUS = 0.1  # chosen, not measured
FEWEST_ROWS = 20  # chosen, not measured
THRESHOLD = (
    "Of padded rows, 80 % of train's have one side and 2 % more of a split's the other: a warning, an error from 10 "
    "%, info for a declared shift. Or 5 % of train's have each: a warning."
)
RULE = Rule(CODE, THRESHOLD, "Take the padding out of the files, or write it on one side everywhere.")


def check(analysis: Analysis) -> Iterator[Finding]:
    """Padding on different sides in train and in an evaluation split, or on both in train.

    **What it means.** A recurrent model that reads the last state, and any model with positions, sees the real tokens
    of such a split at places where train had padding.

    **How it is decided.** Padding that is written into sequences (see `token.padding`) is at the start of a row or at
    its end, or on both sides. The sides of each split's padded rows are counted and compared with train's. Batches that
    are made while training are padded at the end in every split, and masked: nothing needs to be looked for there.

    **Thresholds.** Train has a side where 80 % of at least 20 padded rows have it. Of the padded rows of a split, 2
    points more than of train's on the other side are a warning, 10 points an error (binomial test against the upper
    bound of train's share), info on a split declared as shifted. Train with at least 5 % of its padded rows on each
    side is a warning.

    **What it cannot see.** The padding of a model of your own.

    **What to do.** Take the padding out of the files, or write it on one side everywhere.
    """
    padding = written_padding(analysis)
    if padding is None or not (padding.splits["train"].edges | padding.splits["train"].inside).any():
        yield RULE.conclude(
            "No padding is written into train's sequences; batches are padded at the end, in every split."
        )
        return
    name, train = format_tokens(analysis, padding.codes), padding.splits["train"]
    if padding.named:
        yield _examine_train(analysis.train, train, name)
    for rows in analysis.evaluations:
        yield _examine(rows, padding.splits[rows.name], train, name)


def _examine(rows: LabelledRows, sides: Sides, train: Sides, name: str) -> Finding:
    where, evidence = {"split": rows.name}, {**sides.counts, "of": rows.n_rows}
    padded = int(sides.edges.sum())
    if not padded:
        return RULE.conclude(f"{rows.name}: no row is padded with {name}.", None, where, evidence)
    told = f"{rows.name}: of {padded:,} rows padded with {name}, {_share(sides)}; train: {_share(train)}"
    if padded < FEWEST_ROWS:
        return RULE.abstain(f"{told}; {FEWEST_ROWS} padded rows would be needed.", where, evidence)
    start, end, _ = train.counts.values()
    if start + end < FEWEST_ROWS or max(start, end) < MOSTLY * (start + end):
        return RULE.conclude(f"{told}.", None, where, evidence)
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
    if excess < OTHER:
        return RULE.conclude(f"{told}.", None, where, evidence)
    severity = soften_declared(rows.name, "error" if excess >= SERIOUS else "warning")
    return RULE.conclude(f"{told}.", severity, where, {**evidence, **show_rows(rows, affected)})


def _examine_train(rows: LabelledRows, sides: Sides, name: str) -> Finding:
    where, evidence = {"split": "train"}, {**sides.counts, "of": rows.n_rows}
    start, end, _ = sides.counts.values()
    told = f"train: of {start + end:,} rows padded with {name}, {_share(sides)}."
    if start + end < FEWEST_ROWS or min(start, end) < MIXED * (start + end):
        return RULE.conclude(told, None, where, evidence)
    rarer = sides.start & ~sides.end if start <= end else sides.end & ~sides.start
    evidence |= show_rows(rows, np.flatnonzero(rarer))
    return RULE.conclude(told, "warning", where, evidence, "Write padding on one side everywhere.")


def _share(sides: Sides) -> str:
    padded = max(int(sides.edges.sum()), 1)
    start, end, both = (percent(n / padded) for n in sides.counts.values())
    return f"{start} at the start and {end} at the end{f', {both} at both' if sides.counts['at_both'] else ''}"
