"""How `plan` and `status` end: what a study comes to in runs, where they stand, and those that have no result."""

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.text import Text

from brittlestar.cli.ending import Ending, EndingSection, end_with
from brittlestar.cli.paragraphs import Paragraph, cut_blocks
from brittlestar.core.commands import Advice, Command, command, command_in, fill_commands, follow_kind
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.core.texts import format_duration, show_size
from brittlestar.data.tables import format_list
from brittlestar.store.layout import open_store
from brittlestar.store.study_document import is_in_memory, read_study
from brittlestar.study.units import count

MOST_VARIANTS = 8
"""Variants that an ending names: the others are counted, and `-v` has them (convention)."""
MOST_FAILURES, MOST_SEEDS_NAMED = 2, 5
"""Kinds of failure and seeds that an ending names one by one, and counts beyond: `-v` has all (convention)."""
TENTHS_BELOW = 10
"""Seconds below which a time has a decimal (convention)."""
UNTIMED = "no run has finished yet, so no time can be told; run one seed first (--seeds 1), then plan again."
RUNNING, FAILURE, VARIANT, HINT = 5, 5, 6, 8
"""Ranks of a run that is at work, of an error's text, of a variant's line, and of a hint."""


def plan_ending(document: Mapping[str, Any]) -> Ending:
    """What a run comes to, then a line a variant."""
    head = f"{count(document['cells'], 'run')} (variants × seeds) of {document['study']}, {document['done']:,} done."
    blocks = [Paragraph("Plan", head)]
    if document["timed"]:
        blocks.append(Paragraph("Time", _describe_time(document)))
    elif document["weights_unknown"] and not document["done"]:
        blocks.append(Paragraph("Time", UNTIMED))
    answer = " ".join(block.body.plain for block in blocks)
    if document["cells_per_gpu"] is not None:
        blocks.append(Paragraph("GPUs", f"{count(document['cells_per_gpu'], 'run')} at once on each."))
    if document["settle"] != "no":
        worst = document["worst"]
        time = "" if worst["seconds"] is None else f", about {_describe_span(worst['seconds'])}"
        told = f"at most {count(worst['cells'], 'run')}{time} until every claim has its verdict"
        blocks.append(Paragraph("Claims", f"{told}; --settle no stops at the planned seeds."))
    weights = document["weights_unknown"]
    beside = f", and the weights of {format_list(weights, 4)}" if weights else ""
    blocks.append(Paragraph("Disk", f"about {show_size(document['disk_bytes'])} in {document['store']}{beside}"))
    variants = [_planned_variant(name, one) for name, one in document["variants"].items()]
    rest = [EndingSection("Variants", variants)]
    return end_with(document, [answer], [*blocks, *_first_variants(variants)], rest=lambda: rest)


def _planned_variant(name: str, one: Mapping[str, Any]) -> Paragraph:
    took = "" if one["seconds_per_cell"] is None else f" in {_describe_span(one['seconds_per_cell'])} each"
    title = "" if one["title"] == name else f": {one['title']}"
    return Paragraph(name, f"{count(one['cells'], 'run')}, {one['done']:,} done{took}{title}", rank=VARIANT)


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
    return [replace(one, brief=True) for one in cut_blocks(variants, MOST_VARIANTS, "variant")]


def status_ending(document: Mapping[str, Any], study: Path) -> Ending:
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
    for one in document["running"]:
        epochs = f", epoch {one['epoch']} of {one['epochs']}" if one.get("epochs") else ""
        blocks.append(Paragraph("Running", f"{one['variant']} seed {one['seed']}{epochs}", rank=RUNNING))
    failures = [CellRecord(**cell) for cell in document["cells"] if cell["error"]]
    blocks += failed_blocks(failures, place, in_memory=in_memory)
    by_variant: dict[str, Counter[str]] = {}
    for cell in document["cells"]:
        by_variant.setdefault(cell["variant"], Counter())[cell["state"]] += 1
    variants = [
        Paragraph(name, _list_states({state: counts[state] for state in states if counts[state]}), rank=VARIANT)
        for name, counts in by_variant.items()
    ]
    runs = [block for cell in document["cells"] for block in _run_blocks(cell, place, in_memory)]
    rest = [EndingSection("Variants", variants), EndingSection("Runs", runs)]
    blocks += _first_variants(variants)
    return end_with(document, [head], blocks, rest=lambda: rest, more="-v lists every run.")


def _list_states(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {state}" for state, number in counts.items())


def _run_blocks(cell: Mapping[str, Any], place: str, in_memory: bool) -> list[Paragraph]:
    state = cell["state"] if cell["outcome"] in (None, cell["state"]) else f"{cell['state']} ({cell['outcome']})"
    text = f"{cell['hash'][:12]}  {cell['variant']}, seed {cell['seed']}"
    if not cell["error"]:
        return [Paragraph(state, text)]
    again = command_block(command("run", cell=cell["hash"][:12]), place, in_memory)
    return [Paragraph(state, f"{text}: {cell['error']}"), again]


def command_block(asked: Command, place: str, in_memory: bool = False) -> Paragraph:
    """A command about the study at `place`, or the call that does the same where it has objects in memory."""
    said = follow_kind(Advice(asked), in_memory=in_memory)
    return Paragraph("", fill_commands(said, place), command=command_in(said) is not None)


def failures_of(cells: Iterable[CellRecord]) -> list[CellRecord]:
    """Runs that failed or were lost, in the order of `cells`."""
    return [cell for cell in cells if cell.state in ("failed", "lost")]


def failed_blocks(
    failures: Sequence[CellRecord], place: str, everything: bool = False, in_memory: bool = False
) -> list[Paragraph]:
    """Runs without a result, those with one error together, and the command that runs the first of them again; `place`
    is the study's folder as a shell takes it. Of many kinds the first two, and how many runs there are beside."""
    kinds: dict[tuple[str, str, str], list[CellRecord]] = {}
    for one in failures:
        kinds.setdefault((one.state, one.variant, one.error or "no reason is known"), []).append(one)
    shown = list(kinds.items())[: None if everything else MOST_FAILURES]
    most_lines = None if everything else 2
    blocks: list[Paragraph] = []
    for (state, variant, error), alike in shown:
        name, text = Text(state.capitalize(), style="bold red"), f"{variant}, {_list_seeds(alike, everything)}: {error}"
        blocks.append(Paragraph(name, text, rank=FAILURE, most=most_lines, stays=True))
        blocks.append(command_block(command("run", cell=alike[0].hash[:12]), place, in_memory))
    if more := len(failures) - sum(len(alike) for _, alike in shown):
        blocks.append(Paragraph("", f"and {count(more, 'more run')}:"))
        blocks.append(command_block(command("status", verbose=True), place))
    if any(one.state == "failed" for one in failures):
        text = "After a change of your code the same command trains what changed, and keeps the rest."
        blocks.append(Paragraph("", text, rank=HINT, least=0, most=2))
    return blocks


def _list_seeds(alike: Sequence[CellRecord], everything: bool) -> str:
    named = alike if everything else alike[:MOST_SEEDS_NAMED]
    more = f" and {len(alike) - len(named):,} more" if len(alike) > len(named) else ""
    return f"{'seed' if len(alike) == 1 else 'seeds'} {', '.join(str(one.seed) for one in named)}{more}"


def stopped_blocks(record: StudyRecord, place: str, ended: str | None) -> list[Paragraph]:
    """Why a run ended early, how many runs are open, and the command that goes on."""
    waiting = sum(cell.state in ("planned", "running") for cell in record.cells)
    if not ended and not waiting:
        return []
    text = f"{ended or 'not everything was run'}; {waiting:,} of {count(len(record.cells), 'run')} open."
    return [
        Paragraph(Text("Stopped", style="bold yellow"), text),
        command_block(command("run"), place, record.in_memory),
    ]


def quiet_failures(cells: Sequence[CellRecord], store: Path) -> tuple[str, ...]:
    """One line for `--quiet` where runs have no result: it is never hidden."""
    gone = failures_of(cells)
    if not gone:
        return ()
    alone = command("run", shlex.quote(str(store)), cell=gone[0].hash[:12])
    return (f"Failed  {len(gone):,} of {count(len(cells), 'run')}: {alone}",)
