"""Arrays that are written in parts are ordinary files of NumPy."""

from pathlib import Path

import numpy as np
import pytest

from brittlestar.store.growing_arrays import Growing, map_array


@pytest.mark.parametrize("parts", [[], [0], [3, 0, 5], [100_000, 1, 250_000]])
def test_parts_are_read_as_one_array(tmp_path: Path, parts: list[int]) -> None:
    values = [np.arange(n, dtype=np.int64) * 7 for n in parts]
    with Growing(tmp_path / "a.npy", np.int32) as file:
        for one in values:
            file.append(one)
    whole = np.concatenate([*values, np.zeros(0)]).astype(np.int32)
    assert np.array_equal(np.load(tmp_path / "a.npy", allow_pickle=False), whole)
    read = map_array(tmp_path / "a.npy")
    assert np.array_equal(read, whole) and read.dtype == np.int32 and not read.flags.writeable


def test_what_breaks_off_is_no_array_of_that_length(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), Growing(tmp_path / "a.npy", np.int32) as file:
        file.append(np.arange(5))
        raise RuntimeError
    assert len(map_array(tmp_path / "a.npy")) == 0
