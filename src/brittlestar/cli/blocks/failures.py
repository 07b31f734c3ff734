"""Runs without a result, and why a run ended early."""

import shlex
from collections.abc import Iterable, Sequence

from rich.text import Text

from brittlestar.cli.paragraphs import Block
from brittlestar.core.commands import Advice, Command, command, command_in, fill_commands, follow_kind
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.store.address import Place
from brittlestar.study.units import count

MOST_FAILURES, MOST_SEEDS = 2, 5
"""Kinds of failure and seeds that an ending names one by one, and counts beyond: `-v` has all (convention)."""
FAILURE, HINT = 5, 8
"""Ranks of an error's text and of a hint."""


def failures_of(cells: Iterable[CellRecord]) -> list[CellRecord]:
    """Runs that failed or were lost, in the order of `cells`."""
    return [cell for cell in cells if cell.state in ("failed", "lost")]


def command_block(asked: Command, place: str, in_memory: bool = False) -> Block:
    """A command about the study at `place`, or the call that does the same where it has objects in memory."""
    said = fill_commands(follow_kind(Advice(asked), in_memory=in_memory), place)
    return Block("", said, command=command_in(said) is not None)


def failed_blocks(
    failures: Sequence[CellRecord], place: str, everything: bool = False, in_memory: bool = False
) -> list[Block]:
    """Runs without a result, those with one error together, and the command that runs the first of them again; `place`
    is the study's folder as a shell takes it. Of many kinds the first two, and how many runs there are beside."""
    kinds: dict[tuple[str, str, str], list[CellRecord]] = {}
    for one in failures:
        kinds.setdefault((one.state, one.variant, one.error or "no reason is known"), []).append(one)
    shown = list(kinds.items())[: None if everything else MOST_FAILURES]
    blocks: list[Block] = []
    for (state, variant, error), alike in shown:
        name = Text(state.capitalize(), style="bold red")
        text = f"{variant}, {_seeds(alike, everything)}: {error}"
        blocks.append(Block(name, text, rank=FAILURE, most=None if everything else 2, stays=True))
        blocks.append(command_block(command("run", cell=alike[0].hash[:12]), place, in_memory))
    named = sum(len(alike) for _, alike in shown)
    if named < len(failures):
        blocks.append(Block("", f"and {count(len(failures) - named, 'more run')}:"))
        blocks.append(command_block(command("status", verbose=True), place))
    if any(one.state == "failed" for one in failures):
        text = "After a change of your code the same command trains what changed, and keeps the rest."
        blocks.append(Block("", text, rank=HINT, least=0, most=2))
    return blocks


def stopped_blocks(record: StudyRecord, place: str, ended: str | None) -> list[Block]:
    """Why a run ended early, how many runs are open, and the command that goes on."""
    waiting = sum(cell.state in ("planned", "running") for cell in record.cells)
    if not ended and not waiting:
        return []
    text = f"{ended or 'not everything was run'}; {waiting:,} of {count(len(record.cells), 'run')} open."
    return [Block(Text("Stopped", style="bold yellow"), text), command_block(command("run"), place, record.in_memory)]


def quiet_failures(cells: Sequence[CellRecord], store: Place) -> tuple[str, ...]:
    """One line for `--quiet` where runs have no result: it is never hidden."""
    gone = failures_of(cells)
    if not gone:
        return ()
    alone = command("run", shlex.quote(str(store)), cell=gone[0].hash[:12])
    return (f"Failed  {len(gone):,} of {count(len(cells), 'run')}: {alone}",)


def _seeds(alike: Sequence[CellRecord], everything: bool) -> str:
    named = alike if everything else alike[:MOST_SEEDS]
    more = f" and {len(alike) - len(named):,} more" if len(alike) > len(named) else ""
    return f"{'seed' if len(alike) == 1 else 'seeds'} {', '.join(str(one.seed) for one in named)}{more}"
