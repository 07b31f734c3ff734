"""What a gate decides: requirements with their outcomes, and the outcome of all."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from brittlestar.core.documents import offer_command
from brittlestar.core.findings import Finding

GateOutcome = Literal["pass", "fail", "cannot-say"]
OUTCOME_WORDS: dict[GateOutcome, str] = {"pass": "pass", "fail": "FAIL", "cannot-say": "cannot say"}
"""How people read an outcome."""
OUTCOME_OF_VERDICT: dict[str, GateOutcome] = {"supported": "pass", "refuted": "fail", "inconclusive": "cannot-say"}
"""What the verdict on a required claim comes to."""
GATE_EXITS: dict[GateOutcome, int] = {"pass": 0, "fail": 3, "cannot-say": 4}
"""Exit codes of a gate; verify has the same for what differs and what cannot be told."""


@dataclass(frozen=True)
class SliceLine:
    """One class or slice of a requirement: `rows` of it, the share of them that is right `now` and was `before` (None
    without a last release), the `change` between, and its `interval`, or that of `now` where nothing is compared.
    `next` says what would settle an open one."""

    name: str
    rows: int
    before: float | None
    now: float
    change: float | None
    interval: tuple[float, float] | None
    outcome: GateOutcome
    next: str = ""


@dataclass(frozen=True)
class Requirement:
    """One thing that was asked for. `name` is what the policy says (`real`, `absent leak.*`, a claim); `sentence` says
    what was found, `next` what can change it: a command or a sentence, empty where nothing can; `findings` are those
    that made it fail, and `lines` the classes or slices that it is about, the worst first; `undecided` {code: why} what
    could not be told of those that a pattern names, and `not_applicable` those that have nothing to look at here.
    `was_open`: it could not be told, and the policy lets that pass or fail."""

    name: str
    outcome: GateOutcome
    sentence: str
    next: str = ""
    findings: tuple[Finding, ...] = ()
    was_open: bool = False
    lines: tuple[SliceLine, ...] = ()
    undecided: Mapping[str, str] = field(default_factory=dict[str, str])
    not_applicable: Mapping[str, str] = field(default_factory=dict[str, str])

    def as_json(self) -> dict[str, Any]:
        """All fields as plain JSON values."""
        lines = [{**asdict(line), "interval": line.interval and [*line.interval]} for line in self.lines]
        findings = [finding.document for finding in self.findings]
        return {**asdict(self), **offer_command(self.next), "findings": findings, "lines": lines}


def join_all(outcomes: Iterable[GateOutcome]) -> GateOutcome:
    """Fail where one fails, else cannot say where one is open."""
    outcomes = set(outcomes)
    return "fail" if "fail" in outcomes else "cannot-say" if "cannot-say" in outcomes else "pass"


def decide_least(interval: tuple[float, float] | None, least: float) -> GateOutcome:
    """Whether a number with this interval is known to be so much."""
    if interval is None:
        return "cannot-say"
    return "pass" if interval[0] >= least else "fail" if interval[1] < least else "cannot-say"
