"""data.duplicates, data.small and data.sorted; a bound has one row below it, and one at it."""

from itertools import pairwise

import numpy as np
import pytest

from brittlestar.audits.chance import Paired
from brittlestar.audits.rows.train_rows import duplicates, effective_number, runs_by_chance, small, sorted_rows
from brittlestar.core.findings import Finding
from tests.audits.making import Made, make_analysis, random_rows, three_splits


def duplicated(rows: list[str]) -> Finding:
    labels = ["x" if i % 2 else "y" for i in range(len(rows))]
    (found,) = duplicates.function(make_analysis({"train": (rows, labels)}))
    return found


def test_repeats_are_for_information_with_their_number() -> None:
    rows = random_rows(300, np.random.default_rng(0))
    found = duplicated(rows + rows[:100] + rows[:1] * 100)
    assert (found.status, found.severity) == ("present", "info")
    assert found.evidence["distinct"] == 300
    assert found.evidence["largest"][0] == {
        "row": found.evidence["largest"][0]["row"],
        "sequence": rows[0] if len(rows[0].split()) <= 12 else " ".join(rows[0].split()[:12]) + " …",
        "times": 102,
    }


def test_short_rows_that_collide_by_chance_are_absent() -> None:
    found = duplicated(random_rows(2000, np.random.default_rng(1), tokens=3, low=1, high=3))
    assert found.status == "absent" and found.evidence["distinct"] <= 39


@pytest.mark.parametrize(("hashes", "number"), [([1, 1, 1], 1.0), ([1, 2, 3, 4], 4.0), ([1, 1, 2, 2], 2.0), ([], 0.0)])
def test_the_effective_number_counts_equal_shares(hashes: list[int], number: float) -> None:
    assert effective_number(np.unique(np.asarray(hashes, np.uint64), return_counts=True)[1]) == pytest.approx(number)


def of_labels(labels: list[str]) -> Finding:
    (found,) = sorted_rows.function(make_analysis({"train": (["a b"] * len(labels), labels)}))
    return found


def test_runs_by_chance_are_those_of_shuffled_labels() -> None:
    random = np.random.default_rng(1)
    counts = np.asarray([50.0, 30.0, 7.0])
    labels = np.repeat([0, 1, 2], counts.astype(int))
    seen = [1 + int((np.diff(random.permutation(labels)) != 0).sum()) for _ in range(4000)]
    mean, deviation = runs_by_chance(counts)
    assert mean == pytest.approx(np.mean(seen), abs=0.3)
    assert deviation == pytest.approx(np.std(seen), rel=0.05)


def curve(splits: Made) -> Finding:
    (found,) = small.function(make_analysis(splits))
    return found


def test_a_curve_that_still_rises_is_for_information() -> None:
    random = np.random.default_rng(0)
    weight = random.normal(size=400)
    rows = [random.integers(0, 400, 10) for _ in range(1500)]
    labels = ["x" if weight[row].sum() > 0 else "y" for row in rows]
    found = curve({"train": ([" ".join(f"t{k}" for k in row) for row in rows], labels)})
    assert (found.status, found.severity) == ("present", "info")
    assert found.evidence["accuracy"] == sorted(found.evidence["accuracy"])
    assert found.evidence["gain"]["low"] > 0


def test_a_task_that_half_the_rows_teach_is_absent() -> None:
    assert curve(three_splits((1200, 50, 50))).status == "absent"


@pytest.mark.parametrize("n", [60, 150])
def test_few_rows_that_show_no_rise_are_inconclusive(n: int) -> None:
    random = np.random.default_rng(n)
    rows = [" ".join(f"t{k}" for k in random.integers(0, 30, 8)) for _ in range(n)]
    found = curve({"train": (rows, random.choice(["x", "y"], n).tolist())})
    assert found.status == "inconclusive"
    assert "200 would" in found.summary


@pytest.mark.parametrize("n", [120, 199])
def test_a_curve_that_rises_steeply_is_seen_in_few_rows(n: int) -> None:
    random = np.random.default_rng(n)
    labels = random.integers(0, 6, n)
    rows = [" ".join(f"t{label * 100 + k}" for k in random.integers(0, n // 4, 4)) for label in labels]
    found = curve({"train": (rows, [f"c{label}" for label in labels])})
    assert (found.status, found.severity) == ("present", "info")
    assert found.evidence["sizes"] == [n // 4, n // 2, n]


def test_the_gain_and_its_p_agree_with_statsmodels() -> None:
    from statsmodels.stats.contingency_tables import mcnemar

    random = np.random.default_rng(0)
    for _ in range(20):
        before = random.random(300) < 0.7
        after = before ^ (random.random(300) < np.where(before, 0.02, 0.4))
        found = Paired.of(before, after)
        table = [[int((before & after).sum()), found.worse], [found.better, int((~before & ~after).sum())]]
        assert (found.better - found.worse) / 300 == pytest.approx(after.mean() - before.mean()) and found.p < 0.05
        assert 2 * found.p == pytest.approx(mcnemar(table, exact=True).pvalue)


# Where rows that repeat and rows that stand sorted begin: just below each bound, and at it


def repeating(counts: list[int], tokens: int = 100) -> Finding:
    """Rows of a sequence each, as often as counted; the more tokens, the less often chance repeats one."""
    drawn = random_rows(len(counts), np.random.default_rng(0), tokens, low=10)
    rows = [row for row, count in zip(drawn, counts, strict=True) for _ in range(count)]
    return duplicated(rows)


@pytest.mark.parametrize(("pairs", "status"), [(19, "absent"), (20, "present")])
def test_repeats_from_a_twentieth_of_the_rows_on(pairs: int, status: str) -> None:
    found = repeating([2] * pairs + [1] * (400 - 2 * pairs))
    assert found.status == status and found.evidence["repeats"]["share"] == pytest.approx(pairs / 400)


@pytest.mark.parametrize(("counts", "severity"), [([60] * 4, "warning"), ([60] * 4 + [1], "info")])
def test_at_most_four_sequences_are_a_warning(counts: list[int], severity: str) -> None:
    found = repeating(counts, tokens=4)
    assert found.evidence["effective_sequences"] == pytest.approx(sum(counts) ** 2 / sum(n * n for n in counts))
    assert (found.status, found.severity) == ("present", severity)


def in_runs(runs: int, rows: int) -> Finding:
    """So many rows of two classes in so many runs: single rows in turn, then the rest of each class in one run."""
    turns, half = (runs - 2) // 2, rows // 2
    labels = [*["x", "y"] * turns, *["x"] * (half - turns), *["y"] * (half - turns)]
    assert 1 + sum(one != other for one, other in pairwise(labels)) == runs
    return of_labels(labels)


@pytest.mark.parametrize(("runs", "status"), [(1_000, "present"), (1_002, "absent")])
def test_rows_are_sorted_up_to_two_thirds_of_the_runs_of_chance(runs: int, status: str) -> None:
    found = in_runs(runs, 3_000)  # chance gives 1,501
    assert found.status == status and found.evidence["runs"] == runs
