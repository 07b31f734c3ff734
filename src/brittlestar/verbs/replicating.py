"""Whether the verdicts of a record hold on seeds that its author did not choose."""

from __future__ import annotations

import json

from brittlestar.core.errors import BrittlestarError
from brittlestar.core.seeds import find_fresh
from brittlestar.execution.jobs import Watcher
from brittlestar.records.outcomes import Checked, judge
from brittlestar.study.claims import format_claim
from brittlestar.study.units import count
from brittlestar.study.variants import variant_settings
from brittlestar.verbs.rerunning import ALONE, RERUN
from brittlestar.verbs.run import run
from brittlestar.verbs.unpacked import Unpacked
from brittlestar.verbs.verdicts_again import compare_answers, list_failed

WHAT = "verdicts on fresh seeds"


def replicate(record: Unpacked, many: int | None, watcher: Watcher | None) -> Checked:
    """Train main, and the variants that claims name, on `many` seeds that are not in the record (as many as it has
    where that is None), and judge its claims and the question Real? on these alone.

    A verdict is equivalent where it comes out the same, an open one too. Where one of the two is open it
    cannot be told, and it differs where both are settled in different ways. Probes and own checks do not run.
    """
    if not (record.folder / RERUN).exists():
        return Checked(WHAT, "cannot-tell", ("rows as they were read are not in the record: seal --with-data",))
    try:
        study = record.opened.loaded.study
        variants = variant_settings(study)
        if any(one.model.own for one in variants.values()) and not record.trusted:
            code = "own code is run only with --trust-code: read the files in code/ first"
            return Checked(WHAT, "cannot-tell", (code,))
        if any(one.model.predictions for one in variants.values()):
            given = "predictions were given: what made them cannot be trained on other seeds"
            return Checked(WHAT, "cannot-tell", (given,))
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
    found = [one.checked for one in compare_answers(record.reading, done, f"on {count(len(seeds), 'fresh seed')}")]
    if failed := list_failed(done):
        found.insert(0, Checked("", "cannot-tell", failed))
    return Checked(WHAT, judge(found), tuple(detail for one in found for detail in one.details))
