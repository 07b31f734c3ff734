"""How `trace` ends: what has no effect, what has one that nobody states, and how much was looked at."""

from rich.text import Text

from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.core.tracing import Traced
from brittlestar.study.units import count
from brittlestar.verbs.trace import TraceResult


def trace_ending(result: TraceResult) -> Ending:
    """Findings first."""
    warning = Text("warning", style="yellow")
    texts = [Text.assemble((str(one.code), "bold"), f"  {one.sentence}.") for one in result.found]
    blocks = [Block(warning, text, most=4) for text in texts]
    if not result.found:
        blocks.append(Block("Trace", "Nothing: each setting has an effect, and nothing else has one."))
    settings = count(result.count(["setting"]), "setting")
    others = count(result.count(["influence", "repetition"]), "thing")
    looked = f"{settings} of {result.main}, each with another value, and {others} that nobody states, on {result.rows} "
    looked += "rows of train."
    blocks.append(Block("Looked at", looked))
    if untold := [one.name for one in result.traced if one.effect == "cannot-tell"]:
        blocks.append(Block("Open", f"{', '.join(untold)} (-v says why)"))
    return Ending(
        document=result.document,
        answer=tuple(f"{one.code}: {one.name}" for one in result.found) or ("nothing found",),
        blocks=tuple(blocks),
        rest=lambda: [Section("Each thing", [_line(one) for one in result.traced])],
        more="-v prints each setting and influence.",
    )


def _line(one: Traced) -> Block:
    why = f": {one.why}" if one.why else ""
    return Block(one.effect.replace("-", " "), f"{one.name}{f' ({one.told})' if one.told else ''}{why}")
