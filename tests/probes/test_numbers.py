"""Numbers of rows against a plain dictionary."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from brittlestar.data.written_rows import rows_of_strings, stack_token_rows
from brittlestar.probes.suite import Numbers

from .making import ROWS, Rows


@given(ROWS, st.lists(ROWS, max_size=4))
@settings(max_examples=60, deadline=None)
def test_equal_rows_of_a_condition_and_of_the_rows_as_they_are_share_a_number(
    plain: Rows, conditions: list[Rows]
) -> None:
    numbers = Numbers(rows_of_strings(plain))
    parts = [numbers.first]
    given_out: list[tuple[Rows, np.ndarray]] = [(plain, numbers.plain)]
    first = {tuple(row): int(number) for row, number in zip(plain, numbers.plain, strict=True)}
    for rows in conditions:
        (left, right), added = numbers.add(rows_of_strings(rows), rows_of_strings(rows[::-1]))
        parts.append(added)
        given_out += [(rows, left), (rows[::-1], right)]
        own = {tuple(row): int(number) for row, number in zip(rows, left, strict=True)}
        assert len(set(own.values())) == len(own)
        assert all(first[row] == number for row, number in own.items() if row in first)
        assert added.n_rows == len(set(own) - set(first)), "rows that are there already are not taken twice"
    strings = stack_token_rows(parts).strings()
    for rows, found in given_out:
        assert [strings[number] for number in found.tolist()] == rows


def test_no_rows_at_all() -> None:
    numbers = Numbers(rows_of_strings([]))
    (found,), added = numbers.add(rows_of_strings([["a"], ["a"]]))
    assert found.tolist() == [0, 0] and added.strings() == [["a"]] and numbers.nothing.n_rows == 0
