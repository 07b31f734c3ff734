"""How `run --dry-run` and `status` end: what a study comes to in runs, and where they stand."""

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from brittlestar.cli.output import OutputSection, TerminalOutput, end_with
from brittlestar.core.commands import command
from brittlestar.core.results import CellRecord
from brittlestar.core.texts import format_duration, show_size
from brittlestar.data.tables import format_list
from brittlestar.reports.paragraphs import Paragraph, cut_blocks, plain_words
from brittlestar.reports.result_text import command_block, failed_blocks
from brittlestar.store.layout import open_store
from brittlestar.store.study_document import is_in_memory, read_study
from brittlestar.study.units import count

MOST_VARIANTS, MOST_RUNNING = 8, 6
"""Variants and runs at work that an output names: the others are counted, and `-v` has them (convention)."""
TENTHS_BELOW = 10
"""Seconds below which a time has a decimal (convention)."""
UNTIMED = "no run has finished yet, so no time can be told; run one seed first (--seeds 1), then ask again."


def dry_run_output(document: Mapping[str, Any]) -> TerminalOutput:
    """What a run comes to, then a line a variant."""
    head = f"{count(document['cells'], 'run')} (variants × seeds) of {document['study']}, {document['done']:,} done."
    blocks = [Paragraph("Plan", head)]
    if document["timed"]:
        blocks.append(Paragraph("Time", _describe_time(document)))
    elif document["weights_unknown"] and not document["done"]:
        blocks.append(Paragraph("Time", UNTIMED))
    answer = " ".join(plain_words(block.text) for block in blocks)
    if document["cells_per_gpu"] is not None:
        blocks.append(Paragraph("GPUs", f"{count(document['cells_per_gpu'], 'run')} at once on each."))
    if document["settle"] != "no":
        worst = document["worst"]
        time = "" if worst["seconds"] is None else f", about {_describe_span(worst['seconds'])}"
        sentence = f"at most {count(worst['cells'], 'run')}{time} until every claim has its verdict"
        blocks.append(Paragraph("Claims", f"{sentence}; --settle no stops at the planned seeds."))
    weights = document["weights_unknown"]
    beside = f", and the weights of {format_list(weights, 4)}" if weights else ""
    blocks.append(Paragraph("Disk", f"about {show_size(document['disk_bytes'])} in {document['store']}{beside}"))
    variants = [_planned_variant(name, one) for name, one in document["variants"].items()]
    rest = [OutputSection("Variants", variants)]
    return end_with(document, [answer], [*blocks, *_first_variants(variants)], rest=lambda: rest)


def _planned_variant(name: str, one: Mapping[str, Any]) -> Paragraph:
    took = "" if one["seconds_per_cell"] is None else f" in {_describe_span(one['seconds_per_cell'])} each"
    title = "" if one["title"] == name else f": {one['title']}"
    return Paragraph(name, f"{count(one['cells'], 'run')}, {one['done']:,} done{took}{title}")


def _describe_time(document: Mapping[str, Any]) -> str:
    """What finished runs took, and what the others take by that."""
    left = document["cells"] - document["done"]
    took = f"{count(document['timed'], 'finished run')} took {_describe_span(document['seconds_per_cell'])}"
    took += " each" if document["timed"] > 1 else ""
    if not left:
        return f"{took}; nothing is left."
    if document["seconds"] is None:
        of = document["variants"].items()
        none = [name for name, one in of if one["done"] < one["cells"] and one["seconds_per_cell"] is None]
        return f"{took}; none of {format_list(none, 4)} is finished, so that the time left is not known."
    return f"{took}; {left:,} left to train: about {_describe_span(document['seconds'])}, {document['jobs']} at once."


def _describe_span(seconds: Sequence[float]) -> str:
    """`12 to 14 s`, `50 s to 1 min 10 s`; tenths below ten seconds."""
    low, high = seconds
    say = format_duration if high >= TENTHS_BELOW else "{:.1f} s".format
    ends = say(low), say(high)
    if ends[0] == ends[1]:
        return ends[0]
    return f"{ends[0].removesuffix(' s') if high < 59.5 else ends[0]} to {ends[1]}"


def _first_variants(variants: Sequence[Paragraph]) -> list[Paragraph]:
    return cut_blocks([replace(block, brief=True) for block in variants], MOST_VARIANTS, "variant")


def status_output(document: Mapping[str, Any], study: Path) -> TerminalOutput:
    """Where a study stands: states, what runs, what failed with the command that runs it again, and variants."""
    place, in_memory = shlex.quote(str(study)), is_in_memory(read_study(open_store(study)))
    at_work = "a run is at work" if document["at_work"] else "no run is at work"
    if shares := document["shares"]:
        at_work = f"{count(len(shares), 'share')} of a run at work ({format_list(shares, 4)})"
    states = {state: number for state, number in document["states"].items() if number}
    head = f"{count(len(document['cells']), 'run')} of {document['study']}: {_list_states(states)}; {at_work}."
    blocks = [Paragraph("Status", head)]
    if document["seconds_left"] is not None:
        blocks.append(Paragraph("Left", f"about {format_duration(document['seconds_left'])}"))
    if {"planned", "running", "lost"} & {*states} and not document["at_work"]:
        blocks.append(command_block(command("run"), place, in_memory))
    blocks += cut_blocks([*map(_running_block, document["running"])], MOST_RUNNING, "run")
    failures = [CellRecord(**cell) for cell in document["cells"] if cell["error"]]
    blocks += failed_blocks(failures, place, in_memory=in_memory)
    by_variant: dict[str, Counter[str]] = {}
    for cell in document["cells"]:
        by_variant.setdefault(cell["variant"], Counter())[cell["state"]] += 1
    variants = [
        Paragraph(name, _list_states({state: counts[state] for state in states if counts[state]}))
        for name, counts in by_variant.items()
    ]
    runs = [block for cell in document["cells"] for block in _run_blocks(cell, place, in_memory)]
    rest = [OutputSection("Variants", variants), OutputSection("Runs", runs)]
    blocks += _first_variants(variants)
    return end_with(document, [head], blocks, rest=lambda: rest, more="-v lists every run.")


def _running_block(one: Mapping[str, Any]) -> Paragraph:
    epochs = f", epoch {one['epoch']} of {one['epochs']}" if one.get("epochs") else ""
    return Paragraph("Running", f"{one['variant']} seed {one['seed']}{epochs}")


def _list_states(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {state}" for state, number in counts.items())


def _run_blocks(cell: Mapping[str, Any], place: str, in_memory: bool) -> list[Paragraph]:
    state = cell["state"] if cell["outcome"] in (None, cell["state"]) else f"{cell['state']} ({cell['outcome']})"
    text = f"{cell['hash'][:12]}  {cell['variant']}, seed {cell['seed']}"
    if not cell["error"]:
        return [Paragraph(state, text)]
    again = command_block(command("run", cell=cell["hash"][:12]), place, in_memory)
    return [Paragraph(state, f"{text}: {cell['error']}"), again]
