"""How `run --multiverse` ends: where the verdict holds, what moves it most, and what the search cost."""

from pathlib import Path

from rich.text import Text

from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.reports.multiverse import Universe, describe_multiverse, show_points
from brittlestar.verbs.multiverse import PAGE, MultiverseResult

MOST_NAMED = 6
"""Universes that an ending names: -v has all (convention)."""


def multiverse_ending(result: MultiverseResult) -> Ending:
    """The share of universes in which the verdict is the study's own, first."""
    own = result.universes[0]
    (first, told), *rest = describe_multiverse(result)
    whole = result.holding == len(result.judged) and bool(own.verdict)
    blocks = [Block(Text(first, style="bold green" if whole else "bold yellow"), told)]
    blocks += [Block(name, text) for name, text in rest]
    other = [one for one in result.universes if one.missing or one.verdict != own.verdict]
    blocks += [_name(one) for one in other[:MOST_NAMED]]
    blocks += [Block("", f"and {len(other) - MOST_NAMED} more (-v)", rank=2)] if len(other) > MOST_NAMED else []
    page = Path(result.place) / PAGE
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
