"""How `gate` ends: the outcome, and a requirement a paragraph, in ten lines."""

from rich.text import Text

from brittlestar.cli.ending import Ending
from brittlestar.cli.paragraphs import Block
from brittlestar.core.gating import OUTCOME_WORDS, Outcome
from brittlestar.verbs.gate import GateResult

LINES = 10
"""Lines of the ending (issue: a gate is read in a log)."""
STYLES: dict[Outcome, str] = {"pass": "bold green", "fail": "bold red", "cannot-say": "bold yellow"}
RANKS: dict[Outcome, int] = {"pass": 5, "cannot-say": 2, "fail": 1}
"""What is shortened first: the highest."""


def gate_ending(result: GateResult) -> Ending:
    """The outcome of all, then what failed, what is open, and what passed."""
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
        exit_code=result.exit_code,
        lines=LINES,
    )


_WORDS: dict[Outcome, str] = {"fail": "failed", "cannot-say": "open", "pass": "passed"}


def _mark(outcome: Outcome) -> Text:
    return Text(OUTCOME_WORDS[outcome], style=STYLES[outcome])
