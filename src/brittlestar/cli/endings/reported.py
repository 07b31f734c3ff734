"""How `compare RECORD REPORTED` ends: what is wrong in a report of settings, the worst first."""

from rich.text import Text

from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.records.reported.classifying import Field, Kind
from brittlestar.study.units import count
from brittlestar.verbs.reported import ReportedResult

WORDS: dict[Kind, str] = {
    "misstated": "misstated",
    "without-effect": "without effect",
    "omitted": "omitted",
    "ambiguous": "ambiguous",
    "omitted-default": "default",
    "match": "match",
}
STYLES: dict[Kind, str] = {
    "misstated": "bold red",
    "without-effect": "bold yellow",
    "omitted": "bold yellow",
    "ambiguous": "yellow",
    "omitted-default": "dim",
    "match": "bold green",
}
MOST = 12
"""Fields that an ending names: -v has all (convention)."""


def reported_ending(result: ReportedResult) -> Ending:
    """The answer, then each field that is not as stated."""
    counts = result.counts
    told = ", ".join(f"{many} {WORDS[kind]}" for kind, many in counts.items() if many)
    right = "Yes" if result.is_right else "No"
    blocks = [Block(Text("As run?", style="bold"), f"{right}: {told}.")]
    wrong = [one for one in result.fields if one.kind not in ("match", "omitted-default")]
    blocks += [_field(one) for one in wrong[:MOST]]
    blocks += [Block("", f"and {count(len(wrong) - MOST, 'more field')} (-v)")] if len(wrong) > MOST else []
    if counts["omitted-default"]:
        blocks.append(
            Block("Default", f"{count(counts['omitted-default'], 'field')} that nobody chose or stated (-v)", rank=2)
        )
    return Ending(
        document=result.document,
        answer=(f"{right}: {told}",),
        blocks=tuple(blocks),
        rest=lambda: [Section("Every field", [_field(one) for one in result.fields])],
        more="-v prints every field.",
    )


def _field(one: Field) -> Block:
    stated = "" if one.stated is None else f" stated as {one.stated}"
    line = f" (line {one.line})" if one.line else ""
    why = f": {one.why}" if one.why else ""
    text = Text.assemble((one.name, "bold"), f"{stated}{line}{why}")
    return Block(Text(WORDS[one.kind], style=STYLES[one.kind]), text, rank=1, most=2)
