"""The best of several candidates on the rows that are scored: chance alone does not make it better."""

from dataclasses import replace

import numpy as np
import pytest

from brittlestar import InputError, check, gate, judge
from brittlestar.claims.releases import compare_releases, match_releases
from brittlestar.statistics.multiplicity import find_holm_levels
from tests.claims.test_releases import release

LABELS = np.arange(400) % 2
ROWS = np.arange(400)


def draw(random: np.random.Generator) -> np.ndarray:
    """A candidate that is right on four fifths of the rows, as all others and the last release are."""
    return np.where(random.random(400) < 0.8, LABELS, 1 - LABELS)


def test_the_best_of_eight_that_are_alike_is_rarely_called_better() -> None:
    random, called = np.random.default_rng(3), {1: 0, 8: 0}
    for _ in range(200):
        best = max((draw(random) for _ in range(8)), key=lambda one: (one == LABELS).sum())
        new, last = (release(one[None], LABELS, ROWS) for one in (best, draw(random)))
        for many in called:
            matched = match_releases(new, last, "test", "accuracy", many)
            found = compare_releases(matched, "test", "accuracy", 0.0)
            called[many] += found.judgement.interval is not None and found.judgement.interval[0] > 0
    assert called[8] <= 0.05 * 200 + 3 * (0.05 * 0.95 * 200) ** 0.5  # three standard errors
    assert called[1] > 3 * called[8]


def test_candidates_share_the_error_as_bonferroni_has_it() -> None:
    new, last = (release(draw(np.random.default_rng(seed))[None], LABELS, ROWS) for seed in (1, 2))
    one, five = (
        compare_releases(match_releases(new, last, "test", "accuracy", many), "test", "accuracy", 0.0).judgement
        for many in (1, 5)
    )
    assert (one.level, five.level) == (0.05, 0.01)
    assert one.p is not None and five.p == pytest.approx(min(1, 5 * one.p))
    assert "5 candidates share 5 %" in five.sentence and "candidates" not in one.sentence
    assert find_holm_levels([five.p], 0.05) == [0.05]  # and what several claims share is shared beside it


DATA = {
    name: ([f"a b{k % 7} {name}{k}" for k in range(n)], ["yn"[k % 2] for k in range(n)])
    for name, n in (("train", 200), ("test", 100))
}


def test_check_and_gate_take_it_and_one_changes_nothing() -> None:
    answers = [["yn"[(k + (k % 9 == 0)) % 2] for k in range(100)]]
    plain, one, many = (
        check(DATA, predictions=answers, best_of=n, progress=False).headline.real.sentence for n in (None, 1, 5)
    )
    assert plain == one and "95 % interval" in one
    assert "99 % interval" in many and "5 candidates share 5 %" in many
    last = [["yn"[(k + (k % 7 == 0)) % 2] for k in range(100)]]
    found = gate(DATA, predictions=answers, against=last, best_of=5, min_score=0.7, progress=False)
    assert any("5 candidates share 5 %" in one.sentence for one in found.requirements)
    narrow = gate(DATA, predictions=answers, min_score=0.7, progress=False).requirements[0].sentence
    wide = next(one for one in found.requirements if "minimum" in one.name or "least" in one.name).sentence
    assert narrow != wide


def test_a_claim_states_it_and_its_hash_is_another() -> None:
    table = [
        {"arm": arm, "seed": seed, "score": 0.8 + 0.01 * seed + 0.02 * (arm == "b")}
        for arm in "ab"
        for seed in range(6)
    ]
    plain, many = (
        judge(table, claim={"claim": "b > a by 0.001 on accuracy", "looks": [6], **more})
        for more in ({}, {"best_of": 10})
    )
    assert replace(many.claim, best_of=1) == plain.claim and many.claim.hash != plain.claim.hash
    assert many.level == pytest.approx(plain.level / 10)


@pytest.mark.parametrize("wrong", [0, 2_000])
def test_numbers_that_no_choice_has_are_refused(wrong: int) -> None:
    with pytest.raises(InputError, match=r"best_of is .* allowed: a whole number"):
        check(DATA, predictions=[["y"] * 100], best_of=wrong, progress=False)
