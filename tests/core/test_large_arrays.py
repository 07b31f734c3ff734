"""Arrays block by block: the same as at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from brittlestar.core import large_arrays
from brittlestar.core.large_arrays import are_in, blocks, count, look_up


@given(arrays(np.int32, st.integers(0, 50), elements=st.integers(0, 6)), st.integers(1, 60))
def test_blocks_do_not_show(codes: np.ndarray, at_once: int):
    table = np.arange(7) ** 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large_arrays, "AT_ONCE", at_once)
        np.testing.assert_array_equal(look_up(table, codes), table[codes])
        np.testing.assert_array_equal(count(codes, 9), np.bincount(codes, minlength=9))
    assert [k for part in blocks(len(codes), at_once) for k in range(len(codes))[part]] == list(range(len(codes)))


few = arrays(np.uint64, st.integers(0, 12), elements=st.integers(0, 9))


@given(few, few, st.integers(1, 5))
def test_values_are_found_whichever_are_more(values: np.ndarray, among: np.ndarray, at_once: int):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large_arrays, "AT_ONCE", at_once)
        np.testing.assert_array_equal(are_in(values, among), np.isin(values, among))
