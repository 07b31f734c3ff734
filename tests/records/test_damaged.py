"""Damaged records, drawn by a number: other bytes of an archive, or other files under a manifest that fits them.

The first must be refused with an error that says where, or be told to differ; the second must end in an outcome or a
refusal, compared with a report too, and the page must show no markup of labels and names. Nothing may be written
outside the temporary folder, and no process may take more than 4 GiB or a minute. `try_case(Case(kind, number))` makes
one again.
"""

from __future__ import annotations

import io
import json
import lzma
import os
import resource
import struct
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brittlestar import compare_reported, verify
from brittlestar.core.errors import BrittlestarError
from brittlestar.records.manifest import MANIFEST
from brittlestar.records.writing import write_record
from brittlestar.reports.page import page
from brittlestar.verbs.unpacked import unpack_record

GOLDEN = Path(__file__).parent / "golden" / "format-1.zip.xz"
MOST_MEMORY = 4 << 30  # bytes of data beyond what the process has at its start
LONGEST = 60.0  # seconds
Files = dict[str, bytes]
_ENDS = (0, 1, 255, 65_535, 1 << 31, (1 << 32) - 1)
_NAMES = ("../x", "/etc/x", "a/../../x", "C:\\x", "\\\\host\\x", "nul", "a\x00b", "\u202egnp", ".", "a/./b", "~/x")
MARKUP = "<img src=x onerror=alert(1)>"
_TEXTS = (MARKUP, '"><script>alert(1)</script>', "\x1b]0;x\x07", "\u202e", "x" * 300_000, "", "../../x", "\ud800")
_VALUES: tuple[Any, ...] = (None, True, -1, 2**63, 1e308, float("nan"), float("inf"), [], {}, [[]] * 9, *_TEXTS)


def flip_bits(random: np.random.Generator, whole: bytes) -> bytes:
    """A few bits anywhere."""
    changed = bytearray(whole)
    for at in random.integers(len(whole), size=int(random.integers(1, 9))):
        changed[at] ^= 1 << int(random.integers(8))
    return bytes(changed)


def cut_off(random: np.random.Generator, whole: bytes) -> bytes:
    """The beginning alone."""
    return whole[: int(random.integers(len(whole)))]


def take_out(random: np.random.Generator, whole: bytes) -> bytes:
    """A stretch is missing."""
    at = int(random.integers(len(whole)))
    return whole[:at] + whole[at + int(random.integers(1, 5000)) :]


def put_in(random: np.random.Generator, whole: bytes) -> bytes:
    """Bytes before, between or behind."""
    at = int(random.choice([0, len(whole), int(random.integers(len(whole)))]))
    return whole[:at] + random.bytes(int(random.integers(1, 5000))) + whole[at:]


def move_stretch(random: np.random.Generator, whole: bytes) -> bytes:
    """A stretch stands where another one stood."""
    start, to = (int(one) for one in random.integers(len(whole) - 3000, size=2))
    stretch = whole[start : start + int(random.integers(1, 3000))]
    return whole[:to] + stretch + whole[to + len(stretch) :]


def change_header(random: np.random.Generator, whole: bytes) -> bytes:
    """A number in what is said of a member, or of all: sizes, offsets, methods, flags, kinds of file."""
    mark = (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06")[int(random.integers(3))]
    places = _find_all(whole, mark)
    at = places[int(random.integers(len(places)))] + int(random.integers(4, 44 if mark != b"PK\x05\x06" else 20))
    form = "<L" if random.integers(2) else "<H"
    limit = 1 << (8 * struct.calcsize(form))
    new = struct.pack(form, int(random.choice([*_ENDS, int(random.integers(1 << 32))])) % limit)
    return whole[:at] + new + whole[at + len(new) :]


def rename_member(random: np.random.Generator, whole: bytes) -> bytes:
    """Another name of the same length, in the list, before the file, or in both: it leads elsewhere, or is there
    twice."""
    places = _find_all(whole, b"PK\x01\x02")
    at, other = (places[int(one)] for one in random.integers(len(places), size=2))
    old = _name_at(whole, at)
    hostile = _NAMES[int(random.integers(len(_NAMES)))].encode("utf-8", "surrogatepass")
    new = (hostile if random.integers(2) else _name_at(whole, other)).ljust(len(old), b"a")[: len(old)]
    return whole.replace(old, new) if random.integers(2) else whole[: at + 46] + new + whole[at + 46 + len(old) :]


def _find_all(whole: bytes, mark: bytes) -> list[int]:
    found, at = list[int](), whole.find(mark)
    while at >= 0:
        found.append(at)
        at = whole.find(mark, at + 1)
    return found


def _name_at(whole: bytes, at: int) -> bytes:
    return whole[at + 46 : at + 46 + int.from_bytes(whole[at + 28 : at + 30], "little")]


ARCHIVES: tuple[Callable[[np.random.Generator, bytes], bytes], ...] = (
    flip_bits, cut_off, take_out, put_in, move_stretch, change_header, rename_member,
)  # fmt: skip
"""Each gives other bytes of an archive."""


def change_value(random: np.random.Generator, content: bytes) -> bytes:
    """Another value somewhere in a JSON document, or in a line of a file of such lines."""
    try:
        document: Any = json.loads(content)
    except ValueError:
        lines = content.splitlines(keepends=True)
        at = int(random.integers(len(lines)))
        lines[at] = change_value(random, lines[at]) if lines[at].startswith(b"{") else b"{}\n"
        return b"".join(lines)
    place, key = _find_place(random, document)
    new = _VALUES[int(random.integers(len(_VALUES)))]
    if place is None:
        document = new
    elif random.integers(5) == 0:
        del place[key]
    else:
        place[key] = new
    return json.dumps(document).encode()


def nest_deeply(random: np.random.Generator, content: bytes) -> bytes:
    """A document that no reader gets to the bottom of."""
    depth = int(random.integers(100, 200_000))
    return (b'{"a":' if random.integers(2) else b"[") * depth + content


def _find_place(random: np.random.Generator, document: Any) -> tuple[Any, Any]:
    place: Any = None
    key: Any = None
    here = document
    while isinstance(here, dict | list) and here:
        place, key = here, random.choice([*here]) if isinstance(here, dict) else int(random.integers(len(here)))
        key = str(key) if isinstance(here, dict) else key
        here = here[key]
        if random.integers(4) == 0:
            break
    return place, key


def claim_shape(random: np.random.Generator, content: bytes) -> bytes:
    """An array that says it is larger, or of another kind, objects that would be run among them."""
    shape = tuple(int(one) for one in random.choice([1, 3, 1 << 20, 1 << 40], size=int(random.integers(1, 4))))
    kind = ("<f8", "|O", "<i8", "|S1", "<U9", "<M8[s]")[int(random.integers(6))]
    buffer = io.BytesIO()
    header = {"descr": kind, "fortran_order": bool(random.integers(2)), "shape": shape}
    np.lib.format.write_array_header_1_0(buffer, header)
    return buffer.getvalue() + content[128:]


def change_contents(random: np.random.Generator, files: Mapping[str, bytes]) -> Files:
    """One to three files hold something else, are gone, or are another file of the record."""
    changed: Files = dict(files)
    for _ in range(int(random.integers(1, 4))):
        name = str(random.choice(sorted(changed)))
        content = changed[name]
        if random.integers(12) == 0:
            del changed[name]
        elif random.integers(12) == 0:
            changed[name] = changed[str(random.choice(sorted(changed)))]
        elif name.endswith((".json", ".jsonl", ".yaml")):
            changed[name] = (nest_deeply if random.integers(12) == 0 else change_value)(random, content)
        elif name.endswith(".npy") and random.integers(2):
            changed[name] = claim_shape(random, content)
        elif content:
            changed[name] = (flip_bits, cut_off, take_out)[int(random.integers(3))](random, content)
    return changed


@dataclass(frozen=True)
class Case:
    """One damaged record by its kind, `archives` or `contents`, and the number that it is drawn from."""

    kind: str
    number: int


def _begin(scratch: str) -> None:
    tempfile.tempdir = scratch
    sys.addaudithook(_Watch(Path(scratch).resolve()))
    there = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_DATA, (there + MOST_MEMORY, there + MOST_MEMORY))


@dataclass(frozen=True)
class _Watch:
    """Ends what would write outside a folder."""

    folder: Path

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            told = [path] if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and isinstance(path, str) else []
        elif event in ("os.mkdir", "os.symlink", "os.link", "os.rename", "os.remove", "os.rmdir"):
            told = [one for one in arguments if isinstance(one, str) and one.startswith("/")]  # others: in a folder
        else:
            return
        for one in told:
            if not os.path.realpath(one).startswith((str(self.folder), "/dev/", "/proc/")):
                raise AssertionError(f"{event} outside: {one}")


def try_case(case: Case) -> str:
    """How verifying a damaged record ends: an outcome, `refused`, or `wrong: …`."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="case-") as folder:
        place = Path(folder) / "damaged.zip"
        try:
            same = DAMAGES[case.kind](np.random.default_rng(case.number), place)
        except ValueError:  # of names that no archive can have
            return "not made"
        try:
            found = verify(place, depth="hashes" if case.kind == "archives" else "recompute")
            end: str = found.outcome
            if case.kind == "contents" and show_markup(place):
                end = "wrong: its page has markup of a stranger"
        except BrittlestarError as error:
            end = "refused" if str(error) else "wrong: it is refused without a word"
        except BaseException as error:
            traceback.print_exc()
            end = f"wrong: {type(error).__name__}: {error}"
        if left := [one.name for one in Path(folder).iterdir() if one != place]:
            end = f"wrong: it left {left}"
    if case.kind == "archives" and end in ("identical", "equivalent") and not same:
        end = "wrong: nobody notices"
    spent = time.perf_counter() - began
    return end if spent < LONGEST else f"wrong: it took {spent:.0f} s"


def show_markup(place: Path) -> bool:
    """Whether the page of a record shows markup that stands in its files."""
    with suppress(BrittlestarError):
        compare_reported(place, {"lr": 0.001, "epochs": 1})
    with suppress(BrittlestarError), unpack_record(place) as record:
        return MARKUP in page(record.reading)
    return False


@cache
def _read_golden() -> bytes:
    return lzma.decompress(GOLDEN.read_bytes())


def _damage_archive(random: np.random.Generator, place: Path) -> bool:
    whole = _read_golden()
    changed = ARCHIVES[int(random.integers(len(ARCHIVES)))](random, whole)
    place.write_bytes(changed)
    return changed == whole


def _damage_contents(random: np.random.Generator, place: Path) -> bool:
    with zipfile.ZipFile(io.BytesIO(_read_golden())) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}
    changed = change_contents(random, files)
    write_record(dict(changed), place, True)
    return changed == files


DAMAGES: dict[str, Callable[[np.random.Generator, Path], bool]] = {
    "archives": _damage_archive,
    "contents": _damage_contents,
}
"""Each writes a damaged record, and says whether it is the same after all."""


@pytest.mark.parametrize("kind", DAMAGES)
def test_damaged_records_end_in_an_outcome_or_a_refusal(kind: str) -> None:
    ends = {try_case(Case(kind, number)) for number in range(12)}
    assert ends <= {"refused", "differs", "cannot-tell", "identical", "equivalent", "not made"}


@pytest.mark.parametrize(("kind", "many"), [("archives", 1500), ("contents", 100)])
def test_many_damaged_records(kind: str, many: int, tmp_path: Path) -> None:
    cases = [Case(kind, 12 + number) for number in range(many)]
    with ProcessPoolExecutor(2, get_context("spawn"), _begin, (str(tmp_path),)) as pool:
        ends = zip(cases, pool.map(try_case, cases, chunksize=10), strict=True)
        assert not [(case, end) for case, end in ends if end.startswith("wrong")]
