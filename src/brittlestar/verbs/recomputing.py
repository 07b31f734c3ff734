"""What of a record can be computed again from its own predictions, settings and labels, without any of its code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version

from brittlestar.core.errors import BrittlestarError
from brittlestar.execution.jobs import Watcher
from brittlestar.records.outcomes import Checked
from brittlestar.verbs.reauditing import check_audit
from brittlestar.verbs.recomputed_documents import (
    check_claims,
    check_data,
    check_documents,
    check_pages,
    check_summary,
)
from brittlestar.verbs.recomputed_runs import check_cells, check_code, check_scores, check_told
from brittlestar.verbs.unpacked import Unpacked, reading_stranger


def recompute(record: Unpacked, watcher: Watcher) -> Iterator[Checked]:
    """Check one part after the other, and tell `watcher` which. Each is read as a stranger's: what cannot be read
    differs, with the reason."""
    for number, (what, check) in enumerate(PARTS.items()):
        watcher.on_stage("verify", what, number, len(PARTS))
        try:
            with reading_stranger(""):
                found = check(what, record)
        except BrittlestarError as error:
            found = Checked(what, "differs", tuple(str(one) for one in error.problems))
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
    "what runs say of themselves": check_told,
    "scores follow from predictions": check_scores,
    "own code": check_code,
    "claims are those registered": check_claims,
    "data": check_data,
    "audit of the data": check_audit,
    "numbers, findings and verdicts": check_documents,
    "record.json": check_summary,
    "page and tables": check_pages,
}
"""What is checked, in the order in which it is said."""
VERSIONED = {
    "audit of the data",
    "numbers, findings and verdicts",
    "record.json",
    "page and tables",
}
"""What another version may compute in another way: its checks, its words, its pages."""
