"""How `seal`, `verify` and `trace` end: what a record is and holds, whether it is what was sealed, and what of its
settings has an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brittlestar.cli.output import OutputSection, TerminalOutput, end_with
from brittlestar.reports.paragraphs import Paragraph

if TYPE_CHECKING:
    from brittlestar.core.tracing import Traced
    from brittlestar.verbs.seal import SealResult
    from brittlestar.verbs.trace import TraceResult
    from brittlestar.verbs.verify import VerifyResult


def seal_output(result: SealResult) -> TerminalOutput:
    """The root hash to print, where the record is, what is not in it, and who scored its test rows."""
    return end_with(result, [result.printed], result.blocks)


def verify_output(result: VerifyResult) -> TerminalOutput:
    """The outcome, what differs, what the root hash proves, what the record says, and what looks deeper."""
    return end_with(result, [result.outcome], result.blocks)


def trace_output(result: TraceResult) -> TerminalOutput:
    """What has no effect, what has one that nobody states, and how much was looked at."""
    return end_with(
        result,
        [f"{one.code}: {one.name}" for one in result.found] or ["nothing found"],
        result.blocks,
        rest=lambda: [OutputSection("Each thing", [_traced_block(one) for one in result.traced])],
        more="-v prints each setting and influence.",
    )


def _traced_block(trial: Traced) -> Paragraph:
    told, why = f" ({trial.told})" if trial.told else "", f": {trial.why}" if trial.why else ""
    return Paragraph(trial.effect.replace("-", " "), f"{trial.name}{told}{why}")
