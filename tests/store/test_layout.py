import errno
from pathlib import Path

import pytest

from brittlestar.core.errors import InputError, StoreError
from brittlestar.store.backend import LocalBackend
from brittlestar.store.layout import Store, create_store, open_store, telling_failures


def test_a_store_is_made_once_and_taken_up_again(tmp_path: Path) -> None:
    store = create_store(tmp_path / "new" / "größe 1")
    assert isinstance(store.root, Path)
    assert [path.name for path in sorted(store.root.iterdir())] == ["attempts.jsonl"]
    assert create_store(store.root) == store


def test_a_store_that_a_kill_left_half_made_is_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class KilledError(Exception):
        pass

    def make_and_die(backend: LocalBackend) -> None:
        backend.root.mkdir()
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(LocalBackend, "create", make_and_die)
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
