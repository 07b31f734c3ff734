"""What a study leaves unexamined, and what it would cost to look."""

from __future__ import annotations

from dataclasses import dataclass

from brittlestar.diagnosis.arms import suggest_rerun
from brittlestar.reports.answers.evidence import is_given
from brittlestar.reports.reading import Reading
from brittlestar.study.units import count

STATES = ("planned", "running", "failed", "lost")


@dataclass(frozen=True)
class Unseen:
    """What was not examined, and what it costs to examine it."""

    what: str
    cost: str


def unseen(reading: Reading) -> list[Unseen]:
    """What no answer, claim or finding of this page says already."""
    record, main, given = reading.record, reading.subject, is_given(reading.subject)
    built_in = not main.own and any(setting.path == "model.family" for setting in main.settings)
    found: list[Unseen] = []
    missing = [cell for cell in record.cells if cell.state != "done"]
    if missing:
        states = {state: sum(cell.state == state for cell in missing) for state in STATES}
        listed = ", ".join(f"{many} {state}" for state, many in states.items() if many)
        found.append(Unseen(f"{count(len(missing), 'run')} without a result ({listed}).", suggest_rerun(missing)))
    if reading.probed is None and built_in and reading.done(record.main):
        found.append(Unseen("Changes of the input: no model was probed.", "`brittlestar probe STUDY` trains nothing."))
    if record.streams.get("split", "off") == "off" and not given:
        cost = f"`streams: {{split: varied}}` in the study file trains {count(len(record.cells), 'run')} again."
        found.append(Unseen("Other training sets: train and dev are the same for every seed.", cost))
    return found
