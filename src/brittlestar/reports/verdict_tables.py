"""Verdicts for a paper: a paragraph of plain English for each claim, and one table, as Markdown and as LaTeX."""

from collections.abc import Sequence

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.number_phrases import describe_level, describe_population
from brittlestar.reports.tables import latex_text, markdown_row, markdown_text
from brittlestar.study.claims import format_claim
from brittlestar.study.units import count, unit_of

COLUMNS = ("claim", "verdict", "relation", "difference", "interval", "level", "seeds", "rows", "population")
RARE = 0.005
"""A share of studies below this is not worth a sentence (convention)."""
BEYOND = {
    "fixed-test-set": "for new rows or new training sets: these rows alone were judged",
    "new-examples": "for new training sets: train was the same for every seed",
    "new-training-sets": "for data from another source",
    "this-model": "for the method: these runs alone were judged",
}


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


def describe_power(one: Judgement) -> list[str]:
    """What this study could have found, and how often fewer runs would have misled, a sentence each."""
    unit = unit_of(one.claim.metric)
    said: list[str] = []
    if one.smallest_detectable is not None:
        seeds = count(one.seeds, "run finds", "seeds find")
        where = "within a margin of" if one.claim.relation == "==" else "beyond the threshold by"
        said.append(f"{seeds} a difference {where} {unit.amount(one.smallest_detectable)} with 80 % power.")
    if one.wrong_winner is not None and max(one.wrong_winner) >= RARE:
        single, best = (f"{100 * share:.0f} %" for share in one.wrong_winner)
        said.append(
            f"One run of each would name the other as better in {single} of cases, the best of {one.seeds} in {best}."
        )
    return said


def describe_overreach(one: Judgement) -> str:
    """What the verdict does not support, to be read after `Do not write:`."""
    said = format_claim(one.claim)
    if one.verdict == "inconclusive":
        return f"that “{said}” is true, or that it is false"
    if one.verdict == "refuted":
        return f"“{said}”, or that more seeds would show it"
    return f"“{said}” {BEYOND.get(one.population, 'for anything else')}"
