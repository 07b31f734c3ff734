"""What `judge` prints: each claim with its verdict, and the sentence that may be written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from brittlestar.study.claims import format_claim
from brittlestar.verbs.guarding import say_json
from brittlestar.verbs.judging import Judged, judge_path
from brittlestar.verbs.outcome import VERDICTS


def judge_with_console(path: Path, *, json_: bool, quiet: bool, **options: Any) -> int:
    """Judge and print; returns the exit code."""
    result = judge_path(path, **options)
    if json_:
        say_json(result.document)
    elif not quiet:
        print_judged(Console(highlight=False, markup=False, emoji=False), result)
    return 0


def print_judged(console: Console, result: Judged) -> None:
    """One paragraph a claim."""
    for number, one in enumerate(result.judgements):
        if number:
            console.print()
        console.print(Text.assemble((f"{one.verdict:13}", VERDICTS[one.verdict]), format_claim(one.claim)))
        console.print(Text(one.sentence))
    itself = result.against_itself
    if itself is not None:
        console.print()
        told = (
            f"{itself.arm} against itself: {itself.differences} of {itself.pairings} pairings of {itself.seeds} seeds "
            f"each were announced as a difference of {itself.metric} "
            f"({100 * itself.low:.1f} to {100 * itself.high:.1f} %; 5 % is what chance gives)."
        )
        console.print(Text(told))
