"""Two releases row by row: against brute force and SciPy, and on rows that came, went, moved and got other labels."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_1samp

from brittlestar.claims.outcomes import Runs
from brittlestar.claims.releases import Release, ReleaseComparison, compare_releases, make_release, match_releases
from brittlestar.claims.side_by_side import match_rows, number_copies
from brittlestar.core.errors import InputError
from exam.calibration.gate import measure_gate
from tests.answers import make_answers, make_split_answers

hashes = st.lists(st.integers(0, 5), max_size=20).map(lambda found: np.asarray(found, np.uint64))


@given(hashes, hashes)
def test_rows_are_matched_once_by_sequence_and_repeats_in_their_order(new: np.ndarray, last: np.ndarray) -> None:
    mine, its = match_rows(number_copies(new), number_copies(last))
    assert (new[mine] == last[its]).all()
    assert (np.diff(mine) > 0).all() and len(set(its.tolist())) == len(its)
    both = Counter(new.tolist()) & Counter(last.tolist())
    assert len(mine) == both.total()
    for value in both:
        assert (np.diff(its[new[mine] == value]) > 0).all()


def release(predicted: np.ndarray, labels: np.ndarray, rows: np.ndarray, seeds: tuple[int, ...] = (0,)) -> Release:
    split = make_split_answers(labels, {"main": make_answers(predicted, labels)}, hashes=rows)
    return Release(split, ("no", "yes"), Runs(seeds, answers=split.runs["main"]))


def answers_of(one: Release) -> np.ndarray:
    assert one.runs.answers is not None
    return one.runs.answers.predicted


def one_run(wrong: slice, n: int = 400) -> Release:
    labels = np.arange(n) % 2
    predicted = labels.copy()
    predicted[wrong] = 1 - predicted[wrong]
    return release(predicted[None], labels, np.arange(n))


def compare(new: Release, last: Release, split: str, metric: str, by: float) -> ReleaseComparison:
    return compare_releases(match_releases(new, last, split, metric), split, metric, by)


def test_one_run_each_is_a_paired_t_test_over_shared_rows() -> None:
    found = compare(one_run(slice(0, 60)), one_run(slice(40, 60)), "test", "accuracy", 0.01)
    d = np.r_[-np.ones(40), np.zeros(360)]
    expected = ttest_1samp(d, 0).confidence_interval(0.95)
    assert found.judgement.interval == pytest.approx((expected.low, expected.high))
    assert (found.judgement.verdict, found.rows, found.of, found.shared_seeds) == ("refuted", 400, 400, 1)
    assert not found.identical


def test_the_same_answers_are_identical_and_another_seed_is_not() -> None:
    one = one_run(slice(0, 60))
    assert compare(one, one, "test", "accuracy", 0.01).identical
    other = replace(one, runs=replace(one.runs, seeds=(7,)))
    assert not compare(one, other, "test", "accuracy", 0.01).identical


def test_rows_that_moved_are_found_and_those_with_another_label_are_left_out() -> None:
    new = one_run(slice(0, 40))
    order = np.random.default_rng(0).permutation(400)
    labels = new.rows.labels.copy()
    labels[:10] = 1 - labels[:10]
    last = release(answers_of(new)[:, order], labels[order], np.arange(400)[order])
    found = compare(new, last, "test", "accuracy", 0.01)
    assert (found.rows, found.relabelled) == (390, 10)
    assert found.judgement.estimate == 0


def test_classes_are_matched_by_name() -> None:
    new = one_run(slice(0, 40))
    turned = release(1 - answers_of(new), 1 - new.rows.labels, np.arange(400))
    last = replace(turned, classes=("yes", "no"))
    assert compare(new, last, "test", "accuracy", 0.01).identical


def test_too_few_shared_rows_are_refused_with_how_many() -> None:
    last = one_run(slice(0, 10), 100)
    with pytest.raises(InputError, match="only 100 of 400 rows of test are in the last release"):
        compare(one_run(slice(0, 10)), last, "test", "accuracy", 0.01)


def test_runs_without_a_common_seed_are_independent() -> None:
    random = np.random.default_rng(1)
    labels = np.arange(600) % 2
    tables = [np.where(random.random((4, 600)) < 0.9, labels, 1 - labels) for _ in range(2)]
    one, other = (
        release(table, labels, np.arange(600), seeds)
        for table, seeds in zip(tables, ((0, 1, 2, 3), (4, 5, 6, 7)), strict=True)
    )
    found = compare(one, other, "test", "accuracy", 0.05)
    assert found.shared_seeds == 0 and found.judgement.claim.pairing == "independent"
    assert found.judgement.verdict == "supported"


def test_seeds_that_one_release_alone_has_are_left_out() -> None:
    random = np.random.default_rng(2)
    labels = np.arange(400) % 2
    new, last = (np.where(random.random((6, 400)) < 0.9, labels, 1 - labels) for _ in range(2))
    one, other = (
        release(new, labels, np.arange(400), (0, 1, 2, 3, 4, 5)),
        release(last, labels, np.arange(400), (1, 2, 3, 4, 5, 6)),
    )
    found = compare(one, other, "test", "accuracy", 0.05)
    assert found.shared_seeds == found.judgement.seeds == 5
    shared = (
        release(new[1:], labels, np.arange(400), (1, 2, 3, 4, 5)),
        release(last[:5], labels, np.arange(400), (1, 2, 3, 4, 5)),
    )
    assert found.judgement.interval == compare(*shared, "test", "accuracy", 0.05).judgement.interval


def test_log_loss_needs_probabilities_and_lower_is_better() -> None:
    now = one_run(slice(0, 40))
    zeros, labels = np.zeros((1, 400), np.int64), now.rows.labels
    good, bad = (make_answers(zeros, labels, np.full((1, 400), p)) for p in (0.9, 0.5))
    last = make_release(now, (0,), good, "log_loss")
    new = make_release(now, (0,), bad, "log_loss")
    noisy = np.random.default_rng(0).uniform(0.4, 0.6, (1, 400))
    new = replace(new, runs=Runs((0,), outcome=-np.log(noisy)))
    worse = compare(new, last, "test", "log_loss", 0.01).judgement
    assert worse.verdict == "refuted"
    assert "new loses more than 0.010 nats of log loss on test against last-release" in worse.sentence
    assert "The difference last-release − new is −" in worse.sentence
    assert compare(last, new, "test", "log_loss", 0.01).judgement.verdict == "supported"
    with pytest.raises(InputError, match="log_loss of the last release is not known row by row"):
        make_release(now, (0,), make_answers(zeros, labels), "log_loss")


def test_a_gate_fails_a_worse_release_and_seldom_an_unchanged_one() -> None:
    found = measure_gate(2_000, 3, 60)
    assert found["unchanged"]["fail"] <= 0.05 and found["worse"]["fail"] >= 0.8
    assert sum(found["unchanged"].values()) == pytest.approx(1)
