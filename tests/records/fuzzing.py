"""`python -m tests.records.fuzzing [--archives 5000] [--contents 500] [--seed 0] [--case NUMBER]`: damaged records.

The golden record is damaged in as many ways, drawn by a seed, and verified. `archives` have other bytes: each must be
refused with an error that says where, or be told to differ. `contents` have other files under a manifest that fits
them, as a forger would make it: each must end in an outcome or a refusal, compared with a report too, and its page must
show no markup of its labels and names. Nothing may be written outside the temporary folder, and no process may take
more than 4 GiB or a minute. What goes wrong is named with the number that makes it again.
"""

from __future__ import annotations

import argparse
import io
import lzma
import os
import resource
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar import compare_reported, verify
from brittlestar.core.errors import BrittlestarError
from brittlestar.records.manifest import MANIFEST
from brittlestar.records.writing import write_record
from brittlestar.reports.page import page
from brittlestar.verbs.unpacked import unpack_record
from tests.records.damaging import ARCHIVES, MARKUP, change_contents

GOLDEN = Path(__file__).parent / "golden" / "format-1.zip.xz"
MOST_MEMORY = 4 << 30  # bytes of data beyond what the process has at its start
LONGEST = 60.0  # seconds
AT_ONCE = 25  # cases of a process


@dataclass(frozen=True)
class Case:
    """One damaged record by its kind, `archives` or `contents`, and the number that it is drawn from."""

    kind: str
    number: int


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--archives", type=int, default=5000)
    options.add_argument("--contents", type=int, default=500)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--case", type=int, help="one number alone, of both kinds, with tracebacks")
    asked = options.parse_args(arguments)
    if asked.case is not None:
        for kind in ("archives", "contents"):
            print(kind, try_case(Case(kind, asked.case)))
        return 0
    first = asked.seed << 32
    cases = [Case(kind, first + k) for kind in ("archives", "contents") for k in range(getattr(asked, kind))]
    ended: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    for case, end in try_all(cases, asked.processes):
        ended[case.kind, end.partition(":")[0]] += 1
        wrong += [f"{case.kind} {case.number}: {end}"] if end.startswith("wrong") else []
    for (kind, end), many in sorted(ended.items()):
        print(f"{kind:<10} {end:<12} {many:6,}")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


def try_all(cases: Sequence[Case], processes: int) -> Iterator[tuple[Case, str]]:
    """How each case ended; one that ends its process is found by trying its neighbours alone."""
    parts = [cases[start : start + AT_ONCE] for start in range(0, len(cases), AT_ONCE)]
    with tempfile.TemporaryDirectory(prefix="fuzzing-") as scratch:
        for part, ends in _run_parts(parts, processes, scratch):
            if ends is not None:
                yield from zip(part, ends, strict=True)
                continue
            for (case,), end in _run_parts([[one] for one in part], 1, scratch):
                yield case, "wrong: its process died" if end is None else end[0]


def _run_parts(
    parts: Sequence[Sequence[Case]], processes: int, scratch: str
) -> Iterator[tuple[Sequence[Case], list[str] | None]]:
    left = list(parts)
    while left:
        with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (scratch,)) as pool:
            waiting = [(part, pool.submit(_try_part, part)) for part in left]
            for part, future in waiting:
                try:
                    yield part, future.result()
                except BrokenProcessPool:
                    yield part, None
                    left = left[left.index(part) + 1 :]
                    break
            else:
                return


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


def _try_part(part: Sequence[Case]) -> list[str]:
    return [try_case(case) for case in part]


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


if __name__ == "__main__":
    sys.exit(main())
