"""What the command prints: people's text on standard output or error, or one JSON document on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from brittlestar.core.results import StudyRecord
from brittlestar.verbs.run import RunResult, run
from brittlestar.verbs.watching import Quiet, Terminal, duration


def run_with_console(data: Any, *, json_: bool, quiet: bool, **options: Any) -> int:
    """Run with progress on standard error, then print the outcome; returns the exit code."""
    console = Console(stderr=True, highlight=False)
    if quiet:
        result = run(data, watcher=Quiet(), **options)
    else:
        place = str(options.get("out") or "STUDY")
        with Terminal(console, place) as terminal:
            result = run(data, watcher=terminal, **options)
    if json_:
        print(json.dumps(result.document, ensure_ascii=False, indent=2))
    elif not quiet:
        print_outcome(result)
    return result.exit_code


def print_outcome(result: RunResult) -> None:
    """The outcome of a run: what was not said, every arm with interval and n, what was found, where the report is."""
    console = Console(highlight=False, soft_wrap=True)
    record = result.record
    for line in defaults_line(record):
        console.print(Text(line, style="dim"))
    for note in record.notes:
        console.print(Text(f"note: {note}", style="dim"))
    console.print(results_table(result.document, record))
    counts = dict.fromkeys(("present", "inconclusive", "absent"), 0)
    for finding in result.document["findings"]:
        counts[finding["status"]] += 1
        if finding["status"] == "present":
            style = {"error": "red", "warning": "yellow"}.get(finding["severity"], "")
            console.print(Text(f"{finding['severity']:8}{finding['code']}: {finding['summary']}", style=style))
    console.print(
        f"{counts['present']} findings present, {counts['inconclusive']} inconclusive, {counts['absent']} absent"
    )
    failed = [cell for cell in record.cells if cell.state in ("failed", "lost")]
    for cell in failed:
        console.print(Text(f"{cell.state}: {cell.variant} seed {cell.seed}: {cell.error}", style="red"))
        console.print(f"  this cell alone: brittlestar run {result.store} --cell {cell.hash[:12]}")
    if result.ended_early:
        waiting = sum(cell.state == "planned" for cell in record.cells)
        console.print(
            Text(f"{result.ended_early}; {waiting} cells are open. The same command goes on.", style="yellow")
        )
    console.print(f"report: {result.store / 'report' / 'report.html'}")


def defaults_line(record: StudyRecord) -> list[str]:
    """Every setting of baseline that nobody stated, in a few lines."""
    settings = record.variants[record.baseline].settings
    stated = [f"{s.path}={_short(s.value)}" for s in settings if s.origin not in ("our default", "library default")]
    ours = [f"{s.path}={_short(s.value)}" for s in settings if s.origin == "our default"]
    lines = [f"stated: {', '.join(stated)}"] if stated else []
    return [*lines, f"our defaults: {', '.join(ours)}"]


def _short(value: Any) -> str:
    return (
        json.dumps(value, ensure_ascii=False)
        if isinstance(value, (dict, list, tuple, bool, type(None)))
        else str(value)
    )


def results_table(document: Mapping[str, Any], record: StudyRecord) -> Table:
    """Arms against splits: mean, interval and n of the headline metric, the majority's beside it."""
    metric = record.metric
    table = Table(title=f"{metric}, best checkpoint: mean over seeds [95 % interval] (n)", title_justify="left")
    table.add_column("arm", overflow="fold")
    names = list(record.splits)
    for name in names:
        table.add_column(name, justify="right")
    table.add_row("majority class", *(_number(record.splits[name].majority.get(metric)) for name in names), style="dim")
    for name, arm in document["variants"].items():
        title = record.variants[name].title
        cells = [_entry(arm["splits"].get(split, {}).get(metric)) for split in names]
        mark = "  (unequal budget)" if record.variants[name].unequal_budget else ""
        table.add_row(f"{name}{mark}\n  {title}", *cells)
    return table


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _entry(entry: Mapping[str, Any] | None) -> str:
    if not entry or entry.get("mean") is None:
        return "–"
    interval = entry["interval"]
    spread = f"\n[{interval[0]:.3f}, {interval[1]:.3f}]" if interval else "\n[one seed]"
    return f"{entry['mean']:.3f} ({len(entry['seeds'])}){spread}"


def print_plan(document: Mapping[str, Any], json_: bool, quiet: bool) -> None:
    """A plan for people or programs."""
    if json_:
        print(json.dumps(document, ensure_ascii=False, indent=2))
        return
    if quiet:
        return
    console = Console(highlight=False, soft_wrap=True)
    table = Table(
        title=f"{document['study']}: {document['cells']} cells, {document['done']} done", title_justify="left"
    )
    for heading in ("arm", "cells", "done", "seconds per cell", "parameters"):
        table.add_column(heading, justify="left" if heading == "arm" else "right")
    for name, arm in document["arms"].items():
        seconds = arm["seconds_per_cell"]
        table.add_row(
            f"{name}\n  {arm['title']}", str(arm["cells"]), str(arm["done"]),
            "–" if seconds is None else f"{seconds:.1f}",
            "–" if arm["parameters"] is None else f"{arm['parameters']:,}",
        )  # fmt: skip
    console.print(table)
    if document["seconds"] is not None:
        console.print(f"about {duration(document['seconds'])} with {document['jobs']} at once (timed pilot)")
    console.print(f"about {document['disk_bytes'] / 1e6:.1f} MB of disk in {document['store']}")


def print_status(document: Mapping[str, Any], json_: bool, quiet: bool) -> None:
    """A status for people or programs."""
    if json_:
        print(json.dumps(document, ensure_ascii=False, indent=2))
        return
    if quiet:
        return
    console = Console(highlight=False, soft_wrap=True)
    states = ", ".join(f"{count} {state}" for state, count in document["states"].items() if count)
    console.print(f"{document['study']}: {states}" + (" (a run is at work)" if document["at_work"] else ""))
    for one in document["running"]:
        epochs = f" epoch {one['epoch']} of {one['epochs']}" if one.get("epochs") else ""
        console.print(f"  running {one['variant']} seed {one['seed']}{epochs}")
    if document["seconds_left"] is not None:
        console.print(f"  about {duration(document['seconds_left'])} left")
    table = Table("arm", "seed", "state", "outcome", "cell")
    for cell in document["cells"]:
        table.add_row(cell["variant"], str(cell["seed"]), cell["state"], cell["outcome"] or "", cell["hash"][:12])
    console.print(table)
    for cell in document["cells"]:
        if cell["error"]:
            console.print(Text(f"{cell['variant']} seed {cell['seed']}: {cell['error']}", style="red"))
    sys.stdout.flush()
