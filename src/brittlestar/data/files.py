"""From one file to one raw table: CSV, TSV, Parquet, JSON Lines, and `.gz` of text. Fast first; slow and exact after a
failure."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import NoDataError, PanicException, PolarsError

from brittlestar.core.errors import InputError
from brittlestar.core.texts import suggest_file
from brittlestar.data import csv_diagnosis
from brittlestar.data.tables import Table, format_list, table_of_records
from brittlestar.data.unpacking import GZIP, find_ending, open_unpacked

Reader = Callable[[Path, str], Table]


def read_file(path: Path, where: str) -> Table:
    """The raw table of a file. `where` names the file to people. Raises InputError with all that keeps it from being
    read."""
    suffix, ending = path.suffix.lower(), find_ending(path)
    reader = READERS.get(ALSO.get(ending, ending))
    if reader is None:
        hint = f"{'unpack it first; ' if suffix in PACKED else ''}use {format_list(list(READERS), 9)}"
        raise InputError(f"'{ending if suffix == GZIP else path.suffix}' is no format that is read", where, hint)
    if suffix == GZIP and reader is _read_parquet:
        raise InputError("Parquet is compressed itself, and is not read from gzip", where, "unpack it")
    try:
        if not path.exists():
            raise InputError("no such file", where, suggest_file(path, _neighbours(path)))
        if path.is_dir():
            raise InputError("is a folder, not a file", where)
        table = _read_plain(path, where, reader)
    except InputError as error:
        raise error.with_place(where) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where) from None
    return replace(table, places=partial(_places_again, path, where, reader)) if suffix == GZIP else table


def _read_plain(path: Path, where: str, reader: Reader) -> Table:
    with open_unpacked(path) as plain:
        if not plain.stat().st_size:
            raise InputError("is empty (0 bytes)", where)
        return reader(plain, where)


def _places_again(path: Path, where: str, reader: Reader, indices: Sequence[int]) -> list[int]:
    """Lines of a packed file, which is unpacked once more for somebody who asks for them."""
    with open_unpacked(path) as plain:
        return reader(plain, where).places(indices)


def _neighbours(path: Path) -> str:
    if not path.parent.is_dir():
        return f"there is no folder {path.parent} either"
    names = sorted(other.name for other in path.parent.iterdir() if find_ending(other) in READERS)
    return f"the folder holds {format_list(names, 6)}" if names else "the folder holds no file of a format that is read"


def _read_delimited(path: Path, where: str, separator: str | None = None) -> Table:
    """A file whose fields `separator` parts; where nobody says, what its first records show."""
    if problems := csv_diagnosis.header_problems(path, where):
        raise InputError(problems)
    notes: tuple[str, ...] = ()
    if separator is None:
        separator, *others = csv_diagnosis.find_separators(path)
        name = csv_diagnosis.SEPARATORS[separator]
        if others:
            both = " or by ".join(csv_diagnosis.SEPARATORS[sign] + "s" for sign in (separator, *others))
            hint = "write names of columns that hold such a sign between double quotes, or save it with tabs as .tsv"
            raise InputError(f"the header can be separated by {both}", f"{where}:1", hint)
        notes = () if separator == "," else (f"fields are separated by {name}s",)
    try:
        frame = pl.read_csv(path, separator=separator, infer_schema=False, glob=False)
    except NoDataError:
        raise InputError("is empty (blank lines only)", where) from None
    except PolarsError as error:
        problems = csv_diagnosis.byte_problems(path, where)
        problems = problems or csv_diagnosis.scan_problems(csv_diagnosis.scan(path, separator), where, separator)
        raise InputError(problems or f"cannot be read ({_first_line(error)})", where) from None
    if any("\r" in name for name in frame.columns):
        raise InputError("its lines end in a carriage return alone", where, "save it with line ends LF or CRLF")
    if any("\ufffd" in name for name in frame.columns) and (bad := csv_diagnosis.byte_problems(path, where)):
        raise InputError(bad)
    # The fast reader fills short rows and blank lines with nulls, and only a slow reading tells them from empty fields.
    if frame.height and frame[frame.columns[-1]].null_count():
        found = csv_diagnosis.scan(path, separator)
        if problems := csv_diagnosis.scan_problems(found, where, separator):
            raise InputError(problems)
        if found.blank and len(found.lines) == frame.height:
            frame = frame.with_row_index("_row").filter(~pl.col("_row").is_in(found.blank)).drop("_row")
    return Table(where, frame, "line", partial(_lines_of_records, path, separator), notes)


def _lines_of_records(path: Path, separator: str, indices: Sequence[int]) -> list[int]:
    found = csv_diagnosis.scan(path, separator)
    blank = set(found.blank)
    lines = [line for index, line in enumerate(found.lines) if index not in blank]
    # Where a carriage return alone ends a record for one reader and not for the other, the nearest line is named.
    return [lines[min(index, len(lines) - 1)] if lines else 1 for index in indices]


def _read_parquet(path: Path, where: str) -> Table:
    try:
        return Table(where, pl.read_parquet(path, glob=False))
    except (PolarsError, PanicException) as error:
        raise InputError(f"is not a readable Parquet file ({_first_line(error)})", where, "write it again") from None


def _read_json_lines(path: Path, where: str) -> Table:
    if problems := csv_diagnosis.byte_problems(path, where):
        raise InputError(problems)
    records: list[dict[str, Any]] = []
    lines: list[int] = []
    bad: list[tuple[int, str]] = []
    with path.open(encoding="utf-8-sig") as handle:
        for number, line in enumerate(handle, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line.rstrip().replace("\0", "\\u0000"))
            except json.JSONDecodeError as error:
                bad.append((number, f"is no JSON ({error.msg} at column {error.colno})"))
                continue
            except RecursionError:
                bad.append((number, "is nested too deeply"))
                continue
            if isinstance(record, dict):
                records.append(record)
                lines.append(number)
            else:
                bad.append((number, f"holds a {type(record).__name__}, not an object"))
    if bad:
        line, reason = bad[0]
        more = f"; malformed too: {format_list([f'line {n}' for n, _ in bad[1:]])}" if len(bad) > 1 else ""
        hint = 'one object a line: {"id": …, "sequence": …, "label": …}'
        raise InputError(f"the line {reason}{more}", f"{where}:{line}", hint)
    return Table(where, table_of_records(records), "line", lambda indices: [lines[k] for k in indices])


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200]


ALSO = {".ndjson": ".jsonl", ".pq": ".parquet"}
"""Other endings of a file that is named one by one; in a folder of splits they are no split."""
PACKED = (".zip", ".bz2", ".xz", ".zst", ".7z")
READERS: dict[str, Reader] = {
    ".csv": _read_delimited,
    ".tsv": partial(_read_delimited, separator="\t"),
    ".parquet": _read_parquet,
    ".jsonl": _read_json_lines,
}
