"""How `check` ends in a terminal: the headline, counts of findings, and where the rest is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.text import Text

from brittlestar.core.errors import InputError
from brittlestar.verbs.audit_console import audit_sections
from brittlestar.verbs.check import CheckResult, check
from brittlestar.verbs.data_console import note_blocks
from brittlestar.verbs.ending import Ending, Section, make_error_console, open_page, show
from brittlestar.verbs.findings_console import counts_block
from brittlestar.verbs.headline_console import answer_lines, headline_blocks
from brittlestar.verbs.layout import Block
from brittlestar.verbs.outcome import claim_blocks, study_sections
from brittlestar.verbs.output import Output
from brittlestar.verbs.watching import Terminal

MORE = "-v prints the trivial baselines and findings by code."
MORE_OF_STUDY = "-v prints scores, claims and findings."
KEEP = "--out DIR keeps a report."


def check_with_console(output: Output, *, open_: bool, **options: Any) -> int:
    """Check with progress on standard error, then print the ending; returns the exit code. Raises InputError where a
    page is to be opened and none is written."""
    if open_ and options.get("out") is None:
        raise InputError("--open needs a page", "", "add --out DIR")
    if output.quiet:
        result = check(**options)
    else:
        with Terminal(make_error_console(), "") as terminal:
            result = check(progress=terminal.on_audit, **options)
    show(check_ending(result), output)
    if open_ and result.store is not None:
        open_page(_page(result.store))
    return 0


def check_ending(result: CheckResult) -> Ending:
    """The headline, claims, counts of findings, and where the rest is."""
    reading = result.reading
    main = None if reading is None else reading.record.main
    blocks = [*headline_blocks(result.headline)]
    if reading is not None:
        blocks += claim_blocks(reading)
    blocks += [*note_blocks(result.notes), counts_block(result.findings, main)]
    if result.store is not None:
        blocks.append(Block("Report", Text(str(_page(result.store))), path=True))
    return Ending(
        document=result.document,
        answer=answer_lines(result.headline),
        blocks=tuple(blocks),
        rest=lambda: _sections(result),
        more=MORE if reading is None else MORE_OF_STUDY if result.store else f"{MORE_OF_STUDY[:-1]}; {KEEP}",
        after_json=() if result.store is None else (f"report: {_page(result.store)}",),
    )


def _sections(result: CheckResult) -> Sequence[Section]:
    if result.reading is not None:
        return study_sections(result.reading, result.place, looked=False)
    return audit_sections(result.findings, result.ladder, result.limits, result.notes, result.place)


def _page(store: Path) -> Path:
    return store / "report" / "report.html"
