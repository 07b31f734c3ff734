"""How `check` and `run` end: the headline, what did not finish, counts of findings, and where the rest is."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from brittlestar.claims.headline_numbers import list_judged
from brittlestar.cli.output import OutputSection, TerminalOutput, end_with
from brittlestar.cli.outputs.study import study_sections
from brittlestar.core.commands import command
from brittlestar.core.results import CellRecord
from brittlestar.pipeline.open import is_study_file
from brittlestar.pipeline.request import is_store
from brittlestar.reports.paragraphs import Paragraph, name_next, name_place
from brittlestar.reports.result_files import shorten_document
from brittlestar.reports.result_text import (
    answer_lines,
    claim_blocks,
    counts_block,
    failures_of,
    note_blocks,
    order_blocks,
)
from brittlestar.reports.study_view import fill_reading
from brittlestar.store.layout import PAGE, Store
from brittlestar.study.units import count
from brittlestar.verbs.run import RunResult

if TYPE_CHECKING:
    from brittlestar.verbs.check import CheckResult
    from brittlestar.verbs.share_run import ShareResult


def check_output(result: CheckResult) -> TerminalOutput:
    """The headline, claims, counts of findings, and where the rest is."""
    reading, store = result.reading, None if result.store is None else Store(result.store)
    page = None if store is None else store.name_key(PAGE)
    more = "-v prints the trivial baselines and findings by code."
    if reading is not None:
        more = f"-v prints scores, claims and findings{'.' if page else '; --out DIR keeps a report.'}"
    blocks = [
        *result.blocks,
        *([] if reading is None else claim_blocks(list_judged(reading.judgements, reading.numbers))),
        *note_blocks(result.notes),
        counts_block(result.findings, None if reading is None else reading.record.main),
        *name_place("Report", page),
    ]
    return end_with(
        result,
        answer_lines(result.headline),
        blocks,
        rest=lambda: _list_sections(result),
        more=more,
        after_json=() if page is None else (f"report: {page}",),
        page=store,
    )


def _list_sections(result: CheckResult) -> Sequence[OutputSection]:
    if result.reading is not None:
        return study_sections(result.reading, result.place or "", looked=False)
    from brittlestar.cli.outputs.audit import audit_sections

    return audit_sections(result.findings, result.trivial_baselines, result.limits, result.notes)


def run_output(result: RunResult, data: Path, report: bool = True) -> TerminalOutput:
    """The headline, what did not finish, claims, counts of findings, and where the rest is; `data` as it was given,
    `report` says whether one was written."""
    looked = not is_study_file(data) and not is_store(data)
    store, place = Store(result.store), shlex.quote(str(result.store))
    record, reading = result.record, fill_reading(result.reading, place)
    page = store.name_key(PAGE)
    stopped = f"{result.ended_early}; the same command goes on where it stopped" if result.ended_early else ""
    blocks = [
        *result.blocks,
        *claim_blocks(list_judged(reading.judgements, reading.numbers)),
        *order_blocks(reading.probed),
        *note_blocks(record.notes),
        counts_block(reading.findings, record.main),
        *(name_place("Report", page) if report else name_next("Report", f"brittlestar report {place}")),
    ]
    return end_with(
        shorten_document(result.document) if report else result.document,
        [*answer_lines(result.headline), *_quiet_failures(record.cells, result.store)],
        blocks,
        rest=lambda: study_sections(reading, place, looked),
        more="-v prints settings, data, every score, claims and findings by code.",
        after_json=tuple(one for one in (stopped, f"report: {page}" if report else "") if one),
        page=store if report else None,
        exit_code=result.exit_code,
    )


def share_output(result: ShareResult) -> TerminalOutput:
    """The share in one sentence, its failures, and the command that goes on."""
    cells = result.cells
    runs = [Paragraph(cell.hash[:12], f"{cell.variant} seed {cell.seed}: {cell.state}") for cell in cells]
    return end_with(
        result,
        [f"{result.done} of {len(cells)}", *_quiet_failures(cells, result.store)],
        result.blocks,
        rest=lambda: [OutputSection("Runs", runs)],
        more="-v lists the runs of this share.",
    )


def _quiet_failures(cells: Sequence[CellRecord], store: Path) -> tuple[str, ...]:
    """One line for `--quiet` where runs have no result: it is never hidden."""
    gone = failures_of(cells)
    if not gone:
        return ()
    alone = command("run", shlex.quote(str(store)), cell=gone[0].hash[:12])
    return (f"Failed  {len(gone):,} of {count(len(cells), 'run')}: {alone}",)
