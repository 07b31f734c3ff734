"""Finding `label.conflict`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.stats import binom

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.audits.labels.ceiling import Ceiling, unavoidable_errors
from brittlestar.audits.labels.look import LARGEST_P
from brittlestar.audits.showing import all_ids, listed_ids, percent
from brittlestar.core.findings import Finding
from brittlestar.statistics.proportions import bound_share_above

CODE = "label.conflict"
LARGE = 0.01  # convention: one point of a score
MOST_SHOWN = 5  # convention: what a reader looks at
THRESHOLD = (
    "A sequence has several labels in a split, or another than in train (info). A warning from 1 % of rows on, if "
    "equal sequences disagree more than label noise explains (p below 0.0001) and no shift is declared."
)


def check(analysis: Analysis) -> Iterator[Finding]:
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

    **What to do.** Read the rows of the listed sequences; drop or merge them, or add to the sequence what tells them
    apart. Report the ceiling beside the score.
    """
    allowed = _find_allowed_rate(analysis)
    for rows in analysis.splits.values():
        yield _finding(analysis, rows, allowed)


def _find_allowed_rate(analysis: Analysis) -> float:
    """How often two labels of one sequence may differ because of noise: 2 e - e^2 C / (C - 1), where the error e of the
    best shallow model bounds the share of labels replaced by one of the C - 1 others; at most as often as labels drawn
    at random."""
    shares = np.bincount(analysis.train.labels) / max(analysis.train.n_rows, 1)
    at_random = float(1 - (shares**2).sum())
    models = analysis.cheap
    if models is None:
        return at_random
    rows = int(models.pool.fitted.sum())
    wrong = models.errors[models.best] * rows
    error = bound_share_above(wrong, rows, 0.01)
    n = models.pool.n_classes
    return min(at_random, 2 * error - error**2 * n / (n - 1)) if error < 1 - 1 / n else at_random


def _finding(dataset: AuditDataset, rows: AuditSplit, allowed: float) -> Finding:
    where = {"split": rows.name}
    if rows.n_rows < 2:
        summary = f"{rows.name}: {rows.n_rows} rows; two would do."
        return Finding(CODE, "inconclusive", summary, THRESHOLD, where=where)
    _, sequence = np.unique(rows.hashes, return_inverse=True)
    inside = _Within.of(sequence.reshape(-1), rows)
    across = None if rows is dataset.train else _Across.of(dataset.train, rows)
    wrong = inside.wrong if across is None else np.union1d(inside.wrong, across.wrong)
    unavoidable = len(inside.wrong) / rows.n_rows
    affected = inside.rows if across is None else np.union1d(inside.rows, across.wrong)
    evidence: dict[str, Any] = {
        "distinct": inside.distinct,
        "repeated": inside.repeated,
        "conflicting": inside.conflicting,
        "rows_of_conflicting": len(inside.rows),
        "of": rows.n_rows,
        "wrong_for_every_model": {"rows": len(inside.wrong), "of": rows.n_rows, "share": unavoidable},
        "ceiling": Ceiling(1 - unavoidable, 1 - unavoidable, "one sequence, several labels").as_json(),
        "contradictory": {"rows": len(wrong), "of": rows.n_rows, "share": len(wrong) / rows.n_rows},
        "disagreement": {"pairs_disagree": inside.conflicting, "of": inside.repeated, "allowed": allowed},
        "noise_among_repeats": _noise(inside.disagreement),
        "against_train": None if across is None else across.as_json(),
        "examples": _examples(dataset, rows, affected),
        "rows": listed_ids(rows, affected),
        "row_ids": all_ids(rows, affected),
    }
    story = (
        f"{rows.name}: {inside.conflicting:,} of {inside.distinct:,} distinct sequences ({inside.repeated:,} repeated) "
        f"have several labels"
    )
    if across is not None and across.n:
        story += f"; {len(across.wrong):,} of {across.n:,} rows that are in train have another label there"
    if not len(affected):
        return Finding(CODE, "absent", f"{story}.", THRESHOLD, where=where, evidence=evidence)
    story += (
        f"; no model that reads the sequence alone is right on {len(inside.wrong):,} of its {rows.n_rows:,} rows "
        f"({percent(unavoidable)})"
    )
    p = min(_p(inside.pairs_disagree, inside.pairs, allowed), 1.0 if across is None else across.p(allowed))
    severe = len(wrong) >= LARGE * rows.n_rows and p < LARGEST_P and not rows.name.startswith("shift")
    evidence["disagreement"]["p_of_noise"] = p
    if severe:
        evidence["p"] = p
        story += "; equal sequences disagree more often than label noise explains"
    remedy = "Read the rows of the listed sequences: drop or merge them, or add what tells them apart to the sequence."
    severity = "warning" if severe else "info"
    return Finding(CODE, "present", f"{story}.", THRESHOLD, severity, where, evidence, remedy)


class _Within:
    """Conflicts inside one split. `rows` and `wrong` int64: rows of conflicting sequences, and those without the most
    frequent label. `pairs`: one random pair of rows for each repeated sequence, of which `pairs_disagree` (rounded)
    are expected to have two labels; `disagreement`: that share."""

    def __init__(self, sequence: np.ndarray, rows: AuditSplit) -> None:
        counts = np.bincount(sequence)
        pair = sequence.astype(np.int64) * (int(rows.labels.max(initial=0)) + 1) + rows.labels
        each, number = np.unique(pair, return_counts=True)
        owner = each // (int(rows.labels.max(initial=0)) + 1)
        several = np.bincount(owner, minlength=len(counts)) > 1
        self.distinct, self.repeated = len(counts), int((counts > 1).sum())
        self.conflicting = int(several.sum())
        self.rows = np.flatnonzero(several[sequence])
        self.wrong = np.flatnonzero(unavoidable_errors(rows.hashes, rows.labels))
        equal = np.bincount(owner, weights=number * (number - 1.0), minlength=len(counts))
        many = counts > 1
        differ = 1 - equal[many] / (counts[many] * (counts[many] - 1.0))
        self.pairs = int(many.sum())
        self.pairs_disagree = round(float(differ.sum()))
        self.disagreement = float(differ.mean()) if self.pairs else None

    @staticmethod
    def of(sequence: np.ndarray, rows: AuditSplit) -> _Within:
        """Count one split; `sequence` int64 (n_rows,) is equal where sequences are."""
        return _Within(sequence, rows)


class _Across:
    """Rows of a split against train. `of`: rows whose sequence is in train; `wrong` int64: those with another
    label than its most frequent one there; `sequences` and `differing` count distinct sequences."""

    def __init__(self, wrong: np.ndarray, of: int, sequences: int, differing: int) -> None:
        self.wrong, self.of_rows, self.sequences, self.differing = wrong, of, sequences, differing

    @property
    def n(self) -> int:
        """Rows whose sequence is in train."""
        return self.of_rows

    @staticmethod
    def of(train: AuditSplit, rows: AuditSplit) -> _Across:
        """Hold one split against train."""
        leading = np.flatnonzero(~unavoidable_errors(train.hashes, train.labels))
        known, first = np.unique(train.hashes[leading], return_index=True)
        if not len(known):
            return _Across(np.zeros(0, np.int64), 0, 0, 0)
        place = np.minimum(np.searchsorted(known, rows.hashes), len(known) - 1)
        there = known[place] == rows.hashes
        other = there & (train.labels[leading[first[place]]] != rows.labels)
        matched, at = np.unique(rows.hashes[there], return_index=True)
        return _Across(np.flatnonzero(other), int(there.sum()), len(matched), int(other[there][at].sum()))

    def p(self, allowed: float) -> float:
        """Probability of as many differing sequences under noise."""
        return _p(self.differing, self.sequences, allowed)

    def as_json(self) -> dict[str, Any]:
        """Counts as JSON values."""
        counts = {"rows_in_train": self.of_rows, "other_label": len(self.wrong)}
        return {**counts, "sequences_in_train": self.sequences, "of_these_other_label": self.differing}


def _p(seen: int, of: int, rate: float) -> float:
    return float(binom.sf(seen - 1, of, min(max(rate, 1e-9), 1.0))) if of else 1.0


def _noise(disagreement: float | None) -> float | None:
    """The rate e of even noise over two classes at which two labels of one sequence differ this often: solves
    2 e (1 - e) = disagreement; None beyond one half."""
    if disagreement is None or disagreement > 0.5:
        return None
    return float((1 - np.sqrt(1 - 2 * disagreement)) / 2)


def _examples(dataset: AuditDataset, rows: AuditSplit, affected: np.ndarray) -> list[dict[str, Any]]:
    """A few conflicting sequences with the rows of each label in this split and in train."""
    shown: list[dict[str, Any]] = []
    _, first = np.unique(rows.hashes[affected], return_index=True)
    for row in affected[np.sort(first)[:MOST_SHOWN]].tolist():
        codes = rows.tokens_of(row)
        text = " ".join(dataset.tokens[code] for code in codes[:12].tolist()) + (" …" if len(codes) > 12 else "")
        found: dict[str, Any] = {"sequence": text}
        for split in {rows.name: rows, "train": dataset.train}.values():
            same = split.labels[split.hashes == rows.hashes[row]]
            labels, counts = np.unique(same, return_counts=True)
            found[split.name] = {
                dataset.labels[label]: int(count) for label, count in zip(labels.tolist(), counts.tolist(), strict=True)
            }
        shown.append(found)
    return shown
