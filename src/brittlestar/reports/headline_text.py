"""The headline as text: the same words in a terminal, a notebook and a page."""

from collections.abc import Sequence

from markupsafe import Markup

from brittlestar.claims.sentences import describe_basis, describe_rows
from brittlestar.core.commands import fill_commands
from brittlestar.core.headline import Answer, Decision, Headline, HeadlineScore
from brittlestar.reports.answers.vetoes import COMPARED
from brittlestar.reports.paragraphs import Paragraph, Words, list_lines
from brittlestar.study.units import unit_of

QUESTIONS = {"real": "Real?", "holds": "Holds?", "sound": "Sound?", "fair": "Fair?"}
"""The questions as people read them, in their order."""
STYLES: dict[Answer, str] = {"yes": "bold green", "no": "bold red", "cannot-say": "bold yellow"}
MOST_LINES = {"Stated": 2, "Real?": 5, "Holds?": 5, "Sound?": 4, "Fair?": 2}
"""Lines of each answer: all of them begin on a screen of 25 lines (convention)."""
MOST_ACT = 3
"""Lines of what to act on first: the finding itself is one option away (`-v`)."""


def fill_headline(headline: Headline, place: str | None, kept: bool = True) -> Headline:
    """The headline with the place of the study, or of its data, in every command, as `fill_commands` has it."""
    return headline.change_commands(lambda one: fill_commands(one, place, kept))


def score_words(score: HeadlineScore) -> str:
    """`79.7 [77.4, 82.0] points of HWA on test (95 % interval; new rows, new seeds; 5 seeds, 1,000 rows)`."""
    unit = unit_of(score.metric)
    number = unit.estimate(score.mean, score.interval)
    level = None if score.interval is None else 1 - score.level
    basis = describe_basis(level, score.population, score.n_seeds, score.n_rows, score.alike)
    return f"{number} {unit.unit} of {unit.name} on {describe_rows(score.split)} ({basis})".replace("  ", " ")


def worst_words(headline: Headline) -> str:
    """`class billing: 46.2 [39.9, 52.6] of 225 rows right, 46.5 points below all others [39.7, 53.2]`; `of 225 rows of
    test` where the score is of other rows."""
    unit, worst, score = unit_of("accuracy"), headline.worst_slice, headline.score
    assert worst is not None
    of = "" if score is None or score.split == worst.split else f" of all of {worst.split}"
    right = f"{unit.estimate(worst.mean, worst.interval)} % of {worst.n_rows:,} rows{of} right"
    return f"{worst.name}: {right}, {unit.amount(worst.below)} below all others {unit.interval(worst.interval_below)}"


def named_decisions(headline: Headline) -> dict[str, Decision]:
    """Every answer by its question as people read it, a stated score first."""
    stated = {} if headline.stated is None else {"Stated": headline.stated}
    return {**stated, **{QUESTIONS[name]: answer for name, answer in headline.answers.items()}}


def answer_with_act(headline: Headline) -> str | None:
    """The question whose answer says already what to act on first, as people read it; None where none does.

    An answer quotes the finding (with or without the variant's name); a *no* to *Real?* is itself what a comparison
    with the best trivial baseline found.
    """
    act = headline.act_first
    if act is None:
        return None
    for name, decision in named_decisions(headline).items():
        if act.sentence.removeprefix(f"{act.variant}: ") in decision.sentence:
            return name
    compared = act.code in COMPARED and "below" in headline.real.sentence
    return QUESTIONS["real"] if compared else None


def act_words(headline: Headline) -> str:
    """`leak.exact: rows of test …`, or `leak.exact (see Sound?)` where that answer says it already."""
    act = headline.act_first
    assert act is not None
    sentence = answer_with_act(headline)
    effect = f" Effect: {act.effect}." if act.effect else ""
    return f"{act.code}: {act.sentence}{effect}" if sentence is None else f"{act.code} (see {sentence})"


def headline_blocks(headline: Headline) -> list[Paragraph]:
    """All of a headline: a stated score first, then the score, the best trivial baseline, each answer with the command
    that can change it, what to act on first, and the worst class or slice: all but this begins in 25 lines. A command
    that two answers share stands below the first of them."""
    stated, score, best, act = headline.stated, headline.score, headline.best_trivial, headline.act_first
    blocks = [] if stated is None else [_answer_block("Stated", stated)]
    if score is not None:
        name, title = score.variant, score.title
        blocks.append(Paragraph("Score", score_words(score)))
        blocks.append(Paragraph("", f"{name}: {title}" if title and title != name else name))
    if best is not None and best.score is not None and score is not None:
        sentence = f"best trivial baseline on the same rows: {best.name}, {unit_of(score.metric).number(best.score)}"
        blocks.append(Paragraph("", sentence))
    said: set[str] = set()
    for name, decision in headline.answers.items():
        blocks.append(_answer_block(QUESTIONS[name], decision))
        if (command := str(decision.next or "")) and command not in said:
            blocks.append(Paragraph("", command, command=True))
            said.add(command)
    worst = [] if headline.worst_slice is None else [Paragraph("Worst", worst_words(headline))]
    if act is None:
        return [*blocks, *worst]
    blocks.append(Paragraph("Act first", act_words(headline), most=MOST_ACT))
    todo = str(act.command or act.remedy)
    if todo.startswith("brittlestar ") and todo not in said:
        blocks.append(Paragraph("", todo, command=True))
    elif todo and todo not in said:
        blocks.append(Paragraph("", f"→ {todo}", most=MOST_ACT))
    if act.command and act.remedy:
        blocks.append(Paragraph("", f"→ {act.remedy}", most=MOST_ACT))
    return [*blocks, *worst]


def _answer_block(name: str, decision: Decision) -> Paragraph:
    return Paragraph(name, style_answer(decision), most=MOST_LINES[name])


def style_answer(decision: Decision, but: str = "") -> Words:
    """The answer with its word in its colour, without its end where that is `but`."""
    word, rest = decision.words.removesuffix(but).split(":", 1)
    return ((f"{word}:", STYLES[decision.answer]), rest)


def headline_text(headline: Headline) -> str:
    """The headline as plain text, a line each."""
    return lines_text(list_lines(headline_blocks(headline)))


def lines_text(lines: Sequence[tuple[str, str]]) -> str:
    """Named lines as plain text."""
    return "\n".join(f"{name:9}  {text}".rstrip() for name, text in lines)


def lines_html(lines: Sequence[tuple[str, str]]) -> str:
    """Named lines as an HTML table, escaped."""
    row = Markup("<tr><th style='text-align:left'>{}</th><td style='text-align:left'>{}</td></tr>")
    rows = Markup("").join(row.format(name, text) for name, text in lines)
    return str(Markup("<table>{}</table>").format(rows))
