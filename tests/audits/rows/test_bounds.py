"""Where rows that repeat and rows that stand sorted begin: just below each bound, and at it."""

from __future__ import annotations

import importlib
from itertools import pairwise

import numpy as np
import pytest

from brittlestar.audits.rows import duplicates
from brittlestar.core.findings import Finding
from tests.audits.making import make_analysis, random_rows

sorted_rows = importlib.import_module("brittlestar.audits.rows.sorted")


def repeating(counts: list[int], tokens: int = 100) -> Finding:
    """Rows of a sequence each, as often as counted; the more tokens, the less often chance repeats one."""
    drawn = random_rows(len(counts), np.random.default_rng(0), tokens, low=10)
    rows = [row for row, count in zip(drawn, counts, strict=True) for _ in range(count)]
    (found,) = duplicates.check(make_analysis({"train": (rows, [str(k % 2) for k in range(len(rows))])}))
    return found


@pytest.mark.parametrize(("pairs", "status"), [(19, "absent"), (20, "present")])
def test_repeats_from_a_twentieth_of_the_rows_on(pairs: int, status: str) -> None:
    found = repeating([2] * pairs + [1] * (400 - 2 * pairs))
    assert found.status == status and found.evidence["repeats"]["share"] == pytest.approx(pairs / 400)


@pytest.mark.parametrize(("counts", "severity"), [([60] * 4, "warning"), ([60] * 4 + [1], "info")])
def test_at_most_four_sequences_are_a_warning(counts: list[int], severity: str) -> None:
    found = repeating(counts, tokens=4)
    assert found.evidence["effective_sequences"] == pytest.approx(sum(counts) ** 2 / sum(n * n for n in counts))
    assert (found.status, found.severity) == ("present", severity)


@pytest.mark.parametrize(("rows", "status"), [(99, "inconclusive"), (100, "absent")])
def test_repeats_are_looked_for_from_a_hundred_rows_on(rows: int, status: str) -> None:
    assert repeating([1] * rows).status == status


def in_runs(runs: int, rows: int) -> Finding:
    """So many rows of two classes in so many runs: single rows in turn, then the rest of each class in one run."""
    turns, half = (runs - 2) // 2, rows // 2
    labels = [*["x", "y"] * turns, *["x"] * (half - turns), *["y"] * (half - turns)]
    assert 1 + sum(one != other for one, other in pairwise(labels)) == runs
    (found,) = sorted_rows.check(make_analysis({"train": (["a b"] * rows, labels)}))
    return found


@pytest.mark.parametrize(("runs", "status"), [(1_000, "present"), (1_002, "absent")])
def test_rows_are_sorted_up_to_two_thirds_of_the_runs_of_chance(runs: int, status: str) -> None:
    found = in_runs(runs, 3_000)  # chance gives 1,501
    assert found.status == status and found.evidence["runs"] == runs


@pytest.mark.parametrize(("rows", "status"), [(48, "inconclusive"), (50, "present")])
def test_order_is_looked_at_from_fifty_rows_on(rows: int, status: str) -> None:
    assert in_runs(2, rows).status == status


def test_few_runs_are_no_order_where_chance_gives_them_once_in_a_million() -> None:
    """Wald and Wolfowitz's moments, and the normal distribution, without a correction for continuity."""
    for runs in (30, 32, 34, 36, 38, 40):
        n, half = 100, 50
        mean, variance = 1 + 2 * half * half / n, 2 * half * half * (2 * half * half - n) / (n * n * (n - 1))
        below = float((runs - mean) / np.sqrt(variance)) < -4.753424  # R: qnorm(1e-6)
        found = in_runs(runs, n)
        assert found.status == ("present" if below and runs <= 2 / 3 * mean else "absent")
