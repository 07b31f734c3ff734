"""Verdicts that were made, beside those of another run of the same claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from brittlestar.claims.judgement import Judgement
from brittlestar.records.outcomes import Checked, Outcome
from brittlestar.reports.reading import Reading
from brittlestar.study.claims import format_claim
from brittlestar.study.units import count, unit_of
from brittlestar.verbs.run import RunResult

OPEN = {"inconclusive", "cannot-say"}


@dataclass(frozen=True)
class VerdictAgain:
    """A verdict `before` and the one `after`, of claim or question `what`, each with its words."""

    what: str
    before: str
    after: str
    words: str

    @property
    def outcome(self) -> Outcome:
        """Equivalent where both are the same, open ones too; where one of the two is open it cannot be told."""
        if self.before == self.after:
            return "equivalent"
        return "cannot-tell" if {self.before, self.after} & OPEN else "differs"

    @property
    def is_open(self) -> bool:
        """Whether one of the two is open."""
        return bool({self.before, self.after} & OPEN)

    @property
    def checked(self) -> Checked:
        """The same as a part of a record that was checked."""
        return Checked("", self.outcome, (self.words,))

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {**asdict(self), "outcome": self.outcome}


def list_failed(done: RunResult) -> tuple[str, ...]:
    """What runs of a study that was run again failed with, in a sentence; empty where none did."""
    bad = [cell for cell in done.record.cells if cell.state != "done"]
    return (f"{count(len(bad), 'run')} failed: {bad[0].error or bad[0].state}",) if bad else ()


def compare_answers(before: Reading, done: RunResult, again: str) -> Iterator[VerdictAgain]:
    """Each claim that both have, then Real?: `again` says what was run (`on 3 fresh seeds`)."""
    others = {one.claim: one for one in done.judgements}
    for one in before.judgements:
        if (other := others.get(one.claim)) is not None:
            what = format_claim(one.claim)
            words = f"{what}: {one.verdict}{_estimate(one)}; {again}: {other.verdict}{_estimate(other)}"
            yield VerdictAgain(what, one.verdict, other.verdict, words)
    first, second = before.headline.real.answer, done.headline.real.answer
    words = f"Real? {first}; {again}: {second}".replace("cannot-say", "cannot say")
    yield VerdictAgain("Real?", first, second, words)


def _estimate(one: Judgement) -> str:
    return "" if one.estimate is None else f" ({unit_of(one.claim.metric).amount(one.estimate, sign=True)})"
