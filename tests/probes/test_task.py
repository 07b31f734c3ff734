"""What probes know of the data."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.data.written_rows import rows_of_strings
from brittlestar.probes.task import Task, telling_positions

from .making import ODD, ROWS, SPR_TASK, Rows


def test_tokens_are_in_the_order_of_their_frequency() -> None:
    task = Task({"b": 2, "a": 2, "c": 5}, 3)
    assert task.tokens == ("c", "a", "b") and task.shares().tolist() == [5 / 9, 2 / 9, 2 / 9]
    assert task.values(["a"]) == {}
    assert SPR_TASK.values(["▲r", "●", "x"]) == {"shape": ["▲", "●", ""], "colour": ["r", "", ""]}


def information(pairs: list[tuple[str, int]]) -> float:
    """Nats of mutual information less what chance gives, by counting pairs."""
    n, both = len(pairs), Counter(pairs)
    left, right = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    nats = sum(c / n * np.log(c * n / (left[a] * right[b])) for (a, b), c in both.items())
    return nats - (len(left) - 1) * (len(right) - 1) / (2 * n)


@given(ROWS, st.data())
def test_telling_positions_have_the_most_information(rows: Rows, data: st.DataObject) -> None:
    labels = data.draw(st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows)))
    usual = int(np.median([len(row) for row in rows])) if rows else 0
    worth = {
        place + 1: information(
            [(row[place], label) for row, label in zip(rows, labels, strict=True) if len(row) > place]
        )
        for place in range(usual)
    }
    found = telling_positions(rows_of_strings(rows), np.array(labels, np.int32))
    assert len(found) == len(set(found)) == min(usual, 3) and set(found) <= set(worth)
    best = sorted(worth.values(), reverse=True)[:3]
    assert [worth[place] for place in found] == pytest.approx(best)


def test_the_position_that_decides_comes_first() -> None:
    random = np.random.default_rng(0)
    rows = [list(random.choice(list("abcd"), 7)) for _ in range(300)]
    labels = np.array([row[4] in "ab" for row in rows], np.int32)
    assert telling_positions(rows_of_strings(rows), labels)[0] == 5
    assert telling_positions(rows_of_strings(rows), labels, most=1) == (5,)


@pytest.mark.parametrize("what", ODD)
def test_odd_rows(what: str) -> None:
    rows = rows_of_strings(ODD[what])
    assert len(telling_positions(rows, np.zeros(rows.n_rows, np.int32))) <= 3


def test_of_many_rows_some_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brittlestar.probes.task.MOST_ROWS", 200)
    random = np.random.default_rng(0)
    rows = [random.choice(list("abcd"), 7).tolist() for _ in range(2_000)]
    labels = np.array([row[4] in "ab" for row in rows], np.int32)
    found = telling_positions(rows_of_strings(rows), labels)
    assert found[0] == 5 and found == telling_positions(rows_of_strings(rows), labels)
