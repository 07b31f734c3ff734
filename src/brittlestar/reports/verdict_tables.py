"""Verdicts for a paper: a paragraph of plain English for each claim, and one table, as Markdown and as LaTeX."""

from collections.abc import Sequence

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.number_phrases import describe_level, describe_population
from brittlestar.reports.claim_words import describe_power
from brittlestar.reports.tables import latex_text, markdown_row, markdown_text
from brittlestar.study.claims import format_claim
from brittlestar.study.units import unit_of

COLUMNS = ("claim", "verdict", "relation", "difference", "interval", "level", "seeds", "rows", "population")


def markdown(judgements: Sequence[Judgement]) -> str:
    """Every claim alike, whatever became of it."""
    if not judgements:
        return "No claim was registered.\n"
    lines = [markdown_row(COLUMNS), markdown_row("---" for _ in COLUMNS)]
    lines += [markdown_row(map(markdown_text, _row(one))) for one in judgements]
    return "\n".join([*lines, *(f"\n{markdown_text(_paragraph(one))}" for one in judgements)]) + "\n"


def latex(judgements: Sequence[Judgement]) -> str:
    """The same with booktabs."""
    if not judgements:
        return "% No claim was registered.\n"
    head = ["\\begin{tabular}{lllrllrrl}", "\\toprule", " & ".join(COLUMNS) + " \\\\", "\\midrule"]
    rows = [" & ".join(map(latex_text, _row(one))) + " \\\\" for one in judgements]
    text = "\n\n".join(latex_text(_paragraph(one)) for one in judgements)
    return "\n".join([*head, *rows, "\\bottomrule", "\\end{tabular}"]) + f"\n\n{text}\n"


def _paragraph(one: Judgement) -> str:
    """The verdict as every surface has it, and what the study could have found."""
    return " ".join((f"{format_claim(one.claim)}.", one.sentence, *describe_power(one)))


def _row(one: Judgement) -> tuple[str, ...]:
    unit = unit_of(one.claim.metric)
    return (
        format_claim(one.claim),
        one.verdict + ("" if one.registered else " (exploratory)"),
        one.relation,
        unit.number(one.estimate, sign=True),
        unit.interval(one.interval, sign=True) or "–",
        describe_level(one.level),
        str(one.seeds),
        "–" if one.rows is None else f"{one.rows:,}",
        describe_population(one.population, one.seeds),
    )
