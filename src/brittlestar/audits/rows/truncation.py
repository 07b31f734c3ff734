"""Check `data.truncation`: a maximum length that cuts rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from scipy.stats import binom, norm

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check, observe, unknown
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.showing import percent, show_rows
from brittlestar.baselines.bayes import MOST_HELD_OUT, answer_held_out
from brittlestar.baselines.readings import at_position, tokens
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Observed
from brittlestar.core.splits import is_shifted

SHORTEST = 5
LEAST_AT_MAXIMUM, FEWEST_AT_MAXIMUM = 0.02, 10
TIMES_MEAN, TIMES_HIGHEST = 4.0, 2.0
STANDS_OUT = (0.3, 0.8)
OUT_MEAN, OUT_HIGHEST = 10.0, 5.0
SHORT, FEW_SHORT = 0.25, 0.125
LONGER, FEWEST_LONGER = 0.01, 3
LEARNT, DROP, LEAST_CLASS = 0.2, 0.05, 0.05
"""Chosen with the check (f775447), not measured, but for: a pile that stands out, on folders that others generated
(129d48b); and DROP, lowered from .15 (bf02c07). FEW_SHORT is half
of what even lengths would have."""
_LAST = ("last token", "last token but one", "last token but two")


@data_check(
    "data.truncation",
    "A split's rows pile up at its maximum length (2 % of rows, and 10), and another split has longer rows, the "
    "longest rows lose signal, or the pile stands out. A warning; info beside a declared shift.",
    remedy=(
        "Take these rows from before the cut, or raise the maximum length of what wrote the files; then audit again."
    ),
)
def truncation(analysis: Analysis) -> Iterator[Observed]:
    """A maximum length that cuts rows, and with them tokens that the label depends on.

    **What it means.** Rows were cut before they came here. What stood behind the cut is missing for training, or for
    the evaluation, or for both; where it decides the label, no model can answer such rows better than by guessing.

    **How it is decided.** Cut rows pile up at the maximum length. A pile is looked for in every split: many rows of
    exactly the maximum length, against the lengths just below (a fifth of the maximum, at least four lengths, half of
    which occur). A small pile alone proves nothing, since rows may be made that way. It is a finding where another
    split has longer rows: then this one was cut and that one was not. Or where the pile stands out: much of the split
    has the maximum length, and few rows a quarter of it or less, which the last pieces of texts cut into windows would
    have. Or where the longest rows have lost what shorter ones show: four shallow models (bag of tokens; last token,
    last but one, last but two) answer train's rows out of fold, and the agreement of their answers with the labels,
    Cohen's kappa (1960), is compared between rows of the maximum length and rows just below it.

    **What it cannot see.** A cut by characters, not tokens; a cut of nearly all rows to one length; a cut of few rows
    that every split shares when the shallow models learn nothing of the task; a cut at the start of rows, when the end
    decides.
    """
    found = {name: pile_of(rows.lengths) for name, rows in analysis.splits.items()}
    piles = {name: pile for name, pile in found.items() if pile is not None}
    if not piles:
        longest = ", ".join(f"{name} {int(rows.lengths.max(initial=0)):,}" for name, rows in analysis.splits.items())
        sentence = f"No split has a pile of rows at its maximum length ({longest} tokens)."
        yield observe(sentence, None, {}, {"maximum": longest})
    lost = lost_signal(analysis, piles["train"]) if "train" in piles else None
    for name, pile in piles.items():
        yield _examine(analysis, analysis.splits[name], pile, lost if name == "train" else None)


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
    """The rows at the maximum length if they are a pile, far more than at the lengths below; `lengths` int64
    (n_rows,)."""
    maximum = int(lengths.max(initial=0))
    if maximum < SHORTEST:
        return None
    window = min(max(4, maximum // 5), maximum - 1)
    counts = np.bincount(lengths[lengths >= maximum - window] - (maximum - window), minlength=window + 1)
    below, at, shorter = counts[:-1], int(counts[-1]), lengths[lengths < maximum]
    few = at < max(FEWEST_AT_MAXIMUM, LEAST_AT_MAXIMUM * len(lengths)) or 2 * (below > 0).sum() < window
    if few or at < TIMES_MEAN * below.mean() or at < TIMES_HIGHEST * below.max():
        return None
    short = float((shorter <= SHORT * maximum).mean()) if len(shorter) else 0.0
    return Pile(maximum, at, float(below.mean()), window, int(below.max()), at / len(lengths), short)


def lost_signal(dataset: AuditDataset, pile: Pile) -> dict[str, Any] | None:
    """The shallow model that loses most at the maximum length of train, as evidence: Cohen's kappa just below it and at
    it, and p over all models; None where none has learnt anything below."""
    train, n = dataset.train.thin(MOST_HELD_OUT, "data.truncation", "rows"), len(dataset.tokens)
    at = train.lengths == pile.maximum
    below = (train.lengths < pile.maximum) & (train.lengths >= pile.maximum - pile.window)
    found: list[dict[str, Any]] = []
    models = {"bag of tokens": tokens(n)} | {name: at_position(-1 - k, n) for k, name in enumerate(_LAST)}
    for name, reading in models.items():
        answers = answer_held_out(train, reading, dataset.n_classes)
        first, second = (kappa(answers[rows], train.labels[rows]) for rows in (below, at))
        if first is None or second is None or first[0] < LEARNT:
            continue
        z = (first[0] - second[0]) / max(sqrt(first[1] ** 2 + second[1] ** 2), 1e-12)
        p = min(1.0, len(models) * float(norm.sf(z)))
        found.append({"model": name, "kappa_below": first[0], "kappa_at": second[0], "p": p})
    return max(found, key=lambda one: one["kappa_below"] - one["kappa_at"], default=None)


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


def _examine(dataset: AuditDataset, rows: BaselineRows, pile: Pile, lost: dict[str, Any] | None) -> Observed:
    where = {"split": rows.name}
    evidence: dict[str, Any] = {
        "maximum": pile.maximum,
        "rows_at_maximum": pile.rows,
        "of": rows.n_rows,
        "share": pile.share,
        "mean_rows_per_length_below": pile.below,
        **show_rows(rows, np.flatnonzero(rows.lengths == pile.maximum)),
    }
    sentence = (
        f"{rows.name}: {pile.rows:,} of {rows.n_rows:,} rows ({percent(pile.share)}) have exactly the "
        f"maximum of {pile.maximum:,} tokens, {pile.below:.1f} rows each of the {pile.window} lengths below"
    )
    reasons: dict[str, float] = {}
    declared = is_shifted(rows.name)
    other, longer, p = _longer(dataset, rows, pile.maximum)
    if other is not None:
        share = longer / other.n_rows
        evidence["longer"] = {"split": other.name, "rows": longer, "of": other.n_rows, "share": share, "p": p}
        reasons[f"{percent(share)} of {other.name} is longer"] = p
        declared = declared or is_shifted(other.name)
    if lost is not None:
        evidence["signal"], below, at = lost, lost["kappa_below"], lost["kappa_at"]
        if below - at >= DROP:
            note = f"agrees with the label just below (kappa {below:.2f}) and not there ({at:.2f})"
            reasons[f"the {lost['model']} {note}"] = lost["p"]
            declared = declared and is_shifted(rows.name)
    if not reasons and pile.stands_out:
        p = min(1.0, pile.window * float(binom.sf(pile.rows - 1, pile.rows + pile.highest, 0.5)))
        reasons[f"no length below has more than {pile.highest:,} rows, as where longer rows were cut"] = p
        evidence["highest_below"] = pile.highest
    if not reasons:
        note = "whether they were cut cannot be decided: no other split has longer rows, and the shallow models"
        note += f" {'lose nothing there' if lost else 'learn nothing'}. The data from before the maximum was set would"
        return unknown(f"{sentence}; {note} settle it.", where, evidence)
    evidence["p"] = min(1.0, len(reasons) * min(reasons.values()))
    return observe(f"{sentence}; {'; '.join(reasons)}.", "info" if declared else "warning", where, evidence)


def _longer(dataset: AuditDataset, rows: BaselineRows, maximum: int) -> tuple[BaselineRows | None, int, float]:
    """The split with the largest share of longer rows, how many, and the chance that all of them fall into it."""
    many = {name: int((other.lengths > maximum).sum()) for name, other in dataset.splits.items()}
    fit = [split for split in dataset.splits.values() if many[split.name] >= max(FEWEST_LONGER, LONGER * split.n_rows)]
    if not fit:
        return None, 0, 1.0
    other = max(fit, key=lambda one: (not is_shifted(one.name), many[one.name] / one.n_rows))
    n = many[other.name]
    return other, n, float((other.n_rows / (other.n_rows + rows.n_rows)) ** n)
