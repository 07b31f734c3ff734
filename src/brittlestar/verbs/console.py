"""How `run`, `plan` and `status` end in a terminal."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.text import Text

from brittlestar.study.units import count
from brittlestar.verbs.data_console import note_blocks
from brittlestar.verbs.ending import Ending, Section, make_error_console, open_page, show
from brittlestar.verbs.findings_console import counts_block
from brittlestar.verbs.headline_console import answer_lines, headline_blocks
from brittlestar.verbs.layout import Block
from brittlestar.verbs.opening import is_study_file
from brittlestar.verbs.outcome import (
    FAILURE,
    Failure,
    claim_blocks,
    failed_blocks,
    failures_of,
    quiet_failures,
    stopped_blocks,
    study_sections,
)
from brittlestar.verbs.output import Output
from brittlestar.verbs.run import RunResult, run
from brittlestar.verbs.watching import Quiet, Terminal, duration

MORE = "-v prints settings, data, every score, claims and findings by code."
VARIANT, RUNNING = 6, 5
"""Ranks in endings of `plan` and `status`: variants go first."""


def run_with_console(data: Path, output: Output, *, open_: bool, **options: Any) -> int:
    """Run with progress on standard error, then print the ending; returns the exit code."""
    looked = not is_study_file(data) and not (data / "study.json").is_file()
    if output.quiet:
        result = run(data, watcher=Quiet(), **options)
    else:
        with Terminal(make_error_console(), "STUDY") as terminal:
            result = run(data, watcher=terminal, **options)
    show(run_ending(result, looked), output)
    if open_:
        open_page(_page(result.store))
    return result.exit_code


def run_ending(result: RunResult, looked: bool) -> Ending:
    """The headline, what did not finish, claims, counts of findings, and where the rest is. `looked` says that there
    was no study file."""
    record, reading, place = result.record, result.assessment.reading, shlex.quote(str(result.store))
    page = str(_page(result.store))
    stopped = f"{result.ended_early}; the same command goes on where it stopped" if result.ended_early else ""
    return Ending(
        document=result.document,
        answer=(*answer_lines(result.headline), *quiet_failures(record, result.store)),
        blocks=(
            *headline_blocks(result.headline),
            *failed_blocks(failures_of(record), place),
            *_problem_blocks(result.problems),
            *stopped_blocks(record, place, result.ended_early),
            *claim_blocks(reading),
            *note_blocks(record.notes),
            counts_block(reading.findings, record.main),
            Block("Report", Text(page), path=True),
        ),
        rest=lambda: study_sections(reading, place, looked),
        more=MORE,
        after_json=(*([stopped] if stopped else []), f"report: {page}"),
    )


def _page(store: Path) -> Path:
    return store / "report" / "report.html"


def _problem_blocks(problems: tuple[str, ...]) -> list[Block]:
    """Finished runs that could not be scored on an added split, or probed."""
    more = len(problems) - 1
    also = f" (and {count(more, 'more problem')})" if more > 0 else ""
    return [
        Block(Text("Failed", style="bold red"), Text(f"{one}{also}"), rank=FAILURE, most=2, stays=True)
        for one in problems[:1]
    ]


def plan_ending(document: Mapping[str, Any]) -> Ending:
    """What a run comes to, then a line a variant."""
    left = document["cells"] - document["done"]
    head = f"{count(document['cells'], 'run')} (variants × seeds) of {document['study']}, {document['done']:,} done"
    blocks = [Block("Plan", Text(f"{head}."))]
    if document["seconds"] is not None:
        took = f"about {duration(document['seconds'])} for {count(left, 'open run')}, {document['jobs']} at once"
        text = f"{took} (from a timed pilot)." if left else "none: everything is done."
        blocks.append(Block("Time", Text(text)))
    if document["settle"] != "no":
        cells = " to ".join(f"{document[name]['cells']:,}" for name in ("expected", "worst"))
        seconds = [document[name]["seconds"] for name in ("expected", "worst")]
        time = "" if None in seconds else f", {duration(seconds[0])} to {duration(seconds[1])}"
        told = f"{cells} runs (expected to worst case{time}) until every claim has its verdict"
        blocks.append(Block("Claims", Text(f"{told}; --settle no stops at the planned seeds.")))
    blocks.append(Block("Disk", Text(f"about {document['disk_bytes'] / 1e6:.1f} MB in {document['store']}")))
    variants = [_planned_variant(name, one) for name, one in document["variants"].items()]
    answer = " ".join(block.text.plain for block in blocks[: 2 if document["seconds"] is not None else 1])
    return Ending(document, (answer,), (*blocks, *_limited(variants)), lambda: [Section("Variants", variants)])


def _planned_variant(name: str, one: Mapping[str, Any]) -> Block:
    seconds = "" if one["seconds_per_cell"] is None else f", {one['seconds_per_cell']:.1f} s each"
    parameters = "" if one["parameters"] is None else f", {one['parameters']:,} parameters"
    title = "" if one["title"] == name else f": {one['title']}"
    text = f"{count(one['cells'], 'run')}, {one['done']:,} done{seconds}{parameters}{title}"
    return Block(name, Text(text), rank=VARIANT)


def status_ending(document: Mapping[str, Any], study: Path) -> Ending:
    """Where a study stands: states, what runs, what failed with the command that runs it again, and variants."""
    place = shlex.quote(str(study))
    at_work = "a run is at work" if document["at_work"] else "no run is at work"
    states = {state: number for state, number in document["states"].items() if number}
    counted = ", ".join(f"{number:,} {state}" for state, number in states.items())
    head = f"{count(len(document['cells']), 'run')} of {document['study']}: {counted}; {at_work}."
    blocks = [Block("Status", Text(head))]
    if document["seconds_left"] is not None:
        blocks.append(Block("Left", Text(f"about {duration(document['seconds_left'])}")))
    open_ = sum(states.get(state, 0) for state in ("planned", "running", "lost"))
    if open_ and not document["at_work"]:
        blocks.append(Block("", Text(f"brittlestar run {place}"), command=True))
    for one in document["running"]:
        epochs = f", epoch {one['epoch']} of {one['epochs']}" if one.get("epochs") else ""
        blocks.append(Block("Running", Text(f"{one['variant']} seed {one['seed']}{epochs}"), rank=RUNNING))
    failures = [
        Failure(cell["state"], cell["variant"], cell["seed"], cell["error"], cell["hash"])
        for cell in document["cells"]
        if cell["error"]
    ]
    blocks += failed_blocks(failures, place)
    by_variant: dict[str, Counter[str]] = {}
    for cell in document["cells"]:
        by_variant.setdefault(cell["variant"], Counter())[cell["state"]] += 1
    variants = [
        Block(name, Text(", ".join(f"{counts[state]:,} {state}" for state in states if counts[state])), rank=VARIANT)
        for name, counts in by_variant.items()
    ]
    rest = [Section("Variants", variants), Section("Runs", _run_blocks(document, place))]
    return Ending(document, (head,), (*blocks, *_limited(variants)), lambda: rest, "-v lists every run.")


MOST_VARIANTS = 8
"""Variants that an ending names: the others are counted, and `-v` has them (convention)."""


def _limited(variants: list[Block]) -> list[Block]:
    more = len(variants) - MOST_VARIANTS
    counted = [Block("", Text(f"and {count(more, 'more variant')} (-v)"))] if more > 0 else []
    return [replace(one, brief=True) for one in (*variants[:MOST_VARIANTS], *counted)]


def _run_blocks(document: Mapping[str, Any], place: str) -> list[Block]:
    blocks: list[Block] = []
    for cell in document["cells"]:
        told = f": {cell['error']}" if cell["error"] else ""
        state = cell["state"] if cell["outcome"] in (None, cell["state"]) else f"{cell['state']} ({cell['outcome']})"
        text = f"{cell['hash'][:12]}  {cell['variant']}, seed {cell['seed']}{told}"
        blocks.append(Block(state, Text(text)))
        if cell["error"]:
            blocks.append(Block("", Text(f"brittlestar run {place} --cell {cell['hash'][:12]}"), command=True))
    return blocks
