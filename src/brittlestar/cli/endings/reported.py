"""How `compare RECORD REPORTED` ends: what is wrong in a report of settings, and whether it matters."""

from dataclasses import replace

from rich.text import Text

from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.records.reported.scores import Score
from brittlestar.records.reported.stated import Field, Kind
from brittlestar.study.units import count
from brittlestar.verbs.reported import KIND_WORDS, ReportedResult
from brittlestar.verbs.reported_run import Matters, ReportedRun

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
    blocks = [Block(Text("As run?", style="bold"), f"{result.answer}.")]
    wrong = result.wrong
    blocks += [_field(one) for one in wrong[:MOST]]
    blocks += [Block("", f"and {count(len(wrong) - MOST, 'more field')} (-v)")] if len(wrong) > MOST else []
    if counts["omitted-default"]:
        blocks.append(
            Block("Default", f"{count(counts['omitted-default'], 'field')} as by default, and not stated (-v)", rank=2)
        )
    blocks += [_score(one) for one in result.scores if one.kind != "match"][:MOST]
    if right_scores := [one for one in result.scores if one.kind == "match"]:
        blocks.append(Block("Scores", f"{', '.join(one.name for one in right_scores)}: as stored", rank=2))
    if result.not_compared:
        blocks.append(Block("Not compared", ", ".join(result.not_compared), rank=2))
    if result.paged:
        blocks.append(Block("Read", "its tables alone: sentences of a page are not read", rank=2))
    return Ending(
        document=result.document,
        answer=(result.answer,),
        blocks=tuple(blocks),
        rest=lambda: [Section("Every field", [*map(_field, result.fields), *map(_score, result.scores)])],
        more="-v prints every field.",
    )


MATTER: dict[Matters, str] = {"yes": "bold red", "no": "bold green", "cannot-say": "bold yellow"}


def reported_run_ending(result: ReportedRun) -> Ending:
    """What is not as stated in a line, whether it matters, and the fields."""
    ending = reported_ending(result.reported)
    answer, _, words = result.answer.partition(":")
    blocks = [Block(Text("Matters?", style="bold"), Text.assemble((answer, MATTER[result.matters]), f":{words}"))]
    blocks += [Block("", one.words, rank=3, most=3) for one in result.verdicts]
    if result.score is not None:
        blocks.append(Block("Score", f"{result.score.label}, as run → as reported: {result.score.words}", rank=2))
    if kept := ", ".join(result.configuration.kept):
        blocks.append(Block("Kept", f"{kept}: run as in the study; nobody can say what else to run", rank=3))
    if result.study is not None:
        blocks.append(Block("Study", result.study, path=True))
    first, *others = ending.blocks
    answers = (result.answer, *ending.answer)
    return replace(ending, document=result.document, answer=answers, blocks=(first, *blocks, *others))


def _field(one: Field) -> Block:
    text = Text.assemble((one.name, "bold"), one.words.removeprefix(one.name))
    return Block(Text(KIND_WORDS[one.kind], style=STYLES[one.kind]), text, rank=1, most=2)


def _score(one: Score) -> Block:
    style = {"outside": "bold red", "inside": "yellow"}.get(one.kind, "dim")
    text = Text.assemble((one.name, "bold"), one.words.removeprefix(one.name))
    return Block(Text(f"score {one.kind.replace('-', ' ')}", style=style), text, rank=1, most=2)
