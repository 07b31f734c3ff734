"""Finding `padding.side`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from scipy.stats import binom

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.holding import format_tokens as shown_tokens
from brittlestar.audits.showing import all_ids, listed_ids, percent
from brittlestar.audits.tokens.written_padding import Sides, written_padding
from brittlestar.core.findings import Finding, Severity
from brittlestar.statistics.proportions import bound_share_above

CODE = "padding.side"
MOSTLY = 0.8  # chosen, not measured
MIXED = 0.05  # chosen, not measured
OTHER = 0.02  # chosen, not measured
SERIOUS = 0.1  # chosen, not measured
FEWEST_ROWS = 20  # chosen, not measured
THRESHOLD = (
    "Of padded rows, 80 % of train's have one side and 2 % more of a split's the other: a warning, an error from 10 "
    "%, info for a declared shift. Or 5 % of train's have each: a warning."
)


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
    if padding is None or not padding.splits["train"].padded.any():
        summary = "No padding is written into train's sequences; batches are padded at the end, in every split."
        yield Finding(CODE, "absent", summary, THRESHOLD)
        return
    name = shown_tokens(analysis, padding.codes)
    train = padding.splits["train"]
    if padding.named:
        yield _train(analysis, train, name)
    for rows in analysis.evaluations:
        sides = padding.splits[rows.name]
        padded = int(sides.edges.sum())
        evidence = _evidence(sides, rows.n_rows)
        told = f"{rows.name}: of {padded:,} rows padded with {name}, {_share(sides)}; train: {_share(train)}"
        where = {"split": rows.name}
        if padded < FEWEST_ROWS:
            if not padded:
                summary = f"{rows.name}: no row is padded with {name}."
                yield Finding(CODE, "absent", summary, THRESHOLD, where=where, evidence=evidence)
            else:
                summary = f"{told}; {FEWEST_ROWS} padded rows would be needed."
                yield Finding(CODE, "inconclusive", summary, THRESHOLD, where=where, evidence=evidence)
            continue
        usual = _side(train)
        if usual is None:
            yield Finding(CODE, "absent", f"{told}.", THRESHOLD, where=where, evidence=evidence)
            continue
        other = "end" if usual == "start" else "start"
        affected = np.flatnonzero(sides.at(other))
        in_train, of_train = int(train.at(other).sum()), int(train.edges.sum())
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
            yield Finding(CODE, "absent", f"{told}.", THRESHOLD, where=where, evidence=evidence)
            continue
        severity: Severity = "error" if excess >= SERIOUS else "warning"
        if rows.name.startswith("shift"):
            severity = "info"
        evidence |= {"rows": listed_ids(rows, affected), "row_ids": all_ids(rows, affected)}
        yield Finding(
            CODE,
            "present",
            f"{told}.",
            THRESHOLD,
            severity,
            where,
            evidence,
            "Take the padding out of the files, or write it on one side everywhere.",
        )


def _train(dataset: AuditDataset, sides: Sides, name: str) -> Finding:
    where = {"split": "train"}
    start, end = int(sides.start.sum()), int(sides.end.sum())
    told = f"train: of {start + end:,} rows padded with {name}, {_share(sides)}"
    evidence = _evidence(sides, dataset.train.n_rows)
    if start + end >= FEWEST_ROWS and min(start, end) >= MIXED * (start + end):
        rarer = np.flatnonzero(sides.start if start <= end else sides.end)
        evidence |= {"rows": listed_ids(dataset.train, rarer), "row_ids": all_ids(dataset.train, rarer)}
        return Finding(
            CODE, "present", f"{told}.", THRESHOLD, "warning", where, evidence, "Write padding on one side everywhere."
        )
    return Finding(CODE, "absent", f"{told}.", THRESHOLD, where=where, evidence=evidence)


def _side(sides: Sides) -> Literal["start", "end"] | None:
    start, end = int(sides.start.sum()), int(sides.end.sum())
    if start + end < FEWEST_ROWS:
        return None
    return "start" if start >= MOSTLY * (start + end) else "end" if end >= MOSTLY * (start + end) else None


def _share(sides: Sides) -> str:
    start, end, both = int(sides.start.sum()), int(sides.end.sum()), int(sides.both.sum())
    padded = max(int(sides.edges.sum()), 1)
    told = f"{percent(start / padded)} at the start and {percent(end / padded)} at the end"
    return f"{told}, {percent(both / padded)} at both" if both else told


def _evidence(sides: Sides, n_rows: int) -> dict[str, Any]:
    return {
        "at_start": int(sides.start.sum()),
        "at_end": int(sides.end.sum()),
        "at_both": int(sides.both.sum()),
        "of": n_rows,
    }
