"""How `verify` ends: the outcome, each part with what differs, and what looks deeper."""

from rich.text import Text

from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.core.sealed import shorten_root
from brittlestar.core.texts import show_size
from brittlestar.records.outcomes import Checked, Outcome
from brittlestar.study.units import count
from brittlestar.verbs.verify import VerifyResult

STYLES: dict[Outcome, str] = {
    "identical": "bold green",
    "equivalent": "bold green",
    "differs": "bold red",
    "cannot-tell": "yellow",
}
MOST_DETAILS = 4
"""Sentences of one part that an ending prints; -v and the JSON have all (convention)."""


def verify_ending(result: VerifyResult) -> Ending:
    """What the record says, then the outcome."""
    blocks = [Block("Sealed", result.says)] if result.says else []
    blocks.append(Block(Text(result.outcome.replace("-", " "), style=STYLES[result.outcome]), result.answer))
    known = [*dict.fromkeys(told for one in result.checked for told in one.details)]
    blocks += [block for one in result.checked for block in _part(one, MOST_DETAILS, known)]
    blocks.append(
        Block("Root", f"{shorten_root(result.root)}; {count(result.files, 'file')}, {show_size(result.bytes)}")
    )
    if result.next is not None:
        blocks.append(Block("Next", result.next, command=True))
    whole = [block for one in result.checked for block in _part(one, len(one.details), [*one.details])]
    return Ending(
        document=result.document,
        answer=(result.outcome,),
        blocks=tuple(blocks),
        rest=lambda: [Section("Every part", whole)],
        more="-v prints every difference." if any(len(one.details) > MOST_DETAILS for one in result.checked) else "",
        exit_code=result.exit_code,
    )


def _part(one: Checked, most: int, left: list[str]) -> list[Block]:
    """A part with its details; of what cannot be told those that are `left`: what several parts lack is said once."""
    name = Text(one.outcome.replace("-", " "), style=STYLES[one.outcome])
    blocks = [Block(name, one.what, rank=0 if one.outcome == "differs" else 2)]
    told = [text for text in one.details if one.outcome == "differs" or text in left]
    left[:] = [text for text in left if text not in told]
    blocks += [Block("", text, rank=1, most=3) for text in told[:most]]
    return blocks + ([Block("", f"and {len(told) - most} more", rank=2)] if len(told) > most else [])
