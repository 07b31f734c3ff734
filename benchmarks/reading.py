"""Reading and encoding 1,000,000 rows of 20 tokens: seconds and peak memory, beside what one would write instead.

    python benchmarks/reading.py [--rows 1000000] [--repeats 5]

Each reading runs in a process of its own, in turn, on a CSV file generated here; the table shows medians. The usual
way is pandas.read_csv, str.split, and a dict from token to id, into one int32 array (lists of Python integers would
take more memory still). The target is under 5 s and under 1.5 GB on two cores.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

LENGTH = 20
VOCABULARY = 1_000
BLOCK = 10_000
LIMIT_SECONDS, LIMIT_GB = 5.0, 1.5


def generate(path: Path, rows: int) -> None:
    random = np.random.default_rng(0)
    tokens = np.array([f"E{i}" for i in range(VOCABULARY)])
    with path.open("w", encoding="utf-8") as handle:
        handle.write("id,sequence,label\n")
        for start in range(0, rows, BLOCK):
            drawn = tokens[random.integers(0, VOCABULARY, (min(BLOCK, rows - start), LENGTH))]
            lines = (f"row_{start + i},{' '.join(row)},{(start + i) % 2}\n" for i, row in enumerate(drawn))
            handle.writelines(lines)


def brittlestar(path: Path) -> tuple[int, int]:
    from brittlestar.data.encode import encode
    from brittlestar.data.sources import read_splits
    from brittlestar.study.settings import Columns, DataSettings

    data = encode(read_splits({"train": path}, Columns()), DataSettings())
    return len(data.splits["train"].codes), data.vocabulary.size


def usual(path: Path) -> tuple[int, int]:
    import pandas as pd

    frame = pd.read_csv(path)
    ids = {"<pad>": 0, "<unknown>": 1}
    rows = [np.array([ids.setdefault(token, len(ids)) for token in text.split()], np.int32) for text in frame.sequence]
    tokens = np.concatenate(rows)
    frame.label.astype("category").cat.codes.to_numpy()
    return len(tokens), len(ids)


WAYS: dict[str, Callable[[Path], tuple[int, int]]] = {"brittlestar": brittlestar, "pandas and a dict": usual}


def measure(way: str, path: Path) -> None:
    """Print one JSON line: what was found, seconds from the first import to the arrays, peak resident set in GB."""
    start = time.perf_counter()
    found = WAYS[way](path)
    seconds = time.perf_counter() - start
    # On Linux the peak of the process that started this one counts too; it stays far below, for it writes in blocks.
    unit = 1 if platform.system() == "Darwin" else 1024
    print(json.dumps([*found, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9]))


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--measure", nargs=2, metavar=("WAY", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.measure:
        measure(arguments.measure[0], Path(arguments.measure[1]))
        return 0
    from machine import heading, median_and_range, text_table
    from work import check_work

    results: dict[str, list[list[float]]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.csv"
        generate(path, arguments.rows)
        megabytes = path.stat().st_size / 1e6
        for _ in range(arguments.repeats):
            for way in WAYS:
                command = [sys.executable, __file__, "--measure", way, str(path)]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                results[way].append(json.loads(done.stdout))
    ids = {int(found[1]) for runs in results.values() for found in runs}
    for way, runs in results.items():
        for tokens, size, *_ in runs:
            declared = {"tokens read": LENGTH * arguments.rows, "ids given": min(ids)}
            check_work(way, declared, {"tokens read": int(tokens), "ids given": int(size)})
    print(heading(f"{arguments.rows:,} rows of {LENGTH} tokens, {megabytes:.0f} MB of CSV, {arguments.repeats} turns"))
    rows = [
        [way, *(median_and_range([run[k] for run in runs], ".2f") for k in (2, 3))] for way, runs in results.items()
    ]
    print(text_table(["", "seconds", "peak GB"], rows))
    print(f"each way does: tokens read {LENGTH * arguments.rows}, ids given {min(ids)}; writes nothing")
    seconds, peak = (statistics.median(run[k] for run in results["brittlestar"]) for k in (2, 3))
    print(f"target: under {LIMIT_SECONDS:g} s and {LIMIT_GB:g} GB: {seconds < LIMIT_SECONDS and peak < LIMIT_GB}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
