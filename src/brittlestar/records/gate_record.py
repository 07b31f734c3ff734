"""A record as what a gate is decided on: it must verify before anything else is asked of its study."""

import shlex
from dataclasses import replace
from pathlib import Path

from brittlestar.core.gating import GateOutcome, Requirement, join_all
from brittlestar.execution.jobs import Watcher
from brittlestar.pipeline.gate import GateResult, decide_gate, read_inputs
from brittlestar.pipeline.request import Request
from brittlestar.records.opened_study import open_study
from brittlestar.records.outcomes import CheckOutcome as Verified
from brittlestar.records.verify.verifying import verify_record
from brittlestar.reports.gate.ask import Gated
from brittlestar.reports.gate.policy import settle_open
from brittlestar.reports.study_view import fill_reading
from brittlestar.study.gate_policy import GatePolicy

NAME = "record"
_OUTCOMES: dict[Verified, GateOutcome] = {
    "identical": "pass", "equivalent": "pass", "differs": "fail", "cannot-tell": "cannot-say",
}  # fmt: skip


def gate_record(place: Path, policy: GatePolicy, watcher: Watcher) -> GateResult:
    """The gate of a record: one that differs is asked nothing else. Raises InputError."""
    first = decide_record(place, policy.source.root, watcher)
    if first.outcome == "fail":
        requirements = tuple(settle_open([first], policy.terms.cannot_say))
        return GateResult(str(place), join_all(requirement.outcome for requirement in requirements), requirements, ())
    with open_study(place) as opened:
        reading = fill_reading(opened.reading, None)
        gated = Gated(
            headline=reading.headline,
            findings=reading.findings,
            record=opened.record,
            answers=opened.answers,
            forecasts=reading.forecasts,
        )
        request = Request(place)
        found = decide_gate(policy, gated, request, read_inputs(policy, request, True), [first])
    # What a study would be told to do next, nobody can do with a record.
    notes = (found.requirements[0], *(replace(requirement, next="") for requirement in found.requirements[1:]))
    return replace(found, requirements=notes)


def decide_record(place: Path, root: str | None, watcher: Watcher) -> Requirement:
    """Whether a record is what was sealed (with this root hash, where one is given), and follows from itself. Raises
    InputError where it cannot be a record."""
    found = verify_record(place, root=root, watcher=watcher)
    wrong = [part for part in found.checked if part.outcome == found.outcome and part.details]
    command = f"brittlestar verify {shlex.quote(str(place))}{'' if root is None else f' --root {shlex.quote(root)}'}"
    if _OUTCOMES[found.outcome] == "pass" or not wrong:
        return Requirement(NAME, _OUTCOMES[found.outcome], "nothing in it contradicts itself.")
    others = sum(len(part.details) for part in wrong) - 1
    more = f" (and {others} more)" if others else ""
    sentence = f"{wrong[0].what}: {wrong[0].details[0]}{more}."
    return Requirement(NAME, _OUTCOMES[found.outcome], sentence, command)
