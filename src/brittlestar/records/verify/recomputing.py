"""What of a record can be computed again from its own predictions, settings and labels, without any of its code; its
audit, from its rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from brittlestar.core.audit_record import Audit
from brittlestar.core.catalogue import find_checks
from brittlestar.core.errors import BrittlestarError, InputError
from brittlestar.execution.jobs import Watcher
from brittlestar.pipeline.auditing import measure_limits, open_analysis
from brittlestar.records.outcomes import ROUNDING, Checked, compare_documents, conclude
from brittlestar.records.rerunning import RERUN, point_back
from brittlestar.records.unpacked import NO_DATA, Unpacked, reading_stranger
from brittlestar.records.verify.copies import COPIES, check_copies
from brittlestar.records.verify.documents import check_claims, check_data, check_documents, check_pages, check_summary
from brittlestar.records.verify.runs import check_cells, check_code, check_scores, list_other_runs
from brittlestar.store.audit_document import read_answers, read_audit

if TYPE_CHECKING:
    from brittlestar.audits.analysis import Analysis


SCORES = "scores follow from predictions"


def check_audit(what: str, record: Unpacked) -> Checked:
    """Whether an audit of the rows finds what the record says of them: our checks, which need none of its code; and
    whether the study file that reads these rows makes the runs of the record."""
    from brittlestar.audits.recording import record_audit
    from brittlestar.audits.running import audit_dataset

    kept = read_audit(record.store)
    if kept is None or kept.failed is not None:
        return Checked(what, "cannot-tell", ("the data were not audited, or the audit failed",))
    if not (record.folder / RERUN).exists():
        return Checked(what, "cannot-tell", (NO_DATA,))
    try:
        given, opened = record.rerun
        other = [*list_other_runs(record, opened)]
        made = open_analysis(opened, given)
    except InputError as error:
        return Checked(what, "differs", tuple(str(one) for one in error.problems))
    audit = record_audit(made, audit_dataset(made))
    limits = None if kept.limits is None else measure_limits(made, lambda _what, _done, _of: None)
    codes = {*find_checks("data")}
    again = point_back(_describe(replace(audit, limits=limits), codes), record.document.get("file_digests", {}))
    found = [*compare_documents(_describe(kept, codes), again), *_compare_answers(record, made)]
    wrong = [*other, *(told for told, rounding in found if not rounding)]
    return conclude(what, wrong, sum(rounding for _, rounding in found))


def _compare_answers(record: Unpacked, made: Analysis) -> Iterator[tuple[str, bool]]:
    """Where trivial baselines answer otherwise than the record says, and whether that is rounding."""
    from brittlestar.baselines.table import best_answers

    answers = best_answers(made.baselines, {name: rows.n_rows for name, rows in made.splits.items()})
    for split in made.splits:
        kept = read_answers(record.store, split)
        again = {name: splits[split] for name, splits in answers.items() if split in splits}
        for name in sorted({*kept, *again}):
            before, after = kept.get(name), again.get(name)
            if before is None or after is None or not np.array_equal(before.predicted, after.predicted):
                yield f"trivial baseline {name} on {split}: its answers are others than it gives", False
            elif not np.array_equal(before.own, after.own):
                near = np.allclose(before.own, after.own, rtol=ROUNDING, atol=ROUNDING)
                yield f"trivial baseline {name} on {split}: its probabilities are others than it gives", near


def _describe(audit: Audit, codes: Collection[str]) -> dict[str, Any]:
    """The audit as JSON values, with findings of these codes alone."""
    document: dict[str, Any] = json.loads(json.dumps(audit.as_json()))
    return {**document, "findings": [one for one in document["findings"] if one["code"] in codes]}


def recompute(record: Unpacked, watcher: Watcher) -> Iterator[Checked]:
    """Check one part after the other, and tell `watcher` which. Each is read as a stranger's: what cannot be read
    differs, with the reason. What follows from scores that are not those of the predictions follows from nothing."""
    spoilt = False
    for number, (what, check) in enumerate(PARTS.items()):
        watcher.on_stage("verify", what, number, len(PARTS))
        try:
            with reading_stranger(""):
                found = Checked(what, "cannot-tell", (SPOILT,)) if spoilt and what in OF_SCORES else check(what, record)
        except BrittlestarError as error:
            found = Checked(what, "differs", tuple(str(one) for one in error.problems))
        spoilt |= what == SCORES and found.outcome == "differs"
        yield allow_for_version(found, str(record.about.get("brittlestar")))
    watcher.on_stage("verify", "", len(PARTS), len(PARTS))


def allow_for_version(found: Checked, wrote: str) -> Checked:
    """The same; what differs where another version computes it cannot be told."""
    if found.outcome != "differs" or found.what not in VERSIONED or wrote == version("brittlestar"):
        return found
    told = f"brittlestar {wrote} sealed it, and {version('brittlestar')} computes otherwise: install that version"
    return Checked(found.what, "cannot-tell", (told, *found.details))


PARTS: Mapping[str, Callable[[str, Unpacked], Checked]] = {
    "runs are named by their settings": check_cells,
    COPIES: check_copies,
    SCORES: check_scores,
    "own code": check_code,
    "claims are those registered": check_claims,
    "data": check_data,
    "audit of the data": check_audit,
    "numbers, findings and verdicts": check_documents,
    "record.json": check_summary,
    "page and tables": check_pages,
}
"""What is checked, in the order in which it is said."""
OF_SCORES = {"numbers, findings and verdicts", "record.json", "page and tables"}
SPOILT = "it follows from scores, which are not those of the predictions"
VERSIONED = {"audit of the data", *OF_SCORES}
"""What another version may compute in another way: its checks, its words, its pages."""
