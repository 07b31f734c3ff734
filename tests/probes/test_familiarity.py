"""Which rows a change leaves in tokens that a model of train can know: against counting by hand."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.probing import MOST_FREQUENT
from brittlestar.data.written_rows import rows_of_strings
from brittlestar.probes import task
from brittlestar.probes.default import known_probes
from brittlestar.probes.task import Task, compare_familiarity
from tests.probes.making import ODD, ROWS, TASK, Rows, changed

PAIRS = st.tuples(ROWS, ROWS).map(lambda two: (two[0], [*two[1], *[["a"]] * len(two[0])][: len(two[0])]))


def by_hand(before: Rows, after: Rows, task: Task) -> tuple[float | None, float | None, list[bool]]:
    """The same with counters of strings."""
    total, many = sum(task.frequency.values()), sum(map(len, after))
    counts = Counter(token for row in after for token in row)

    def usual(token: str) -> bool:
        share = task.frequency.get(token, 0) / total
        return share > 0 and counts[token] / many <= MOST_FREQUENT * share

    gone = [Counter(old) - Counter(new) for old, new in zip(before, after, strict=True)]
    come = [Counter(new) - Counter(old) for old, new in zip(before, after, strict=True)]
    left = [token for row in gone for token in row.elements()]
    new = [token for row in come for token in row.elements()]
    shares = (
        sum(token in task.frequency for token in left) / len(left) if left else None,
        sum(map(usual, new)) / len(new) if new else None,
    )
    rows = [all(t in task.frequency for t in old) and all(map(usual, new)) for old, new in zip(gone, come, strict=True)]
    return *shares, rows


@given(PAIRS)
def test_shares_and_rows_are_those_of_counting(pair: tuple[Rows, Rows]) -> None:
    before, after = pair
    found = compare_familiarity(rows_of_strings(before), rows_of_strings(after), TASK)
    assert (found.before, found.after, found.rows.tolist()) == by_hand(before, after, TASK)


def test_rows_are_compared_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = [list("abca"), list("zz"), [], list("acabd")] * 9, [list("abcz"), list("ab"), [], list("a")] * 9
    whole = compare_familiarity(rows_of_strings(before), rows_of_strings(after), TASK)
    monkeypatch.setattr(task, "TOKENS", 7)
    parts = compare_familiarity(rows_of_strings(before), rows_of_strings(after), TASK)
    assert (parts.before, parts.after) == (whole.before, whole.after) and parts.rows.tolist() == whole.rows.tolist()


@pytest.mark.parametrize("what", ODD)
def test_odd_rows(what: str) -> None:
    for probe in known_probes(TASK):
        for strength in probe.strengths:
            after = changed(probe.change, ODD[what], strength)
            found = compare_familiarity(rows_of_strings(ODD[what]), rows_of_strings(after), TASK)
            assert len(found.rows) == len(after)


def test_letters_of_words_are_unknown_even_where_some_are_words() -> None:
    """`a` and `i` are words of train; in words that are cut up they stand more than ten times as often."""
    words = ["a", "i", *(f"{x}a{y}i" for x in "bcdfgh" for y in "klmnprst")]
    task = Task({word: 20 if len(word) == 1 else 100 for word in words}, 8)
    rows = [words[k : k + 8] for k in range(2, 42)]
    cut = [list("".join(row)) for row in rows]
    found = compare_familiarity(rows_of_strings(rows), rows_of_strings(cut), task)
    assert found.before == 1.0 and found.after == 0.0 and not found.rows.any() and found.unknown


def test_forms_that_train_has_too_are_familiar() -> None:
    """Train writes each word in two ways; a change that makes one of them of both doubles it."""
    task = Task({"cat": 50, "Cat": 50, "dog": 50, "Dog": 50}, 4)
    rows = [["Cat", "dog"], ["cat", "Dog"], ["cat", "dog"]] * 10
    lower = [[token.lower() for token in row] for row in rows]
    found = compare_familiarity(rows_of_strings(rows), rows_of_strings(lower), task)
    assert (found.before, found.after) == (1.0, 1.0) and found.rows.all() and not found.unknown


def test_nothing_that_changes_is_no_share() -> None:
    found = compare_familiarity(rows_of_strings([["a", "z"]]), rows_of_strings([["z", "a"]]), TASK)
    assert found.before is None and found.after is None and found.rows.all() and not found.unknown
