"""How `selftest` ends: how many entries are within their bounds, and those that are not."""

from collections.abc import Sequence

from rich.text import Text

from brittlestar.claims.calibration import Entry
from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block

MOST_FAILING = 10
"""Entries outside their bounds that an ending names: the others are counted, and `-v` has them (convention)."""


def selftest_ending(entries: Sequence[Entry]) -> Ending:
    """The count, then every entry that fails."""
    failing = [one for one in entries if not one.passed]
    head = f"{len(entries) - len(failing):,} of {len(entries):,} entries lie within their bounds."
    style = "bold red" if failing else "bold green"
    blocks = [Block(Text("FAIL" if failing else "ok", style=style), head)]
    blocks += [_entry_block(one) for one in failing[:MOST_FAILING]]
    if len(failing) > MOST_FAILING:
        blocks.append(Block("", f"and {len(failing) - MOST_FAILING:,} more (-v)"))
    document = {"statistics": [one.as_json() for one in entries], "passed": not failing}
    more = "-v prints the rate and the bounds of every entry."
    everything = Section("Entries", [_entry_block(one) for one in entries])
    return Ending(document, (head,), tuple(blocks), lambda: [everything], more, exit_code=1 if failing else 0)


def _entry_block(one: Entry) -> Block:
    mark = Text("ok", style="green") if one.passed else Text("FAIL", style="bold red")
    bounds = f"{one.low:.3f} to {one.high:.3f}"
    words = f"bounds of sound methods: {bounds}; this one must miss them" if one.control else f"bounds: {bounds}"
    return Block(mark, f"{one.name}: {one.rate:.3f} ({words})")
