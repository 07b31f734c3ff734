"""Files of a store: its layout, attempts, cells and arrays."""

import errno
import json
import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from brittlestar.core.errors import InputError, StoreError
from brittlestar.store.attempts import append_attempt, read_attempts, read_history
from brittlestar.store.backend import Backend
from brittlestar.store.cell_folder import damage, place_folder, read_outcome, set_aside
from brittlestar.store.cell_outputs import prediction_columns, write_failed
from brittlestar.store.growing_arrays import Growing, map_array
from brittlestar.store.layout import ATTEMPTS, Store, create_store, open_store, telling_failures
from brittlestar.training.trained import Output
from tests.execution.tiny import cell


def test_a_store_is_made_once_and_taken_up_again(tmp_path: Path) -> None:
    store = create_store(tmp_path / "new" / "größe 1")
    assert isinstance(store.root, Path)
    assert [path.name for path in sorted(store.root.iterdir())] == ["attempts.jsonl"]
    assert create_store(store.root) == store


def test_a_store_that_a_kill_left_half_made_is_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class KilledError(Exception):
        pass

    def make_and_die(backend: Backend) -> None:
        backend.root.mkdir()
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(Backend, "create", make_and_die)
        with pytest.raises(KilledError):
            create_store(tmp_path / "x")
    assert (tmp_path / "x").is_dir()
    create_store(tmp_path / "x")
    with pytest.raises(InputError, match="this study is not set up yet"):
        open_store(tmp_path / "x")


def test_a_folder_of_something_else_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(InputError, match="exists and is not a study's folder; choose another place with --out DIR"):
        create_store(tmp_path)
    with pytest.raises(InputError, match="exists and is not a study's folder"):
        create_store(tmp_path / "thesis.tex")


def test_opening_says_whether_there_is_no_study_or_not_yet(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"this is not a study's folder: it has no study"):
        open_store(tmp_path)
    create_store(tmp_path)
    with pytest.raises(InputError, match="this study is not set up yet"):
        open_store(tmp_path)
    (tmp_path / "study.json").touch()
    assert open_store(tmp_path) == Store(tmp_path)


@pytest.mark.parametrize(
    ("number", "what", "hint"),
    [
        (errno.ENOSPC, "the disk is full", "free some space"),
        (errno.EDQUOT, "the disk is full", "free some space"),
        (errno.EROFS, "the store is read-only for this user", "--out DIR"),
        (errno.EACCES, "the store is read-only for this user", "--out DIR"),
        (errno.EIO, "cannot write: Input/output error", "message of the system"),
    ],
)
def test_failures_to_write_are_told_apart(number: int, what: str, hint: str) -> None:
    import os

    with pytest.raises(StoreError) as failure, telling_failures(Path("store")):
        raise OSError(number, os.strerror(number))
    (problem,) = failure.value.problems
    assert problem.where == "store" and what in problem.what and hint in problem.hint


def test_lines_are_added_and_read_back(tmp_path: Path) -> None:
    store = create_store(tmp_path)
    append_attempt(store, "started", "aa", attempt=1)
    append_attempt(store, "done", "aa", seconds=2.5)
    lines = list(read_attempts(store))
    assert [line["event"] for line in lines] == ["started", "done"]
    assert all(line["host"] and line["pid"] and line["at"] > 1e9 for line in lines)


def test_a_line_cut_short_costs_itself_alone(tmp_path: Path) -> None:
    store = create_store(tmp_path)
    append_attempt(store, "done", "aa", seconds=1.0)
    with store.path(ATTEMPTS).open("ab") as handle:
        handle.write(b'{"event":"done","cell":"b')
    append_attempt(store, "done", "cc", seconds=3.0)
    with store.path(ATTEMPTS).open("ab") as handle:
        handle.write(b'[1]\n"text"\n\xff\xfe\n{"event": 1}\n')
    assert dict(read_history(store).seconds) == {"aa": 1.0, "cc": 3.0}


def test_a_cell_is_lost_when_that_is_its_last_word(tmp_path: Path) -> None:
    store = create_store(tmp_path)
    for name, events in {
        "aa": ["started", "lost"],
        "bb": ["lost", "started", "done"],
        "cc": ["lost", "failed"],
    }.items():
        for event in events:
            append_attempt(store, event, name)
    assert set(read_history(store).lost) == {"aa"}


def test_a_store_without_attempts_has_no_history(tmp_path: Path) -> None:
    store = create_store(tmp_path)
    store.path(ATTEMPTS).unlink()
    assert read_history(store).lost == {} and list(read_attempts(store)) == []


# Arrays that are written in parts are ordinary files of NumPy


@pytest.mark.parametrize("parts", [[], [0], [3, 0, 5], [100_000, 1, 250_000]])
def test_parts_are_read_as_one_array(tmp_path: Path, parts: list[int]) -> None:
    values = [np.arange(n, dtype=np.int64) * 7 for n in parts]
    with Growing(tmp_path / "a.npy", np.int32) as file:
        for value in values:
            file.append(value)
    whole = np.concatenate([*values, np.zeros(0)]).astype(np.int32)
    assert np.array_equal(np.load(tmp_path / "a.npy", allow_pickle=False), whole)
    read = map_array(tmp_path / "a.npy")
    assert np.array_equal(read, whole) and read.dtype == np.int32 and not read.flags.writeable


def test_what_breaks_off_is_no_array_of_that_length(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), Growing(tmp_path / "a.npy", np.int32) as file:
        file.append(np.arange(5))
        raise RuntimeError
    assert len(map_array(tmp_path / "a.npy")) == 0


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
