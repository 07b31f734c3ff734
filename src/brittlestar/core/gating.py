"""What a gate decides: requirements with their outcomes, and the outcome of all."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from brittlestar.core.findings import Finding

Outcome = Literal["pass", "fail", "cannot-say"]
OUTCOME_WORDS: dict[Outcome, str] = {"pass": "pass", "fail": "FAIL", "cannot-say": "cannot say"}
"""How people read an outcome."""
OUTCOME_OF_VERDICT: dict[str, Outcome] = {"supported": "pass", "refuted": "fail", "inconclusive": "cannot-say"}
"""What the verdict on a required claim comes to."""
GATE_EXITS: dict[Outcome, int] = {"pass": 0, "fail": 3, "cannot-say": 4}
"""Exit codes of a gate; verify has the same for what differs and what cannot be told."""


@dataclass(frozen=True)
class Requirement:
    """One thing that was asked for. `name` is what the policy says (`real`, `absent leak.*`, a claim); `sentence` says
    what was found, `next` what can change it: a command or a sentence, empty where nothing can; `findings` are those
    that made it fail; `undecided` {code: why} what could not be told of those that a pattern names. `was_open`: it
    could not be told, and the policy lets that pass or fail."""

    name: str
    outcome: Outcome
    sentence: str
    next: str = ""
    findings: tuple[Finding, ...] = ()
    was_open: bool = False
    undecided: Mapping[str, str] = field(default_factory=dict[str, str])

    def as_json(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        return {**asdict(self), "findings": [one.as_json() for one in self.findings]}


def join_outcomes(requirements: Sequence[Requirement]) -> Outcome:
    """Fail where one fails, else cannot say where one is open."""
    outcomes = {one.outcome for one in requirements}
    return "fail" if "fail" in outcomes else "cannot-say" if "cannot-say" in outcomes else "pass"
