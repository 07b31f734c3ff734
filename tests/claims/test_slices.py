"""Classes and slices: recalls against scikit-learn, differences against brute force, and releases slice by slice."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_ind
from sklearn.metrics import confusion_matrix, recall_score

from brittlestar import check
from brittlestar.claims.claim_findings import JudgedStudy
from brittlestar.claims.outcomes import Runs
from brittlestar.claims.releases import Release, compare_slices, match_releases
from brittlestar.claims.slice_findings import eval_slice
from brittlestar.claims.slices import MOST_SLICES, count_confusions, find_worst, list_slices, measure_slices
from brittlestar.claims.study_outcomes import StudyOutcomes
from brittlestar.core.errors import InputError
from brittlestar.core.results import SplitAnswers
from brittlestar.reports.gate.releases import decide_changes
from brittlestar.statistics.crossed import contrast_rows, estimate_over_runs
from brittlestar.study.row_filters import LABEL, RowFilter, of_class
from tests.answers import make_answers, make_split_answers
from tests.diagnosis.synthetic import cell, split, study

CLASSES = ("billing", "login", "other")
N = 600


def answers(predicted: np.ndarray, labels: np.ndarray, **columns: np.ndarray) -> SplitAnswers:
    return make_split_answers(labels, {"main": make_answers(predicted, labels)}, n_classes=3, columns=columns)


def drawn(seed: int, runs: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Labels, and answers that are wrong on half of `billing` and on a tenth of all others."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 3, N)
    wrong = random.random((runs, N)) < np.where(labels == 0, 0.5, 0.1)
    return labels, np.where(wrong, (labels + random.integers(1, 3, (runs, N))) % 3, labels)


def of_study(here: SplitAnswers, runs: int) -> dict[str, object]:
    record = study([cell("main", seed) for seed in range(runs)], splits={"test": split("test", N)})
    record = replace(record, classes=CLASSES)
    return {"outcomes": StudyOutcomes(record, {"test": here}), "split": "test"}


@pytest.mark.parametrize("runs", [1, 5])
def test_recalls_and_confusions_are_those_of_scikit_learn(runs: int) -> None:
    labels, predicted = drawn(0, runs)
    here = answers(predicted, labels)
    found = measure_slices(**of_study(here, runs), columns=(LABEL,))[LABEL]  # type: ignore[arg-type]
    expected = np.mean([recall_score(labels, one, average=None) for one in predicted], axis=0)
    assert [one.score.mean for one in found] == pytest.approx(expected.tolist())
    assert [one.score.n_rows for one in found] == np.bincount(labels).tolist()
    counts = np.mean([confusion_matrix(labels, one) for one in predicted], axis=0)
    assert count_confusions(here, "main", 3) == pytest.approx(counts)
    worst = find_worst({LABEL: found})
    assert worst is not None and worst.where == of_class("billing")


def test_where_no_class_is_worse_none_is_named() -> None:
    random = np.random.default_rng(1)
    labels = random.integers(0, 3, N)
    predicted = np.where(random.random((1, N)) < 0.2, (labels + 1) % 3, labels)
    found = measure_slices(**of_study(answers(predicted, labels), 1), columns=(LABEL,))  # type: ignore[arg-type]
    assert find_worst(found) is None


@given(st.integers(2, 40), st.integers(2, 40), st.integers(0, 10_000))
def test_a_contrast_of_rows_is_the_difference_of_two_means(inside: int, outside: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    table, first = random.normal(size=(1, inside + outside)), np.arange(inside + outside) < inside
    spread = contrast_rows(table, first)
    assert spread.mean() == pytest.approx(table[0, first].mean() - table[0, ~first].mean())


def test_the_spread_of_a_contrast_is_that_of_two_independent_means() -> None:
    random = np.random.default_rng(3)
    table, first = random.normal(size=(1, 2000)), np.arange(2000) < 300
    found = estimate_over_runs(contrast_rows(table, first))
    expected = ttest_ind(table[0, first], table[0, ~first], equal_var=False).confidence_interval(0.95)
    assert found.interval(0.05) == pytest.approx((expected.low, expected.high), rel=0.02, abs=0.002)


def test_slices_of_columns_are_the_most_frequent_values() -> None:
    labels, predicted = drawn(2)
    customers = np.array([f"c{k % 60}" for k in range(N)], dtype=object)
    customers[:30] = "acme"
    customers[-5:] = ""  # nothing is known of these
    here = answers(predicted, labels, customer=customers, length=np.arange(N) % 30)
    found = list_slices(here, "customer", CLASSES)
    assert len(found) == MOST_SLICES and found[0] == RowFilter("customer", "=", "acme")
    assert list_slices(here, "length", CLASSES) == (RowFilter("length", "<=", "9"), RowFilter("length", ">", "19"))
    cut = replace(here, columns={"length": np.minimum(np.arange(N) % 30, 15)})  # half of the rows are cut at 15 tokens
    assert list_slices(cut, "length", CLASSES) == (RowFilter("length", "<=", "9"),)
    alike = replace(here, columns={"length": np.full(N, 7)})
    assert list_slices(alike, "length", CLASSES) == ()
    with pytest.raises(InputError, match="'region' is not kept"):
        list_slices(here, "region", CLASSES)


def release(predicted: np.ndarray, labels: np.ndarray, **columns: np.ndarray) -> Release:
    here = answers(predicted, labels, **columns)
    return Release(here, CLASSES, Runs((0,), answers=here.runs["main"]))


def test_a_candidate_that_breaks_one_class_and_repairs_others_is_found_by_its_class() -> None:
    random = np.random.default_rng(4)
    labels = random.integers(0, 3, N)
    last = np.where(random.random((1, N)) < 0.15, (labels + 1) % 3, labels)
    new = np.where(random.random((1, N)) < np.where(labels == 0, 0.5, 0.0), (labels + 1) % 3, labels)
    one, other = release(new, labels), release(last, labels)
    matched = match_releases(one, other, "test", "accuracy")
    found = compare_slices(matched, one, [of_class(name) for name in CLASSES], "test", 0.05)
    assert [change.judgement.verdict for change in found] == ["refuted", "supported", "supported"]
    rows = labels == 0
    assert found[0].before == pytest.approx((last[0, rows] == 0).mean())
    assert found[0].now == pytest.approx((new[0, rows] == 0).mean())


def test_all_slices_share_one_error() -> None:
    random = np.random.default_rng(5)
    labels = random.integers(0, 3, N)
    new, last = (release(np.where(random.random((1, N)) < 0.2, (labels + 1) % 3, labels), labels) for _ in range(2))
    matched = match_releases(new, last, "test", "accuracy")
    every = compare_slices(matched, new, [of_class(name) for name in CLASSES], "test", 0.01)
    alone = compare_slices(matched, new, [of_class("billing")], "test", 0.01)
    assert [change.judgement.verdict for change in every] == ["inconclusive"] * 3
    assert every[0].judgement.level == pytest.approx(alone[0].judgement.level / 3)


def test_rows_of_a_slice_that_only_one_release_answers_are_left_out() -> None:
    labels = np.arange(N) % 3
    predicted = labels[None].copy()
    customers = np.array(["acme"] * 400 + ["bolt"] * 200, dtype=object)
    new, last = release(predicted, labels, customer=customers), release(predicted[:, :400], labels[:400])
    matched = match_releases(new, last, "test", "accuracy")
    slices = list_slices(new.rows, "customer", CLASSES)
    assert [str(one.where) for one in compare_slices(matched, new, slices, "test", 0.05)] == ["customer = acme"]


@pytest.mark.parametrize("asked", [True, False])
def test_where_no_class_could_be_looked_at_nothing_passes(asked: bool) -> None:
    assert decide_changes((), 0.05, LABEL, asked).outcome == "cannot-say"


@pytest.mark.parametrize(
    ("share", "status"),
    [(0.5, "present"), (0.1, "absent"), (0.22, "inconclusive")],
)
def test_a_slice_of_given_predictions_far_below_the_rest_is_found(share: float, status: str) -> None:
    random = np.random.default_rng(5)
    labels, customers = random.integers(0, 3, N), random.choice(["acme", "bolt"], N)
    wrong = random.random((1, N)) < np.where(customers == "acme", share, 0.1)
    here = answers(np.where(wrong, (labels + 1) % 3, labels), labels, customer=customers)
    made = of_study(here, 1)
    slices = measure_slices(**made, columns=("customer",))  # type: ignore[arg-type]
    record = made["outcomes"].record  # type: ignore[attr-defined]
    (found,) = eval_slice.function(JudgedStudy(record, (), {}, slices=slices))
    assert (found.status, found.where) == (status, {"variant": "main", "split": "test"})
    if status == "present":
        assert found.severity == "warning" and "accuracy on customer acme" in found.summary
    of_classes = {LABEL: measure_slices(**of_study(answers(*drawn(0)[::-1]), 1), columns=(LABEL,))[LABEL]}  # type: ignore[arg-type]
    (alone,) = eval_slice.function(JudgedStudy(record, (), {}, slices=of_classes))
    assert (alone.status, alone.severity) == ("present", "info")
    assert not [*eval_slice.function(JudgedStudy(record, (), {}))]


@pytest.mark.parametrize(("share", "found"), [(0.75, True), (0.0, False)])
def test_a_token_on_which_main_alone_fails_is_found_without_a_last_release(share: float, found: bool) -> None:
    """Searched on one half of the rows, judged on the other; the trivial baseline is as right there as elsewhere."""
    random = np.random.default_rng(7)
    words = random.integers(0, 40, (1_200, 6))
    labels = np.where(np.isin(words[:, 0], range(20)), "a", "b")
    rows = {"sequence": [" ".join(f"w{k}" for k in row) for row in words], "label": labels.tolist()}
    data = {name: pl.DataFrame(rows)[part] for name, part in (("train", slice(0, 600)), ("test", slice(600, 1_200)))}
    right = np.where((words[600:] == 25).any(axis=1), random.random(600) >= share, random.random(600) >= 0.05)
    answers = np.where(right, labels[600:], np.where(labels[600:] == "a", "b", "a"))
    said = check(data, predictions=answers, progress=False)
    token = [one for one in said.findings if one.code == "eval.slice" and "token w25" in one.summary]
    assert [one.severity for one in token] == (["warning"] if found else [])
