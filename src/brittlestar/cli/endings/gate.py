"""How `gate` ends: the outcome, and a requirement a paragraph, in ten lines."""

import os
from pathlib import Path
from typing import Literal

from rich.text import Text

from brittlestar.cli.ending import Ending
from brittlestar.cli.paragraphs import Block
from brittlestar.core.errors import StoreError
from brittlestar.core.gating import OUTCOME_WORDS, Outcome
from brittlestar.verbs.gate import GateResult

SUMMARY = "GITHUB_STEP_SUMMARY"
"""The file of a job's summary, which GitHub Actions names."""
LINES = 10
"""Lines of the ending (issue: a gate is read in a log)."""
STYLES: dict[Outcome, str] = {"pass": "bold green", "fail": "bold red", "cannot-say": "bold yellow"}
RANKS: dict[Outcome, int] = {"pass": 5, "cannot-say": 2, "fail": 1}
"""What is shortened first: the highest."""


def gate_ending(
    result: GateResult, *, junit: Path | None = None, sarif: Path | None = None, annotations: str | None = None
) -> Ending:
    """The outcome of all, then what failed, what is open, and what passed; and files for a CI.

    Args:
        junit (FILE): Write JUnit XML, one case a requirement.
        sarif (FILE): Write findings about data as SARIF.
        annotations (github): Print workflow commands of GitHub Actions.
    """
    if junit is not None:
        _write(junit, result.junit)
    if sarif is not None:
        _write(sarif, result.sarif)
    if place := os.environ.get(SUMMARY):
        _write(Path(place), result.summary.encode(), "ab")
    counts = {name: sum(one.outcome == name for one in result.requirements) for name in RANKS}
    told = ", ".join(f"{counts[name]} {word}" for name, word in _WORDS.items() if counts[name])
    blocks = [Block(_mark(result.outcome), f"{result.subject}: {told or 'nothing is required'}", most=2)]
    answer = [f"{OUTCOME_WORDS[result.outcome]}: {result.subject}"]
    for one in sorted(result.requirements, key=lambda one: RANKS[one.outcome]):
        rank = RANKS[one.outcome]
        blocks.append(Block(_mark(one.outcome), f"{one.name}: {one.sentence}", rank=rank, stays=rank < 5))
        if one.next.startswith("brittlestar ") and one.outcome != "pass":
            blocks.append(Block("", one.next, rank=3, command=True))
        answer.append(f"{OUTCOME_WORDS[one.outcome]}: {one.name}: {one.sentence}")
    return Ending(
        document=result.document,
        answer=tuple(answer),
        blocks=tuple(blocks),
        more="-v prints every sentence whole.",
        before=tuple(result.annotations) if annotations else (),
        exit_code=result.exit_code,
        lines=LINES,
    )


def _write(path: Path, content: bytes, mode: Literal["wb", "ab"] = "wb") -> None:
    try:
        with path.open(mode) as handle:
            handle.write(content)
    except OSError as error:
        raise StoreError(f"cannot write: {error.strerror or error}", str(path), "choose another file") from error


_WORDS: dict[Outcome, str] = {"fail": "failed", "cannot-say": "open", "pass": "passed"}


def _mark(outcome: Outcome) -> Text:
    return Text(OUTCOME_WORDS[outcome], style=STYLES[outcome])
