"""The audit of a record's data, made again from the rows in it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from brittlestar.core.audit import Audit
from brittlestar.core.catalogue import find_checks
from brittlestar.core.errors import InputError
from brittlestar.records.outcomes import ROUNDING, Checked, compare_documents, conclude
from brittlestar.store.audit_document import read_answers, read_audit
from brittlestar.verbs.auditing import measure_limits, open_analysis
from brittlestar.verbs.read_files import point_back
from brittlestar.verbs.rerunning import RERUN
from brittlestar.verbs.unpacked import Unpacked

if TYPE_CHECKING:
    from brittlestar.audits.analysis import Analysis


def check_audit(what: str, record: Unpacked) -> Checked:
    """Whether an audit of the rows finds what the record says of them: our checks, which need none of its code."""
    from brittlestar.audits.audit import audit_dataset
    from brittlestar.audits.recording import record_audit

    kept = read_audit(record.store)
    if kept is None or kept.failed is not None:
        return Checked(what, "cannot-tell", ("the data were not audited, or the audit failed",))
    if not (record.folder / RERUN).exists():
        return Checked(what, "cannot-tell", ("rows as they were read are not in the record: seal --with-data",))
    try:
        given, opened = record.rerun
        made = open_analysis(opened, given)
    except InputError as error:
        return Checked(what, "differs", tuple(str(one) for one in error.problems))
    audit = record_audit(made, audit_dataset(made))
    limits = None if kept.limits is None else measure_limits(made, lambda _what, _done, _of: None)
    codes = {*find_checks("data")}
    again = point_back(_describe(replace(audit, limits=limits), codes), record.document.get("file_digests", {}))
    found = [*compare_documents(_describe(kept, codes), again), *_compare_answers(record, made)]
    return conclude(what, [told for told, rounding in found if not rounding], sum(rounding for _, rounding in found))


def _compare_answers(record: Unpacked, made: Analysis) -> Iterator[tuple[str, bool]]:
    """Differences between what trivial baselines answer and what the record says that they answered, and whether each
    is rounding."""
    from brittlestar.audits.baselines.ladder import best_answers

    answers = best_answers(made.climb, {name: rows.n_rows for name, rows in made.splits.items()})
    for split in made.splits:
        kept = read_answers(record.store, split)
        for name in sorted({*kept, *(one for one, splits in answers.items() if split in splits)}):
            again = answers.get(name, {}).get(split)
            if again is None:
                yield f"trivial baseline {name} on {split}: it has answers, and is none of the best", False
                continue
            if name not in kept or kept[name].predicted.shape != again.predicted.shape:
                yield f"trivial baseline {name} on {split}: not all of its answers are there", False
                continue
            other = int((kept[name].predicted != again.predicted).sum())
            if other:
                yield f"trivial baseline {name} on {split}: {other:,} answers are others than it gives", False
            elif not np.array_equal(kept[name].own, again.own):
                near = np.allclose(kept[name].own, again.own, rtol=ROUNDING, atol=ROUNDING)
                yield f"trivial baseline {name} on {split}: its probabilities are others than it gives", near


def _describe(audit: Audit, codes: Collection[str]) -> dict[str, Any]:
    """The audit as JSON values, with findings of these codes alone."""
    document: dict[str, Any] = json.loads(json.dumps(audit.as_json()))
    return {**document, "findings": [one for one in document["findings"] if one["code"] in codes]}
