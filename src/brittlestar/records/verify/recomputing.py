"""What of a record can be computed again from its own predictions, settings and labels, without any of its code; its
audit, from its rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from brittlestar.core.audit_record import Audit
from brittlestar.core.catalogue import find_checks
from brittlestar.core.errors import BrittlestarError, InputError
from brittlestar.core.hashing import file_digests
from brittlestar.core.metrics import metric_of
from brittlestar.data.opening import is_withheld
from brittlestar.execution.jobs import Watcher
from brittlestar.pipeline.auditing import measure_limits, open_analysis
from brittlestar.records.describing import count_runs, describe_record, find_first_start, find_registered
from brittlestar.records.gathering import CODE, FOLDER, LIMITS, PAGES
from brittlestar.records.outcomes import ROUNDING, Checked, compare_documents, conclude
from brittlestar.records.rerunning import RERUN, point_back
from brittlestar.records.unpacked import NO_DATA, Unpacked, reading_stranger, tell_no_rows
from brittlestar.records.verify.agreeing import check_agreement
from brittlestar.records.verify.copies import COPIES, check_copies
from brittlestar.records.verify.runs import check_cells, check_code, check_scores
from brittlestar.reports.paper.limits import write_limits
from brittlestar.reports.result_files import RESULT_FILES
from brittlestar.reports.words import take_links
from brittlestar.reports.write import FIGURES, FILES, draw_figures
from brittlestar.store.audit_document import read_answers, read_audit
from brittlestar.store.study_document import read_claims
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.row_filters import TOKEN

if TYPE_CHECKING:
    from brittlestar.audits.analysis import Analysis


NO_FIELDS = ("hash", "registered", "withdrawn")
"""What claims.json has beside the fields of a claim."""


def check_claims(what: str, record: Unpacked) -> Checked:
    """Whether each claim has its hash, and none counts as registered that was written after the first run began."""
    claims = read_claims(record.store)
    registered, first = find_registered(record.attempts, claims), find_first_start(record.attempts)
    wrong = [
        f"{claim['claim']}: it is not the claim that was registered"
        for claim in claims
        if _hash_claim(claim) != claim["hash"]
    ]
    wrong += [
        f"{claim['claim']}: it was registered after the first run had begun, by attempts.jsonl"
        for claim in claims
        if claim["registered"] and first is not None and registered.get(claim["hash"], first) > first
    ]
    return conclude(what, wrong)


def check_summary(what: str, record: Unpacked) -> Checked:
    """Whether record.json says what follows from the rest; of other studies, which old records count, nothing does."""
    about = record.about
    files = (path for path in (record.folder / CODE).rglob("*") if path.is_file() and path != record.folder / RERUN)
    sealed = {"files": file_digests(record.folder / CODE, files), "unchanged": about["own_code"]["unchanged"]}
    told = [f"{FOLDER}/{key}" for key in sorted(record.store.withheld)]
    registered = find_registered(record.attempts, record.reading.record.claims)
    computed = describe_record(record.reading.record, record.reading.document, sealed, told, (), registered)
    others = ("scored_before", "brittlestar", "folder")
    stored = {name: value for name, value in about.items() if name not in others}
    rest: Any = json.loads(json.dumps({name: value for name, value in computed.items() if name not in others}))
    wrong = [told for told, _ in compare_documents(stored, rest)]
    for one in about["scored_before"]:
        found = asdict(count_runs(one["study"], record.attempts, one["split"], registered))
        if one["study"] == about["folder"] and found != one:
            wrong.append(f"scored_before says {one}; by attempts.jsonl it is {found}")
    return conclude(what, wrong)


def _hash_claim(claim: Mapping[str, Any]) -> str | None:
    """The hash that its fields make; None where they contradict its sentence."""
    try:
        return parse_claim({name: value for name, value in claim.items() if name not in NO_FIELDS}).hash
    except InputError:
        return None


def check_data(what: str, record: Unpacked) -> Checked:
    """Whether the data are those whose fingerprints the record has."""
    sealed: Mapping[str, Any] = record.about["data"]
    wrong = [
        f"{name} has the fingerprint {split.fingerprint[:12]}, and record.json another"
        for name, split in record.data.splits.items()
        if sealed.get(name, {}).get("fingerprint") != split.fingerprint
    ]
    if not wrong and is_withheld(record.store.data):
        return Checked(what, "cannot-tell", (NO_DATA,))
    return conclude(what, wrong)


def check_documents(what: str, record: Unpacked) -> Checked:
    """Whether numbers, findings, verdicts and answers follow from what is stored."""
    found: list[tuple[str, bool]] = []
    for name, make in RESULT_FILES.items():
        place = record.folder / PAGES / name
        if not place.exists():
            found.append((f"{PAGES}/{name} is not there", False))
            continue
        stored = json.loads(place.read_bytes())
        found += compare_documents(stored, json.loads(json.dumps(make(record.reading.document))))
    return conclude(what, [told for told, rounding in found if not rounding], sum(rounding for _, rounding in found))


def check_pages(what: str, record: Unpacked) -> Checked:
    """Whether page and tables are those that this version writes."""
    reading = record.reading
    written = {name: record.folder / PAGES / name for name in FILES if name not in RESULT_FILES}
    stored = {name: take_links(place.read_text(encoding="utf-8")) for name, place in written.items()}
    wrong = [name for name, text in stored.items() if text != take_links(str(FILES[name](reading)))]
    figures = record.folder / PAGES / FIGURES
    if figures.is_dir():
        drawn = draw_figures(reading)
        stored = {path.name: path.read_bytes() for path in figures.iterdir() if path.suffix != ".pdf"}  # has a date
        wrong += [f"{FIGURES}/{name}" for name in sorted(stored) if drawn.get(name) != stored[name]]
    notes = [f"{PAGES}/{name} does not follow from the record" for name in wrong]
    limits = record.folder / LIMITS
    if limits.exists() and limits.read_text(encoding="utf-8") != write_limits(reading):
        notes.append(f"{LIMITS} does not follow from the record")
    return conclude(what, notes)


SCORES = "scores follow from predictions"


def check_audit(what: str, record: Unpacked) -> Checked:
    """Whether an audit of the rows finds what the record says of them: our checks, which need none of its code."""
    from brittlestar.audits.recording import record_audit
    from brittlestar.audits.running import audit_dataset

    kept = read_audit(record.store)
    if kept is None or kept.failed is not None:
        return Checked(what, "cannot-tell", ("the data were not audited, or the audit failed",))
    if not (record.folder / RERUN).exists():
        return Checked(what, "cannot-tell", (tell_no_rows(record.store),))
    try:
        given, opened = record.rerun
        made = open_analysis(opened, given)
    except InputError as error:
        return Checked(what, "differs", tuple(str(problem) for problem in error.problems))
    audit = record_audit(made, audit_dataset(made))
    limits = None if kept.limits is None else measure_limits(made, lambda _what, _done, _of: None)
    codes = {*find_checks("data")}
    again = point_back(_describe(replace(audit, limits=limits), codes), record.document.get("file_digests", {}))
    found = [*compare_documents(_describe(kept, codes), again), *_compare_answers(record, made)]
    wrong = [told for told, rounding in found if not rounding]
    return conclude(what, wrong, sum(rounding for _, rounding in found))


def _compare_answers(record: Unpacked, made: Analysis) -> Iterator[tuple[str, bool]]:
    """Where trivial baselines answer otherwise than the record says, and whether that is rounding."""
    from brittlestar.baselines.table import best_answers

    answers = best_answers(made.baselines, {name: rows.n_rows for name, rows in made.splits.items()})
    for split in made.splits:
        kept = read_answers(record.store, split, made.baselines.splits[split].rows)
        again = {name: splits[split] for name, splits in answers.items() if split in splits}
        for name in sorted({*kept, *again}):
            before, after = kept.get(name), again.get(name)
            if before is None or after is None or not np.array_equal(before.predicted, after.predicted):
                yield f"trivial baseline {name} on {split}: its answers are others than it gives", False
            pairs = [(before.own, after.own), (before.confidence, after.confidence)] if before and after else []
            apart = [(one, other) for one, other in pairs if one is not None and other is not None]
            if any(not np.array_equal(one, other) for one, other in apart):
                near = all(np.allclose(one, other, rtol=ROUNDING, atol=ROUNDING) for one, other in apart)
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
                blocked = (SPOILT if spoilt else find_unread(record)) if what in OF_SCORES else ""
                found = Checked(what, "cannot-tell", (blocked,)) if blocked else check(what, record)
        except BrittlestarError as error:
            found = Checked(what, "differs", tuple(str(problem) for problem in error.problems))
        spoilt |= what == SCORES and found.outcome == "differs"
        yield allow_for_version(found, str(record.about.get("brittlestar")))
    watcher.on_stage("verify", "", len(PARTS), len(PARTS))


def find_unread(record: Unpacked) -> str:
    """Why nothing that rests on a metric of the author's, or on tokens that were left out, can be computed again; an
    empty text where nothing does."""
    results = record.folder / PAGES / "results.json"
    if (
        is_withheld(record.store.data)
        and results.exists()
        and TOKEN in json.loads(results.read_bytes()).get("slices", {})
    ):
        return NO_DATA
    named = [one["name"] for one in record.document.get("metrics", ())]
    unrun = [name for name in named if not metric_of(name).is_known]
    return (
        f"the metric {unrun[0]} is code of the author's, which no record has and verify does not run" if unrun else ""
    )


def allow_for_version(found: Checked, wrote: str) -> Checked:
    """The same; what differs where another version computes it cannot be told."""
    if found.outcome != "differs" or found.what not in VERSIONED or wrote == version("brittlestar"):
        return found
    sentence = f"brittlestar {wrote} sealed it, and {version('brittlestar')} computes otherwise: install that version"
    return Checked(found.what, "cannot-tell", (sentence, *found.details))


PARTS: Mapping[str, Callable[[str, Unpacked], Checked]] = {
    "runs are named by their settings": check_cells,
    COPIES: check_copies,
    SCORES: check_scores,
    "curves and probes agree with predictions": check_agreement,
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
