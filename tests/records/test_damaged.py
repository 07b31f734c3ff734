"""Damaged records, drawn by a number: other files under a manifest that fits them. `test_files.py` damages archives.

Each must end in an outcome or a refusal within a minute, compared with a report too, and the page must show no markup
of labels and names. `try_case(number)` makes one again.
"""

import io
import json
import lzma
import tempfile
import time
import traceback
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar import compare_reported, verify
from brittlestar.core.errors import BrittlestarError
from brittlestar.records.manifest import MANIFEST
from brittlestar.records.unpacked import unpack_record
from brittlestar.records.writing import write_record
from brittlestar.reports.page import page

GOLDEN = Path(__file__).parent / "golden" / "format-1.zip.xz"
LONGEST = 60.0  # seconds
Files = dict[str, bytes]
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


def try_case(number: int) -> str:
    """How verifying a damaged record ends: an outcome, `refused`, or `wrong: …`."""
    began = time.process_time()
    with tempfile.TemporaryDirectory(prefix="case-") as folder:
        place = Path(folder) / "damaged.zip"
        try:
            damage(np.random.default_rng(number), place)
        except ValueError:  # of names that no archive can have
            return "not made"
        try:
            end: str = verify(place).outcome
            if show_markup(place):
                end = "wrong: its page has markup of a stranger"
        except BrittlestarError as error:
            end = "refused" if str(error) else "wrong: it is refused without a word"
        except BaseException as error:
            traceback.print_exc()
            end = f"wrong: {type(error).__name__}: {error}"
        if left := [one.name for one in Path(folder).iterdir() if one != place]:
            end = f"wrong: it left {left}"
    spent = time.process_time() - began  # of this process: a busy machine makes no record slow
    return end if spent < LONGEST else f"wrong: it took {spent:.0f} s"


def show_markup(place: Path) -> bool:
    """Whether the page of a record shows markup that stands in its files."""
    with suppress(BrittlestarError):
        compare_reported(place, {"training.learning_rate": 0.001, "training.epochs": 1})
    with suppress(BrittlestarError), unpack_record(place) as record:
        return MARKUP in page(record.reading)
    return False


@cache
def _read_golden() -> bytes:
    return lzma.decompress(GOLDEN.read_bytes())


def damage(random: np.random.Generator, place: Path) -> None:
    """Write a damaged record. Raises ValueError of a name that no archive can have."""
    with zipfile.ZipFile(io.BytesIO(_read_golden())) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}
    write_record(dict(change_contents(random, files)), place, True)


def test_damaged_records_end_in_an_outcome_or_a_refusal() -> None:
    assert not [end for end in map(try_case, range(60)) if end.startswith("wrong")]
