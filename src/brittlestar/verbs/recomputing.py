"""What of a record can be computed again from its own predictions, settings and labels, without any of its code."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.errors import BrittlestarError
from brittlestar.core.metrics import softmax
from brittlestar.core.splits import EncodedSplit
from brittlestar.data.opening import is_withheld
from brittlestar.execution.job_inputs import draw_data
from brittlestar.execution.jobs import Watcher
from brittlestar.records.gathering import PAGES
from brittlestar.records.ledger import find_registered
from brittlestar.records.outcomes import Checked, compare_documents, conclude
from brittlestar.reports import tables, verdict_tables
from brittlestar.reports.page import page
from brittlestar.store.attempts import read_attempts
from brittlestar.store.backend import OUTCOME
from brittlestar.store.cell_outputs import PREDICTIONS, SETTINGS
from brittlestar.store.study_document import read_cells, read_claims, read_study
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.expand import hash_cell, reads_files
from brittlestar.study.settings import DataSettings
from brittlestar.training.outputs import split_scores
from brittlestar.verbs.reauditing import check_audit
from brittlestar.verbs.unpacked import Unpacked, name_run, reading_stranger

NO_FIELDS = ("hash", "registered", "withdrawn")
"""What claims.json has beside the fields of a claim."""


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
        yield found
    watcher.on_stage("verify", "", len(PARTS), len(PARTS))


def _check_cells(what: str, record: Unpacked) -> Checked:
    """Whether each run is named by what it was made of: its settings, seeds, data and code; and none is missing."""
    document = read_study(record.store)
    cells = read_cells(document)
    fingerprints = {name: split.fingerprint for name, split in record.data.splits.items()}
    wrong: list[str] = []
    untold = 0
    for cell in cells:
        if reads_files(cell.settings):
            untold += 1
        elif (
            hash_cell(cell.settings, cell.streams, fingerprints, document["own_digests"].get(cell.variant), {})
            != cell.hash
        ):
            wrong.append(f"{name_run(cell)}: its settings, seeds, data or code are not those that it is named by")
        place = record.store.path(f"{record.store.cell(cell.hash)}/{SETTINGS}")
        if place.exists():
            described = json.loads(place.read_bytes())
            stated = {"settings": cell.settings, "streams": cell.streams, "seed": cell.seed}
            other = [name for name, value in stated.items() if described[name] != value]
            wrong += [f"{name_run(cell)}: {SETTINGS} has other {name} than study.json" for name in other]
    made = {line["cell"] for line in read_attempts(record.store) if line["event"] in ("done", "failed")}
    gone = sorted(made - {cell.hash for cell in cells})
    wrong += [f"run {name[:12]} was made, and is not in the record" for name in gone]
    if not wrong and untold:
        missing = f"{untold} runs read files that are not in the record (predictions, or a table of embeddings)"
        return Checked(what, "cannot-tell", (missing,))
    return conclude(what, wrong)


def _check_scores(what: str, record: Unpacked) -> Checked:
    """Whether the scores of each run are those of its predictions."""
    wrong: list[str] = []
    partial = rounded = 0
    for cell in read_cells(read_study(record.store)):
        folder = record.store.path(record.store.cell(cell.hash))
        if not (folder / PREDICTIONS).exists():
            continue
        told = json.loads((folder / OUTCOME).read_bytes())["scores"]
        splits = draw_data(record.data, cell, DataSettings.model_validate(cell.settings["data"])).splits
        frame = pl.read_parquet(folder / PREDICTIONS)
        for (split, checkpoint), rows in frame.group_by("split", "checkpoint", maintain_order=True):
            found = _score(splits[str(split)], rows)
            if found is None:
                partial += 1
                continue
            named = f"{name_run(cell)}, {checkpoint} checkpoint on {split}:"
            for difference, rounding in compare_documents(told[split][checkpoint], found):
                rounded += rounding
                wrong += [] if rounding else [f"{named} {difference}"]
    if not wrong and partial:
        return Checked(what, "cannot-tell", (f"{partial} times only a sample of rows is kept of a run on a split",))
    return conclude(what, wrong, rounded)


def _score(split: EncodedSplit, rows: pl.DataFrame) -> dict[str, float | None] | None:
    """The metrics of stored outputs; None where not every row is stored."""
    if rows.height != split.n_rows:
        return None
    ready, hard = bool(rows["probabilities"][0]), bool(rows["hard"][0])
    values = np.asarray(rows.sort("row")["values"].to_list(), np.float64 if ready else np.float32)
    return split_scores(split, values if ready else softmax(values), hard)


def _check_claims(what: str, record: Unpacked) -> Checked:
    """Whether each claim has its hash, and was registered when the record says."""
    wrong: list[str] = []
    registered = find_registered(record.store)
    told = {one["hash"]: one for one in record.about["claims"]}
    for one in read_claims(record.store):
        sealed = told.pop(one["hash"], None)
        if parse_claim({name: value for name, value in one.items() if name not in NO_FIELDS}).hash != one["hash"]:
            wrong.append(f"{one['claim']}: it is not the claim that was registered")
        if sealed is None or sealed["registered"] != one["registered"]:
            wrong.append(f"{one['claim']}: record.json says otherwise whether it was registered")
        elif sealed["at"] != registered.get(one["hash"]):
            wrong.append(f"{one['claim']}: record.json gives another time than attempts.jsonl")
    wrong += [f"{one['claim']}: it is in record.json alone" for one in told.values()]
    return conclude(what, wrong)


def _check_data(what: str, record: Unpacked) -> Checked:
    """Whether the data are those whose fingerprints the record has."""
    sealed: Mapping[str, Any] = record.about["data"]
    wrong = [
        f"{name} has the fingerprint {split.fingerprint[:12]}, and record.json another"
        for name, split in record.data.splits.items()
        if sealed.get(name, {}).get("fingerprint") != split.fingerprint
    ]
    if not wrong and is_withheld(record.store.data):
        return Checked(what, "cannot-tell", ("the record was sealed without its data: seal --with-data",))
    return conclude(what, wrong)


def _check_documents(what: str, record: Unpacked) -> Checked:
    """Whether numbers, findings, verdicts and answers follow from what is stored."""
    stored = json.loads((record.folder / PAGES / "results.json").read_bytes())
    computed = json.loads(json.dumps(record.reading.document))
    del computed["timing"]  # nothing follows from clocks
    found = [*compare_documents(stored, computed)]
    found += compare_documents(record.about["headline"], stored["headline"], "headline")
    return conclude(what, [told for told, rounding in found if not rounding], sum(rounding for _, rounding in found))


def _check_pages(what: str, record: Unpacked) -> Checked:
    """Whether page and tables are those that this version writes."""
    if record.about["brittlestar"] != version("brittlestar"):
        other = f"brittlestar {record.about['brittlestar']} wrote them, and this is {version('brittlestar')}"
        return Checked(what, "cannot-tell", (other,))
    reading = record.reading
    written: Mapping[str, Callable[[], str]] = {
        "report.html": lambda: page(reading),
        "tables.md": lambda: tables.markdown(reading),
        "tables.tex": lambda: tables.latex(reading),
        "verdicts.md": lambda: verdict_tables.markdown(reading.judgements),
        "verdicts.tex": lambda: verdict_tables.latex(reading.judgements),
    }
    places = {name: record.folder / PAGES / name for name in written}
    wrong = [name for name, write in written.items() if places[name].read_text(encoding="utf-8") != write()]
    return conclude(what, [f"{PAGES}/{name} does not follow from the record" for name in wrong])


PARTS: Mapping[str, Callable[[str, Unpacked], Checked]] = {
    "runs are named by their settings": _check_cells,
    "scores follow from predictions": _check_scores,
    "claims are those registered": _check_claims,
    "data": _check_data,
    "audit of the data": check_audit,
    "numbers, findings and verdicts": _check_documents,
    "page and tables": _check_pages,
}
"""What is checked, in the order in which it is said."""
