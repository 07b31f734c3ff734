"""Check `label.conflict`: one sequence with several labels."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.stats import binom

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check, observe, unknown
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.labels.label_model import LARGEST_P
from brittlestar.audits.showing import Ceiling, percent, show_rows, show_tokens
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Observed
from brittlestar.core.large_arrays import are_in
from brittlestar.core.splits import is_shifted
from brittlestar.data.rows import unavoidable_errors
from brittlestar.statistics.proportions import bound_share_above

LARGE = 0.01  # convention: one point of a score
MOST_SHOWN = 5  # convention: what a reader looks at


@data_check(
    "label.conflict",
    "A sequence has several labels in a split, or another than in train (info). A warning from 1 % of rows on, if "
    "equal sequences disagree more than label noise explains (p below 0.0001) and no shift is declared.",
    remedy="Read the rows of the listed sequences: drop or merge them, or add what tells them apart to the sequence.",
)
def conflict(analysis: Analysis) -> Iterator[Observed]:
    """One token sequence with several labels.

    **What it means.** A model that reads nothing but the sequence gives all its rows one answer, and is wrong on all
    rows but those of one label. Either labels are wrong, or something that decides the label is not in the sequence.

    **How it is decided.** Rows are grouped by their whole token sequence, within every split, and rows of each
    evaluation split are held against train. Counted are sequences with several labels, their rows, and the rows that
    lack their sequence's most frequent label: no function of the sequence is right on those. Where noise is spread
    evenly over rows, repeated sequences disagree at a rate that follows from the noise rate. So few conflicts are no
    surprise in a noisy task with short rows; more than the noise of the other rows allows is.

    **Thresholds.** Present from one sequence on, for information. A warning where at least 1 % of the split's rows are
    contradictory, and equal sequences disagree more often than noise at the rate of the best shallow model's error
    explains: noise at a rate e lets two labels differ with a probability of at most 2 e, and e is at most the model's
    error out of fold (its upper 99 % bound; the disagreement of labels drawn at random if that is smaller; binomial
    test, p below 1 in 10,000). For information on a split declared as shifted.

    **What it cannot see.** Sequences that are almost equal; which of the labels is right.
    """
    allowed = _find_allowed_rate(analysis)
    for rows in analysis.splits.values():
        yield _examine(analysis, rows, allowed)


def _find_allowed_rate(analysis: Analysis) -> float:
    """How often two labels of one sequence may differ because of noise: 2 e - e^2 C / (C - 1), where the error e of the
    best shallow model bounds the share of labels replaced by one of the C - 1 others; at most as often as labels drawn
    at random."""
    shares = np.bincount(analysis.train.labels) / max(analysis.train.n_rows, 1)
    at_random = float(1 - (shares**2).sum())
    models = analysis.shallow
    if models is None:
        return at_random
    rows = int(models.pool.fitted.sum())
    wrong = models.error * rows
    error = bound_share_above(wrong, rows, 0.01)
    n = models.pool.n_classes
    return min(at_random, 2 * error - error**2 * n / (n - 1)) if error < 1 - 1 / n else at_random


def _examine(dataset: AuditDataset, rows: BaselineRows, allowed: float) -> Observed:
    where, n = {"split": rows.name}, rows.n_rows
    if n < 2:
        return unknown(f"{rows.name}: {n} rows; two would do.", where)
    is_train = rows is dataset.train
    inside, across = _Within(rows), _Across() if is_train else _Across.of(dataset.train, rows)
    wrong, affected = (np.union1d(one, across.wrong) for one in (inside.wrong, inside.rows))
    unavoidable = len(inside.wrong) / n
    disagree = float(inside.differ.mean()) if len(inside.differ) else 1.0
    against = {"rows_in_train": across.rows_in_train, "other_label": len(across.wrong)}
    against |= {"sequences_in_train": across.sequences, "of_these_other_label": across.differing}
    evidence: dict[str, Any] = {
        "distinct": inside.distinct,
        "repeated": inside.repeated,
        "conflicting": inside.conflicting,
        "rows_of_conflicting": len(inside.rows),
        "of": n,
        "wrong_for_every_model": {"rows": len(inside.wrong), "of": n, "share": unavoidable},
        "ceiling": Ceiling(1 - unavoidable, 1 - unavoidable, "one sequence, several labels").as_json(),
        "contradictory": {"rows": len(wrong), "of": n, "share": len(wrong) / n},
        "disagreement": {"pairs_disagree": inside.conflicting, "of": inside.repeated, "allowed": allowed},
        # the rate e of even noise over two classes at which two labels differ this often: 2 e (1 - e) = disagreement
        "noise_among_repeats": None if disagree > 0.5 else float((1 - np.sqrt(1 - 2 * disagree)) / 2),
        "against_train": None if is_train else against,
        "examples": _list_examples(dataset, rows, affected),
        **show_rows(rows, affected),
    }
    sentence = (
        f"{rows.name}: {inside.conflicting:,} of {inside.distinct:,} distinct sequences ({inside.repeated:,} repeated) "
        f"have several labels"
    )
    if across.rows_in_train:
        sentence += (
            f"; {len(across.wrong):,} of {across.rows_in_train:,} rows that are in train have another label there"
        )
    if not len(affected):
        return observe(sentence, None, where, evidence)
    sentence += (
        f"; no model that reads the sequence alone is right on {len(inside.wrong):,} of its {n:,} rows "
        f"({percent(unavoidable)})"
    )
    repeats, shared = (round(float(inside.differ.sum())), inside.repeated), (across.differing, across.sequences)
    p = min(_bound_p(*repeats, allowed), _bound_p(*shared, allowed))
    evidence["disagreement"]["p_of_noise"] = p
    if len(wrong) < LARGE * n or p >= LARGEST_P or is_shifted(rows.name):
        return observe(sentence, "info", where, evidence)
    sentence += "; equal sequences disagree more often than label noise explains"
    return observe(sentence, "warning", where, {**evidence, "p": p})


class _Within:
    """Sequences of one split: how many, repeated ones, and conflicting ones. `rows` and `wrong` int64: rows of
    conflicting sequences, and those without the most frequent label; `differ` float64 (repeated,): how often two rows
    of each repeated sequence have two labels."""

    def __init__(self, rows: BaselineRows) -> None:
        _, sequence, counts = np.unique(rows.hashes, return_inverse=True, return_counts=True)
        size, many = int(rows.labels.max(initial=0)) + 1, counts > 1
        repeated = np.flatnonzero(many[sequence])
        each, number = np.unique(sequence[repeated] * size + rows.labels[repeated], return_counts=True)
        several = np.bincount(each // size, minlength=len(counts)) > 1
        equal = np.bincount(each // size, weights=number * (number - 1.0), minlength=len(counts))
        self.distinct, self.repeated, self.conflicting = len(counts), int(many.sum()), int(several.sum())
        self.rows = np.flatnonzero(several[sequence])
        self.wrong = repeated[unavoidable_errors(rows.hashes[repeated], rows.labels[repeated])]
        self.differ = 1 - equal[many] / (counts[many] * (counts[many] - 1.0))


@dataclass(frozen=True)
class _Across:
    """Rows of a split whose sequence is in train, their distinct `sequences` and those `differing`; `wrong` int64: the
    rows with another label than its most frequent one there."""

    wrong: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    rows_in_train: int = 0
    sequences: int = 0
    differing: int = 0

    @staticmethod
    def of(train: BaselineRows, rows: BaselineRows) -> "_Across":
        """Hold one split against train."""
        here = np.flatnonzero(are_in(train.hashes, rows.hashes))
        leading = here[~unavoidable_errors(train.hashes[here], train.labels[here])]
        known, first = np.unique(train.hashes[leading], return_index=True)
        if not len(known):
            return _Across()
        place = np.minimum(np.searchsorted(known, rows.hashes), len(known) - 1)
        there = known[place] == rows.hashes
        other = there & (train.labels[leading[first[place]]] != rows.labels)
        matched, at = np.unique(rows.hashes[there], return_index=True)
        return _Across(np.flatnonzero(other), int(there.sum()), len(matched), int(other[there][at].sum()))


def _bound_p(seen: int, of: int, rate: float) -> float:
    return float(binom.sf(seen - 1, of, min(max(rate, 1e-9), 1.0))) if of else 1.0


def _list_examples(dataset: AuditDataset, rows: BaselineRows, affected: np.ndarray) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []
    _, first = np.unique(rows.hashes[affected], return_index=True)
    for row in affected[np.sort(first)[:MOST_SHOWN]].tolist():
        found: dict[str, Any] = {"sequence": show_tokens(dataset, rows.tokens_of(row))}
        for split in {rows.name: rows, "train": dataset.train}.values():
            labels, counts = np.unique(split.labels[split.hashes == rows.hashes[row]], return_counts=True)
            names = [dataset.labels[label] for label in labels.tolist()]
            found[split.name] = dict(zip(names, counts.tolist(), strict=True))
        shown.append(found)
    return shown
