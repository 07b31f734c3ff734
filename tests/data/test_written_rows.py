"""Arithmetic on whole rows, against lists."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.data.written_rows import WrittenRows, rows_of_strings, stack_token_rows
from tests.probes.making import ODD, ROWS, Rows, sound, tokens_of


@given(ROWS)
def test_rows_come_back_as_they_went_in(rows: Rows) -> None:
    made = rows_of_strings(rows, ["q", "a"])
    sound(made)
    assert made.strings() == rows and made.lexicon[:2] == ("q", "a")
    assert made.lengths.tolist() == [len(row) for row in rows] and made.n_rows == len(rows)
    assert made.places.tolist() == [place for row in rows for place in range(len(row))]
    assert made.owners.tolist() == [number for number, row in enumerate(rows) for _ in row]


@given(ROWS, st.data())
def test_every_operation_is_that_on_lists(rows: Rows, data: st.DataObject) -> None:
    made, n = rows_of_strings(rows), sum(map(len, rows))
    flags = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)), np.bool_)
    numbers = np.array(data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)), np.int64)
    split = np.split(np.arange(n), made.offsets[1:-1]) if rows else []
    words = tokens_of(rows)
    for found, wanted in (
        (made.keep_tokens(flags), [[words[k] for k in places if flags[k]] for places in split]),
        (made.repeat_tokens(numbers), [[words[k] for k in places for _ in range(numbers[k])] for places in split]),
        (
            made.order_tokens(numbers),
            [[words[k] for k in sorted(places, key=lambda k: numbers[k])] for places in split],
        ),
        (
            made.with_behind(flags, made.codes[::-1]),
            [[w for k in places for w in (words[k], *([words[n - 1 - k]] if flags[k] else []))] for places in split],
        ),
        (
            made.followed_by(made.rows(np.arange(len(rows))[::-1])),
            [a + b for a, b in zip(rows, rows[::-1], strict=True)],
        ),
    ):
        sound(found)
        assert found.strings() == wanted


@given(ROWS, st.lists(st.sampled_from("abxy"), max_size=5))
def test_knowing_more_tokens_changes_no_row(rows: Rows, tokens: list[str]) -> None:
    more, codes = rows_of_strings(rows).knowing(tokens)
    sound(more)
    assert more.strings() == rows and [more.lexicon[code] for code in codes] == tokens


def test_rows_are_taken_in_any_order_and_stacked_under_the_longest_lexicon() -> None:
    made = rows_of_strings([["a"], [], ["b", "a"]])
    assert made.rows(np.array([2, 2, 1, 0])).strings() == [["b", "a"], ["b", "a"], [], ["a"]]
    longer = rows_of_strings([["c"]], made.lexicon)
    assert stack_token_rows([made, longer, made.rows(np.zeros(0, np.int64))]).strings() == [
        ["a"],
        [],
        ["b", "a"],
        ["c"],
    ]


@pytest.mark.parametrize("what", ODD)
def test_odd_rows_are_rows(what: str) -> None:
    made = rows_of_strings(ODD[what])
    sound(made)
    assert made.strings() == ODD[what]


def test_no_rows_under_no_lexicon() -> None:
    nothing = WrittenRows(np.zeros(0, np.int32), np.zeros(1, np.int64), ())
    assert nothing.strings() == [] and nothing.n_rows == 0 and stack_token_rows([nothing, nothing]).n_rows == 0
