"""The headline as text: the same words in a terminal, a notebook and a page."""

from collections.abc import Sequence

from markupsafe import Markup

from brittlestar.claims.sentences import describe_basis, describe_rows
from brittlestar.core.commands import fill_commands
from brittlestar.core.headline import Decision, Headline, HeadlineScore
from brittlestar.reports.answers.real import COMPARED
from brittlestar.study.units import unit_of

QUESTIONS = {"real": "Real?", "holds": "Holds?", "sound": "Sound?", "fair": "Fair?"}
"""The questions as people read them, in their order."""


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
    return {**stated, **{QUESTIONS[name]: one for name, one in headline.answers.items()}}


def answer_with_act(headline: Headline) -> str | None:
    """The question whose answer says already what to act on first, as people read it; None where none does.

    An answer quotes the finding (with or without the variant's name); a *no* to *Real?* is itself what a comparison
    with the best trivial baseline found.
    """
    act = headline.act_first
    if act is None:
        return None
    for name, one in named_decisions(headline).items():
        if act.sentence.removeprefix(f"{act.variant}: ") in one.sentence:
            return name
    compared = act.code in COMPARED and "below" in headline.real.sentence
    return QUESTIONS["real"] if compared else None


def act_words(headline: Headline) -> str:
    """`leak.exact: rows of test …`, or `leak.exact (see Sound?)` where that answer says it already."""
    act = headline.act_first
    assert act is not None
    told = answer_with_act(headline)
    effect = f" Effect: {act.effect}." if act.effect else ""
    return f"{act.code}: {act.sentence}{effect}" if told is None else f"{act.code} (see {told})"


def headline_lines(headline: Headline) -> list[tuple[str, str]]:
    """Every line of a headline as (name, text): a stated score first, then the score, the best trivial baseline, each
    answer with the command that can change it, and what to act on first."""
    lines: list[tuple[str, str]] = []
    if headline.stated is not None:
        lines.append(("Stated", headline.stated.words))
    if headline.score is not None:
        name = headline.score.variant
        title = headline.score.title
        lines.append(("Score", score_words(headline.score)))
        lines.append(("", f"{name}: {title}" if title and title != name else name))
    best = headline.best_trivial
    if best is not None and best.score is not None and headline.score is not None:
        unit = unit_of(headline.score.metric)
        lines.append(("", f"best trivial baseline on the same rows: {best.name}, {unit.number(best.score)}"))
    if headline.worst_slice is not None:
        lines.append(("Worst", worst_words(headline)))
    for name, decision in headline.answers.items():
        lines.append((QUESTIONS[name], decision.words))
        if decision.next is not None:
            lines.append(("", f"→ {decision.next}"))
    act = headline.act_first
    if act is not None:
        lines.append(("Act first", act_words(headline)))
        if act.command is not None or act.remedy:
            lines.append(("", f"→ {act.command or act.remedy}"))
    return lines


def headline_text(headline: Headline) -> str:
    """The headline as plain text, a line each."""
    return lines_text(headline_lines(headline))


def lines_text(lines: Sequence[tuple[str, str]]) -> str:
    """Named lines as plain text."""
    return "\n".join(f"{name:9}  {text}".rstrip() for name, text in lines)


def lines_html(lines: Sequence[tuple[str, str]]) -> str:
    """Named lines as an HTML table, escaped."""
    row = Markup("<tr><th style='text-align:left'>{}</th><td style='text-align:left'>{}</td></tr>")
    rows = Markup("").join(row.format(name, text) for name, text in lines)
    return str(Markup("<table>{}</table>").format(rows))
