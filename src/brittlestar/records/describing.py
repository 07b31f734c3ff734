"""record.json: what a record is of, in one document that a person and a script can read first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from brittlestar.core.results import StudyRecord
from brittlestar.records.ledger import Scored

RECORD = "record.json"
README = "README.md"
RECORD_FORMAT = 1


@dataclass(frozen=True)
class SealedCode:
    """Own code as it is sealed: the hash of each file, and whether it is still the code that the runs were made with
    (None where there is no own code, or it was an object in memory)."""

    files: Mapping[str, str]
    unchanged: bool | None


def describe_record(
    record: StudyRecord,
    document: Mapping[str, Any],
    code: SealedCode,
    withheld: Sequence[str],
    scored: Iterable[Scored],
    registered_at: Mapping[str, float],
) -> dict[str, Any]:
    """The document: `document` is that of results.json, `registered_at` the time of each claim by its hash."""
    states = Counter(cell.state for cell in record.cells)
    seconds: Mapping[str, float] = record.timing["cell_seconds"]
    return {
        "format": RECORD_FORMAT,
        "brittlestar": version("brittlestar"),
        "name": record.name,
        "folder": record.folder,
        "main": record.main,
        "metric": record.metric,
        "headline": document["headline"],
        "runs": {state: states[state] for state in ("done", "failed", "lost", "planned", "running")},
        "compute": {"runs": len(seconds), "seconds": round(sum(seconds.values()), 3)},
        "environment": document["environment"],
        "data": {name: {"rows": one.rows, "fingerprint": one.fingerprint} for name, one in record.splits.items()},
        "claims": [
            {**{name: one.get(name) for name in ("claim", "hash", "registered")}, "at": registered_at.get(one["hash"])}
            for one in record.claims
        ],
        "own_code": {"files": dict(code.files), "unchanged": code.unchanged},
        "withheld": list(withheld),
        "scored_before": [one.as_json() for one in scored],
    }


def write_readme(record: StudyRecord, withheld: Sequence[str]) -> bytes:
    """What a person reads who unpacks a record."""
    kept = "It holds the data, too." if not withheld else "Weights, or tokens of rows, were left out: see record.json."
    return (
        f"# Record of {record.name}\n\n"
        "Everything that a study of sequence classifiers did, with a hash of every file in manifest.json. One hash is\n"
        f"over them all. {kept}\n\n"
        "```sh\npip install brittlestar\nbrittlestar verify THIS_RECORD\n```\n\n"
        "| place | what it is |\n| --- | --- |\n"
        "| record.json | the answers, the claims, the environment, and how often test rows were scored before |\n"
        "| study/ | settings, claims, curves, predictions, findings of the data, and every run |\n"
        "| report/ | the page, results.json, tables and figures |\n"
        "| checklists.md | three checklists, answered from what the study did, and its limits |\n"
        "| code/ | own code that the runs were made with, and study.yaml, which makes them again |\n"
        "| rows/ | the data as they were read, where they were not left out |\n"
        "| files/ | predictions that were given, and tables of vectors, where there are some |\n"
    ).encode()
