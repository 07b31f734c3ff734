"""How `run --share` ends: what is done of the share, what failed, what the study still lacks, and what comes next."""

import shlex

from rich.text import Text

from brittlestar.cli.blocks.failures import failed_blocks, failures_of, quiet_failures
from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.study.units import count
from brittlestar.verbs.share_run import ShareResult


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
            Section(
                "Runs",
                [Block(cell.hash[:12], f"{cell.variant} seed {cell.seed}: {cell.state}") for cell in cells],
            )
        ],
        more="-v lists the runs of this share.",
        exit_code=result.exit_code,
    )
