"""Two folders of scenes held against each other: every file byte by byte, places for time aside."""

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TIMES = {"attempts.jsonl", "timing.json", ".lock-run", ".lock-set-up", ".lock"}
"""Files that hold times and places alone (docs/reference/store.md)."""
TIME_KEYS = {"timing", "seconds", "seconds_left", "seconds_per_cell", "elapsed", "started", "ended", "cost"}
CLOCK = re.compile(r"\d+(\.\d+)? (seconds|second|s|ms|min|minutes|h)\b|\d+:\d\d(:\d\d)?")
"""Times in texts for people."""
NUMBER = re.compile(r"\d*\.\d+")
"""Numbers with decimals; whole numbers are counts, and words."""


def compare_folders(path: Path, other: Path) -> list[str]:
    """Name everything in which two folders differ, as `place: what`."""
    differences: list[str] = []
    names = sorted({_place(file, folder) for folder in (path, other) for file in folder.rglob("*") if file.is_file()})
    for name in names:
        if Path(name).name in TIMES:
            continue
        left, right = path / name, other / name
        if not (left.is_file() and right.is_file()):
            differences.append(f"{name}: only in {(path if left.is_file() else other).name}")
        elif left.read_bytes() != right.read_bytes():
            differences += [f"{name}: {what}" for what in _compare_files(left, right)]
    return differences


def compare_values(one: Any, other: Any, place: str = "", tolerance: float = 0.0) -> Iterator[str]:
    """Name the places in which two JSON documents differ, times aside; numbers may differ by a relative tolerance."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            if key not in one or key not in other:
                yield f"{place}.{key}: only in the {'first' if key in one else 'second'}"
            elif key not in TIME_KEYS:
                yield from compare_values(one[key], other[key], f"{place}.{key}", tolerance)
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            yield f"{place}: {len(one)} entries and {len(other)}"
        for number, (left, right) in enumerate(zip(one, other, strict=False)):
            yield from compare_values(left, right, f"{place}[{number}]", tolerance)
    elif not _same(one, other, tolerance):
        yield f"{place}: {one!r:.160} and {other!r:.160}"


def _same(one: Any, other: Any, tolerance: float) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        one, other = CLOCK.sub("TIME", one), CLOCK.sub("TIME", other)
        return one == other or (bool(tolerance) and _same_text(one, other, tolerance))
    if tolerance and isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance)
    return type(one) is type(other) and one == other


def _same_text(one: str, other: str, tolerance: float) -> bool:
    """The same words, and numbers that differ by the rounding of their last digit at most."""
    if NUMBER.split(one) != NUMBER.split(other):
        return False
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)
    return all(abs(float(left) - float(right)) <= _last_digit(left) * (1 + tolerance) for left, right in pairs)


def _last_digit(number: str) -> float:
    return 10.0 ** -len(number.partition(".")[2])


def _compare_files(path: Path, other: Path) -> list[str]:
    if path.suffix == ".json":
        return list(compare_values(json.loads(path.read_bytes()), json.loads(other.read_bytes())))
    if path.suffix in {".html", ".md", ".tex", ".txt", ".csv", ".yaml"}:
        return list(compare_values(_lines(path), _lines(other)))
    return ["other bytes"]


def _lines(file: Path) -> list[str]:
    """Lines of a text, a digest of a file that holds times left out."""
    text = re.sub(r"\b[0-9a-f]{64}\b", "DIGEST", file.read_text(encoding="utf-8"))
    return re.sub(r"><", ">\n<", text).splitlines()


def _place(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()
