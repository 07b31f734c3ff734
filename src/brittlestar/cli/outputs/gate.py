"""How `gate` ends: the outcome, and a requirement a paragraph; and files for a CI."""

import os
from pathlib import Path
from typing import Literal

from rich.table import Table
from rich.text import Text

from brittlestar.cli.output import (
    OutputSection,
    TerminalOutput,
    end_with,
    make_error_console,
    number_column,
    print_line,
)
from brittlestar.core.gating import OUTCOME_WORDS, Requirement
from brittlestar.reports.gate.slices import SLICE_HEADINGS, list_cells
from brittlestar.reports.result_text import note_blocks
from brittlestar.verbs.gate import GateResult

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The file of a job's summary, which GitHub Actions names."""
ACTIONS = "GITHUB_ACTIONS"
"""Is `true` where GitHub Actions reads what is printed."""


def gate_output(result: GateResult, *, junit: Path | None = None) -> TerminalOutput:
    """The outcome of all, then what failed, what is open, and what passed. GitHub Actions gets a table and annotations.

    Args:
        junit (FILE): Write JUnit XML, one case a requirement.
    """
    if junit is not None:
        _write(junit, result.junit, "wb")
    if place := os.environ.get(SUMMARY):
        _write(Path(place), result.summary.encode(), "ab")
    lines = [
        f"{OUTCOME_WORDS[requirement.outcome]}: {requirement.name}: {requirement.sentence}"
        for requirement in result.requirements
    ]
    return end_with(
        result,
        [f"{OUTCOME_WORDS[result.outcome]}: {result.subject}", *lines],
        [*result.blocks, *note_blocks(result.notes)],
        more="-v prints every sentence whole.",
        before=tuple(result.annotations) if os.environ.get(ACTIONS) == "true" else (),
        rest=lambda: [_list_slices(requirement) for requirement in result.requirements if requirement.lines],
    )


def _list_slices(requirement: Requirement) -> OutputSection:
    table = Table(*(number_column(name) if name != SLICE_HEADINGS[0] else name for name in SLICE_HEADINGS), box=None)
    for line in requirement.lines:
        table.add_row(*list_cells(line))
    return OutputSection(requirement.name, table)


def _write(path: Path, content: bytes, mode: Literal["wb", "ab"]) -> None:
    """Write a file beside the answer. One that cannot be written is told on standard error: the answer stays."""
    try:
        with path.open(mode) as handle:
            handle.write(content)
    except OSError as error:
        what = f"{path}: cannot be written ({error.strerror or error}); the outcome stays, choose another file"
        print_line(make_error_console(), Text(f"brittlestar: {what}"))
