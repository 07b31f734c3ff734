"""How `diagnose` ends: the causes in their order, what experiments said, what curves show, and what was not seen."""

from collections.abc import Sequence

from rich.text import Text

from brittlestar.cli.ending import Ending, end_with, failed_block, next_block, place_block
from brittlestar.cli.endings.findings import findings_section, name_severity
from brittlestar.cli.paragraphs import Paragraph, name_first
from brittlestar.core.experiments import Experiment
from brittlestar.core.findings import Finding
from brittlestar.diagnosis.causes.symptoms import describe_confirmation, describe_experiment
from brittlestar.pipeline.diagnose_result import DiagnoseResult
from brittlestar.study.units import count

MOST_CAUSES = 3
"""Causes that an ending prints: the others are counted, and `-v` has them (convention)."""
MOST_EXPERIMENTS = 4
"""Experiments that an ending prints: the JSON has all (convention)."""


def diagnose_ending(result: DiagnoseResult) -> Ending:
    """The first causes with what they explain and what to do, then experiments, then what was not seen."""
    causes = result.causes
    looked = count(len({one.code for one in result.findings if one.status != "inconclusive"}), "check")
    none = Paragraph("Cause", result.fits or f"{looked} found no error and no warning about {result.main}.")
    said = {str(one.confirmed_by["name"]) for one in causes if one.confirmed_by is not None}
    others = [one for one in result.experiments if one.name not in said and (one.of or one.measure == "train")]
    train = f"brittlestar diagnose {result.place} --budget 10m"
    blocks = [
        *_first_causes(causes, none),
        *(block for one in result.likely for block in _cause_blocks(one, 1, brief=False)),
        *(Paragraph(name, text, rank=2, most=5) for name, text in result.shown.items()),
        *name_first("Tried", map(_describe_tried, others[:MOST_EXPERIMENTS]), rank=2, most=3),
        Paragraph("Tried", f"Nothing: {result.untried}.") if result.untried else None,
        next_block("", train if result.untried and not result.plan.why_none else None),
        *(failed_block(one, rank=1) for one in result.problems[:2]),
        _open_block(result.unseen),
        place_block("Runs", result.study),
    ]
    first = f"{causes[0].code}: {causes[0].summary}" if causes else result.fits or "none found"
    return end_with(
        result,
        [f"Cause: {first}"],
        blocks,
        rest=lambda: [findings_section(result.findings, result.main)],
        more="-v prints every finding by code, with its rule.",
        after_json=result.problems,
    )


def _first_causes(causes: Sequence[Finding], none: Paragraph) -> list[Paragraph]:
    blocks = [block for number, one in enumerate(causes[:MOST_CAUSES]) for block in _cause_blocks(one, number)]
    more = len(causes) - MOST_CAUSES
    return [*blocks, *([Paragraph("", f"and {count(more, 'more cause')} (-v)")] if more > 0 else [])] or [none]


def _cause_blocks(one: Finding, number: int, brief: bool = True) -> list[Paragraph]:
    text = Text.assemble((one.code, "bold"), f"  {one.summary}")
    blocks = [Paragraph(name_severity(one.severity or one.status), text, rank=number + 1, most=4, brief=brief)]
    explained = [code for code in one.evidence.get("explains", ()) if isinstance(code, str)]
    if explained:
        blocks.append(Paragraph("", f"explains {count(len(explained), 'finding')}: {', '.join(explained)}", rank=3))
    if one.confirmed_by is not None:
        blocks.append(Paragraph("", f"confirmed by {describe_confirmation(one.confirmed_by)}", rank=1))
    if one.remedy:
        blocks.append(Paragraph("", f"→ {one.remedy}", rank=number + 2, most=3, brief=brief))
    return blocks


def _describe_tried(one: Experiment) -> Text:
    style = {"confirmed": "bold green", "refuted": "dim", "open": "yellow"}[one.verdict]
    return Text.assemble((one.verdict, style), f"  {one.name}, {describe_experiment(one)}")


def _open_block(codes: Sequence[str]) -> Paragraph | None:
    return Paragraph("Open", f"{', '.join(codes)} (-v says what is missing)", rank=3) if codes else None
