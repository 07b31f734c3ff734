"""What tokens written as unknown do to a split: there are far more of them than in train, or their rows go wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditSplit
from brittlestar.audits.holding import chosen, format_tokens, holding
from brittlestar.audits.shifts.rows import Comparison
from brittlestar.audits.shortcuts.effect import class_effect
from brittlestar.audits.showing import percent, show_rows
from brittlestar.audits.tokens.surplus import find_surplus
from brittlestar.core.findings import Severity

SERIOUS_ROWS = 0.5
SERIOUS_TOKENS = 0.1
"""As in `shift.vocabulary`."""
LEAST = 0.1
STRONG = 0.3
"""Chosen, not measured: differences between rows with such a token and others, or between classes."""


@dataclass(frozen=True)
class Written:
    """One thing to report about the written tokens of a split."""

    summary: str
    severity: Severity
    evidence: Mapping[str, Any]


def read_written(
    analysis: Analysis, rows: AuditSplit, codes: np.ndarray, comparison: Comparison | None
) -> list[Written]:
    """What is to report of the tokens `codes` in a split; `comparison` is that of the split with train, None for train
    itself."""
    found = [] if comparison is None else [_far_more(comparison), _gone_wrong(analysis, rows, codes)]
    return [one for one in found if one is not None]


def _far_more(comparison: Comparison) -> Written | None:
    surplus = find_surplus(comparison)
    if surplus is None or not surplus.far_more:
        return None
    rows, (train, here), (in_train, in_rows) = comparison.whole, surplus.tokens, surplus.rows
    much = in_rows - in_train >= SERIOUS_ROWS or here - train >= SERIOUS_TOKENS
    shown = format_tokens(comparison.dataset, surplus.codes[np.isin(surplus.codes, rows.codes)])
    there = f"{percent(train)} of train's tokens are" if train else "train has none"
    summary = (
        f"{rows.name}: {percent(here)} of its tokens, in {percent(in_rows)} of {rows.n_rows:,} rows, are written as "
        f"unknown ({shown}); {there}."
    )
    evidence = {
        **surplus.as_json(rows.name),
        "test": "share of these tokens against its variance over what was drawn",
        "p": surplus.p,
        **show_rows(rows, holding(rows, chosen(surplus.codes, len(comparison.dataset.tokens)))),
    }
    return Written(summary, "error" if much and not train else "warning", evidence)


def _gone_wrong(analysis: Analysis, rows: AuditSplit, codes: np.ndarray) -> Written | None:
    """Of the variants whose predictions are at hand, the one that goes wrong most on rows with such a token."""
    variants = [name for name, given in (analysis.predictions or {}).items() if rows.name in given]
    if not variants:
        return None
    split, answers = analysis.climb.splits[rows.name], analysis.climb.answers
    held = chosen(holding(rows, chosen(codes, len(analysis.tokens))), rows.n_rows).astype(np.int64)
    wrong = {name: answers[f"given {name}"][rows.name].predicted != split.labels for name in variants}
    effects = {name: class_effect(wrong[name], held, 1, split.units) for name in variants}
    worst = max(effects, key=lambda name: effects[name].informed)
    found = effects[worst]
    if found.informed < LEAST:
        return None
    shown = format_tokens(analysis, codes[np.isin(codes, rows.codes)])
    with_one, without = found.own / found.of_own, found.others / found.of_others
    summary = (
        f"{rows.name}: {worst} is wrong on {percent(with_one)} of {found.of_own:,} rows with a token written as "
        f"unknown ({shown}), and on {percent(without)} of the others."
    )
    evidence = {
        "variant": worst,
        "wrong_with": with_one,
        "wrong_without": without,
        "test": "Fisher's exact test of being wrong against holding the token, corrected over variants",
        "p": min(1.0, found.p * len(variants)),
        **show_rows(rows, np.flatnonzero(held)),
    }
    return Written(summary, "warning" if found.informed >= STRONG else "info", evidence)
