"""Finding `data.truncation`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from scipy.stats import binom, norm

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.bayes import folds_of, out_of_fold
from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.audits.shortcuts.occurrences import Columns, at_position, counts_of, tokens
from brittlestar.audits.showing import all_ids, listed_ids, percent
from brittlestar.core.findings import Finding, Severity
from brittlestar.core.seeds import generator

CODE = "data.truncation"
SHORTEST = 5
LEAST_SHARE = 0.02
FEWEST_ROWS = 10
TIMES_MEAN = 4.0
TIMES_HIGHEST = 2.0
STANDS_OUT = (0.3, 0.8)
OUT_MEAN = 10.0
OUT_HIGHEST = 5.0
SHORT = 0.25
FEW_SHORT = 0.125
LONGER = 0.01
FEWEST_LONGER = 3
NEARLY_ALL = 0.8
HALF = 0.5
LEARNT = 0.2
DROP = 0.05
LEAST_CLASS = 0.05
MOST_ROWS = 50_000
MOST_CELLS = 20_000_000
"""Chosen with the check (f775447), not measured, but for: a pile that stands out, on folders that others generated
(129d48b); splits cut to one length, on the third set (7d5d67f); DROP, lowered from .15 (bf02c07); and the budgets, a
second and 160 MB for naive Bayes. FEW_SHORT is half of what even lengths would have."""
THRESHOLD = (
    "A split's rows pile up at its maximum length (2 % of rows, and 10), and another split has longer rows, the "
    "longest rows lose signal, or the pile stands out. A warning; info beside a declared shift."
)
_LAST = ("last token", "last token but one", "last token but two")


def check(analysis: Analysis) -> Iterator[Finding]:
    """A maximum length that cuts rows, and with them tokens that the label depends on.

    **What it means.** Rows were cut before they came here. What stood behind the cut is missing for training, or for
    the evaluation, or for both; where it decides the label, no model can answer such rows better than by guessing.

    **How it is decided.** Cut rows pile up at the maximum length. A pile is looked for in every split: many rows of
    exactly the maximum length, against the lengths just below (a fifth of the maximum, at least four lengths, half of
    which occur); or nearly all rows have it, while half of another split is longer and of many lengths. A small pile
    alone proves nothing, since rows may be made that way. It is a finding where another split has longer rows: then
    this one was cut and that one was not. Or where the pile stands out: much of the split has the maximum length, and
    few rows a quarter of it or less, which the last pieces of texts cut into windows would have. Or where the longest
    rows have lost what shorter ones show: four shallow models (bag of tokens; last token, last but one, last but two)
    answer train's rows out of fold, and the agreement of their answers with the labels, Cohen's kappa (1960), is
    compared between rows of the maximum length and rows just below it.

    **Thresholds.** The pile: 2 % of the rows, ten rows, four times the mean and twice the highest count below. Longer
    rows: 1 % of the other split, three rows (tested as a draw of all longer rows into that split). Lost signal: kappa
    of .2 or more below, less by .05 or more at the maximum (z-test, for four models). A pile that stands out: 30 % to
    80 % of the rows, ten times the mean and five times the highest count below (sign test against the highest), and at
    most 12.5 % of the shorter rows in the lowest quarter of lengths, where even lengths would have 25 %. All are
    warnings, info on a split that was declared as shifted.

    **What it cannot see.** A cut by characters, not tokens; a cut of nearly all rows of every split to one length; a
    cut of few rows that every split shares when the shallow models learn nothing of the task; a cut at the start of
    rows, when the end decides.

    **What to do.** Take the data from before the cut, or raise the maximum length of whatever wrote it.
    """
    piles = {
        name: found
        for name, rows in analysis.splits.items()
        if (found := pile_of(rows.lengths) or nearly_all(analysis, rows)) is not None
    }
    if not piles:
        longest = ", ".join(f"{name} {int(rows.lengths.max(initial=0)):,}" for name, rows in analysis.splits.items())
        summary = f"No split has a pile of rows at its maximum length ({longest} tokens)."
        yield Finding(CODE, "absent", summary, THRESHOLD, evidence={"maximum": longest})
    lost = lost_signal(analysis, piles["train"]) if "train" in piles else None
    for name, pile in piles.items():
        yield _finding(analysis, analysis.splits[name], pile, lost if name == "train" else None)


@dataclass(frozen=True)
class Pile:
    """Rows at the maximum length: `maximum` tokens, `rows` of them, `below` the mean and `highest` the largest count of
    the `window` lengths just below; `share` of all rows, and `short` the share of the shorter rows that have a quarter
    of the maximum or less."""

    maximum: int
    rows: int
    below: float
    window: int
    highest: int
    share: float
    short: float

    @property
    def stands_out(self) -> bool:
        """Whether the pile alone says that rows were cut."""
        return (
            STANDS_OUT[0] <= self.share <= STANDS_OUT[1]
            and self.rows >= OUT_MEAN * self.below
            and self.rows >= OUT_HIGHEST * self.highest
            and self.short <= FEW_SHORT
        )


def pile_of(lengths: np.ndarray) -> Pile | None:
    """The pile of rows at the maximum length, if there is one; `lengths` int64 (n_rows,)."""
    maximum = int(lengths.max(initial=0))
    if maximum < SHORTEST:
        return None
    window = min(max(4, maximum // 5), maximum - 1)
    counts = np.bincount(lengths[lengths >= maximum - window] - (maximum - window), minlength=window + 1)
    below, at = counts[:-1], int(counts[-1])
    if at < max(FEWEST_ROWS, LEAST_SHARE * len(lengths)) or (below > 0).sum() < window / 2:
        return None
    if at < TIMES_MEAN * below.mean() or at < TIMES_HIGHEST * below.max():
        return None
    shorter = lengths[lengths < maximum]
    short = float((shorter <= SHORT * maximum).mean()) if len(shorter) else 0.0
    return Pile(maximum, at, float(below.mean()), window, int(below.max()), at / len(lengths), short)


def nearly_all(dataset: AuditDataset, rows: AuditSplit) -> Pile | None:
    """The pile of a split that has nearly all of its rows at the maximum, where half of another split is longer and of
    many lengths; None else, as where rows have one length by nature."""
    lengths = rows.lengths
    maximum = int(lengths.max(initial=0))
    at = int((lengths == maximum).sum())
    if maximum < SHORTEST or at < max(FEWEST_ROWS, NEARLY_ALL * len(lengths)):
        return None
    for other in dataset.splits.values():
        longer = other.lengths[other.lengths > maximum]
        if len(longer) >= HALF * max(other.n_rows, 1) and np.bincount(longer).max() < HALF * len(longer):
            shorter = lengths[lengths < maximum]
            window = min(max(4, maximum // 5), maximum - 1)
            near = shorter[shorter >= maximum - window]
            highest = int(np.bincount(near).max()) if len(near) else 0
            return Pile(maximum, at, len(near) / window, window, highest, at / len(lengths), 0.0)
    return None


@dataclass(frozen=True)
class Lost:
    """Cohen's kappa of a shallow model just below the maximum and at it, rows of each, and p over all models."""

    model: str
    below: float
    at: float
    rows: tuple[int, int]
    p: float


def lost_signal(dataset: AuditDataset, pile: Pile) -> Lost | None:
    """The shallow model that loses most at the maximum length of train; None where none has learnt anything below."""
    train = dataset.train
    if train.n_rows > MOST_ROWS:
        train = train.take(np.sort(generator(0, CODE, "rows").choice(train.n_rows, MOST_ROWS, replace=False)))
    at = train.lengths == pile.maximum
    below = (train.lengths < pile.maximum) & (train.lengths >= pile.maximum - pile.window)
    found: list[Lost] = []
    n = len(dataset.tokens)
    models = {"bag of tokens": tokens(n)} | {name: at_position(-1 - k, n) for k, name in enumerate(_LAST)}
    for name, reading in models.items():
        read = reading(train)
        columns = Columns.of(read, 1)
        if columns.n * dataset.n_classes > MOST_CELLS:
            continue
        counts = counts_of(read, columns)
        answers = out_of_fold(counts, train.labels, dataset.n_classes, folds_of(train.hashes)).argmax(axis=1)
        first = kappa(answers[below], train.labels[below])
        second = kappa(answers[at], train.labels[at])
        if first is None or second is None or first[0] < LEARNT:
            continue
        z = (first[0] - second[0]) / max(sqrt(first[1] ** 2 + second[1] ** 2), 1e-12)
        p = min(1.0, len(models) * float(norm.sf(z)))
        found.append(Lost(name, first[0], second[0], (int(below.sum()), int(at.sum())), p))
    return max(found, key=lambda one: one.below - one.at, default=None)


def kappa(answers: np.ndarray, labels: np.ndarray) -> tuple[float, float] | None:
    """Cohen's kappa and its standard error (Cohen 1960); None where fewer than 20 rows, or less than two classes with
    5 % of them each, are there."""
    n = len(labels)
    if n < 20:
        return None
    size = int(max(answers.max(), labels.max())) + 1
    given, true = (np.bincount(codes, minlength=size) / n for codes in (answers, labels))
    if (true >= LEAST_CLASS).sum() < 2:
        return None
    observed, expected = float((answers == labels).mean()), float(given @ true)
    if expected >= 1:
        return None
    error = sqrt(max(observed * (1 - observed), 1 / n) / n) / (1 - expected)
    return (observed - expected) / (1 - expected), error


def _finding(dataset: AuditDataset, rows: AuditSplit, pile: Pile, lost: Lost | None) -> Finding:
    where = {"split": rows.name}
    cut = np.flatnonzero(rows.lengths == pile.maximum)
    evidence: dict[str, Any] = {
        "maximum": pile.maximum,
        "rows_at_maximum": pile.rows,
        "of": rows.n_rows,
        "share": pile.rows / rows.n_rows,
        "mean_rows_per_length_below": pile.below,
        "rows": listed_ids(rows, cut),
        "row_ids": all_ids(rows, cut),
    }
    story = (
        f"{rows.name}: {pile.rows:,} of {rows.n_rows:,} rows ({percent(pile.rows / rows.n_rows)}) have exactly the "
        f"maximum of {pile.maximum:,} tokens, {pile.below:.1f} rows each of the {pile.window} lengths below"
    )
    other, longer, p = _longer(dataset, rows, pile.maximum)
    reasons: list[str] = []
    tests: list[float] = []
    declared = rows.name.startswith("shift")
    if other is not None:
        share = longer / other.n_rows
        evidence["longer"] = {"split": other.name, "rows": longer, "of": other.n_rows, "share": share, "p": p}
        reasons.append(f"{percent(share)} of {other.name} is longer")
        declared = declared or other.name.startswith("shift")
        tests.append(p)
    if lost is not None:
        evidence["signal"] = {"model": lost.model, "kappa_below": lost.below, "kappa_at": lost.at, "p": lost.p}
        if lost.below - lost.at >= DROP:
            reasons.append(
                f"the {lost.model} agrees with the label just below (kappa {lost.below:.2f}) and not there "
                f"({lost.at:.2f})"
            )
            tests.append(lost.p)
            declared = declared and rows.name.startswith("shift")
    if not reasons and pile.stands_out:
        reasons.append(f"no length below has more than {pile.highest:,} rows, as where longer rows were cut")
        tests.append(min(1.0, pile.window * float(binom.sf(pile.rows - 1, pile.rows + pile.highest, 0.5))))
        evidence["highest_below"] = pile.highest
    if not reasons:
        missing = "; whether they were cut cannot be decided: no other split has longer rows"
        missing += ", and the shallow models lose nothing there" if lost else ", and the shallow models learn nothing"
        summary = f"{story}{missing}. The data from before the maximum was set would settle it."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, where=where, evidence=evidence)
    severity: Severity = "info" if declared else "warning"
    evidence["p"] = min(1.0, len(tests) * min(tests))
    return Finding(
        CODE,
        "present",
        f"{story}; {'; '.join(reasons)}.",
        THRESHOLD,
        severity,
        where,
        evidence,
        "Take these rows from before the cut, or raise the maximum length of what wrote the files; then audit again.",
    )


def _longer(dataset: AuditDataset, rows: AuditSplit, maximum: int) -> tuple[AuditSplit | None, int, float]:
    """The split with the largest share of longer rows, splits that were not declared as shifted first; how many they
    are; and the chance that all longer rows fall into it and none into this one."""
    found: list[tuple[bool, float, int, AuditSplit]] = []
    for other in dataset.splits.values():
        n = int((other.lengths > maximum).sum())
        if n >= FEWEST_LONGER and n >= LONGER * other.n_rows:
            found.append((not other.name.startswith("shift"), n / other.n_rows, n, other))
    if not found:
        return None, 0, 1.0
    _, _, n, other = max(found, key=lambda one: one[:2])
    return other, n, float((other.n_rows / (other.n_rows + rows.n_rows)) ** n)
