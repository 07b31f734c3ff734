"""Arrays larger than memory: the same as in memory, read-only in a file, and an error where the disk is full."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from brittlestar.core import large_arrays
from brittlestar.core.errors import StoreError
from brittlestar.core.large_arrays import are_in, blocks, collect, count, look_up

parts = st.lists(arrays(np.int32, st.integers(0, 9), elements=st.integers(0, 20)), max_size=6)


@given(parts, st.sampled_from((0, 8, 40, 1 << 20)))
def test_parts_are_one_array_wherever_it_lies(parts: list[np.ndarray], in_memory: int):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large_arrays, "IN_MEMORY", in_memory)
        found = collect(iter(parts), np.int32)
    whole = np.concatenate([np.zeros(0, np.int32), *parts])
    np.testing.assert_array_equal(found, whole)
    assert found.dtype == np.int32
    assert (not found.flags.writeable) or whole.nbytes <= in_memory or len(parts) == 0


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


def test_an_array_in_a_file_outlives_it_and_leaves_nothing(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(large_arrays, "IN_MEMORY", 100)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    found = collect((np.full(50, k, np.int64) for k in range(20)), np.int64)
    assert not list(tmp_path.iterdir())
    np.testing.assert_array_equal(found, np.repeat(np.arange(20), 50))


def test_a_full_disk_is_an_error_and_no_signal(monkeypatch: pytest.MonkeyPatch):
    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *error: object) -> None:
            return None

        def write(self, data: object) -> int:
            raise OSError(28, "No space left on device")

    def full(**options: object) -> Full:
        return Full()

    monkeypatch.setattr(large_arrays, "IN_MEMORY", 100)
    monkeypatch.setattr("tempfile.TemporaryFile", full)

    def many() -> Iterator[np.ndarray]:
        yield np.zeros(1000)

    with pytest.raises(StoreError, match="No space left"):
        collect(many(), np.float64)
