"""Ways to damage a record: its archive's bytes, its list of members, and what stands in its files."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

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
