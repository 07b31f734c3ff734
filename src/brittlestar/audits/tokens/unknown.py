"""Finding `token.unknown`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.audits.holding import chosen, holding, occurrences
from brittlestar.audits.holding import format_tokens as shown_tokens
from brittlestar.audits.shifts.saying import FEWEST_ROWS
from brittlestar.audits.showing import all_ids, listed_ids, percent
from brittlestar.audits.tokens.markers import unknown_codes
from brittlestar.audits.tokens.telling import telling
from brittlestar.audits.tokens.written_unknown import LEAST, STRONG, Written, read_written
from brittlestar.core.findings import Finding, Severity, worst_first

CODE = "token.unknown"
ABNORMAL = 3.0  # chosen, not measured
REMEDY = "Keep these tokens: raise the vocabulary's size, or split rare words into characters or pieces; audit again."
THRESHOLD = (
    "Tokens written as unknown are three times as frequent as in train: a warning or an error. A class has rows with "
    "unknown tokens 10 points more or less often, or they are wrong more often: info, or a warning."
)


def check(analysis: Analysis) -> Iterator[Finding]:
    """An unknown or mask token hides what it replaced: from one split, from one class, or from a model that goes wrong.

    **What it means.** All unknown tokens are one to a model. Where a split holds far more of them than train, it was
    written with another vocabulary, and the score there is that of guessing what they were. Where they are commoner in
    one class, a filter may have replaced rare tokens that carried the label. Or the evaluation rows of one class hold
    tokens that train never showed, and the model answers them by the absence of anything known.

    **How it is decided.** Tokens written as unknown or masked are known by their names (`<unk>`, `[UNK]`, `UNK`,
    `<oov>`, `[MASK]` and the like). Their share of each evaluation split's tokens is compared with train's, over what
    was drawn (`shift.composition`). Where predictions are at hand, the share of wrong rows is compared between rows
    with such a token and the others (Fisher's exact test). In every split, rows that hold one are counted by class; in
    evaluation splits also rows with a token unseen in train. Longer rows hold more of everything, so classes are
    compared at equal length, in up to ten strata (Cochran 1954; Mantel and Haenszel 1959). Of what is found about the
    written tokens of one split, the worst is reported; what `shift.vocabulary` and `shift.composition` find beside it
    is information where these tokens explain it.

    **Thresholds.** Three times train's share, and 1 % more of the split's tokens or 2 % more of its rows: a warning; an
    error where train has none and they are 10 % of tokens or stand in 50 % of rows. Wrong 10 points more often: info, a
    warning from 30 points on. A class that differs from the rest by 10 points at equal length: info; a warning from 30
    points on for a written token, and for unseen ones where they also are three times as many as train's tokens that
    occur once let expect (Good 1953). Info on a split declared as shifted.

    **What it cannot see.** What the unknown token stood for.

    **What to do.** Keep the tokens (characters or word pieces have no unknown ones), or raise the size of the
    vocabulary; fit it on train alone.
    """
    literal = unknown_codes(analysis.tokens)
    counts = occurrences(analysis)
    written = chosen(literal, len(analysis.tokens))
    beside = {comparison.name: comparison for comparison in analysis.comparisons} if len(literal) else {}
    for rows in analysis.splits.values():
        if len(literal) and counts[rows.name][literal].sum():
            by_class = _finding(analysis, rows, written, "written", 0.0)
            yield _worst(by_class, read_written(analysis, rows, literal, beside.get(rows.name)))
    in_train = counts["train"]
    once = float((in_train == 1).sum() + 1) / max(float(in_train.sum()), 1.0)
    for rows in analysis.evaluations:
        unseen = (in_train == 0) & ~written
        n = int(counts[rows.name][unseen].sum())
        yield _finding(analysis, rows, unseen, "unseen", n / max(len(rows.codes), 1) / once)
    if not analysis.evaluations and not len(literal):
        total = len(analysis.tokens)
        summary = f"None of the {total:,} distinct tokens is written as unknown (<unk>, [UNK], …)."
        yield Finding(CODE, "absent", summary, THRESHOLD)


def _worst(by_class: Finding, others: Sequence[Written]) -> Finding:
    """One finding about the written tokens of a split: what is worst of them, the rest in its evidence."""
    found = [
        replace(
            by_class,
            status="present",
            severity=_soften_declared(by_class, one.severity),
            summary=one.summary,
            evidence={**by_class.evidence, **one.evidence},
            remedy=REMEDY,
        )
        for one in others
    ]
    if not found:
        return by_class
    first, *rest = worst_first([*found, by_class])
    also = [one.summary for one in rest if one.status == "present"]
    return replace(first, evidence={**first.evidence, "also": also}) if also else first


def _soften_declared(finding: Finding, severity: Severity) -> Severity:
    return "info" if finding.where["split"].startswith("shift") else severity


def _finding(dataset: AuditDataset, rows: AuditSplit, wanted: np.ndarray, kind: str, times: float) -> Finding:
    where = {"split": rows.name, "kind": kind}
    found = holding(rows, wanted)
    present = np.zeros(rows.n_rows, np.bool_)
    present[found] = True
    what = "a token written as unknown" if kind == "written" else "a token unseen in train"
    story = f"{rows.name}: {len(found):,} of {rows.n_rows:,} rows ({percent(present.mean() if len(present) else 0)})"
    story = f"{story} hold {what}"
    evidence = {"rows_touched": len(found), "of": rows.n_rows}
    told = telling(present, rows.labels, rows.lengths, dataset.n_classes)
    if told is None:
        enough = rows.n_rows >= FEWEST_ROWS or not len(found)
        more = "" if enough else f"; {rows.n_rows} rows are too few to tell, {FEWEST_ROWS} would do"
        status = "absent" if enough else "inconclusive"
        return Finding(CODE, status, f"{story}{more}.", THRESHOLD, where=where, evidence=evidence)
    evidence |= {
        "class": dataset.labels[told.label],
        "rate_in_class": told.rate,
        "rate_elsewhere": told.elsewhere,
        "difference_at_equal_length": told.difference,
        "gain_over_majority": told.gain,
        "times_expected": times if kind == "unseen" else None,
        "test": "Mantel-Haenszel over strata of length, corrected over classes",
        "p": told.p,
        "rows": listed_ids(rows, found),
        "row_ids": all_ids(rows, found),
    }
    by_class = f"{percent(told.rate)} of class {dataset.labels[told.label]}, {percent(told.elsewhere)} of the others"
    if abs(told.difference) < LEAST:
        if rows.n_rows < FEWEST_ROWS:
            summary = f"{story} ({by_class}); {rows.n_rows} rows are too few to tell, {FEWEST_ROWS} would do."
            return Finding(CODE, "inconclusive", summary, THRESHOLD, where=where, evidence=evidence)
        return Finding(CODE, "absent", f"{story}; {by_class}.", THRESHOLD, where=where, evidence=evidence)
    severity: Severity = "info"
    strong = abs(told.difference) >= STRONG and (kind == "written" or times >= ABNORMAL)
    if strong and not rows.name.startswith("shift"):
        severity = "warning"
    example = shown_tokens(dataset, np.flatnonzero(wanted & (np.bincount(rows.codes, minlength=len(wanted)) > 0)))
    return Finding(
        CODE,
        "present",
        f"{story} ({example}): {by_class}; it predicts the class by itself.",
        THRESHOLD,
        severity,
        where,
        evidence,
        REMEDY,
    )
