"""Shares and rows as people read them, and the codes that `--only` names."""

import numpy as np
import pytest

from brittlestar.audits.limits import codes_of
from brittlestar.audits.showing import all_ids, listed_ids, percent
from tests.audits.making import make_analysis


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.0, "0 %"),
        (0.000001, "less than 0.001 %"),
        (0.00001, "0.001 %"),
        (0.0041, "0.41 %"),
        (0.0949, "9.5 %"),
        (0.1, "10 %"),
        (0.126, "13 %"),
        (1.0, "100 %"),
    ],
)
def test_a_share_has_two_digits_and_none_behind_the_point_from_ten_on(share: float, told: str) -> None:
    assert percent(share) == told


def test_ten_rows_are_listed_evenly_and_all_of_them_up_to_ten_thousand() -> None:
    rows = make_analysis({"train": (["a", "b"] * 5_001, ["x", "y"] * 5_001)}).train
    everything = [rows.ids[k] for k in range(10_002)]
    assert listed_ids(rows, np.arange(10)) == everything[:10]
    assert listed_ids(rows, np.arange(10_000)) == [everything[int(k)] for k in np.linspace(0, 9_999, 10)]
    assert all_ids(rows, np.arange(10_000)) == everything[:10_000]
    assert all_ids(rows, np.arange(10_001)) is None


def test_only_names_codes_and_families() -> None:
    every = codes_of(())
    assert codes_of(("leak.exact",)) == ("leak.exact",)
    assert codes_of(("leak",)) == tuple(code for code in every if code.startswith("leak.")) != every
    assert codes_of(("nothing",)) == ()
