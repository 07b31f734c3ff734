"""How `judge`, `diagnose` and `forecast` end: verdicts with what settles open ones, causes, and what is expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brittlestar.cli.ending import Ending, EndingSection, end_with
from brittlestar.cli.endings.findings import findings_section
from brittlestar.reports.headline_text import headline_blocks
from brittlestar.reports.result_text import answer_lines, claim_paragraph, verdict_line

if TYPE_CHECKING:
    from brittlestar.pipeline.diagnose_result import DiagnoseResult
    from brittlestar.pipeline.forecast_store import ForecastResult
    from brittlestar.pipeline.judged import Judged


def judge_ending(result: Judged) -> Ending:
    """Every claim with its verdict and sentence, then what settles open ones. The headline of a study stands before its
    own claims, and folded behind a claim that was asked about."""
    judged, headline = result.judgements, result.headline
    folded = [EndingSection("Answers", headline_blocks(headline))] if headline is not None and result.written else []
    return end_with(
        result,
        [*map(verdict_line, judged)] if headline is None or result.written else answer_lines(headline),
        result.blocks,
        rest=lambda: [EndingSection("Claims", [claim_paragraph(one) for one in judged]), *folded],
        more="-v prints every claim in full.",
    )


def diagnose_ending(result: DiagnoseResult) -> Ending:
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


def forecast_ending(result: ForecastResult) -> Ending:
    """A forecast a paragraph, with what it rests on and how far to trust it."""
    answers = [one.joined.sentence if one.joined else one.sentence for one in result.forecasts]
    return end_with(result, answers, result.blocks, after_json=result.problems)
