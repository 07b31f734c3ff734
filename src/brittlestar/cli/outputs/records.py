"""How `seal` and `verify` end: what a record is and holds, and whether it is what was sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brittlestar.cli.output import TerminalOutput, end_with

if TYPE_CHECKING:
    from brittlestar.verbs.seal import SealResult
    from brittlestar.verbs.verify import VerifyResult


def seal_output(result: SealResult) -> TerminalOutput:
    """The root hash to print, where the record is, what is not in it, and who scored its test rows."""
    return end_with(result, [result.printed], result.blocks)


def verify_output(result: VerifyResult) -> TerminalOutput:
    """The outcome, what differs, what the root hash proves, what the record says, and what looks deeper."""
    return end_with(result, [result.outcome], result.blocks)
