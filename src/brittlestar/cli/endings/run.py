"""How `check` and `run` end: the headline, what did not finish, counts of findings, and where the rest is."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from brittlestar.claims.headline_numbers import list_judged
from brittlestar.cli.blocks.answers import answer_lines, claim_blocks, headline_blocks
from brittlestar.cli.blocks.failures import FAILURE, failed_blocks, failures_of, quiet_failures, stopped_blocks
from brittlestar.cli.blocks.findings import counts_block, order_blocks
from brittlestar.cli.blocks.splits import note_blocks
from brittlestar.cli.blocks.study import study_sections
from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.pipeline.open import is_study_file
from brittlestar.pipeline.request import is_store
from brittlestar.reports.multiverse import Universe, describe_multiverse, show_points
from brittlestar.reports.reading import fill_reading
from brittlestar.store.address import Place
from brittlestar.store.layout import PAGE, Store
from brittlestar.study.units import count
from brittlestar.verbs.run import RunResult

if TYPE_CHECKING:
    from brittlestar.verbs.check import CheckResult
    from brittlestar.verbs.multiverse import MultiverseResult
    from brittlestar.verbs.share_run import ShareResult

MOST_NAMED = 6
"""Universes that an ending names: -v has all (convention)."""
MORE = "-v prints the trivial baselines and findings by code."
MORE_OF_STUDY = "-v prints scores, claims and findings."
KEEP = "--out DIR keeps a report."


def run_ending(result: RunResult, data: Place, report: bool = True) -> Ending:
    """The headline, what did not finish, claims, counts of findings, and where the rest is; `data` as it was given,
    `report` says whether one was written."""
    looked = not is_study_file(data) and not is_store(data)
    place = shlex.quote(str(result.store))
    record, reading = result.record, fill_reading(result.assessment.reading, place)
    store = Store(result.store)
    page = store.name_key(PAGE)
    where = Block("Report", page, path=True) if report else Block("Report", f"brittlestar report {place}", command=True)
    stopped = f"{result.ended_early}; the same command goes on where it stopped" if result.ended_early else ""
    return Ending(
        document=result.document,
        answer=(*answer_lines(result.headline), *quiet_failures(record.cells, result.store)),
        blocks=(
            *headline_blocks(result.headline),
            *failed_blocks(failures_of(record.cells), place, in_memory=record.in_memory),
            *_problem_blocks(result.unscored),
            *stopped_blocks(record, place, result.ended_early),
            *claim_blocks(list_judged(reading.judgements, reading.numbers)),
            *order_blocks(reading.probed),
            *note_blocks(record.notes),
            counts_block(reading.findings, record.main),
            where,
        ),
        rest=lambda: study_sections(reading, place, looked),
        more="-v prints settings, data, every score, claims and findings by code.",
        after_json=(*([stopped] if stopped else []), *([f"report: {page}"] if report else [])),
        page=store if report else None,
        exit_code=result.exit_code,
    )


def _problem_blocks(problems: tuple[str, ...]) -> list[Block]:
    """Finished runs that could not be scored on an added split, or probed."""
    more = len(problems) - 1
    also = f" (and {count(more, 'more problem')})" if more > 0 else ""
    return [
        Block(Text("Failed", style="bold red"), f"{one}{also}", rank=FAILURE, most=2, stays=True)
        for one in problems[:1]
    ]


def share_ending(result: ShareResult) -> Ending:
    """The share in one sentence, its failures, and the command that goes on."""
    cells, place = result.cells, shlex.quote(str(result.store))
    done = result.states.get("done", 0)
    text = f"{done:,} of {count(len(cells), 'run')} done; the study has {count(result.runs, 'run')}."
    blocks = [Block(f"Share {result.share}", text)]
    if not cells:
        blocks.append(Block("", "No run has a hash of this share: with few runs some shares have none."))
    blocks += failed_blocks(failures_of(cells), place)
    blocks += [Block(Text("Failed", style="bold red"), one, most=2, stays=True) for one in result.problems[:2]]
    if result.ended_early:
        stopped = f"{result.ended_early}; {result.open_here:,} of {count(len(cells), 'run')} open."
        blocks.append(Block(Text("Stopped", style="bold yellow"), stopped))
    elif result.open_elsewhere:
        blocks.append(Block("Open", f"{count(result.open_elsewhere, 'run')} of other shares, or not merged into here."))
    if not result.open_here:
        when = "When all shares are done, this" if result.open_elsewhere else "All runs are there: this"
        blocks.append(Block("Next", f"{when} judges them and writes the report:"))
    blocks.append(Block("Next" if result.open_here else "", result.next, command=True))
    return Ending(
        document=result.document,
        answer=(f"{done} of {len(cells)}", *quiet_failures(cells, result.store)),
        blocks=tuple(blocks),
        rest=lambda: [
            Section("Runs", [Block(cell.hash[:12], f"{cell.variant} seed {cell.seed}: {cell.state}") for cell in cells])
        ],
        more="-v lists the runs of this share.",
        exit_code=result.exit_code,
    )


def multiverse_ending(result: MultiverseResult) -> Ending:
    """The share of universes in which the verdict is the study's own, first."""
    from brittlestar.verbs.multiverse import PAGE as MULTIVERSE_PAGE

    own = result.universes[0]
    (first, told), *rest = describe_multiverse(result)
    whole = result.holding == len(result.judged) and bool(own.verdict)
    blocks = [Block(Text(first, style="bold green" if whole else "bold yellow"), told)]
    blocks += [Block(name, text) for name, text in rest]
    other = [one for one in result.universes if one.missing or one.verdict != own.verdict]
    blocks += [_name(one) for one in other[:MOST_NAMED]]
    blocks += [Block("", f"and {len(other) - MOST_NAMED} more (-v)", rank=2)] if len(other) > MOST_NAMED else []
    page = Path(result.place) / MULTIVERSE_PAGE
    blocks.append(Block("Report", str(page), path=True))
    return Ending(
        document=result.document,
        answer=(told,),
        blocks=tuple(blocks),
        rest=lambda: [Section("Every universe", [_name(one) for one in result.universes])],
        more="-v prints every universe.",
        exit_code=result.exit_code,
        page=page,
    )


def _name(one: Universe) -> Block:
    estimate = "" if one.estimate is None else f" ({show_points(one.estimate)})"
    missing = f": {one.missing}" if one.missing else ""
    state = one.verdict or ("unfinished" if one.unmade else "not run")
    return Block(state, f"{one.name}{estimate}{missing}", rank=1, most=2)


def check_ending(result: CheckResult) -> Ending:
    """The headline, claims, counts of findings, and where the rest is."""
    reading = result.reading
    main = None if reading is None else reading.record.main
    store = None if result.store is None else Store(result.store)
    page = None if store is None else store.name_key(PAGE)
    blocks = [*headline_blocks(result.headline)]
    if reading is not None:
        blocks += claim_blocks(list_judged(reading.judgements, reading.numbers))
    blocks += [*note_blocks(result.notes), counts_block(result.findings, main)]
    if page is not None:
        blocks.append(Block("Report", page, path=True))
    return Ending(
        document=result.document,
        answer=answer_lines(result.headline),
        blocks=tuple(blocks),
        rest=lambda: _sections(result),
        more=MORE if reading is None else MORE_OF_STUDY if result.store else f"{MORE_OF_STUDY[:-1]}; {KEEP}",
        after_json=() if page is None else (f"report: {page}",),
        page=store,
    )


def _sections(result: CheckResult) -> Sequence[Section]:
    if result.reading is not None:
        return study_sections(result.reading, result.place or "", looked=False)
    from brittlestar.cli.endings.audit import audit_sections

    return audit_sections(result.findings, result.ladder, result.limits, result.notes)
