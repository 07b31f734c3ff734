"""A slow, exact look at a delimited text file, taken only after the fast reader failed or met something odd."""

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from brittlestar.core.errors import Problem
from brittlestar.data.tables import format_list, separator_hint

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
LOOKED = 20  # records that show how a file is parted (convention)


@dataclass(frozen=True)
class Scan:
    """What a line-by-line reading saw below the header.

    `lines[i]` is the line on which record i starts, blank records included; `blank` are the indices of blank records;
    `ragged` holds (line, fields found) of records whose number of fields is not that of the `header`; `broken` is
    (line, reason) where quoting makes no sense, and ends the scan.
    """

    header: Sequence[str]
    lines: Sequence[int]
    blank: Sequence[int]
    ragged: Sequence[tuple[int, int]]
    broken: tuple[int, str] | None


def find_separators(path: Path) -> list[str]:
    """The signs that part the first records of a `.csv` into as many fields as its header has names, two at least: one
    as a rule, several where nobody can tell. Where none does, what most likely was meant. Raises OSError."""
    try:
        found = {sign: scan(path, sign, LOOKED) for sign in SEPARATORS}
    except UnicodeDecodeError:  # who reads all of it says where
        return [","]
    several = [sign for sign, one in found.items() if len(one.header) > 1]
    whole = [sign for sign in several if not found[sign].ragged and found[sign].broken is None]
    return whole or several[:1] or [","]


def scan(path: Path, separator: str, most: int | None = None) -> Scan:
    """Read every record of a UTF-8 file, or so many at `most`, with the standard library's parser. Raises
    UnicodeDecodeError, OSError."""
    before = csv.field_size_limit(sys.maxsize)
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            return _scan(handle, separator, most)
    finally:
        csv.field_size_limit(before)


def _scan(handle: io.TextIOBase, separator: str, most: int | None) -> Scan:
    ends = [0]

    def read_lines() -> Iterator[str]:
        for line in handle:
            ends[0] += line.endswith("\n")  # as editors and SARIF count: a carriage return alone ends no line
            yield line

    reader = csv.reader(read_lines(), delimiter=separator, strict=True)
    header, start = list[str](), 1
    lines: list[int] = []
    blank: list[int] = []
    ragged: list[tuple[int, int]] = []
    try:
        header = next(reader, header)
        start = ends[0] + 1
        for record in islice(reader, most):
            if len(record) != len(header):
                if len(record) == 0 or (len(record) == 1 and not record[0].strip()):
                    blank.append(len(lines))
                else:
                    ragged.append((start, len(record)))
            lines.append(start)
            start = ends[0] + 1
    except csv.Error as error:
        return Scan(header, lines, blank, ragged, (start, str(error)))
    return Scan(header, lines, blank, ragged, None)


def scan_problems(found: Scan, where: str, separator: str) -> list[Problem]:
    """The problems a scan shows: ragged records and quotes that make no sense, which another separator explains."""
    problems: list[Problem] = []
    if (found.broken or found.ragged) and (hint := separator_hint(found.header)):
        return [Problem(f"the header is one field: {found.header[0]!r}", f"{where}:1", hint)]
    if found.broken is not None:
        line, reason = found.broken
        what = (
            "a quoted field that starts here is never closed"
            if "unexpected end of data" in reason
            else f"the quotes of this record make no sense ({reason})"
        )
        problems.append(Problem(what, f"{where}:{line}", 'write a quote inside a quoted field twice ("")'))
    if found.ragged:
        first_line = found.ragged[0][0]
        shown = [f"line {line} has {n}" for line, n in found.ragged]
        what = f"the header has {len(found.header)} fields, {format_list(shown)}"
        hint = (
            f"put fields that hold a {SEPARATORS[separator]} between double quotes, and write every field of every row"
        )
        problems.append(Problem(what, f"{where}:{first_line}", hint))
    return problems


def byte_problems(path: Path, where: str) -> list[Problem]:
    """Bytes that no UTF-8 text holds, with line and offset. Raises OSError."""
    with path.open("rb") as handle:
        if handle.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return [Problem("is UTF-16 text", f"{where}:1", "save it as UTF-8")]
    problems: list[Problem] = []
    bad = list(_undecodable(path))
    if bad:
        line, column, byte = bad[0]
        more = f"; so on {len(bad) - 1:,} more line{'s' if len(bad) > 2 else ''}" if len(bad) > 1 else ""
        what = f"not UTF-8: byte 0x{byte:02x} at byte {column} of the line{more}"
        hint = f"save it as UTF-8, for example: iconv -f LATIN1 -t UTF-8 {path.name}"
        problems.append(Problem(what, f"{where}:{line}", hint))
    return problems


def header_problems(path: Path, where: str) -> list[Problem]:
    """A NUL byte in the first line: no table of text. Below it NUL is a character of a row. Raises OSError."""
    with path.open("rb") as handle:
        at = handle.readline().find(b"\0")
    what = f"a NUL byte in the header (byte {at + 1:,} of the file)"
    return byte_problems(path, where) or [Problem(what, f"{where}:1", "is this a text file?")] if at >= 0 else []


def _undecodable(path: Path) -> Iterator[tuple[int, int, int]]:
    with path.open("rb") as handle:
        for number, line in enumerate(handle, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                yield number, error.start + 1, line[error.start]
