import errno
import json
import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from brittlestar.core.errors import StoreError
from brittlestar.store.cell_folder import damage, place_folder, read_outcome, set_aside
from brittlestar.store.cell_outputs import prediction_columns, write_failed
from brittlestar.store.layout import Store, create_store
from brittlestar.training.trained import Output
from tests.execution.tiny import cell

FILES = {"log.txt": b"said\n", "weights.bin": bytes(range(256))}


def test_a_folder_appears_whole_with_hashes_of_everything_but_time(tmp_path: Path) -> None:
    store = Store(tmp_path)
    final = tmp_path / "cells" / "abc"
    place_folder(store, "cells/abc", FILES, {"state": "done", "share": 0.1 + 0.2}, {"seconds": 1.5})
    assert {path.name for path in final.iterdir()} == {*FILES, "outcome.json", "timing.json"}
    outcome = read_outcome(store, "cells/abc")
    assert outcome is not None and outcome["share"] == 0.1 + 0.2 and set(outcome["files"]) == set(FILES)
    assert damage(store, "cells/abc") == [] and [path.name for path in final.parent.iterdir()] == ["abc"]
    place_folder(store, "again", FILES, {"state": "done", "share": 0.1 + 0.2}, {"seconds": 9.0})
    assert {**json.loads((tmp_path / "again" / "outcome.json").read_bytes()), "folder": "abc", "digest": ""} == {
        **outcome,
        "digest": "",
    }


def test_a_folder_that_stands_is_never_replaced(tmp_path: Path) -> None:
    place_folder(Store(tmp_path), "abc", FILES, {"state": "done"})
    with pytest.raises(StoreError, match="cannot write"):
        place_folder(Store(tmp_path), "abc", {}, {"state": "failed"})
    assert (read_outcome(Store(tmp_path), "abc") or {})["state"] == "done" and damage(Store(tmp_path), "abc") == []
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("moment", range(1, 5))
def test_what_fails_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int) -> None:
    write, count = Path.write_bytes, 0

    def failing(path: Path, content: bytes) -> int:
        nonlocal count
        count += 1
        written = write(path, content[: len(content) // 2] if count == moment else content)
        if count == moment:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return written

    monkeypatch.setattr(Path, "write_bytes", failing)
    with pytest.raises(StoreError, match="the disk is full"):
        place_folder(Store(tmp_path), "abc", FILES, {"state": "done"}, {})
    assert list(tmp_path.iterdir()) == []


def test_debris_of_an_earlier_attempt_is_not_mixed_in(tmp_path: Path) -> None:
    (tmp_path / ".abc.part").mkdir()
    (tmp_path / ".abc.part" / "old").touch()
    place_folder(Store(tmp_path), "abc", FILES, {"state": "done"})
    assert not (tmp_path / "abc" / "old").exists()


def test_a_failed_cell_says_why_whatever_it_printed(tmp_path: Path) -> None:
    store = create_store(tmp_path)
    write_failed(store, cell(), "ValueError: odd", "said \udcff", "class")
    key = store.cell(cell().hash)
    folder = store.path(key)
    assert (read_outcome(store, key) or {})["error"] == "ValueError: odd" and damage(store, key) == []
    assert (folder / "log.txt").read_bytes() == b"said \\udcff"
    assert json.loads((folder / "cell.json").read_bytes())["environment_class"] == "class"


def test_folders_set_aside_are_numbered(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        place_folder(Store(tmp_path), "abc", {"log.txt": str(number).encode()}, {"state": "failed"})
        assert set_aside(Store(tmp_path), "abc") == f"abc.{number}"
    assert (tmp_path / "abc.2" / "log.txt").read_text() == "2"


def test_predictions_of_all_splits_and_checkpoints_stand_in_one_table() -> None:
    def output(n: int, **flags: bool) -> Output:
        return Output(np.arange(n) * 2, np.full((n, 3), n, dtype=np.float64), **flags)

    columns = prediction_columns(
        {"test": {"best": output(2), "last": output(2)}, "dev": {"best": output(1, probabilities=True, hard=True)}}
    )
    frame = pl.DataFrame(columns)
    assert frame["split"].to_list() == ["test"] * 4 + ["dev"]
    assert frame["checkpoint"].to_list() == ["best", "best", "last", "last", "best"]
    assert frame["row"].to_list() == [0, 2, 0, 2, 0]
    assert frame["values"].dtype == pl.Array(pl.Float32, 3) and frame["values"][4].to_list() == [1, 1, 1]
    assert frame["probabilities"].to_list() == frame["hard"].to_list() == [False] * 4 + [True]
    assert pl.DataFrame(prediction_columns({})).height == 0
