"""How `diagnose` ends: the causes in their order, what experiments said, and what was not seen."""

from rich.text import Text

from brittlestar.cli.blocks.findings import STYLES, findings_section
from brittlestar.cli.ending import Ending
from brittlestar.cli.paragraphs import Block
from brittlestar.core.experiments import Experiment
from brittlestar.core.findings import Finding
from brittlestar.diagnosis.causes.telling import describe_confirmation, describe_experiment
from brittlestar.study.units import count
from brittlestar.verbs.diagnose_result import DiagnoseResult

MOST_CAUSES = 3
"""Causes that an ending prints: the others are counted, and `-v` has them (convention)."""
MOST_EXPERIMENTS = 4
"""Experiments that an ending prints: the JSON has all (convention)."""


def diagnose_ending(result: DiagnoseResult) -> Ending:
    """The first causes with what they explain and what to do, then experiments, then what was not seen."""
    causes = result.causes
    blocks = [block for number, one in enumerate(causes[:MOST_CAUSES]) for block in _cause_blocks(one, number)]
    if not causes:
        blocks.append(Block("Cause", f"{_looked_at(result)} found no error and no warning about {result.main}."))
    if more := len(causes) - MOST_CAUSES:
        blocks += [Block("", f"and {count(more, 'more cause')} (-v)")] if more > 0 else []
    said = {str(one.confirmed_by["name"]) for one in causes if one.confirmed_by is not None}
    others = [one for one in result.experiments if one.name not in said and (one.of or one.measure == "train")]
    blocks += [_experiment_block(one, k == 0) for k, one in enumerate(others[:MOST_EXPERIMENTS])]
    if result.untried:
        blocks.append(Block("Tried", f"Nothing: {result.untried}."))
        if not result.plan.why_none:
            blocks.append(Block("", f"brittlestar diagnose {result.place} --budget 10m", command=True))
    if result.sources is not None:
        blocks.append(Block("Seeds", result.sources, rank=1, most=4))
    blocks += [Block(Text("Failed", style="bold red"), one, rank=1, most=2) for one in result.problems[:2]]
    if result.unseen:
        blocks.append(Block("Open", f"{', '.join(result.unseen)} (-v says what is missing)", rank=3))
    if result.study is not None:
        blocks.append(Block("Runs", result.study, path=True))
    first = causes[0] if causes else None
    return Ending(
        document=result.document,
        answer=("Cause: " + (f"{first.code}: {first.summary}" if first else "none found"),),
        blocks=tuple(blocks),
        rest=lambda: [findings_section(result.findings, result.main, result.place)],
        more="-v prints every finding by code, with its rule.",
        after_json=result.problems,
        exit_code=result.exit_code,
    )


def _cause_blocks(one: Finding, number: int) -> list[Block]:
    """A cause, what it explains, what confirms it, and what to do."""
    name = Text(one.severity or "", style=STYLES[one.severity or ""])
    blocks = [Block(name, Text.assemble((one.code, "bold"), f"  {one.summary}"), rank=number + 1, most=4, brief=True)]
    explained = [code for code in one.evidence.get("explains", ()) if isinstance(code, str)]
    if explained:
        blocks.append(Block("", f"explains {count(len(explained), 'finding')}: {', '.join(explained)}", rank=3))
    if one.confirmed_by is not None:
        blocks.append(Block("", f"confirmed by {describe_confirmation(one.confirmed_by)}", rank=1))
    if one.remedy:
        blocks.append(Block("", Text(f"→ {one.remedy}"), rank=number + 2, most=3, brief=True))
    return blocks


def _experiment_block(one: Experiment, first: bool) -> Block:
    style = {"confirmed": "bold green", "refuted": "dim", "open": "yellow"}[one.verdict]
    text = Text.assemble((one.verdict, style), f"  {one.name}, {describe_experiment(one)}")
    return Block("Tried" if first else "", text, rank=2, most=3)


def _looked_at(result: DiagnoseResult) -> str:
    """How many checks looked."""
    codes = {one.code for one in result.findings if one.status != "inconclusive"}
    return count(len(codes), "check")
