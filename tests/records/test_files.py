"""A record as files: written the same each time, read without trust, and everything that differs named."""

import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.core.sealed import shorten_root
from brittlestar.records.checking import HashedRecord, hash_record, read_file
from brittlestar.records.manifest import (
    MANIFEST,
    Manifest,
    SealedFile,
    find_fault,
    make_manifest,
    matches_root,
    read_manifest,
)
from brittlestar.records.sources import open_source
from brittlestar.records.writing import write_record

FILES: dict[str, bytes | Path] = {"a.txt": b"one\n", "b/ü.bin": bytes(range(200)), "b/c/empty": b"", "z": b"last"}


def hashed(place: Path) -> HashedRecord:
    with open_source(place) as source:
        return hash_record(source)


@pytest.fixture(params=[True, False], ids=["archive", "folder"])
def sealed(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Manifest]:
    place = tmp_path / "record"
    return place, write_record(FILES, place, request.param)


def test_a_record_is_what_was_written(sealed: tuple[Path, Manifest]) -> None:
    place, manifest = sealed
    found = hashed(place)
    assert found.differences == () and found.manifest == manifest and found.manifest.size == 208
    with open_source(place) as source:
        assert {name: read_file(source, name, 999) for name in source.sizes if name != MANIFEST} == FILES
        with pytest.raises(InputError, match="longer than 3 bytes"):
            read_file(source, "a.txt", 3)
        with pytest.raises(InputError, match="cannot be read"):
            read_file(source, "b", 3) if place.is_dir() else read_file(source, "nothing", 3)


def test_both_forms_have_one_hash_and_an_archive_the_same_bytes(tmp_path: Path) -> None:
    on_disk = tmp_path / "z"
    on_disk.write_bytes(b"last")
    first = write_record(FILES, tmp_path / "one.zip", True)
    os.utime(on_disk, (1, 1))
    again = write_record(
        {"z": on_disk, **{name: FILES[name] for name in reversed(FILES) if name != "z"}}, tmp_path / "two.zip", True
    )
    folder = write_record(FILES, tmp_path / "folder", False)
    assert first == again == folder and (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert zipfile.ZipFile(tmp_path / "one.zip").testzip() is None


def test_nothing_is_written_over(sealed: tuple[Path, Manifest]) -> None:
    place, _ = sealed
    with pytest.raises(FileExistsError):
        write_record(FILES, place, place.is_file())


@pytest.mark.parametrize("flipped", range(8))
def test_every_bit_of_an_archive_counts(tmp_path: Path, flipped: int) -> None:
    place = tmp_path / "a.zip"
    manifest = write_record({"a": b"abc", "ü": b"", "c/d": b"x" * 9}, place, True)
    whole = place.read_bytes()
    for at in range(len(whole)):
        place.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << flipped]) + whole[at + 1 :])
        assert differs(place, manifest), at


@settings(max_examples=150)
@given(st.data())
def test_no_cut_insertion_or_swap_is_overlooked(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    place = tmp_path_factory.mktemp("cut") / "a.zip"
    manifest = write_record(FILES, place, True)
    whole = place.read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 60)))
    new = data.draw(st.one_of(st.just(b""), st.binary(max_size=60), st.just(whole[start:end] * 2)))
    changed = whole[:start] + new + whole[end:]
    place.write_bytes(changed)
    assert differs(place, manifest) or changed == whole


def differs(place: Path, manifest: Manifest) -> bool:
    """Whether a record is refused, or told to differ from this manifest."""
    try:
        found = hashed(place)
    except InputError:
        return True
    return bool(found.differences) or found.manifest != manifest


def test_what_differs_is_named(tmp_path: Path) -> None:
    manifest = write_record(FILES, tmp_path / "record", False)
    changed = {**FILES, "a.txt": b"two\n", "b/d": FILES["b/ü.bin"], "new": b"x", "z": b"longer"}
    del changed["b/ü.bin"], changed["b/c/empty"]
    write_record(changed, tmp_path / "forged", False)
    (tmp_path / "forged" / MANIFEST).write_bytes(manifest.content)
    found = hashed(tmp_path / "forged")
    assert [(difference.name, difference.fault) for difference in found.differences] == [
        ("a.txt", "changed"), ("b/c/empty", "missing"), ("b/d", "added"), ("b/ü.bin", "missing"), ("new", "added"),
        ("z", "changed"),
    ]  # fmt: skip
    assert next(difference.detail for difference in found.differences if difference.name == "z") == "6 bytes, and not 4"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "is empty"),
        ("a" * 401, "more than 400"),
        ("/etc/passwd", "leads out"),
        ("C:/x", "leads out"),
        ("a\\b", "leads out"),
        ("../x", "leads out"),
        ("a/../../x", "leads out"),
        ("a//b", "more than one way"),
        ("./a", "more than one way"),
        ("a/", "more than one way"),
        ("a. ", "more than one way"),
        ("nul.txt", "something else"),
        ("a/COM1", "something else"),
        ("a?", "something else"),
        ("a\nb", "invisible"),
        ("a\u202eb", "invisible"),
        ("a\x00b", "invisible"),
        ("u\u0308", "composed form"),
    ],
)
def test_names_that_no_file_may_have(name: str, words: str, tmp_path: Path) -> None:
    assert words in (find_fault(name) or "")
    with pytest.raises(InputError, match="no record that `seal` wrote"):
        write_record({name: b""}, tmp_path / "r", False)
    assert not (tmp_path / "r").exists()


def test_two_names_of_one_file_are_refused(tmp_path: Path) -> None:
    for names in (("a", "A"), ("a", "a/b"), ("ß", "SS"), (MANIFEST, "x")):
        with pytest.raises(InputError):
            write_record(dict.fromkeys(names, b""), tmp_path / "r", False)


def hostile(place: Path, *members: tuple[str, bytes], kind: int = zipfile.ZIP_STORED, mode: int = 0o100644) -> None:
    with zipfile.ZipFile(place, "w", kind) as archive:
        for name, content in members:
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.external_attr, member.create_system, member.compress_type = mode << 16, 3, kind
            archive.writestr(member, content)


def huge(place: Path) -> None:
    """A list that says one file has 4 GB."""
    write_record({"a": b"x"}, place, True)
    whole = bytearray(place.read_bytes())
    at = whole.index(b"PK\1\2")
    whole[at + 20 : at + 28] = struct.pack("<2L", 4_000_000_000, 4_000_000_000)
    place.write_bytes(whole)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda place: hostile(place, ("a", b"0" * 99_999), kind=zipfile.ZIP_DEFLATED), "packed"),
        (lambda place: hostile(place, ("a", b"/etc/passwd"), mode=0o120777), "is a link or a device"),
        (lambda place: hostile(place, ("../a", b"x")), "leads out"),
        (lambda place: hostile(place, ("a", b"x")), "no manifest.json"),
        (lambda place: place.write_bytes(b""), "no archive"),
        (lambda place: place.write_bytes(os.urandom(1000)), "no archive"),
        (huge, "none of its files|no archive"),
    ],
)
def test_hostile_archives_are_refused(make: Callable[[Path], None], words: str, tmp_path: Path) -> None:
    place = tmp_path / "a.zip"
    make(place)
    with pytest.raises(InputError, match=words) as refused:
        hashed(place)
    assert str(place) in str(refused.value)
    assert [one.name for one in tmp_path.iterdir()] == ["a.zip"]


def test_a_manifest_is_read_as_it_is_written_or_not_at_all() -> None:
    whole = make_manifest([SealedFile("b", 2, "0" * 64), SealedFile("a", 1, "f" * 64)])
    assert [file.name for file in whole.files] == ["a", "b"] and read_manifest(whole.content, "here") == whole
    spoiled = {
        b"": "cannot be read",
        b"[" * 100_000: "cannot be read",
        b'{"files":[["a"]],"format":1,"hash":"sha256"}\n': "cannot be read",
        whole.content.replace(b'"format":1', b'"format":2'): "format 2",
        whole.content.replace(b",", b", "): "not written as",
        whole.content.replace(b'["a",1', b'["a",true'): "no file",
        whole.content.replace(b'["a",1', b'["a",-1'): "no file",
        whole.content.replace(b"fff", b"ggg"): "no file",
        whole.content.replace(b'"a"', b'"c"'): "not written as",
        whole.content.replace(b'"a"', b'"../a"'): "leads out",
    }
    for content, words in spoiled.items():
        with pytest.raises(InputError, match=words):
            read_manifest(content, "here")


def test_a_root_is_printed_short_and_compared_as_printed() -> None:
    root = make_manifest([]).root
    short = shorten_root(root)
    assert (
        len(short) == 35
        and matches_root(root, short)
        and matches_root(root, root.upper())
        and matches_root(root, root[:16])
    )
    assert not matches_root(root, "0" * 32)
    for text in ("", root[:15], "x" * 32, root + "0"):
        with pytest.raises(InputError, match="is no root hash"):
            matches_root(root, text)


def test_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such record"), open_source(tmp_path / "nothing"):
        pass
