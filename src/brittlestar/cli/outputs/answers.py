"""How `judge`, `diagnose`, `forecast` and `explain` end: verdicts with what settles open ones, causes, what is
expected, and what codes mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brittlestar.cli.output import OutputSection, TerminalOutput, end_with
from brittlestar.cli.outputs.findings import findings_section
from brittlestar.reports.headline_text import headline_blocks
from brittlestar.reports.paragraphs import plain_words
from brittlestar.reports.result_text import answer_lines, claim_paragraph, verdict_line

if TYPE_CHECKING:
    from brittlestar.pipeline.diagnose_result import DiagnoseResult
    from brittlestar.pipeline.forecast_store import ForecastResult
    from brittlestar.pipeline.judge_result import Judged
    from brittlestar.reports.explanation import Explanation


def judge_output(result: Judged) -> TerminalOutput:
    """Every claim with its verdict and sentence, then what settles open ones. The headline of a study stands before its
    own claims, and `--verbose` has it of claims that were asked about."""
    judged, headline = result.judgements, None if result.written else result.headline
    beside = result.assess is not None and result.written

    def write_rest() -> list[OutputSection]:
        claims = OutputSection("Claims", [claim_paragraph(one) for one in judged])
        answers = result.headline if beside else None
        return [claims] if answers is None else [claims, OutputSection("Answers", headline_blocks(answers))]

    return end_with(
        result,
        [*map(verdict_line, judged)] if headline is None else answer_lines(headline),
        result.blocks,
        rest=write_rest,
        more=f"-v prints every claim in full{', and what is said of the study' if beside else ''}.",
    )


def diagnose_output(result: DiagnoseResult) -> TerminalOutput:
    """The first causes with what they explain and what to do, then experiments, then what was not seen."""
    causes = result.causes
    first = f"{causes[0].code}: {causes[0].summary}" if causes else result.fits or "none found"
    return end_with(
        result,
        [f"Cause: {first}"],
        result.blocks,
        rest=lambda: [findings_section(result.findings, result.main)],
        more="-v prints every finding by code, with its rule.",
        after_json=result.problems,
    )


def forecast_output(result: ForecastResult) -> TerminalOutput:
    """A forecast a paragraph, with what it rests on and how far to trust it."""
    answers = [forecast.joined.sentence if forecast.joined else forecast.sentence for forecast in result.forecasts]
    return end_with(result, answers, result.blocks, after_json=result.problems)


def explain_output(result: Explanation) -> TerminalOutput:
    """The page of a code, whole: it is a text to be read, and no answer; or codes, or families, a line each."""
    first = result.blocks[:1] if result.asked in result.codes else result.blocks
    told = [f"{plain_words(block.name)}: {plain_words(block.text)}" for block in first]
    return end_with(result, told, result.blocks)
