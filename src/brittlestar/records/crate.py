"""ro-crate-metadata.json: the record as a Process Run Crate (version 0.5), one action a run.

The profile is that of the Workflow Run RO-Crate group, on RO-Crate 1.1: data, the tool, and what was done with it, in
JSON-LD that archives and catalogues read.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.records.gathering import FOLDER
from brittlestar.store.layout import CELLS

CRATE = "ro-crate-metadata.json"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
CONTEXT = [f"{SPECIFICATION}/context", "https://w3id.org/ro/terms/workflow-run/context"]
TOOL, LICENCE, DATA = "#brittlestar", "#licence", f"{FOLDER}/data/"
STATES = {"done": "CompletedActionStatus", "failed": "FailedActionStatus", "lost": "FailedActionStatus"}
"""What became of a run, as schema.org says it; what never began is no action."""
FORMATS = {
    "json": "application/json", "jsonl": "application/jsonlines", "parquet": "application/vnd.apache.parquet",
    "npy": "application/octet-stream", "npz": "application/zip", "safetensors": "application/octet-stream",
    "html": "text/html", "md": "text/markdown", "tex": "application/x-tex", "txt": "text/plain", "py": "text/x-python",
    "yaml": "application/yaml", "svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf",
}  # fmt: skip


def describe_crate(record: StudyRecord, attempts: Iterable[Mapping[str, Any]], names: Iterable[str]) -> dict[str, Any]:
    """The document of a record with these files. Times are those of the lines of the study's attempts, so that the same
    study has the same document."""
    times = _find_times(attempts)
    listed = sorted(names)
    first = {cell.hash: cell for cell in reversed(record.cells)}  # variants that are the same share their runs
    runs = [cell for cell in record.cells if first[cell.hash] is cell and cell.state in STATES]
    folders = [f"{FOLDER}/{CELLS}/{cell.hash}/" for cell in runs]
    there = [one for one in [DATA, *folders] if any(name.startswith(one) for name in listed)]
    loose = [name for name in listed if not name.startswith(tuple(there))]
    kinds = {**dict.fromkeys(folders, "what a run left"), DATA: "data as the runs read them"}
    kinds = {one: f"{record.name}: {words}" for one, words in kinds.items()}
    graph = [
        {"@id": CRATE, "@type": "CreativeWork", "conformsTo": {"@id": SPECIFICATION}, "about": {"@id": "./"}},
        _describe_root(record, times, [*there, *loose], runs),
        {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": PROFILE.rpartition("/")[2]},
        _describe_tool(record),
        {"@id": LICENCE, "@type": "CreativeWork", "name": "No licence is stated", "description": "Ask the authors."},
        *({"@id": quote(one), "@type": "Dataset", "name": one, "description": kinds[one]} for one in there),
        *(_describe_file(one) for one in loose),
        *(_describe_run(cell, times, there) for cell in runs),
    ]
    return {"@context": CONTEXT, "@graph": graph}


def _find_times(attempts: Iterable[Mapping[str, Any]]) -> dict[str, tuple[float, float]]:
    """When each run began last, and when it ended: seconds since 1970."""
    found: dict[str, tuple[float, float]] = {}
    for line in attempts:
        if line["cell"]:
            begun = line["at"] if line["event"] == "started" else found.get(line["cell"], (line["at"], 0.0))[0]
            found[line["cell"]] = begun, line["at"]
    return found


def _format_time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _describe_root(
    record: StudyRecord, times: Mapping[str, tuple[float, float]], parts: Sequence[str], runs: Sequence[CellRecord]
) -> dict[str, Any]:
    last = max((ended for _, ended in times.values()), default=0.0)
    rows = ", ".join(f"{name} {split.rows:,}" for name, split in record.splits.items())
    return {
        "@id": "./",
        "@type": "Dataset",
        "conformsTo": {"@id": PROFILE},
        "name": record.title or record.name,
        "description": f"Everything that a study of sequence classifiers did: {len(runs)} runs; rows: {rows}.",
        "datePublished": _format_time(last),
        "license": {"@id": LICENCE},
        "hasPart": [{"@id": quote(one)} for one in parts],
        "mentions": [{"@id": _name_run(cell)} for cell in runs],
    }


def _describe_tool(record: StudyRecord) -> dict[str, Any]:
    packages: Mapping[str, Any] = record.environment.get("packages") or {}
    return {
        "@id": TOOL,
        "@type": "SoftwareApplication",
        "name": "brittlestar",
        "description": "Stress-tests sequence classifiers.",
        "softwareVersion": str(packages.get("brittlestar") or version("brittlestar")),
        "softwareRequirements": ", ".join(f"{name} {one}" for name, one in sorted(packages.items())),
    }


def _describe_file(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {"@id": quote(name), "@type": "File", "name": name}
    kind = FORMATS.get(name.rpartition(".")[2])
    return found if kind is None else {**found, "encodingFormat": kind}


def _describe_run(cell: CellRecord, times: Mapping[str, tuple[float, float]], there: Sequence[str]) -> dict[str, Any]:
    result = f"{FOLDER}/{CELLS}/{cell.hash}/"
    found: dict[str, Any] = {
        "@id": _name_run(cell),
        "@type": "CreateAction",
        "name": f"{cell.variant}, seed {cell.seed}",
        "instrument": {"@id": TOOL},
        "description": f"{cell.outcome or cell.state}: variant {cell.variant} from root seed {cell.seed}",
        "actionStatus": f"http://schema.org/{STATES[cell.state]}",
    }
    found |= {"object": {"@id": DATA}} if DATA in there else {}
    found |= {"result": {"@id": result}} if result in there else {}
    if cell.hash in times:
        begun, ended = times[cell.hash]
        found |= {"startTime": _format_time(begun), "endTime": _format_time(ended)}
    return found if cell.state == "done" else {**found, "error": cell.error or cell.state}


def _name_run(cell: CellRecord) -> str:
    return f"#run-{cell.hash}"
