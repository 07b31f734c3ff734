"""How `diagnose` ends: the causes in their order, what experiments said, what curves show, and what was not seen."""

from collections.abc import Sequence

from rich.text import Text

from brittlestar.cli.ending import Ending, EndingSection, end_with, failed_block, next_block, place_block
from brittlestar.cli.endings.findings import findings_section, name_severity
from brittlestar.cli.paragraphs import Paragraph, name_first
from brittlestar.core.experiments import Experiment
from brittlestar.core.findings import Finding
from brittlestar.diagnosis.causes.symptoms import describe_confirmation, describe_experiment
from brittlestar.pipeline.diagnose_result import DiagnoseResult
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.units import count
from brittlestar.training.logs.column_roles import describe_columns
from brittlestar.training.logs.logged_runs import LoggedRun
from brittlestar.verbs.diagnose_history import HistoryResult

MOST_CAUSES = 3
"""Causes that an ending prints: the others are counted, and `-v` has them (convention)."""
MOST_NOTES = 2
"""Notes on reading that an ending prints (convention)."""
MOST_EXPERIMENTS = 4
"""Experiments that an ending prints: the JSON has all (convention)."""


def diagnose_ending(result: DiagnoseResult) -> Ending:
    """The first causes with what they explain and what to do, then experiments, then what was not seen."""
    causes = result.causes
    looked = count(len({one.code for one in result.findings if one.status != "inconclusive"}), "check")
    none = Paragraph("Cause", f"{looked} found no error and no warning about {result.main}.")
    said = {str(one.confirmed_by["name"]) for one in causes if one.confirmed_by is not None}
    others = [one for one in result.experiments if one.name not in said and (one.of or one.measure == "train")]
    train = f"brittlestar diagnose {result.place} --budget 10m"
    blocks = [
        *_first_causes(causes, none),
        *name_first("Tried", map(_describe_tried, others[:MOST_EXPERIMENTS]), rank=2, most=3),
        Paragraph("Tried", f"Nothing: {result.untried}.") if result.untried else None,
        next_block("", train if result.untried and not result.plan.why_none else None),
        *(failed_block(one, rank=1) for one in result.problems[:2]),
        _open_block(result.unseen),
        place_block("Runs", result.study),
    ]
    first = f"{causes[0].code}: {causes[0].summary}" if causes else "none found"
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


def diagnose_history_ending(result: HistoryResult) -> Ending:
    """Causes first, then what is likely and open, what the curves show, how they were read, and what was not seen."""
    causes, none = result.causes, _say_none(result)
    notes = dict.fromkeys(_as_sentence(note) for run in result.runs for note in run.notes)
    unseen = (
        f"Gradients, weights, predictions and data: {result.unseen} of {result.known} checks need more than curves. "
        "A study of the data (the run command) has them."
    )
    blocks = [
        *_first_causes(causes, Paragraph("Cause", none, stays=True)),
        *(block for one in result.leaning for block in _cause_blocks(one, 1, brief=False)),
        Paragraph("Shows", result.shown, rank=2, most=5) if result.shown else None,
        _open_block(result.open),
        Paragraph("Read", _say_read(result.runs), rank=3, most=4, brief=True),
        *(Paragraph("", note, rank=4, most=2, brief=True) for note in list(notes)[:MOST_NOTES]),
        Paragraph("Unseen", unseen, rank=3),
    ]
    return end_with(
        result,
        [f"Cause: {f'{causes[0].code}: {causes[0].summary}' if causes else none}"],
        blocks,
        rest=lambda: [
            findings_section(result.findings, result.name),
            EndingSection("Read", [block for run in result.runs for block in _run_blocks(run)]),
        ],
        more="-v prints every finding with its rule, and every column.",
    )


def _say_none(result: HistoryResult) -> str:
    """That nothing is settled, and what would fit; or that nothing is wrong as far as curves go."""
    likely, absent = [one.code for one in result.leaning], len(result.absent)
    if likely:
        fits = "fits" if len(likely) == 1 else "fit"
        return f"None is settled by {count(len(result.runs), 'run')}; {' and '.join(likely)} {fits} the curves."
    more = f" ({MIN_SEEDS} runs settle more)" if len(result.runs) < MIN_SEEDS else ""
    still = f"; {count(len(result.open), 'is', 'are')} open{more}" if result.open else ""
    return f"{count(absent, 'check')} found no error and no warning{still}."


def _say_read(runs: Sequence[LoggedRun]) -> str:
    """The first run, for all that were read like it, and how many were not."""
    first = runs[0]
    alike = sum((run.columns, run.left_out) == (first.columns, first.left_out) for run in runs)
    many = f"{first.name}: " if len(runs) == 1 else f"{alike} of {len(runs)} runs, such as {first.name}: "
    return many + _describe_reading(first)


def _describe_reading(run: LoggedRun) -> str:
    """`20 epochs; dev loss from val_loss, …; left out: time`."""
    named = {role: name for role, name in run.columns.items() if role not in ("epoch", "step")}
    counted = "" if run.unit == "epoch" else ", which count as epochs"
    left = f"; left out: {', '.join(run.left_out)}" if run.left_out else ""
    return f"{count(run.points, run.unit)}{counted}; {describe_columns(named)}{left}."


def _run_blocks(run: LoggedRun) -> list[Paragraph]:
    return [
        Paragraph(f"seed {run.seed}", f"{run.name}: {_describe_reading(run)}"),
        *(Paragraph("", _as_sentence(one)) for one in run.notes),
    ]


def _as_sentence(note: str) -> str:
    return f"{note[:1].upper()}{note[1:]}{'' if note.endswith('?') else '.'}"
