"""Slices that nobody named: what is broken is found on rows that were not searched, and chance is not."""

from pathlib import Path

import numpy as np
import pytest

from brittlestar import check, gate, judge
from brittlestar.claims.slice_search import FEWEST_IN_HALF, Candidates
from brittlestar.study.row_filters import RowFilter

ROWS = 1_600


def make_rows(seed: int) -> tuple[list[list[str]], list[str]]:
    random = np.random.default_rng(seed)
    words = random.integers(0, 120, (ROWS, 8))
    return [[f"w{word}" for word in row] for row in words], [*np.where(random.random(ROWS) < 0.5, "y", "n")]


def answer(labels: list[str], right: np.ndarray) -> list[str]:
    return [label if good else "yn"[label == "y"] for label, good in zip(labels, right, strict=True)]


def require_no_loss(seed: int, broken: str | None) -> dict[str, tuple[str, str]]:
    rows, labels = make_rows(seed)
    random = np.random.default_rng(seed + 100)
    before, now = random.random((2, ROWS)) < 0.9
    now &= ~np.asarray([broken in row for row in rows]) if broken else True
    train = make_rows(seed + 200)
    data = {"train": (train[0][:400], train[1][:400]), "test": (rows, labels)}
    found = gate(data, predictions=[answer(labels, now)], against=[answer(labels, before)], progress=False)
    first = found.requirements[0].outcome
    assert first == found.outcome  # what fails stands first
    assert [one["outcome"] for one in found.document["requirements"]] == [one.outcome for one in found.requirements]
    return {one.name: (one.outcome, one.sentence) for one in found.requirements if "searched" in one.name}


@pytest.mark.parametrize("seed", range(3))
def test_a_broken_token_is_found_on_the_rows_that_were_not_searched(seed: int) -> None:
    ((outcome, sentence),) = require_no_loss(seed, "w7").values()
    assert outcome == "fail" and "lost more: token w7 −" in sentence
    rows, _ = make_rows(seed)
    told = int(sentence.split("token w7", 1)[1].split(", ", 2)[2].split(" rows")[0])
    assert FEWEST_IN_HALF <= told < sum("w7" in row for row in rows)  # of one half alone


def test_two_releases_that_differ_by_chance_lose_no_slice() -> None:
    for seed in range(4):
        assert all(outcome == "pass" for outcome, _ in require_no_loss(seed, None).values())


def test_ranks_are_those_of_brute_force() -> None:
    random = np.random.default_rng(5)
    member = random.random((6, 300)) < 0.3
    changes, chosen = random.normal(size=300), random.random(300) < 0.5
    codes, rows = np.nonzero(member)
    found = Candidates(tuple(RowFilter("token", "=", str(k)) for k in range(6)), rows, codes).rank(changes, chosen)
    values = changes[chosen]
    for k in range(6):
        mine = changes[chosen & member[k]]
        error = values.std() * np.sqrt((1 - len(mine) / len(values)) / len(mine))
        assert found[k] == pytest.approx((mine.mean() - values.mean()) / error)


def test_a_slice_of_few_rows_in_a_half_is_not_ranked() -> None:
    rows = np.arange(FEWEST_IN_HALF - 1)
    chosen = np.arange(100) < 50
    found = Candidates((RowFilter("token", "=", "a"),), rows, np.zeros(len(rows), np.int64)).rank(np.ones(100), chosen)
    assert np.isnan(found).all()


def test_a_claim_speaks_of_a_token(tmp_path: Path) -> None:

    rows, labels = make_rows(1)
    now = ~np.asarray(["w7" in row for row in rows])
    data = {"train": (rows[:400], labels[:400]), "test": (rows[400:], labels[400:])}
    check(data, predictions=[answer(labels[400:], now[400:])], out=tmp_path / "s", progress=False)
    claim = "main > best-trivial by 0.01 on accuracy on test where token = w7"
    found = judge(tmp_path / "s", claim=claim)
    assert found.estimate is not None and found.estimate < 0
    assert found.rows == sum("w7" in row for row in rows[400:])
