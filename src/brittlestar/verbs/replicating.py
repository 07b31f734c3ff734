"""Whether the verdicts of a record hold on seeds that its author did not choose."""

from __future__ import annotations

import json
from collections.abc import Iterator

from brittlestar.claims.judgement import Judgement
from brittlestar.core.errors import BrittlestarError
from brittlestar.core.seeds import find_fresh
from brittlestar.execution.jobs import Watcher
from brittlestar.records.outcomes import Checked, Outcome, judge
from brittlestar.study.claims import format_claim
from brittlestar.study.units import count
from brittlestar.study.variants import variant_settings
from brittlestar.verbs.rerunning import ALONE, RERUN, open_rerun
from brittlestar.verbs.run import RunResult, run
from brittlestar.verbs.unpacked import Unpacked

WHAT = "verdicts on fresh seeds"
OPEN = {"inconclusive", "cannot-say"}


def replicate(record: Unpacked, many: int | None, watcher: Watcher | None) -> Checked:
    """Train main, and the variants that claims name, on `many` seeds that are not in the record (as many as it has
    where that is None), and judge its claims and the question Real? on these alone.

    A verdict is equivalent where it comes out the same, an open one too. Where one of the two is open it
    cannot be told, and it differs where both are settled in different ways. Probes and own checks do not run.
    """
    if not (record.folder / RERUN).exists():
        return Checked(WHAT, "cannot-tell", ("rows as they were read are not in the record: seal --with-data",))
    try:
        study = open_rerun(record).loaded.study
        variants = variant_settings(study)
        if any(one.model.own for one in variants.values()) and not record.trusted:
            code = "own code is run only with --trust-code: read the files in code/ first"
            return Checked(WHAT, "cannot-tell", (code,))
        sealed = record.reading.record
        first = find_fresh(sealed.seeds)
        seeds = [first + k for k in range(many or len(sealed.seeds))]
        told = " ".join(format_claim(one.claim) for one in record.reading.judgements)
        named = {name: one.model_dump(mode="json") for name, one in study.variants.items() if name in told}
        settings = {**ALONE, "seeds": json.dumps(seeds), "variants": json.dumps(named)}
        out = record.folder.with_name("again.study")
        done = run(record.folder / RERUN, settings=settings, out=out, settle="no", watcher=watcher, progress=False)
    except BrittlestarError as error:
        return Checked(WHAT, "differs", tuple(str(one) for one in error.problems))
    found = [*_compare(record, done, len(seeds))]
    return Checked(WHAT, judge(found), tuple(detail for one in found for detail in one.details))


def _compare(record: Unpacked, done: RunResult, seeds: int) -> Iterator[Checked]:
    bad = [cell for cell in done.record.cells if cell.state != "done"]
    if bad:
        yield Checked("", "cannot-tell", (f"{count(len(bad), 'run')} failed: {bad[0].error or bad[0].state}",))
    again = {one.claim: one for one in done.judgements}
    for one in record.reading.judgements:
        if (other := again.get(one.claim)) is not None:
            words = f"{format_claim(one.claim)}: {one.verdict}{_estimate(one)}"
            yield compare_verdicts(words, one.verdict, f"{other.verdict}{_estimate(other)}", other.verdict, seeds)
    before, after = record.reading.headline.real, done.headline.real
    yield compare_verdicts(f"Real? {before.answer}", before.answer, after.answer, after.answer, seeds)


def compare_verdicts(words: str, before: str, words_again: str, after: str, seeds: int) -> Checked:
    """What a verdict `before` and another one `after`, on so many fresh seeds, say together, in these words."""
    outcome: Outcome = "equivalent" if before == after else "cannot-tell" if {before, after} & OPEN else "differs"
    return Checked("", outcome, (f"{words}; on {count(seeds, 'fresh seed')}: {words_again}",))


def _estimate(one: Judgement) -> str:
    return "" if one.estimate is None else f" ({one.estimate:+.3f})"
