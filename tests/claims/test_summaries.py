"""Claims on published means with SDs, against SciPy; and what such a table does not tell."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from scipy.stats import ttest_ind_from_stats

from brittlestar.claims.summaries import UNKNOWN
from brittlestar.core.errors import InputError
from brittlestar.verbs.judge import judge

from ..command import brittlestar

PRODUCTS = {"TCNN": (0.760623083, 0.003675053, 10), "DVCNN": (0.718366484, 0.001702856, 10)}
"""Test accuracy on ogbn-products of 10 seeds (Qin, Paffenroth & Jayasumana 2023)."""
PROTEINS = {"DVCNN": (0.791618037, 0.008599669, 10), "TCNN": (0.759988705, 0.018049045, 10)}
"""Test ROC-AUC on ogbn-proteins of 10 seeds (the same)."""
PPA = {"GIN": (69.31, 1.94, 10), "GCN": (67.80, 0.49, 10), "GIN-virtual": (70.62, 0.70, 10)}
"""Accuracy on ogbg-ppa, per cent, of 10 runs, as DGL-LifeSci publishes it."""
SLEEP = {"second": (2.33, 2.002249, 10), "first": (0.75, 1.789010, 10)}
"""Hours of sleep that two drugs brought ten patients (Student 1908); Welch's p is .0794."""


def frame(rows: dict[str, tuple[float, float, int]], **more: list[Any]) -> pl.DataFrame:
    columns = zip(*((name, *row) for name, row in rows.items()), strict=True)
    return pl.DataFrame({**dict(zip(("variant", "mean", "sd", "n"), columns, strict=True)), **more}, strict=False)


def here(sentence: str, **more: Any) -> dict[str, Any]:
    return {"claim": sentence, "population": "fixed-test-set", **more}


@pytest.mark.parametrize(
    ("rows", "first", "second", "metric", "scale", "more"),
    [
        (PRODUCTS, "TCNN", "DVCNN", "accuracy", 1, {}),
        (PROTEINS, "DVCNN", "TCNN", "auc", 1, {}),
        (PPA, "GIN-virtual", "GCN", "accuracy", 100, {}),
        (SLEEP, "second", "first", "hours", 1, {"higher_is_better": True}),
    ],
)
def test_published_means_are_judged_by_welchs_test(
    rows: dict[str, tuple[float, float, int]], first: str, second: str, metric: str, scale: int, more: dict[str, Any]
) -> None:
    found = judge(frame(rows), here(f"{first} > {second} by 0 on {metric}", **more))
    (m1, s1, n1), (m2, s2, n2) = rows[first], rows[second]
    told = ttest_ind_from_stats(m1 / scale, s1 / scale, n1, m2 / scale, s2 / scale, n2, equal_var=False)
    assert found.estimate == pytest.approx((m1 - m2) / scale) and found.p == pytest.approx(told.pvalue, rel=1e-6)
    assert found.interval is not None and (found.interval[0] > 0) == (told.pvalue < 0.05)
    assert found.verdict == ("supported" if told.pvalue < 0.05 else "inconclusive")
    assert UNKNOWN in found.reasons and found.seeds == 10 and found.rows is None
    assert any("per cent" in reason for reason in found.reasons) == (scale == 100)
    assert any("how it was averaged" in reason for reason in found.reasons) == (metric == "auc")
    if rows is SLEEP:
        assert found.p == pytest.approx(0.07939, abs=5e-6)


def test_a_text_and_a_standard_error_say_the_same_as_columns() -> None:
    claim = here("GIN-virtual > GCN by 0.01 on accuracy")
    by_columns = judge(frame(PPA), claim)
    texts = [f"{mean} {sign} {sd} (n = {n})" for (mean, sd, n), sign in zip(PPA.values(), "±±±", strict=True)]
    by_text = judge(pl.DataFrame({"variant": [*PPA], "score": texts}), claim)
    errors = frame(PPA).with_columns(se=pl.col("sd") / pl.col("n").sqrt()).drop("sd")
    by_error = judge(errors, claim)
    fractions = judge(frame({name: (mean / 100, sd / 100, n) for name, (mean, sd, n) in PPA.items()}), claim)
    for other in (by_text, by_error, fractions):
        assert other.verdict == by_columns.verdict == "supported"
        assert other.interval == pytest.approx(by_columns.interval)
    assert any("read as the SD over runs" in reason for reason in by_text.reasons)
    assert not any("per cent" in reason for reason in fractions.reasons)


def test_new_rows_are_out_of_reach_and_that_is_said_with_the_claim_to_write() -> None:
    found = judge(frame(PRODUCTS), "TCNN > DVCNN by 0.01 on accuracy")
    assert (found.verdict, found.population) == ("inconclusive", "fixed-test-set")
    assert found.reasons[0] == "means without rows say nothing about new examples"
    assert "population: fixed-test-set" in found.sentence


def test_several_claims_share_their_alpha_as_holm_does_and_a_few_runs_say_nothing() -> None:
    one, two = judge(
        frame(PPA),
        [here("GIN-virtual > GCN by 0 on accuracy"), here("GIN > GCN by 0 on accuracy")],
    )
    assert (one.level, two.level) == pytest.approx((0.025, 0.05))
    few = judge(frame({"a": (0.9, 0.01, 3), "b": (0.8, 0.01, 3)}), here("a > b by 0.01 on accuracy"))
    assert (few.verdict, few.interval, few.p) == ("inconclusive", None, None) and "5 seeds" in few.sentence
    flat = judge(frame({"a": (0.9, 0.0, 5), "b": (0.8, 0.0, 5)}), here("a > b by 0.01 on accuracy"))
    assert flat.verdict == "inconclusive" and flat.interval is None and "no spread" in flat.sentence


def test_a_best_trivial_baseline_is_one_exact_number() -> None:
    rows = pl.DataFrame({"variant": ["main", "best-trivial"], "mean": [78.4, 75.0], "sd": [1.2, None], "n": [8, 1]})
    claim = here("main > best-trivial by 0.01 on accuracy")
    found = judge(rows, claim)
    alone = judge(rows.filter(pl.col("variant") == "main"), claim, best_trivial=0.75)
    assert found.verdict == alone.verdict == "supported" and found.interval == alone.interval
    assert found.seeds == 8


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sd": [0.1, -0.1]}, "negative spreads"),
        ({"sd": [1.2, 0.9]}, "no runs with this mean"),
        ({"n": [5, 2.5]}, "no number of runs"),
        ({"mean": [0.9, 78.0]}, "contains what is no accuracy"),
        ({"variant": ["a", "a"]}, "stands twice"),
        ({"mean": [0.9, None]}, "missing value"),
    ],
)
def test_what_cannot_be_a_table_of_means_is_refused_with_its_row(change: dict[str, list[Any]], told: str) -> None:
    rows = {"variant": ["a", "b"], "mean": [0.9, 0.8], "sd": [0.01, 0.01], "n": [5, 5]}
    with pytest.raises(InputError, match=told):
        judge(pl.DataFrame(rows | change, strict=False), here("a > b by 0.01 on accuracy"))


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        (here("a > c by 0.01 on accuracy"), "no mean of a variant 'c'"),
        (here("a > b by 0.01 on accuracy", pairing="paired"), "which runs are a pair"),
        (here("a or b > c by 0.01 on accuracy"), "one variant a side"),
        (here("a > best-trivial by 0.01 on accuracy"), "no mean of a variant 'best-trivial'"),
    ],
)
def test_claims_that_means_cannot_decide_are_refused(claim: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        judge(frame({"a": (0.9, 0.01, 5), "b": (0.8, 0.01, 5)}), claim)


def test_the_command_reads_a_table_of_means_and_names_a_row_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "published.csv"
    path.write_text("variant,score\nmain,78.4 ± 1.2 (n = 5)\nbag,75.0 ± 0.9 (n = 5)\n", encoding="utf-8")
    said = brittlestar("judge", path)
    assert said.code == 0 and "main > bag by 0.01 on accuracy, +3.4 [+1.8, +5.0]" in " ".join(said.output.split())
    path.write_text("variant,score\nmain,78.4 ± 1.2 (n = 5)\nbag,75.0\n", encoding="utf-8")
    wrong = brittlestar("judge", path)
    told = " ".join(wrong.errors)
    assert wrong.code == 2 and "line 3" in told and "78.4 ± 1.2 (n = 5)" in told
