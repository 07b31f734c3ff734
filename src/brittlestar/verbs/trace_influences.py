"""What nobody states of a run, each changed alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from brittlestar.core.cells import Cell
from brittlestar.core.tracing import Traced
from brittlestar.execution.repeating import Circumstances, Repeated
from brittlestar.verbs.trace_bench import RepeatBench, judge_repeated

ASKED = 3
"""Threads that own code hears of: what trains has one, and few machines have so many processors."""
NEIGHBOUR = "a run beside it"
INFLUENCES: Mapping[str, tuple[str, Circumstances]] = {
    "hash seed": ("PYTHONHASHSEED is 4242, and not 0", Circumstances({"PYTHONHASHSEED": "4242"})),
    "threads": (
        f"OMP_NUM_THREADS and the like are 2, and not 1, and code that asks hears of {ASKED} threads and processors",
        Circumstances(
            dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "2"), threads=ASKED
        ),
    ),
    "time zone": ("TZ is Pacific/Kiritimati", Circumstances({"TZ": "Pacific/Kiritimati"})),
    "locale": ("LC_ALL is C", Circumstances({"LC_ALL": "C", "LANG": "C", "LANGUAGE": ""})),
    "global random state": ("something drew from random, NumPy and PyTorch before", Circumstances(disturbed=True)),
}
"""What is changed, in words, and how. Two more are made where they are needed: another working folder, and a run beside
this one."""


def trace_influences(bench: RepeatBench, cell: Cell, plain: Repeated) -> Iterator[Traced]:
    """What is around a run. Two runs at once come first: where these differ from one that is alone, nothing else runs
    beside another."""
    (fresh,) = bench.repeat(cell, [Circumstances()], at_once=1)
    first, second = bench.repeat(cell, [Circumstances()] * 2, at_once=2)
    beside = first if first == second else replace(first, digest="", error=first.error or second.error)
    neighbour = judge_repeated("influence", NEIGHBOUR, "two of it ran at once", fresh, beside)
    yield neighbour
    alone = neighbour.effect != "none"
    if alone:
        (plain,) = bench.train([cell], short=True)
    own = "it was not forked from one that has PyTorch"
    yield judge_repeated("influence", "a process of its own", own, plain, fresh)
    with tempfile.TemporaryDirectory(prefix="brittlestar-elsewhere-") as temporary:
        folder = Path(temporary, "far", "from", "here")  # at another depth, so that relative paths differ, too
        folder.mkdir(parents=True)
        around = {**INFLUENCES, "working folder": ("it works in an empty folder", Circumstances(folder=str(folder)))}
        found = bench.repeat(cell, [one for _, one in around.values()], at_once=1 if alone else None)
    for (name, (words, _)), one in zip(around.items(), found, strict=True):
        yield judge_repeated("influence", name, words, fresh, one)
