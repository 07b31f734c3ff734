"""How `status` ends: where a study stands."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brittlestar.cli.blocks.failures import Failure, failed_blocks
from brittlestar.cli.blocks.variants import VARIANT, first_variants
from brittlestar.cli.durations import format_duration
from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.study.units import count

RUNNING = 5
"""Rank of a run that is at work: variants go before."""


def status_ending(document: Mapping[str, Any], study: Path) -> Ending:
    """Where a study stands: states, what runs, what failed with the command that runs it again, and variants."""
    place = shlex.quote(str(study))
    at_work = "a run is at work" if document["at_work"] else "no run is at work"
    states = {state: number for state, number in document["states"].items() if number}
    counted = ", ".join(f"{number:,} {state}" for state, number in states.items())
    head = f"{count(len(document['cells']), 'run')} of {document['study']}: {counted}; {at_work}."
    blocks = [Block("Status", head)]
    if document["seconds_left"] is not None:
        blocks.append(Block("Left", f"about {format_duration(document['seconds_left'])}"))
    open_ = sum(states.get(state, 0) for state in ("planned", "running", "lost"))
    if open_ and not document["at_work"]:
        blocks.append(Block("", f"brittlestar run {place}", command=True))
    for one in document["running"]:
        epochs = f", epoch {one['epoch']} of {one['epochs']}" if one.get("epochs") else ""
        blocks.append(Block("Running", f"{one['variant']} seed {one['seed']}{epochs}", rank=RUNNING))
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
        Block(name, ", ".join(f"{counts[state]:,} {state}" for state in states if counts[state]), rank=VARIANT)
        for name, counts in by_variant.items()
    ]
    rest = [Section("Variants", variants), Section("Runs", _run_blocks(document, place))]
    return Ending(document, (head,), (*blocks, *first_variants(variants)), lambda: rest, "-v lists every run.")


def _run_blocks(document: Mapping[str, Any], place: str) -> list[Block]:
    blocks: list[Block] = []
    for cell in document["cells"]:
        told = f": {cell['error']}" if cell["error"] else ""
        state = cell["state"] if cell["outcome"] in (None, cell["state"]) else f"{cell['state']} ({cell['outcome']})"
        text = f"{cell['hash'][:12]}  {cell['variant']}, seed {cell['seed']}{told}"
        blocks.append(Block(state, text))
        if cell["error"]:
            blocks.append(Block("", f"brittlestar run {place} --cell {cell['hash'][:12]}", command=True))
    return blocks
