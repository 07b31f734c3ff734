"""Whether the verdicts of a record hold on seeds that its author did not choose; verdicts beside those made again."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from brittlestar.claims.judgement import Judgement
from brittlestar.core.errors import BrittlestarError
from brittlestar.core.seeds import find_fresh
from brittlestar.execution.jobs import Watcher
from brittlestar.pipeline.order import make_order
from brittlestar.pipeline.request import Request
from brittlestar.pipeline.run import RunResult, run_study
from brittlestar.records.outcomes import Checked, Outcome, judge
from brittlestar.records.rerunning import ALONE, RERUN
from brittlestar.records.unpacked import NO_DATA, Unpacked
from brittlestar.reports.reading import Reading
from brittlestar.study.claims import format_claim
from brittlestar.study.units import count, unit_of

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

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {**asdict(self), "outcome": self.outcome}


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


WHAT = "verdicts on fresh seeds"


def replicate(record: Unpacked, many: int | None, watcher: Watcher | None) -> Checked:
    """Train main, and the variants that claims name, on `many` seeds that are not in the record (as many as it has
    where that is None), and judge its claims and the question Real? on these alone.

    A verdict is equivalent where it comes out the same, an open one too. Where one of the two is open it
    cannot be told, and it differs where both are settled in different ways. Probes and own checks do not run.
    """
    if not (record.folder / RERUN).exists():
        return Checked(WHAT, "cannot-tell", (NO_DATA,))
    try:
        loaded = record.opened.loaded
        if any(one.model.own for one in loaded.by_variant.values()) and not record.trusted:
            code = "own code is run only with --trust-code: read the files in code/ first"
            return Checked(WHAT, "cannot-tell", (code,))
        if any(one.model.predictions for one in loaded.by_variant.values()):
            given = "predictions were given: what made them cannot be trained on other seeds"
            return Checked(WHAT, "cannot-tell", (given,))
        sealed = record.reading.record
        first = find_fresh(sealed.seeds)
        seeds = [first + k for k in range(many or len(sealed.seeds))]
        told = " ".join(format_claim(one.claim) for one in record.reading.judgements)
        named = {name: one.model_dump(mode="json") for name, one in loaded.study.variants.items() if name in told}
        settings = {**ALONE, "seeds": json.dumps(seeds), "variants": json.dumps(named)}
        again = Request(record.folder / RERUN, settings=settings, out=record.folder.with_name("again.study"))
        done = run_study(again, replace(make_order(watcher=watcher, progress=False), settle="no"))
    except BrittlestarError as error:
        return Checked(WHAT, "differs", tuple(str(one) for one in error.problems))
    verdicts = compare_answers(record.reading, done, f"on {count(len(seeds), 'fresh seed')}")
    found = [Checked("", one.outcome, (one.words,)) for one in verdicts]
    if bad := [cell for cell in done.record.cells if cell.state != "done"]:
        failed = f"{count(len(bad), 'run')} failed: {bad[0].error or bad[0].state}"
        found.insert(0, Checked("", "cannot-tell", (failed,)))
    return Checked(WHAT, judge(found), tuple(detail for one in found for detail in one.details))
