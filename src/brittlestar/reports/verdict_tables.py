"""Verdicts for a paper: a paragraph of plain English for each claim, and one table, as Markdown and as LaTeX."""

from __future__ import annotations

from collections.abc import Sequence

from brittlestar.reports.tables import latex_text, markdown_text
from brittlestar.reports.units import Unit, unit_of
from brittlestar.study.claims import format_claim
from brittlestar.verdicts.judgement import Judgement

RARE = 0.005
COLUMNS = ("claim", "verdict", "relation", "estimate", "interval", "seeds", "population")


def markdown(judgements: Sequence[Judgement]) -> str:
    """Every claim alike, whatever became of it."""
    if not judgements:
        return "No claim was registered.\n"
    lines = ["| " + " | ".join(COLUMNS) + " |", "| " + " | ".join("---" for _ in COLUMNS) + " |"]
    lines += ["| " + " | ".join(map(markdown_text, _row(one))) + " |" for one in judgements]
    return "\n".join([*lines, *(f"\n{markdown_text(paragraph(one))}" for one in judgements)]) + "\n"


def latex(judgements: Sequence[Judgement]) -> str:
    """The same with booktabs."""
    if not judgements:
        return "% No claim was registered.\n"
    head = ["\\begin{tabular}{lllrlrl}", "\\toprule", " & ".join(COLUMNS) + " \\\\", "\\midrule"]
    rows = [" & ".join(map(latex_text, _row(one))) + " \\\\" for one in judgements]
    text = "\n\n".join(latex_text(paragraph(one)) for one in judgements)
    return "\n".join([*head, *rows, "\\bottomrule", "\\end{tabular}"]) + f"\n\n{text}\n"


def paragraph(one: Judgement) -> str:
    """The verdict's sentence, what this study could have seen, and what would settle the claim."""
    unit = unit_of(one.claim.metric)
    said = [one.sentence]
    if one.smallest_detectable is not None:
        what = "a margin" if one.claim.relation == "==" else "a distance from the threshold"
        size = f"{unit.number(one.smallest_detectable)} {unit.unit}"
        said.append(f"With {one.seeds} seeds {what} of {size} is found with 80 % power.")
    if one.wrong_winner is not None and max(one.wrong_winner) >= RARE:
        single, best = (f"{100 * share:.0f} %" for share in one.wrong_winner)
        said.append(
            f"One run of each would name the other as better in {single} of cases, the best of {one.seeds} in {best}."
        )
    return " ".join(said)


def _row(one: Judgement) -> tuple[str, ...]:
    unit: Unit = unit_of(one.claim.metric)
    return (
        format_claim(one.claim),
        one.verdict + ("" if one.registered else " (exploratory)"),
        one.relation,
        unit.number(one.estimate, sign=True),
        unit.interval(one.interval, sign=True) or "–",
        str(one.seeds),
        one.population,
    )
