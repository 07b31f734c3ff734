"""Stores at an address: the exam of backends, what two writers do, what is kept on this machine, and leases."""

import threading
import time
from pathlib import Path

import pytest

from brittlestar.core.errors import InputError
from brittlestar.store.address import read_place
from brittlestar.store.backend import OUTCOME
from brittlestar.store.bucket import UNFINISHED, Bucket
from brittlestar.store.layout import Store, create_store, open_store
from brittlestar.store.leases import PREFIX, hold_lease, list_holders
from brittlestar.store.objects import Entry, Objects, ObjectStoreError
from brittlestar.testing.backend_conformance import backend_conformance

CELL = "cells/one"


def write_cell(folder: Path) -> None:
    (folder / "log.txt").write_bytes(b"log")
    (folder / OUTCOME).write_bytes(b"{}")


def lose_outcomes(patch: pytest.MonkeyPatch) -> None:
    """End whoever writes a folder before its outcome is written."""
    create = Objects.create

    def fail(objects: Objects, key: str, content: bytes) -> str | None:
        if key.endswith(OUTCOME):
            raise ObjectStoreError("the store went away", objects.address, "")
        return create(objects, key, content)

    patch.setattr(Objects, "create", fail)


def test_it_sits_the_exam_of_backends(bucket: str) -> None:
    backend_conformance(Bucket(f"{bucket}/deep/study"))


def test_addresses_are_told_from_folders_and_from_what_no_store_has() -> None:
    for text, place in (
        ("s3://b/x.study/", "s3://b/x.study"), ("s3:/b/x.study", "s3://b/x.study"), ("gs://b", "gs://b"),
        ("x.study", Path("x.study")), ("/a/b", Path("/a/b")), ("./s3", Path("s3")), ("C:x", Path("C:x")),
    ):  # fmt: skip
        assert read_place(text) == place == read_place(Path(text))
    for odd in ("s3://", "s3:", "http://x/y", "https://x/y.csv", "s3://user:secret@b/x"):
        with pytest.raises(InputError) as told:
            read_place(odd)
        assert "secret" not in str(told.value)


def test_of_two_that_place_one_folder_the_second_is_refused(bucket: str) -> None:
    one, other = Bucket(bucket), Bucket(bucket)

    def write_while_other_places(folder: Path) -> None:
        write_cell(folder)
        other.place(CELL, write_cell)

    with pytest.raises(FileExistsError):
        one.place(CELL, write_while_other_places)
    assert one.read(f"{CELL}/{OUTCOME}") == b"{}" and not one.leftovers()


def test_an_upload_that_was_cut_is_no_folder_and_is_swept_or_written_over(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_more(folder: Path) -> None:
        write_cell(folder)
        (folder / "more.txt").write_bytes(b"more")

    with monkeypatch.context() as patch:
        lose_outcomes(patch)
        for key in (CELL, "cells/other"):
            with pytest.raises(ObjectStoreError):
                Bucket(bucket).place(key, write_more)
    backend = Bucket(bucket)
    assert (
        not backend.exists(CELL) and backend.list("cells") == [] and set(backend.leftovers()) == {CELL, "cells/other"}
    )
    assert backend.size(CELL) == 7
    backend.place(CELL, write_cell)
    assert backend.list(CELL) == [f"{CELL}/log.txt", f"{CELL}/{OUTCOME}"] and backend.list("cells") == [CELL]
    backend.sweep()
    assert not backend.leftovers() and not Objects(bucket).list(UNFINISHED)


def test_many_folders_are_placed_without_a_listing_and_found_by_one(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[str] = []
    list_objects = Objects.list

    def note(objects: Objects, prefix: str) -> list[Entry]:
        listed.append(prefix)
        return list_objects(objects, prefix)

    keys = [f"cells/{number}" for number in range(3)]
    with monkeypatch.context() as patch:
        patch.setattr(Objects, "list", note)
        for key in keys:
            Bucket(bucket).place(key, write_cell)
        assert listed == []
        backend = Bucket(bucket)
        assert backend.find_placed([*keys, "cells/none"]) == {*keys} and listed == ["cells"]
        backend.fetch(keys)
        assert backend.find_placed(keys) == {*keys} and backend.read(f"{keys[2]}/log.txt") == b"log"
        assert listed == ["cells"], "folders that were seen are looked for again"


def test_objects_are_read_once_and_again_when_they_changed(
    bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read: list[str] = []
    get = Objects.get

    def count(objects: Objects, key: str) -> bytes:
        read.append(key)
        return get(objects, key)

    monkeypatch.setattr(Objects, "get", count)
    Bucket(bucket).place(CELL, write_cell)
    log = Bucket(bucket).path(CELL) / "log.txt"
    assert log.read_bytes() == b"log" and read == [], "what was written here is read"
    monkeypatch.setenv("BRITTLESTAR_CACHE", str(tmp_path / "another machine"))
    for _ in range(3):
        found = Bucket(bucket)
        assert {path.name for path in found.path(CELL).iterdir()} == {"log.txt", OUTCOME}
        assert found.read(f"{CELL}/{OUTCOME}") == b"{}" and found.read(f"{CELL}/log.txt") == b"log"
    assert sorted(read) == [f"{CELL}/log.txt", f"{CELL}/{OUTCOME}"]
    Objects(bucket).put(f"{CELL}/log.txt", b"changed elsewhere")
    log = Bucket(bucket).path(CELL) / "log.txt"
    assert log.read_bytes() == b"changed elsewhere" and len(read) == 3
    log.write_bytes(b"changed he")
    Bucket(bucket).path(CELL)
    assert log.read_bytes() == b"changed elsewhere", "a copy of another size is kept"
    Objects(bucket).delete([f"{CELL}/log.txt"])
    assert {path.name for path in Bucket(bucket).path(CELL).iterdir()} == {OUTCOME}


def test_a_folder_that_is_changed_is_written_back(bucket: str) -> None:
    backend = Bucket(bucket)
    with backend.folder("data") as folder:
        (folder / "train").mkdir()
        for name in ("train/rows", "vocabulary"):
            (folder / name).write_bytes(name.encode())
    other = Bucket(bucket)
    assert (other.path("data") / "train/rows").read_bytes() == b"train/rows"
    with other.folder("data") as folder:
        (folder / "train/rows").unlink()
        (folder / "vocabulary").write_bytes(b"more")
    assert [one.key for one in Objects(bucket).list("data")] == ["data/vocabulary"]
    assert backend.read("data/vocabulary") == b"more" and backend.size("data") == 4
    with pytest.raises(ArithmeticError), backend.folder("data") as folder:
        (folder / "vocabulary").write_bytes(b"half")
        raise ArithmeticError
    assert other.read("data/vocabulary") == b"more", "what an error cut short is written back"


def test_a_lease_runs_out_when_nobody_renews_it_and_is_renewed_while_its_holder_lives(bucket: str) -> None:
    objects = Objects(bucket)
    with hold_lease(objects, "run", lasts=3, every=0.5):
        for _ in range(5):
            time.sleep(1)
            assert list_holders(objects, lasts=3) == ("run",)
            with pytest.raises(BlockingIOError), hold_lease(objects, "run", lasts=3):
                pass
    assert list_holders(objects, lasts=3) == ()
    elsewhere = b'{"host": "another machine", "boot": "b", "pid": 1}'
    objects.put(f"{PREFIX}/run/000000007", elsewhere)
    with pytest.raises(BlockingIOError), hold_lease(objects, "run", lasts=3):
        pass
    time.sleep(4)
    assert list_holders(objects, lasts=3) == ()
    with hold_lease(objects, "run", lasts=3) as lease:
        assert lease.key == f"{PREFIX}/run/000000008"
        assert [one.key for one in objects.list(PREFIX)] == [lease.key], "what ran out stays"


def test_who_may_only_read_sees_who_holds_a_lease(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    objects = Objects(bucket)

    def refuse(_objects: Objects, _key: str, _content: bytes) -> None:
        raise ObjectStoreError("access is refused", bucket, "")

    with hold_lease(objects, "run"), monkeypatch.context() as patch:
        patch.setattr(Objects, "put", refuse)
        assert list_holders(objects) == ("run",)


def test_of_many_who_take_a_lease_at_once_one_has_it(bucket: str) -> None:
    objects, begun = Objects(bucket), threading.Barrier(6)
    holding: list[int] = []
    most: list[int] = []
    failed: list[BaseException] = []

    def take(number: int) -> None:
        begun.wait()
        for _ in range(4):
            try:
                with hold_lease(objects, "run"):
                    holding.append(number)
                    most.append(len(holding))
                    time.sleep(0.02)
                    holding.remove(number)
            except BlockingIOError:
                time.sleep(0.01 * number)
            except BaseException as error:
                failed.append(error)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed and most and set(most) == {1}


def test_who_could_not_renew_writes_no_more(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brittlestar.store.leases.LASTS", 1.0)
    backend = Bucket(bucket)
    with backend.lock("run"):
        lease = backend._leases[0]  # pyright: ignore[reportPrivateUsage] - no way leads to a machine that slept
        monkeypatch.setattr(lease, "_renewed", time.monotonic() - 1000)
        assert lease.lost
        with pytest.raises(ObjectStoreError, match="another run may be at work"):
            backend.place(CELL, write_cell)
        with pytest.raises(ObjectStoreError, match="another run may be at work"):
            backend.write("study.json", b"{}")
    assert not backend.exists(CELL)


def test_what_cannot_be_reached_or_is_not_there_is_told(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"not a study's folder"):
        open_store(f"{bucket}/none.study")
    for first in (create_store, open_store):
        with pytest.raises(InputError, match="there is no bucket nobody-has-it"):
            first("s3://nobody-has-it/x.study")
    with pytest.raises(ObjectStoreError, match="there is no bucket nobody-has-it"):
        Store("s3://nobody-has-it/x.study").backend.write("study.json", b"")
    Objects(bucket).put("x.study/other.txt", b"")
    with pytest.raises(InputError, match="exists and is not a study's folder"):
        create_store(f"{bucket}/x.study")
    monkeypatch.setattr("brittlestar.store.objects.PATIENCE", __import__("datetime").timedelta(seconds=1))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(ObjectStoreError, match="does not answer as it should") as told:
        Objects("s3://not-reached/x").get("study.json")
    with pytest.raises(InputError, match="does not answer as it should"):
        open_store("s3://not-reached/x.study")
    assert "secret-of-nobody" not in str(told.value)


def test_a_store_in_memory_is_for_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRITTLESTAR_CACHE", str(tmp_path))
    store = create_store(f"memory://{tmp_path.name}/x.study")
    assert store.name == "x.study" and store.name_key("study.json").endswith("/x.study/study.json")
    store.backend.place(CELL, write_cell)
    assert Store(store.root).backend.list("cells") == [CELL]
    with Store(store.root).backend.lock("run"):
        assert store.backend.list_held() == ("run",)
    store.backend.clear()
    assert store.backend.is_empty()
