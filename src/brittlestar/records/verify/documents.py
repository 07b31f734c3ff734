"""What a record says of its runs: claims, data, numbers, findings, verdicts and pages, computed again."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

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
from brittlestar.store.suites import current_suite
from brittlestar.store.withheld import read_withheld
from brittlestar.study.claim_parsing import parse_claim

PLAIN = "plain"
"""The condition of rows as they are."""
NO_LABEL = -1
"""In a suite: nobody knows the label of a row."""
NO_FIELDS = ("hash", "registered", "withdrawn")
"""What claims.json has beside the fields of a claim."""


def check_claims(what: str, record: Unpacked) -> Checked:
    """Whether each claim has its hash, and was registered when the record says."""
    wrong: list[str] = []
    claims = read_claims(record.store)
    registered, first = find_registered(record.attempts, claims), find_first_start(record.attempts)
    told = {one["hash"]: one for one in record.about["claims"]}
    for one in claims:
        sealed = told.pop(one["hash"], None)
        if _hash_claim(one) != one["hash"]:
            wrong.append(f"{one['claim']}: it is not the claim that was registered")
        if sealed is None or sealed["registered"] != one["registered"]:
            wrong.append(f"{one['claim']}: record.json says otherwise whether it was registered")
        elif sealed["at"] != registered.get(one["hash"]):
            wrong.append(f"{one['claim']}: record.json says that it was registered at another time than attempts.jsonl")
        if one["registered"] and first is not None and registered.get(one["hash"], first) > first:
            wrong.append(f"{one['claim']}: it was registered after the first run had begun, by attempts.jsonl")
    wrong += [f"{one['claim']}: it is in record.json alone" for one in told.values()]
    return conclude(what, wrong)


def check_summary(what: str, record: Unpacked) -> Checked:
    """Whether record.json says what follows from the rest; of studies that lay beside this one nothing does."""
    about = record.about
    files = (path for path in (record.folder / CODE).rglob("*") if path.is_file() and path != record.folder / RERUN)
    code = {path.relative_to(record.folder / CODE).as_posix(): file_digest(path) for path in files}
    sealed = {"files": code, "unchanged": about["own_code"]["unchanged"]}
    told = [f"{FOLDER}/{key}" for key in sorted(read_withheld(record.store.backend))]
    registered = find_registered(record.attempts, record.reading.record.claims)
    computed = describe_record(record.reading.record, record.reading.document, sealed, told, (), registered)
    others = ("scored_before", "brittlestar", "folder")
    stored = {name: value for name, value in about.items() if name not in others}
    rest: Any = json.loads(json.dumps({name: value for name, value in computed.items() if name not in others}))
    wrong = [told for told, _ in compare_documents(stored, rest)]
    own = next((one for one in about["scored_before"] if one["study"] == about["folder"]), None)
    if own is not None:
        found = count_runs(own["study"], record.attempts, own["split"], registered)
        if (found.runs, found.before_claims) != (own["runs"], own["before_claims"]):
            words = f"{own['runs']} runs scored {own['split']}; by attempts.jsonl there are {found.runs}"
            wrong.append(f"scored_before says that {words}, {found.before_claims} before claims were registered")
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
    wrong += _list_odd_labels(record)
    if not wrong and is_withheld(record.store.data):
        return Checked(what, "cannot-tell", (NO_DATA,))
    return conclude(what, wrong)


def _list_odd_labels(record: Unpacked) -> Iterator[str]:
    """Probes of which rows of a split have other labels than there."""
    stored = current_suite(record.store)
    if stored is None or stored.about.split not in record.data.splits:
        return
    labels = record.data.splits[stored.about.split].labels[stored.about.sample]
    conditions = stored.suite.conditions
    held = np.full(max(int(one.before.max(initial=0)) for one in conditions) + 1, NO_LABEL)
    for plain in (one for one in conditions if one.probe == PLAIN and len(one.before) == len(labels)):
        held[plain.before] = labels
        held[plain.before[held[plain.before] != labels]] = NO_LABEL  # the same tokens, with two labels
    for one in conditions:
        known = (held[one.before] != NO_LABEL) & (one.labels_before != NO_LABEL)
        if (one.labels_before[known] != held[one.before[known]]).any():
            yield f"labels of the probe suite ({one.title}) are not those that rows of {stored.about.split} have"
            return


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
