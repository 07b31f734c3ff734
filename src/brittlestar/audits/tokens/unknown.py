"""Check `token.unknown`: an unknown or mask token hides what it replaced."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse
from scipy.stats import norm, poisson

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check, observe, unknown
from brittlestar.audits.dataset import AuditDataset, bag, chosen, format_tokens, holding, occurrences
from brittlestar.audits.shifts.chance import Shares, drift
from brittlestar.audits.shifts.judge import FEWEST_ROWS, SURE
from brittlestar.audits.shifts.rows import SplitPair
from brittlestar.audits.showing import percent, show_rows
from brittlestar.audits.tokens.markers import unknown_codes
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Observed

LEAST_CLASS_DIFFERENCE, STRONG_CLASS_DIFFERENCE = 0.1, 0.3
"""Chosen, not measured: differences between classes."""
MOST_STRATA = 10  # convention: tenths
FEWEST_IN_CLASS = 20  # chosen with its tests (1dafe26): smaller classes tell by chance
RARE = 10.0  # convention: a count is about normal from 10 expected on


@data_check(
    "token.unknown",
    "Tokens written as unknown are three times as frequent as in train. A class has rows with unknown tokens 10 "
    "points more or less often: info, or a warning.",
    remedy=(
        "Keep these tokens: raise the vocabulary's size, or split rare words into characters or pieces; audit again."
    ),
    softens=True,
    reads_labels=False,
)
def unknown_tokens(analysis: Analysis) -> Iterator[Observed]:
    """An unknown or mask token hides what it replaced: from one split, or from one class.

    **What it means.** All unknown tokens are one to a model. Where a split holds far more of them than train, it was
    written with another vocabulary, and the score there is that of guessing what they were. Where they are commoner in
    one class, a filter may have replaced rare tokens that carried the label.

    **How it is decided.** Tokens written as unknown or masked are known by their names (`<unk>`, `[UNK]`, `UNK`,
    `<oov>`, `[MASK]` and the like). Their share of each evaluation split's tokens is compared with train's, over what
    was drawn (`shift.composition`). In every split, rows that hold one are counted by class. Longer rows hold more of
    everything, so classes are compared at equal length, in up to ten strata (Cochran 1954; Mantel and Haenszel 1959).
    Of what is found about the written tokens of one split, the worst is reported; what `shift.vocabulary` and
    `shift.composition` find beside it is information where these tokens explain it.

    **What it cannot see.** What the unknown token stood for.
    """
    literal = unknown_codes(analysis.tokens)
    counts = occurrences(analysis)
    written = chosen(literal, len(analysis.tokens))
    beside = {comparison.name: comparison for comparison in analysis.comparisons} if len(literal) else {}
    for rows in analysis.splits.values():
        if counts[rows.name][literal].sum():
            by_class = _examine(analysis, rows, written)
            far_more = _find_far_more(beside.get(rows.name), by_class)
            if far_more is not None and by_class.severity is not None:
                far_more = replace(far_more, evidence={**far_more.evidence, "also": [by_class.sentence]})
            yield far_more or by_class
    if not sum(counts[name][literal].sum() for name in analysis.splits):
        sentence = f"None of the {len(analysis.tokens):,} distinct tokens is written as unknown (<unk>, [UNK], …)."
        yield observe(sentence)


LEAST_OF_TOKENS = 0.01
LEAST_OF_ROWS = 0.02
"""As `shift.vocabulary` asks of tokens unseen in train."""
LEAST_RATIO = 3.0
"""As `token.unknown` asks of unseen tokens: convention."""


@dataclass(frozen=True)
class Surplus:
    """Tokens written as unknown: `codes` int64; their shares of all tokens and of rows that hold one, in train and in
    the split; `p`, two-sided, of the shares of tokens over units."""

    codes: np.ndarray
    tokens: tuple[float, float]
    rows: tuple[float, float]
    p: float

    @property
    def far_more(self) -> bool:
        """Whether the split has far more of them, surely."""
        shares = ((*self.tokens, LEAST_OF_TOKENS), (*self.rows, LEAST_OF_ROWS))
        far = any(here - train >= least and here >= LEAST_RATIO * train for train, here, least in shares)
        return far and self.p <= SURE

    def as_json(self, split: str) -> dict[str, Any]:
        """Shares and test as JSON values."""
        return {
            "share_of_tokens": {"train": self.tokens[0], split: self.tokens[1]},
            "share_of_rows": {"train": self.rows[0], split: self.rows[1]},
            "p_of_surplus": self.p,
        }


def find_surplus(comparison: SplitPair) -> Surplus | None:
    """Of one split beside train; None where it has no such token."""
    dataset, whole = comparison.dataset, comparison.whole
    codes = unknown_codes(dataset.tokens)
    wanted = chosen(codes, len(dataset.tokens))
    if not wanted[whole.codes].any():
        return None
    first, second = (
        Shares.of(
            sparse.csr_matrix(bag(side.rows, len(dataset.tokens))[:, codes].sum(axis=1)), side.rows.lengths, side.units
        )
        for side in (comparison.train, comparison.other)
    )
    tokens, tokens_here = (float(wanted[one.codes].mean()) if len(one.codes) else 0.0 for one in (dataset.train, whole))
    both = (dataset.train, dataset.splits[whole.name])
    rows, rows_here = (len(holding(one, wanted)) / max(one.n_rows, 1) for one in both)
    return Surplus(codes, (tokens, tokens_here), (rows, rows_here), float(drift(first, second).p[0]))


def _find_far_more(comparison: SplitPair | None, by_class: Observed) -> Observed | None:
    """That an evaluation split has far more written tokens than train, with what is known of them by class."""
    surplus = None if comparison is None else find_surplus(comparison)
    if comparison is None or surplus is None or not surplus.far_more:
        return None
    rows, (train, here), in_rows = comparison.whole, surplus.tokens, surplus.rows[1]
    shown = format_tokens(comparison.dataset, surplus.codes[np.isin(surplus.codes, rows.codes)])
    there = f"{percent(train)} of train's tokens are" if train else "train has none"
    summary = (
        f"{rows.name}: {percent(here)} of its tokens, in {percent(in_rows)} of {rows.n_rows:,} rows, are written as "
        f"unknown ({shown}); {there}."
    )
    evidence = {
        **by_class.evidence,
        **surplus.as_json(rows.name),
        "test": "share of these tokens against its variance over what was drawn",
        "p": surplus.p,
        **show_rows(rows, holding(rows, chosen(surplus.codes, len(comparison.dataset.tokens)))),
    }
    return observe(summary, "warning" if train else "error", by_class.where, evidence)


def _examine(dataset: AuditDataset, rows: BaselineRows, wanted: np.ndarray) -> Observed:
    where = {"split": rows.name, "kind": "written"}
    found = holding(rows, wanted)
    share = percent(len(found) / max(rows.n_rows, 1))
    sentence = f"{rows.name}: {len(found):,} of {rows.n_rows:,} rows ({share}) hold a token written as unknown"
    few = f"{rows.n_rows} rows are too few to tell, {FEWEST_ROWS} would do" if rows.n_rows < FEWEST_ROWS else ""
    evidence = {"rows_touched": len(found), "of": rows.n_rows}
    told = telling(chosen(found, rows.n_rows), rows.labels, rows.lengths, dataset.n_classes)
    if told is None and few and len(found):
        return unknown(f"{sentence}; {few}.", where, evidence)
    if told is None:
        return observe(sentence, None, where, evidence)
    evidence |= {
        "class": dataset.labels[told.label],
        "rate_in_class": told.rate,
        "rate_elsewhere": told.elsewhere,
        "difference_at_equal_length": told.difference,
        "gain_over_majority": told.gain,
        "test": "Mantel-Haenszel over strata of length, corrected over classes",
        "p": told.p,
        **show_rows(rows, found),
    }
    by_class = f"{percent(told.rate)} of class {dataset.labels[told.label]}, {percent(told.elsewhere)} of the others"
    if abs(told.difference) < LEAST_CLASS_DIFFERENCE and few:
        return unknown(f"{sentence} ({by_class}); {few}.", where, evidence)
    if abs(told.difference) < LEAST_CLASS_DIFFERENCE:
        return observe(f"{sentence}; {by_class}.", None, where, evidence)
    severity = "warning" if abs(told.difference) >= STRONG_CLASS_DIFFERENCE else "info"
    example = format_tokens(dataset, np.flatnonzero(wanted & chosen(rows.codes, len(wanted))))
    sentence = f"{sentence} ({example}): {by_class}; it predicts the class by itself."
    return observe(sentence, severity, where, evidence)


@dataclass(frozen=True)
class Telling:
    """The class whose rows have it most unlike the others: `rate` in that class, `elsewhere` in the rest;
    `difference` class against rest, with row length held; `gain` over the majority class of predicting from presence
    alone; `p` two-sided, over all classes."""

    label: int
    rate: float
    elsewhere: float
    difference: float
    gain: float
    p: float


def telling(present: np.ndarray, labels: np.ndarray, lengths: np.ndarray, n_classes: int) -> Telling | None:
    """Compare the classes' rates of `present` bool (n_rows,) within up to ten strata of equal length.

    In each stratum the number of rows of a class that have it is hypergeometric when the label tells nothing; sums over
    strata give a z per class (Cochran 1954, Mantel and Haenszel 1959), and the class with 20 rows whose z is largest
    counts. Where less than ten rows of that class are expected to have it, p is at least that of a Poisson count. None
    with less than two such classes, or where all rows or none have it.
    """
    use = (labels >= 0) & (labels < n_classes)
    present, labels, lengths = present[use], labels[use], lengths[use]
    n = len(labels)
    per_class = np.bincount(labels, minlength=n_classes).astype(np.float64)
    if (per_class >= FEWEST_IN_CLASS).sum() < 2 or not 0 < present.sum() < n:
        return None
    edges = np.unique(np.quantile(lengths, np.linspace(0, 1, MOST_STRATA + 1)[1:-1]))
    stratum = np.searchsorted(edges, lengths, side="left")
    size = int(stratum.max()) + 1
    cells = np.bincount(stratum * n_classes + labels, minlength=size * n_classes).reshape(size, n_classes)
    rows, having = cells.sum(axis=1), np.bincount(stratum, present, minlength=size)
    share = having / np.maximum(rows, 1)
    expected = share @ cells
    spread = share * (1 - share) / np.maximum(rows - 1, 1)
    variance = (spread[:, None] * cells * (rows[:, None] - cells)).sum(axis=0)
    # What a class could differ by at all: strata in which it stands alone say nothing.
    room = (cells * (rows[:, None] - cells) / np.maximum(rows, 1)[:, None]).sum(axis=0)
    observed = np.bincount(labels, present, minlength=n_classes)
    z = (observed - expected) / np.sqrt(np.maximum(variance, 1e-12))
    z[(variance <= 0) | (per_class < FEWEST_IN_CLASS)] = 0.0
    label = int(np.abs(z).argmax())
    tail = float(norm.sf(abs(z[label])))
    if expected[label] < RARE:
        mean, seen = float(expected[label]), float(observed[label])
        tail = max(tail, float(poisson.sf(seen - 1, mean) if z[label] > 0 else poisson.cdf(seen, mean)))
    p = min(1.0, 2 * tail * int((per_class >= FEWEST_IN_CLASS).sum()))
    both = np.stack([observed, per_class - observed])
    gain = float(both.max(axis=1).sum() - per_class.max()) / n
    rest = n - per_class[label]
    return Telling(
        label,
        float(observed[label] / per_class[label]),
        float((present.sum() - observed[label]) / max(rest, 1)),
        float((observed - expected)[label] / max(room[label], 1e-12)),
        gain,
        p,
    )
