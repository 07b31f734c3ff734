"""Finding `token.unknown`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.concluding import Rule, soften_declared
from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.audits.holding import chosen, format_tokens, holding, occurrences
from brittlestar.audits.shifts.saying import FEWEST_ROWS
from brittlestar.audits.showing import percent, show_rows
from brittlestar.audits.tokens.markers import unknown_codes
from brittlestar.audits.tokens.telling import telling
from brittlestar.audits.tokens.written_unknown import LEAST, STRONG, Written, read_written
from brittlestar.core.findings import Finding, worst_first

CODE = "token.unknown"
ABNORMAL = 3.0  # chosen, not measured
THRESHOLD = (
    "Tokens written as unknown are three times as frequent as in train: a warning or an error. A class has rows with "
    "unknown tokens 10 points more or less often, or they are wrong more often: info, or a warning."
)
REMEDY = "Keep these tokens: raise the vocabulary's size, or split rare words into characters or pieces; audit again."
RULE = Rule(CODE, THRESHOLD, REMEDY)


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
        if counts[rows.name][literal].sum():
            by_class = _examine(analysis, rows, written, "written", 0.0)
            yield _choose_worst(by_class, read_written(analysis, rows, literal, beside.get(rows.name)))
    in_train = counts["train"]
    once = float((in_train == 1).sum() + 1) / max(float(in_train.sum()), 1.0)
    for rows in analysis.evaluations:
        unseen = (in_train == 0) & ~written
        n = int(counts[rows.name][unseen].sum())
        yield _examine(analysis, rows, unseen, "unseen", n / max(len(rows.codes), 1) / once)
    if not analysis.evaluations and not len(literal):
        told = f"None of the {len(analysis.tokens):,} distinct tokens is written as unknown (<unk>, [UNK], …)."
        yield RULE.conclude(told)


def _choose_worst(by_class: Finding, others: Sequence[Written]) -> Finding:
    """One finding about the written tokens of a split: what is worst of them, the rest in its evidence."""
    where, known = by_class.where, by_class.evidence
    found = [
        RULE.conclude(one.summary, soften_declared(where["split"], one.severity), where, {**known, **one.evidence})
        for one in others
    ]
    first, *rest = worst_first([*found, by_class])
    also = [one.summary for one in rest if one.status == "present"]
    return replace(first, evidence={**first.evidence, "also": also}) if also else first


def _examine(dataset: AuditDataset, rows: AuditSplit, wanted: np.ndarray, kind: str, times: float) -> Finding:
    where = {"split": rows.name, "kind": kind}
    found = holding(rows, wanted)
    what = "a token written as unknown" if kind == "written" else "a token unseen in train"
    share = percent(len(found) / max(rows.n_rows, 1))
    story = f"{rows.name}: {len(found):,} of {rows.n_rows:,} rows ({share}) hold {what}"
    few = f"{rows.n_rows} rows are too few to tell, {FEWEST_ROWS} would do" if rows.n_rows < FEWEST_ROWS else ""
    evidence = {"rows_touched": len(found), "of": rows.n_rows}
    told = telling(chosen(found, rows.n_rows), rows.labels, rows.lengths, dataset.n_classes)
    if told is None and few and len(found):
        return RULE.abstain(f"{story}; {few}.", where, evidence)
    if told is None:
        return RULE.conclude(f"{story}.", None, where, evidence)
    evidence |= {
        "class": dataset.labels[told.label],
        "rate_in_class": told.rate,
        "rate_elsewhere": told.elsewhere,
        "difference_at_equal_length": told.difference,
        "gain_over_majority": told.gain,
        "times_expected": times if kind == "unseen" else None,
        "test": "Mantel-Haenszel over strata of length, corrected over classes",
        "p": told.p,
        **show_rows(rows, found),
    }
    by_class = f"{percent(told.rate)} of class {dataset.labels[told.label]}, {percent(told.elsewhere)} of the others"
    if abs(told.difference) < LEAST and few:
        return RULE.abstain(f"{story} ({by_class}); {few}.", where, evidence)
    if abs(told.difference) < LEAST:
        return RULE.conclude(f"{story}; {by_class}.", None, where, evidence)
    strong = abs(told.difference) >= STRONG and (kind == "written" or times >= ABNORMAL)
    severity = soften_declared(rows.name, "warning" if strong else "info")
    example = format_tokens(dataset, np.flatnonzero(wanted & chosen(rows.codes, len(wanted))))
    story = f"{story} ({example}): {by_class}; it predicts the class by itself."
    return RULE.conclude(story, severity, where, evidence)
