"""How `plan` ends: what a run comes to, in runs, time and disk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from brittlestar.cli.blocks.variants import VARIANT, first_variants
from brittlestar.cli.durations import format_duration
from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.study.units import count


def plan_ending(document: Mapping[str, Any]) -> Ending:
    """What a run comes to, then a line a variant."""
    left = document["cells"] - document["done"]
    head = f"{count(document['cells'], 'run')} (variants × seeds) of {document['study']}, {document['done']:,} done"
    blocks = [Block("Plan", f"{head}.")]
    if document["seconds"] is not None:
        took = f"about {format_duration(document['seconds'])} for {count(left, 'open run')}, {document['jobs']} at once"
        text = f"{took} (from a timed pilot)." if left else "none: everything is done."
        blocks.append(Block("Time", text))
    if document["settle"] != "no":
        cells = " to ".join(f"{document[name]['cells']:,}" for name in ("expected", "worst"))
        seconds = [document[name]["seconds"] for name in ("expected", "worst")]
        time = "" if None in seconds else f", {format_duration(seconds[0])} to {format_duration(seconds[1])}"
        told = f"{cells} runs (expected to worst case{time}) until every claim has its verdict"
        blocks.append(Block("Claims", f"{told}; --settle no stops at the planned seeds."))
    blocks.append(Block("Disk", f"about {document['disk_bytes'] / 1e6:.1f} MB in {document['store']}"))
    variants = [_planned_variant(name, one) for name, one in document["variants"].items()]
    answer = " ".join(block.body.plain for block in blocks[: 2 if document["seconds"] is not None else 1])
    return Ending(document, (answer,), (*blocks, *first_variants(variants)), lambda: [Section("Variants", variants)])


def _planned_variant(name: str, one: Mapping[str, Any]) -> Block:
    seconds = "" if one["seconds_per_cell"] is None else f", {one['seconds_per_cell']:.1f} s each"
    parameters = "" if one["parameters"] is None else f", {one['parameters']:,} parameters"
    title = "" if one["title"] == name else f": {one['title']}"
    text = f"{count(one['cells'], 'run')}, {one['done']:,} done{seconds}{parameters}{title}"
    return Block(name, text, rank=VARIANT)
