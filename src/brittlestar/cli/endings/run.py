"""How `check` and `run` end: the headline, what did not finish, counts of findings, and where the rest is."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from brittlestar.claims.headline_numbers import list_judged
from brittlestar.cli.ending import Ending, EndingSection, end_with, failed_block, next_block, place_block
from brittlestar.cli.endings.answers import answer_lines, claim_blocks, headline_blocks
from brittlestar.cli.endings.findings import counts_block, note_blocks, order_block
from brittlestar.cli.endings.runs import FAILURE, failed_blocks, failures_of, quiet_failures, stopped_blocks
from brittlestar.cli.endings.study import study_sections
from brittlestar.cli.paragraphs import Paragraph
from brittlestar.pipeline.open import is_study_file
from brittlestar.pipeline.request import is_store
from brittlestar.reports.reading import fill_reading
from brittlestar.store.layout import PAGE, Store
from brittlestar.study.units import count
from brittlestar.verbs.run import RunResult

if TYPE_CHECKING:
    from brittlestar.verbs.check import CheckResult
    from brittlestar.verbs.share_run import ShareResult


def check_ending(result: CheckResult) -> Ending:
    """The headline, claims, counts of findings, and where the rest is."""
    reading, store = result.reading, None if result.store is None else Store(result.store)
    page = None if store is None else store.name_key(PAGE)
    more = "-v prints the trivial baselines and findings by code."
    if reading is not None:
        more = f"-v prints scores, claims and findings{'.' if page else '; --out DIR keeps a report.'}"
    blocks = [
        *headline_blocks(result.headline),
        *([] if reading is None else claim_blocks(list_judged(reading.judgements, reading.numbers))),
        *note_blocks(result.notes),
        counts_block(result.findings, None if reading is None else reading.record.main),
        place_block("Report", page),
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


def _list_sections(result: CheckResult) -> Sequence[EndingSection]:
    if result.reading is not None:
        return study_sections(result.reading, result.place or "", looked=False)
    from brittlestar.cli.endings.audit import audit_sections

    return audit_sections(result.findings, result.trivial_baselines, result.limits, result.notes)


def run_ending(result: RunResult, data: Path, report: bool = True) -> Ending:
    """The headline, what did not finish, claims, counts of findings, and where the rest is; `data` as it was given,
    `report` says whether one was written."""
    looked = not is_study_file(data) and not is_store(data)
    store, place = Store(result.store), shlex.quote(str(result.store))
    record, reading = result.record, fill_reading(result.reading, place)
    page, problems = store.name_key(PAGE), result.unscored
    also = f" (and {count(len(problems) - 1, 'more problem')})" if len(problems) > 1 else ""
    stopped = f"{result.ended_early}; the same command goes on where it stopped" if result.ended_early else ""
    blocks = [
        *headline_blocks(result.headline),
        *failed_blocks(failures_of(record.cells), place, in_memory=record.in_memory),
        *(failed_block(f"{one}{also}", rank=FAILURE, stays=True) for one in problems[:1]),
        *stopped_blocks(record, place, result.ended_early),
        *claim_blocks(list_judged(reading.judgements, reading.numbers)),
        order_block(reading.probed),
        *note_blocks(record.notes),
        counts_block(reading.findings, record.main),
        place_block("Report", page) if report else next_block("Report", f"brittlestar report {place}"),
    ]
    return end_with(
        result,
        [*answer_lines(result.headline), *quiet_failures(record.cells, result.store)],
        blocks,
        rest=lambda: study_sections(reading, place, looked),
        more="-v prints settings, data, every score, claims and findings by code.",
        after_json=tuple(one for one in (stopped, f"report: {page}" if report else "") if one),
        page=store if report else None,
    )


def share_ending(result: ShareResult) -> Ending:
    """The share in one sentence, its failures, and the command that goes on."""
    cells, place, done = result.cells, shlex.quote(str(result.store)), result.states.get("done", 0)
    of = count(len(cells), "run")
    blocks = [Paragraph(f"Share {result.share}", f"{done:,} of {of} done; the study has {count(result.runs, 'run')}.")]
    if not cells:
        blocks.append(Paragraph("", "No run has a hash of this share: with few runs some shares have none."))
    blocks += failed_blocks(failures_of(cells), place)
    blocks += [failed_block(one, stays=True) for one in result.problems[:2]]
    if result.ended_early:
        stopped = f"{result.ended_early}; {result.open_here:,} of {of} open."
        blocks.append(Paragraph(Text("Stopped", style="bold yellow"), stopped))
    elif result.open_elsewhere:
        blocks.append(
            Paragraph("Open", f"{count(result.open_elsewhere, 'run')} of other shares, or not merged into here.")
        )
    if not result.open_here:
        when = "When all shares are done, this" if result.open_elsewhere else "All runs are there: this"
        blocks.append(Paragraph("Next", f"{when} judges them and writes the report:"))
    runs = [Paragraph(cell.hash[:12], f"{cell.variant} seed {cell.seed}: {cell.state}") for cell in cells]
    return end_with(
        result,
        [f"{done} of {len(cells)}", *quiet_failures(cells, result.store)],
        [*blocks, next_block("Next" if result.open_here else "", result.next)],
        rest=lambda: [EndingSection("Runs", runs)],
        more="-v lists the runs of this share.",
    )
