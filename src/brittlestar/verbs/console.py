"""What the command prints: people's text on standard output or error, or one JSON document on standard output."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from brittlestar.verbs.guarding import say_json
from brittlestar.verbs.opening import is_study_file
from brittlestar.verbs.outcome import print_outcome, stopped_lines
from brittlestar.verbs.run import run
from brittlestar.verbs.watching import Quiet, Terminal, duration

_AS_WRITTEN: dict[str, Any] = {"highlight": False, "markup": False, "emoji": False}
"""Names and tokens are data: `[b]` and `:x:` in them stay what they are."""


def run_with_console(data: Path, *, json_: bool, quiet: bool, **options: Any) -> int:
    """Run with progress on standard error, then print the outcome; returns the exit code."""
    # Elsewhere than in a terminal lines stay whole: they go to files, where nobody wants a path broken in two.
    errors = Console(stderr=True, soft_wrap=not sys.stderr.isatty(), **_AS_WRITTEN)
    if quiet:
        result = run(data, watcher=Quiet(), **options)
    else:
        with Terminal(errors, "STORE") as terminal:
            result = run(data, watcher=terminal, **options)
    if quiet:
        for _, line in stopped_lines(result.record, result.store):
            errors.print(line)
    if json_:
        say_json(result.document)
        if not quiet:
            if result.ended_early:
                errors.print(Text(f"{result.ended_early}; the same command goes on where it stopped"))
            errors.print(Text(f"report: {result.store / 'report' / 'report.html'}"))
    elif not quiet:
        looked = not is_study_file(data) and not (data / "study.json").is_file()
        print_outcome(_output(), result.document, result.record, result.store, result.ended_early, looked)
    return result.exit_code


def _output() -> Console:
    return Console(**_AS_WRITTEN)


def print_plan(document: Mapping[str, Any], json_: bool, quiet: bool) -> None:
    """A plan for people or programs."""
    if json_:
        say_json(document)
        return
    if quiet:
        return
    console = _output()
    console.print(
        f"{document['study']}: {document['cells']} cells (variants × seeds), {document['done']} done", style="bold"
    )
    table = _table("variant", "cells", "done", "seconds each", "parameters")
    for name, arm in document["variants"].items():
        seconds = arm["seconds_per_cell"]
        table.add_row(
            f"{name}\n{arm['title']}", str(arm["cells"]), str(arm["done"]),
            "–" if seconds is None else f"{seconds:.1f}",
            "–" if arm["parameters"] is None else f"{arm['parameters']:,}",
        )  # fmt: skip
    console.print(table)
    if document["seconds"] is not None:
        left = document["cells"] - document["done"]
        took = f"about {duration(document['seconds'])} for the {left} open cells, {document['jobs']} at once"
        console.print(f"time  {took} (from a timed pilot)" if left else "time  none: everything is done")
    if document["settle"] != "no":
        cells = " to ".join(f"{document[name]['cells']:,}" for name in ("expected", "worst"))
        seconds = [document[name]["seconds"] for name in ("expected", "worst")]
        time = "" if None in seconds else f", {duration(seconds[0])} to {duration(seconds[1])}"
        told = f"claims  {cells} cells (expected to worst case{time}) until every claim has its verdict"
        console.print(Text(f"{told}; --settle no stops at the planned seeds"))
    console.print(Text(f"disk  about {document['disk_bytes'] / 1e6:.1f} MB in {document['store']}"))


def print_status(document: Mapping[str, Any], json_: bool, quiet: bool) -> None:
    """A status for people or programs: variants by state, and each cell that runs or has failed."""
    if json_:
        say_json(document)
        return
    if quiet:
        return
    console = _output()
    at_work = "a run is at work" if document["at_work"] else "no run is at work"
    states = [state for state, number in document["states"].items() if number]
    by_arm: dict[str, Counter[str]] = {}
    for cell in document["cells"]:
        by_arm.setdefault(cell["variant"], Counter())[cell["state"]] += 1
    console.print(f"{document['study']}: {at_work}", style="bold")
    table = _table("variant", *states)
    for arm, counts in by_arm.items():
        table.add_row(arm, *(str(counts[state]) for state in states))
    console.print(table)
    for one in document["running"]:
        epochs = f", epoch {one['epoch']} of {one['epochs']}" if one.get("epochs") else ""
        console.print(Text(f"running {one['variant']} seed {one['seed']}{epochs}"))
    if document["seconds_left"] is not None:
        console.print(f"about {duration(document['seconds_left'])} left")
    for cell in document["cells"]:
        if cell["error"]:
            what = f"{cell['state']} {cell['variant']} seed {cell['seed']} (cell {cell['hash'][:12]}): {cell['error']}"
            console.print(Text(what, style="red"))


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left", overflow="fold")
    return table
