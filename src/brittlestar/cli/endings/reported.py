"""How `compare RECORD REPORTED` ends: what is wrong in a report of settings, and whether it matters."""

from collections import Counter
from dataclasses import replace

from rich.text import Text

from brittlestar.cli.ending import Ending, Section
from brittlestar.cli.paragraphs import Block
from brittlestar.records.reported.scores import Score, ScoreKind
from brittlestar.records.reported.stated import Field, Kind
from brittlestar.study.units import count
from brittlestar.verbs.reported import ReportedResult
from brittlestar.verbs.reported_run import Matters, ReportedRun

KINDS: dict[Kind, tuple[str, str]] = {
    "misstated": ("misstated", "bold red"),
    "without-effect": ("without effect", "bold yellow"),
    "omitted": ("omitted", "bold yellow"),
    "ambiguous": ("ambiguous", "yellow"),
    "omitted-default": ("default", "dim"),
    "match": ("match", "bold green"),
}
SCORE_WORDS: dict[ScoreKind, str] = {
    "outside": "outside the interval",
    "inside": "inside the interval",
    "not-compared": "not compared",
    "match": "as stored",
}
MOST = 12
"""Fields that an ending names: -v has all (convention)."""


def reported_ending(result: ReportedResult) -> Ending:
    """The answer, then each field that is not as stated."""
    counts = result.counts
    scored = Counter(one.kind for one in result.scores)
    told = ", ".join(
        [f"{many} {KINDS[kind][0]}" for kind, many in counts.items() if many]
        + [f"{count(scored[kind], 'score')} {words}" for kind, words in SCORE_WORDS.items() if scored[kind]]
    )
    right = "Yes" if result.is_right else "No"
    blocks = [Block(Text("As run?", style="bold"), f"{right}: {told}.")]
    wrong = [one for one in result.fields if one.kind not in ("match", "omitted-default")]
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
        answer=(f"{right}: {told}",),
        blocks=tuple(blocks),
        rest=lambda: [Section("Every field", [*map(_field, result.fields), *map(_score, result.scores)])],
        more="-v prints every field.",
    )


MATTER: dict[Matters, tuple[str, str]] = {
    "yes": ("bold red", "a verdict is another one with the settings as reported."),
    "no": ("bold green", "every verdict is the same with the settings as reported."),
    "cannot-say": ("bold yellow", "verdicts are open, with the settings as they were or as reported."),
}


def reported_run_ending(result: ReportedRun) -> Ending:
    """What is not as stated in a line, whether it matters, and the fields."""
    ending = reported_ending(result.reported)
    style, words = MATTER[result.matters]
    if result.study is None:
        words = "nothing that can be run is stated otherwise or left out, so nothing was run."
    answer = result.matters.replace("-", " ").capitalize()
    blocks = [Block(Text("Matters?", style="bold"), Text.assemble((answer, style), f": {words}"))]
    blocks += [Block("", one.words, rank=3, most=3) for one in result.verdicts]
    if result.score is not None:
        blocks.append(Block("Score", f"{result.score.label}, as run → as reported: {result.score.words}", rank=2))
    if kept := ", ".join(result.configuration.kept):
        blocks.append(Block("Kept", f"{kept}: run as in the study; nobody can say what else to run", rank=3))
    if result.study is not None:
        blocks.append(Block("Study", result.study, path=True))
    first, *others = ending.blocks
    answers = (f"{answer}: {words}", *ending.answer)
    return replace(ending, document=result.document, answer=answers, blocks=(first, *blocks, *others))


def _field(one: Field) -> Block:
    stated = "" if one.stated is None else f" stated as {one.stated}"
    line = f" (line {one.line})" if one.line else ""
    why = f": {one.why}" if one.why else ""
    text = Text.assemble((one.name, "bold"), f"{stated}{line}{why}")
    return Block(Text(*KINDS[one.kind]), text, rank=1, most=2)


def _score(one: Score) -> Block:
    style = {"outside": "bold red", "inside": "yellow"}.get(one.kind, "dim")
    line = f" (line {one.line})" if one.line else ""
    text = Text.assemble((one.name, "bold"), f" stated as {one.stated}{line}: {one.why}")
    return Block(Text(f"score {one.kind.replace('-', ' ')}", style=style), text, rank=1, most=2)
