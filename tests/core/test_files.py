import os
import signal
import subprocess
import sys
import time

import pytest

from brittlestar.core.errors import InputError, StoreError
from brittlestar.core.files import make_folder, write_files, write_whole


def test_content_arrives_and_nothing_stays_beside_it(tmp_path):
    path = tmp_path / "a.json"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("mask", [0o077, 0o002])
def test_the_umask_says_who_may_read_it(tmp_path, mask):
    kept = os.umask(mask)
    try:
        write_whole(tmp_path / "a.json", b"one")
    finally:
        os.umask(kept)
    assert (tmp_path / "a.json").stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_failed_write_leaves_the_old_file_and_no_debris(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    write_whole(path, b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_a_reader_never_sees_half_a_file_when_the_writer_is_killed(tmp_path):
    path = tmp_path / "a.bin"
    code = (
        "import itertools, pathlib, sys\n"
        "from brittlestar.core.files import write_whole\n"
        "for i in itertools.count(): write_whole(pathlib.Path(sys.argv[1]), bytes([i % 256]) * 1_000_000)\n"
    )
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", code, str(path)])
        deadline = time.monotonic() + 120
        started = path.stat().st_mtime_ns if path.exists() else 0
        while not path.exists() or path.stat().st_mtime_ns == started:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        content = path.read_bytes()
        assert len(content) == 1_000_000
        assert len(set(content)) == 1


def test_a_folder_appears_whole_or_not_at_all(tmp_path):
    with make_folder(tmp_path / "a" / "b", "--out") as place:
        write_files(place, {"x": b"1"})
        assert not (tmp_path / "a" / "b").exists()
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")] == ["a", "a/b", "a/b/x"]
    with pytest.raises(ArithmeticError), make_folder(tmp_path / "a" / "c", "--out"):
        raise ArithmeticError
    told = pytest.raises(InputError, match="nothing is overwritten; name another folder: --out DIR")
    with told, make_folder(tmp_path / "a" / "d", "--out"):
        (tmp_path / "a" / "d").mkdir()
    with pytest.raises(StoreError, match="cannot be written"), make_folder(tmp_path / "a" / "b" / "x" / "y", "--out"):
        pass
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["b", "d"]
