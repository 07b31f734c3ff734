"""How `run --multiverse` ends: where the verdict holds, what moves it most, and what the search cost."""

from rich.text import Text

from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.core.durations import format_duration
from brittlestar.study.units import count, unit_of
from brittlestar.verbs.multiverse import MultiverseResult, Universe, describe_settings

MOST_NAMED = 6
"""Universes that an ending names: -v has all (convention)."""
POINTS = unit_of("accuracy")
"""Estimates are differences of fractions, shown as points."""


def multiverse_ending(result: MultiverseResult) -> Ending:
    """The share of universes in which the verdict is the study's own, first."""
    own, judged = result.universes[0], result.judged
    if own.verdict:
        many = f"{result.holding} of {count(len(judged), 'universe')}"
        told = f"{own.verdict} in {many}, as in the study itself: {own.claim}"
    else:
        told = f"the study itself has no verdict: {own.error}"
    whole = result.holding == len(judged) and bool(own.verdict)
    blocks = [Block(Text("Holds in", style="bold green" if whole else "bold yellow"), told)]
    if result.largest is not None:
        path, span = result.largest
        first = next(iter(result.effects[path]))
        effects = ", ".join(
            f"{value}: {POINTS.amount(effect, sign=True)}" for value, effect in [*result.effects[path].items()][1:]
        )
        blocks.append(Block("Moves most", f"{path}, by {POINTS.amount(span)} (against {first}, {effects})"))
    estimates = [one.estimate for one in judged if one.estimate is not None]
    if estimates:
        low, high = (POINTS.amount(one, sign=True) for one in (min(estimates), max(estimates)))
        here = "–" if own.estimate is None else POINTS.amount(own.estimate, sign=True)
        blocks.append(Block("Range", f"{low} to {high}; in the study itself {here}"))
    seconds = format_duration(sum(one.seconds for one in result.universes))
    cost = f"{count(result.runs, 'run')}, {seconds}; {len(result.universes)} of {count(result.of, 'universe')} were run"
    blocks.append(Block("Cost", f"{cost}{f', {result.left} more when there is time' if result.left else ''}."))
    other = [one for one in result.universes if one.error or one.verdict != own.verdict]
    blocks += [_name(one) for one in other[:MOST_NAMED]]
    blocks += [Block("", f"and {len(other) - MOST_NAMED} more (-v)", rank=2)] if len(other) > MOST_NAMED else []
    blocks.append(Block("Studies", result.place, path=True))
    return Ending(
        document=result.document,
        answer=(told,),
        blocks=tuple(blocks),
        rest=lambda: [Section("Every universe", [_name(one) for one in result.universes])],
        more="-v prints every universe.",
        exit_code=result.exit_code,
    )


def _name(one: Universe) -> Block:
    estimate = "" if one.estimate is None else f" ({POINTS.amount(one.estimate, sign=True)})"
    return Block(one.verdict or "not run", f"{describe_settings(one.settings)}{estimate}{one.error}", rank=1, most=2)
