"""Parts that train has many times, together in test only: payers and ages, campaigns and categories."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from exam.cases import Row, Split
from exam.faults.third.drawing import task_of
from exam.faults.third.records import clicks, visits
from exam.planted import Fault, Planted, Subject


def _swapped_heads(split: Split, heads: set[str], share: float, rest: Callable[[Row], bool]) -> Split:
    """First tokens change places between rows until that share of the rows has both a first token of `heads` and a
    rest that `rest` is true of; how often each part occurs stays the same."""
    both = [i for i, row in enumerate(split.rows) if row[0] in heads and rest(row)]
    only_head = [i for i, row in enumerate(split.rows) if row[0] in heads and not rest(row)]
    only_rest = [i for i, row in enumerate(split.rows) if row[0] not in heads and rest(row)]
    neither = [i for i, row in enumerate(split.rows) if row[0] not in heads and not rest(row)]
    more = round(share * split.n_rows) - len(both)
    firsts, seconds = (only_head, only_rest) if more > 0 else (both, neither)
    if abs(more) > min(len(firsts), len(seconds)):
        raise ValueError("too few rows to swap")
    rows: dict[int, Row] = {}
    for i, k in zip(firsts[: abs(more)], seconds[: abs(more)], strict=True):
        rows[i] = (split.rows[k][0], *split.rows[i][1:])
        rows[k] = (split.rows[i][0], *split.rows[k][1:])
    return split.with_rows(rows)


def _combined(subject: Subject, dose: float, heads: set[str], rest: Callable[[Row], bool]) -> Planted:
    """No train or dev row has both parts, a share of the test rows has."""
    case = subject.case
    for name, share in (("train", 0.0), ("dev", 0.0), ("test", dose)):
        case = case.with_split(name, _swapped_heads(subject.split(name), heads, share, rest))
    return Planted(case, {"split": "test"})


def _combination_payers(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Two payers took on patients of three age groups only when test was collected."""
    payers = [str(payer) for payer in random.permutation(sorted({row[1] for row in subject.split("train").rows}))]
    ages = [str(age) for age in random.permutation(sorted({row[0] for row in subject.split("train").rows}))]
    new = {*payers[:2]}
    return _combined(subject, dose, {*ages[:3]}, lambda row: row[1] in new)


def _combination_campaign(subject: Subject, dose: float, random: np.random.Generator) -> Planted:
    """Two of the sources of visitors advertised three of the categories only when test was collected."""
    sources = [str(name) for name in random.permutation(sorted({row[0] for row in subject.split("train").rows}))]
    kinds = sorted(token for token, use in task_of(subject).uses.items() if use == "category")
    new = {str(kind) for kind in random.permutation(kinds)[:3].tolist()}
    return _combined(subject, dose, {*sources[:2]}, lambda row: any(token in new for token in row))


COMBINATIONS = (
    Fault(
        "shift.combination",
        "third: payers that take on other ages",
        "share of test rows",
        (0.02, 0.15, 0.25, 0.35),
        0.15,
        _combination_payers,
        given={"rows": 3_000},
        subjects=visits,
    ),
    Fault(
        "shift.combination",
        "third: campaigns for other categories",
        "share of test rows",
        (0.02, 0.15, 0.2, 0.3),
        0.15,
        _combination_campaign,
        given={"rows": 3_000},
        subjects=clicks,
    ),
)
