"""Columns of times: what is read, and which rows are refused."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from brittlestar.core.errors import InputError
from brittlestar.data.files import read_file
from brittlestar.data.tables import Table
from brittlestar.data.times import shown_time, times_of


def read(values: list[Any], dtype: Any = None) -> tuple[list[float], bool]:
    times, dated = times_of(Table("data", pl.DataFrame({"t": pl.Series(values, dtype=dtype)})), "t")
    return times.tolist(), dated


@pytest.mark.parametrize(
    ("values", "expected", "dated"),
    [
        ([1, 2, 10], [1, 2, 10], False),
        ([0.5, -1.0], [0.5, -1.0], False),
        (["10", "9", " 8.5 "], [10, 9, 8.5], False),
        (["1970-01-02", "1970-01-01"], [86400, 0], True),
        (["1970-01-01T00:00:10", "1970-01-01 00:00:05"], [10, 5], True),
        (["1970-01-01T02:00:00+02:00", "1970-01-01T00:00:01Z"], [0, 1], True),
        (["1970-02", "1970-01"], [31 * 86400, 0], True),
        ([date(1970, 1, 2), date(1970, 1, 1)], [86400, 0], True),
        ([datetime(1970, 1, 1, 0, 0, 1)], [1], True),
    ],
    ids=str,
)
def test_times_become_numbers_that_sort(values: list[Any], expected: list[float], dated: bool) -> None:
    assert read(values) == (expected, dated)


def test_a_zone_is_taken_into_account() -> None:
    aware = pl.Series([datetime(1970, 1, 1, 1)]).dt.replace_time_zone("Europe/Paris")
    assert read(aware.to_list(), aware.dtype) == ([0.0], True)


@pytest.mark.parametrize(
    ("values", "messages"),
    [
        (["2021-01-01", "yesterday"], ["1 row without a time that can be read in column 't' (row 1): 'yesterday'"]),
        (["1", "2", "x", "y"], ["2 rows without a time that can be read in column 't' (rows 2, 3): 'x'"]),
        (["03/04/2021", "05/06/2021"], ["2 rows without a time", "(rows 0, 1): '03/04/2021'"]),
        ([1.0, None, float("nan")], ["2 rows without a time", "(rows 1, 2): None"]),
        (["1", "", "z"], ["2 rows without a time", "(rows 1, 2): ''"]),
        ([float("inf"), 1.0], ["1 row without a time", "(row 0): 'inf'"]),
        ([[1], [2]], ["column 't' holds List(Int64), not times"]),
        ([True, False], ["column 't' holds Boolean, not times"]),
    ],
    ids=str,
)
def test_rows_whose_time_cannot_be_read_are_named(values: list[Any], messages: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read(values)
    assert all(message in str(caught.value) for message in messages), caught.value


def test_the_line_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('a,t\n"two\nlines",2021-01-01\nb,soon\n', encoding="utf-8")
    table = read_file(tmp_path / "x.csv", "x.csv")
    with pytest.raises(InputError, match=r"x\.csv:4: 1 row without a time .* \(line 4\): 'soon'"):
        times_of(table, "t")
    with pytest.raises(InputError, match=r"x\.csv: no column 'when' to take times from; it has a, t"):
        times_of(table, "when")


def test_times_as_people_write_them() -> None:
    assert shown_time(86400, True) == "1970-01-02"
    assert shown_time(86401, True) == "1970-01-02 00:00:01+00:00"
    assert (shown_time(3, False), shown_time(3.5, False)) == ("3", "3.5")
