"""How `seal`, `verify` and `trace` end: what a record is and holds, whether it is what was sealed, and what of its
settings has an effect."""

from rich.text import Text

from brittlestar.cli.ending import Ending, EndingSection, end_with, next_block, place_block
from brittlestar.cli.paragraphs import Paragraph, cut_blocks
from brittlestar.core.sealed import shorten_root
from brittlestar.core.texts import show_size
from brittlestar.core.tracing import Traced
from brittlestar.records.outcomes import Checked, Outcome
from brittlestar.study.units import count
from brittlestar.verbs.seal import SealResult
from brittlestar.verbs.trace import TraceResult
from brittlestar.verbs.verify import VerifyResult

TOKENS = ("tokens of rows", "--with-data", "tokens.npy")
LEFT = (TOKENS, ("weights of runs", "--with-weights", ".safetensors"))
"""What a record leaves out, the option that puts it in, and how the files' names end."""
STYLES: dict[Outcome, str] = {
    "identical": "bold green",
    "equivalent": "bold green",
    "differs": "bold red",
    "cannot-tell": "yellow",
}
MOST_DETAILS = 4
"""Sentences of one part that an ending prints; -v and the JSON have all (convention)."""


def seal_ending(result: SealResult) -> Ending:
    """The root hash to print, where the record is, what is not in it, and who scored its test rows."""
    blocks = [Paragraph("Sealed", result.answer), place_block("Record", result.place), Paragraph("Holds", result.holds)]
    blocks.append(Paragraph("Says", result.says, rank=2))
    if left := [one for one in LEFT if any(key.endswith(one[2]) for key in result.withheld)]:
        named = " and ".join(f"{what} ({option})" for what, option, _ in left)
        untold = "; without rows, `verify` cannot tell all" if TOKENS in left else ""
        blocks.append(Paragraph("Without", f"{named}{untold}"))
    if result.scored:
        runs, split = sum(one.runs for one in result.scored), result.scored[0].split
        told = f"{count(runs, 'run')} of {count(len(result.scored), 'study', 'studies')} scored its {split} rows"
        if before := [one.before_claims for one in result.scored if one.before_claims is not None]:
            told += f", {sum(before) or 'none'} of them before the claims were registered"
        blocks.append(Paragraph("Ledger", f"{told}."))
    blocks += [Paragraph("Note", one, rank=1) for one in result.notes]
    return end_with(result, [result.printed], [*blocks, next_block("Next", result.next)])


def verify_ending(result: VerifyResult) -> Ending:
    """The outcome, what differs, what the root hash proves, what the record says, and what looks deeper."""
    known = [*dict.fromkeys(told for one in result.checked for told in one.details)]
    plain = [one.what for one in result.checked if one.outcome == "identical" and not one.details]
    odd = [one for one in result.by_outcome if one.what not in plain]
    told = [block for one in odd for block in _part_blocks(one, MOST_DETAILS, known)]
    root = f"{shorten_root(result.root)}; {count(result.files, 'file')}, {show_size(result.bytes)}. {result.proves}"
    blocks = [
        Paragraph(Text("Record", style=STYLES[result.outcome]), result.answer),
        *(told if result.outcome == "differs" else ()),
        Paragraph("Root", root),
        Paragraph("Sealed", result.says, rank=2) if result.says else None,
        *(told if result.outcome != "differs" else ()),
        Paragraph(_name_outcome("identical"), "; ".join(plain), rank=3) if plain else None,
        next_block("Next", result.next),
    ]
    whole = [block for one in odd for block in _part_blocks(one, len(one.details), [*one.details])]
    more = any(len(one.details) > MOST_DETAILS for one in result.checked)
    return end_with(
        result,
        [result.outcome],
        blocks,
        rest=lambda: [EndingSection("Every part", whole)],
        more="-v prints every detail." if more else "",
    )


def _name_outcome(outcome: Outcome) -> Text:
    return Text(outcome.replace("-", " "), style=STYLES[outcome])


def _part_blocks(one: Checked, most: int, left: list[str]) -> list[Paragraph]:
    """A part with its details; of what cannot be told those that are `left`: what several parts lack is said once."""
    told = [text for text in one.details if one.outcome == "differs" or text in left]
    left[:] = [text for text in left if text not in told]
    rank = 0 if one.outcome == "differs" else 2
    details = [Paragraph("", text, rank=min(rank, 1), most=3) for text in told]
    return [Paragraph(_name_outcome(one.outcome), one.what, rank=rank), *cut_blocks(details, most, see="", rank=2)]


def trace_ending(result: TraceResult) -> Ending:
    """What has no effect, what has one that nobody states, and how much was looked at."""
    warning = Text("warning", style="yellow")
    texts = [Text.assemble((str(one.code), "bold"), f"  {one.sentence}.") for one in result.found]
    blocks = [Paragraph(warning, text, most=4) for text in texts]
    if not result.found:
        blocks.append(Paragraph("Trace", "Nothing: each setting has an effect, and nothing else has one."))
    settings = count(result.count(["setting"]), "setting")
    others = count(result.count(["influence", "repetition"]), "thing")
    looked = f"{settings} of {result.main}, each with another value, and {others} that nobody states, on {result.rows} "
    blocks.append(Paragraph("Looked at", f"{looked}rows of train."))
    if untold := [one.name for one in result.traced if one.effect == "cannot-tell"]:
        blocks.append(Paragraph("Open", f"{', '.join(untold)} (-v says why)"))
    return end_with(
        result,
        [f"{one.code}: {one.name}" for one in result.found] or ["nothing found"],
        blocks,
        rest=lambda: [EndingSection("Each thing", [_traced_block(one) for one in result.traced])],
        more="-v prints each setting and influence.",
    )


def _traced_block(one: Traced) -> Paragraph:
    told, why = f" ({one.told})" if one.told else "", f": {one.why}" if one.why else ""
    return Paragraph(one.effect.replace("-", " "), f"{one.name}{told}{why}")
