"""Whether the verdicts of a record hold on seeds that its author did not choose; verdicts beside those made again."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from brittlestar.claims.judgement import Judgement
from brittlestar.core.errors import BrittlestarError
from brittlestar.core.seeds import find_fresh
from brittlestar.execution.jobs import Watcher
from brittlestar.pipeline.request import Request
from brittlestar.pipeline.run import RunResult, run_study
from brittlestar.pipeline.run_options import make_run_options
from brittlestar.records.outcomes import Checked, CheckOutcome, judge
from brittlestar.records.rerunning import ALONE, RERUN
from brittlestar.records.unpacked import Unpacked, tell_no_rows
from brittlestar.reports.study_view import StudyView
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
    def outcome(self) -> CheckOutcome:
        """Equivalent where both are the same, open ones too; where one of the two is open it cannot be told."""
        if self.before == self.after:
            return "equivalent"
        return "cannot-tell" if {self.before, self.after} & OPEN else "differs"

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {**asdict(self), "outcome": self.outcome}


def compare_answers(before: StudyView, done: RunResult, again: str) -> Iterator[VerdictAgain]:
    """Each claim that both have, then Real?: `again` says what was run (`on 3 fresh seeds`)."""
    others = {judgement.claim: judgement for judgement in done.judgements}
    for judgement in before.judgements:
        if (other := others.get(judgement.claim)) is not None:
            what = format_claim(judgement.claim)
            words = f"{what}: {judgement.verdict}{_estimate(judgement)}; {again}: {other.verdict}{_estimate(other)}"
            yield VerdictAgain(what, judgement.verdict, other.verdict, words)
    first, second = before.headline.real.answer, done.headline.real.answer
    words = f"Real? {first}; {again}: {second}".replace("cannot-say", "cannot say")
    yield VerdictAgain("Real?", first, second, words)


def _estimate(judgement: Judgement) -> str:
    return (
        ""
        if judgement.estimate is None
        else f" ({unit_of(judgement.claim.metric).amount(judgement.estimate, sign=True)})"
    )


WHAT = "verdicts on fresh seeds"


def replicate(record: Unpacked, many: int | None, watcher: Watcher | None) -> Checked:
    """Train main, and the variants that claims name, on `many` seeds that are not in the record (as many as it has
    where that is None), and judge its claims and the question Real? on these alone.

    A verdict is equivalent where it comes out the same, an open one too. Where one of the two is open it
    cannot be told, and it differs where both are settled in different ways. Probes and own checks do not run.
    """
    if not (record.folder / RERUN).exists():
        return Checked(WHAT, "cannot-tell", (tell_no_rows(record.store),))
    try:
        loaded = record.opened.loaded
        if any(study.model.own for study in loaded.by_variant.values()) and not record.trusted:
            code = "own code is run only with --trust-code: read the files in code/ first"
            return Checked(WHAT, "cannot-tell", (code,))
        if any(study.model.predictions for study in loaded.by_variant.values()):
            given = "predictions were given: what made them cannot be trained on other seeds"
            return Checked(WHAT, "cannot-tell", (given,))
        sealed = record.reading.record
        first = find_fresh(sealed.seeds)
        seeds = [first + k for k in range(many or len(sealed.seeds))]
        sentence = " ".join(format_claim(judgement.claim) for judgement in record.reading.judgements)
        named = {
            name: variant.model_dump(mode="json") for name, variant in loaded.study.variants.items() if name in sentence
        }
        settings = {**ALONE, "seeds": json.dumps(seeds), "variants": json.dumps(named)}
        again = Request(record.folder / RERUN, settings=settings, out=record.folder.with_name("again.study"))
        done = run_study(again, replace(make_run_options(watcher=watcher, progress=False), settle="no"))
    except BrittlestarError as error:
        return Checked(WHAT, "differs", tuple(str(problem) for problem in error.problems))
    verdicts = compare_answers(record.reading, done, f"on {count(len(seeds), 'fresh seed')}")
    found = [Checked("", verdict.outcome, (verdict.words,)) for verdict in verdicts]
    if bad := [cell for cell in done.record.cells if cell.state != "done"]:
        failed = f"{count(len(bad), 'run')} failed: {bad[0].error or bad[0].state}"
        found.insert(0, Checked("", "cannot-tell", (failed,)))
    return Checked(WHAT, judge(found), tuple(detail for part in found for detail in part.details))
