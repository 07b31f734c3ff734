"""How `plan` and `status` end: what a study comes to in runs, and where they stand."""

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from brittlestar.cli.blocks.failures import command_block, failed_blocks
from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.core.commands import command
from brittlestar.core.results import CellRecord
from brittlestar.core.texts import format_duration
from brittlestar.data.tables import format_list
from brittlestar.store.address import Place
from brittlestar.store.layout import open_store
from brittlestar.store.study_document import is_in_memory, read_study
from brittlestar.study.units import count

VARIANT = 6
"""Rank of a variant's line: it is shortened first."""
MOST_VARIANTS = 8
"""Variants that an ending names: the others are counted, and `-v` has them (convention)."""
RUNNING = 5
"""Rank of a run that is at work: variants go before."""


def plan_ending(document: Mapping[str, Any]) -> Ending:
    """What a run comes to, then a line a variant."""
    left = document["cells"] - document["done"]
    head = f"{count(document['cells'], 'run')} (variants × seeds) of {document['study']}, {document['done']:,} done"
    blocks = [Block("Plan", f"{head}.")]
    if document["seconds"] is not None:
        took = f"about {format_duration(document['seconds'])} for {count(left, 'open run')}, {document['jobs']} at once"
        text = f"{took} (from a timed pilot)." if left else "none: everything is done."
        blocks.append(Block("Time", text))
    if document["cells_per_gpu"] is not None:
        blocks.append(Block("GPUs", f"{count(document['cells_per_gpu'], 'run')} at once on each."))
    if document["settle"] != "no":
        cells = " to ".join(f"{document[name]['cells']:,}" for name in ("expected", "worst"))
        seconds = [document[name]["seconds"] for name in ("expected", "worst")]
        time = "" if None in seconds else f", {format_duration(seconds[0])} to {format_duration(seconds[1])}"
        told = f"{cells} runs (expected to worst case{time}) until every claim has its verdict"
        blocks.append(Block("Claims", f"{told}; --settle no stops at the planned seeds."))
    if document["shares"] is not None:
        blocks.append(Block("Shares", _tell_shares(document["shares"], document["run_seconds"])))
    blocks.append(Block("Disk", f"about {document['disk_bytes'] / 1e6:.1f} MB in {document['store']}"))
    variants = [_planned_variant(name, one) for name, one in document["variants"].items()]
    answer = " ".join(block.body.plain for block in blocks[: 2 if document["seconds"] is not None else 1])
    return Ending(document, (answer,), (*blocks, *_first_variants(variants)), lambda: [Section("Variants", variants)])


def _tell_shares(shares: Mapping[str, Any], seconds: float | None) -> str:
    """How many runs a share has, how long the longest takes, and what all runs cost together."""
    runs = f"{shares['fewest']:,} to {shares['most']:,}" if shares["fewest"] < shares["most"] else f"{shares['most']:,}"
    text = f"{count(shares['of'], 'share')} of {runs} open runs"
    if seconds is None or shares["seconds"] is None:
        return f"{text}."
    each = f"the longest takes about {format_duration(shares['seconds'])} on a machine like this"
    return f"{text}; {each}; all runs one after the other {format_duration(seconds)}."


def _planned_variant(name: str, one: Mapping[str, Any]) -> Block:
    seconds = "" if one["seconds_per_cell"] is None else f", {one['seconds_per_cell']:.1f} s each"
    parameters = "" if one["parameters"] is None else f", {one['parameters']:,} parameters"
    title = "" if one["title"] == name else f": {one['title']}"
    text = f"{count(one['cells'], 'run')}, {one['done']:,} done{seconds}{parameters}{title}"
    return Block(name, text, rank=VARIANT)


def status_ending(document: Mapping[str, Any], study: Place) -> Ending:
    """Where a study stands: states, what runs, what failed with the command that runs it again, and variants."""
    place, in_memory = shlex.quote(str(study)), is_in_memory(read_study(open_store(study)))
    at_work = "a run is at work" if document["at_work"] else "no run is at work"
    if shares := document["shares"]:
        at_work = f"{count(len(shares), 'share')} of a run at work ({format_list(shares, 4)})"
    states = {state: number for state, number in document["states"].items() if number}
    counted = ", ".join(f"{number:,} {state}" for state, number in states.items())
    head = f"{count(len(document['cells']), 'run')} of {document['study']}: {counted}; {at_work}."
    blocks = [Block("Status", head)]
    if document["seconds_left"] is not None:
        blocks.append(Block("Left", f"about {format_duration(document['seconds_left'])}"))
    open_ = sum(states.get(state, 0) for state in ("planned", "running", "lost"))
    if open_ and not document["at_work"]:
        blocks.append(command_block(command("run"), place, in_memory))
    for one in document["running"]:
        epochs = f", epoch {one['epoch']} of {one['epochs']}" if one.get("epochs") else ""
        blocks.append(Block("Running", f"{one['variant']} seed {one['seed']}{epochs}", rank=RUNNING))
    failures = [cell for cell in document["cells"] if cell["error"]]
    blocks += failed_blocks([CellRecord(**cell) for cell in failures], place, in_memory=in_memory)
    by_variant: dict[str, Counter[str]] = {}
    for cell in document["cells"]:
        by_variant.setdefault(cell["variant"], Counter())[cell["state"]] += 1
    variants = [
        Block(name, ", ".join(f"{counts[state]:,} {state}" for state in states if counts[state]), rank=VARIANT)
        for name, counts in by_variant.items()
    ]
    rest = [Section("Variants", variants), Section("Runs", _run_blocks(document, place, in_memory))]
    return Ending(document, (head,), (*blocks, *_first_variants(variants)), lambda: rest, "-v lists every run.")


def _run_blocks(document: Mapping[str, Any], place: str, in_memory: bool) -> list[Block]:
    blocks: list[Block] = []
    for cell in document["cells"]:
        told = f": {cell['error']}" if cell["error"] else ""
        state = cell["state"] if cell["outcome"] in (None, cell["state"]) else f"{cell['state']} ({cell['outcome']})"
        text = f"{cell['hash'][:12]}  {cell['variant']}, seed {cell['seed']}{told}"
        blocks.append(Block(state, text))
        if cell["error"]:
            blocks.append(command_block(command("run", cell=cell["hash"][:12]), place, in_memory))
    return blocks


def _first_variants(variants: Sequence[Block]) -> list[Block]:
    more = len(variants) - MOST_VARIANTS
    counted = [Block("", f"and {count(more, 'more variant')} (-v)")] if more > 0 else []
    return [replace(one, brief=True) for one in (*variants[:MOST_VARIANTS], *counted)]
