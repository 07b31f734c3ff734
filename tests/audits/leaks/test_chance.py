"""Chance, computed, against drawing."""

import numpy as np
import pytest
from scipy.stats import fisher_exact

from brittlestar.audits.chance import Rate, overlap, repeats
from brittlestar.audits.token_model import Surprise, row_sums
from brittlestar.core.token_rows import offsets_of

from ..making import make_analysis, three_splits


@pytest.mark.parametrize(("tokens", "low", "high"), [(3, 2, 5), (6, 3, 3), (2, 1, 9)])
def test_the_rate_is_that_of_drawn_rows(tokens: int, low: int, high: int):
    made = make_analysis(three_splits((300, 80, 4_000), tokens=tokens, low=low, high=high))
    found = overlap(made, made.train, made.splits["test"])
    assert found.rate == pytest.approx(found.share, abs=0.05)
    assert len(found.hot) == len(found.repeating) == 0


def test_long_rows_do_not_collide():
    made = make_analysis(three_splits())
    found = overlap(made, made.train, made.splits["test"])
    assert len(found.shared) == 0
    assert found.rate < 1e-4


def test_a_sequence_that_repeats_is_beyond_chance_although_the_sum_is_below():
    """Rows drawn without repetition, and one that stands everywhere."""
    random = np.random.default_rng(0)
    every = [
        " ".join(row)
        for row in random.permutation(
            [[a, b, c, d] for a in "abcde" for b in "abcde" for c in "abcde" for d in "abcde"]
        )
    ]
    labels = [str(k % 2) for k in range(700)]
    splits = {"train": every[:400] + ["a b a c a"] * 30, "test": every[400:600] + ["a b a c a"] * 20}
    made = make_analysis({name: (rows, labels[: len(rows)]) for name, rows in splits.items()})
    found = overlap(made, made.train, made.splits["test"])
    assert found.share < found.rate
    assert len(found.hot) == 20
    assert found.excess == pytest.approx(20 / 220)
    assert found.p == 0


def test_rows_that_occur_once_are_no_repeats():
    made = make_analysis({"train": (["a b", "a b", "c", "d e"], ["x", "y", "x", "y"])})
    assert repeats(made.train) == Rate(2, 4)


def test_the_test_of_two_shares_is_fishers():
    true = fisher_exact([[7, 93], [4, 396]], alternative="greater").pvalue
    assert Rate(7, 100).p_more_than(Rate(4, 400)) == pytest.approx(true)
    assert Rate(0, 0).p_more_than(Rate(1, 5)) == 1


def test_bits_are_those_of_the_counts():
    codes = np.asarray([0, 1, 0, 1, 0, 2], np.int32)
    offsets = offsets_of(np.asarray([2, 4]))
    model = Surprise.fit(codes, offsets, 3)
    anywhere = np.asarray([3.5, 2.5, 1.5]) / 7.5
    first, second = (2 + anywhere[0]) / 3, (2 + anywhere[1]) / 4
    assert model.bits(codes, offsets)[:2] == pytest.approx(-np.log2([first, second]))
    own = model.bits(codes, offsets, np.ones(2, np.bool_))
    assert own[0] == pytest.approx(-np.log2((1 + 2.5 / 6.5) / 2))
    assert row_sums(own, offsets) == pytest.approx([own[:2].sum(), own[2:].sum()])


def test_a_model_with_many_tokens_counts_as_one_with_few(monkeypatch: pytest.MonkeyPatch):
    random = np.random.default_rng(0)
    codes = random.integers(0, 30, 600).astype(np.int32)
    offsets = offsets_of(np.full(60, 10))
    few = Surprise.fit(codes, offsets, 30).bits(codes, offsets)
    monkeypatch.setattr("brittlestar.audits.token_model.DENSE", 1)
    assert Surprise.fit(codes, offsets, 30).bits(codes, offsets) == pytest.approx(few)
