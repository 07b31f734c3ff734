"""How `run` ends: the headline, what did not finish, and where the rest is."""

import shlex
from pathlib import Path

from rich.text import Text

from brittlestar.cli.blocks.answers import answer_lines, headline_blocks
from brittlestar.cli.blocks.claims import claim_blocks
from brittlestar.cli.blocks.failures import FAILURE, failed_blocks, failures_of, quiet_failures, stopped_blocks
from brittlestar.cli.blocks.findings import counts_block
from brittlestar.cli.blocks.splits import note_blocks
from brittlestar.cli.blocks.study import study_sections
from brittlestar.cli.ending import Ending
from brittlestar.cli.paragraphs import Block
from brittlestar.store.layout import PAGE, Store
from brittlestar.study.units import count
from brittlestar.verbs.asked import is_store
from brittlestar.verbs.opening import is_study_file
from brittlestar.verbs.run import RunResult


def run_ending(result: RunResult, data: Path, report: bool = True) -> Ending:
    """The headline, what did not finish, claims, counts of findings, and where the rest is; `data` as it was given,
    `report` says whether one was written."""
    looked = not is_study_file(data) and not is_store(data)
    record, reading, place = result.record, result.assessment.reading, shlex.quote(str(result.store))
    store = Store(result.store)
    page = store.name_key(PAGE)
    where = Block("Report", page, path=True) if report else Block("Report", f"brittlestar report {place}", command=True)
    stopped = f"{result.ended_early}; the same command goes on where it stopped" if result.ended_early else ""
    return Ending(
        document=result.document,
        answer=(*answer_lines(result.headline), *quiet_failures(record.cells, result.store)),
        blocks=(
            *headline_blocks(result.headline),
            *failed_blocks(failures_of(record.cells), place),
            *_problem_blocks(result.problems),
            *stopped_blocks(record, place, result.ended_early),
            *claim_blocks(reading),
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
