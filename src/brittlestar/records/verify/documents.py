"""What a record says of its runs: claims, data, numbers, findings, verdicts and pages, computed again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import file_digest
from brittlestar.core.sealed import HERE
from brittlestar.data.opening import is_withheld
from brittlestar.records.describing import count_runs, describe_record, find_first_start, find_registered
from brittlestar.records.gathering import CHECKLISTS, CODE, FOLDER, PAGES
from brittlestar.records.outcomes import Checked, compare_documents, conclude
from brittlestar.records.rerunning import RERUN
from brittlestar.records.unpacked import NO_DATA, Unpacked
from brittlestar.reports.checklists import write_checklists
from brittlestar.reports.write import FIGURES, FILES, RESULTS, draw_figures
from brittlestar.store.study_document import read_claims
from brittlestar.study.claim_parsing import parse_claim

NO_FIELDS = ("hash", "registered", "withdrawn")
"""What claims.json has beside the fields of a claim."""


def check_claims(what: str, record: Unpacked) -> Checked:
    """Whether each claim has its hash, and none counts as registered that was written after the first run began."""
    claims = read_claims(record.store)
    registered, first = find_registered(record.attempts, claims), find_first_start(record.attempts)
    wrong = [
        f"{one['claim']}: it is not the claim that was registered" for one in claims if _hash_claim(one) != one["hash"]
    ]
    wrong += [
        f"{one['claim']}: it was registered after the first run had begun, by attempts.jsonl"
        for one in claims
        if one["registered"] and first is not None and registered.get(one["hash"], first) > first
    ]
    return conclude(what, wrong)


def check_summary(what: str, record: Unpacked) -> Checked:
    """Whether record.json says what follows from the rest; of other studies, which old records count, nothing does."""
    about = record.about
    files = (path for path in (record.folder / CODE).rglob("*") if path.is_file() and path != record.folder / RERUN)
    code = {path.relative_to(record.folder / CODE).as_posix(): file_digest(path) for path in files}
    sealed = {"files": code, "unchanged": about["own_code"]["unchanged"]}
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
    stored = json.loads((record.folder / PAGES / "results.json").read_bytes())
    computed = json.loads(json.dumps(record.reading.document))
    del computed["timing"]  # nothing follows from clocks
    found = [*compare_documents(stored, computed)]
    return conclude(what, [told for told, rounding in found if not rounding], sum(rounding for _, rounding in found))


def check_pages(what: str, record: Unpacked) -> Checked:
    """Whether page and tables are those that this version writes."""
    reading = record.reading
    written = {name: record.folder / PAGES / name for name in FILES if name != RESULTS}
    wrong = [name for name, place in written.items() if place.read_text(encoding="utf-8") != FILES[name](reading)]
    figures = record.folder / PAGES / FIGURES
    if figures.is_dir():
        drawn = draw_figures(reading)
        stored = {path.name: path.read_bytes() for path in figures.iterdir() if path.suffix != ".pdf"}  # has a date
        wrong += [f"{FIGURES}/{name}" for name in sorted(stored) if drawn.get(name) != stored[name]]
    told = [f"{PAGES}/{name} does not follow from the record" for name in wrong]
    checklists = record.folder / CHECKLISTS
    if checklists.exists() and checklists.read_text(encoding="utf-8") != write_checklists(
        replace(reading, sealed=HERE)
    ):
        told.append(f"{CHECKLISTS} does not follow from the record")
    return conclude(what, told)
