"""What a report keeps of a study's document: results.json, which a program can read at once, and files beside it."""

from collections.abc import Callable, Mapping
from typing import Any

from brittlestar.core.documents import begin_document
from brittlestar.core.hashing import lined_json

RESULTS, PROBES, ABSENT = "results.json", "probes.json", "absent.json"
BESIDE = {"probes": PROBES, "absent": ABSENT}
"""Files beside results.json, by what they hold: what each variant did under each condition of probes, and findings that
are absent."""


def shorten_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without what is in the files beside it, whose names stand under `files`."""
    short = {**document, "findings": [one for one in document["findings"] if one["status"] != "absent"]}
    if "probes" in document:
        short["probes"] = {name: one for name, one in document["probes"].items() if name != "variants"}
    return {**short, "files": BESIDE}


def make_results(document: Mapping[str, Any]) -> dict[str, Any]:
    """results.json: the same bytes for the same study, so that no clock is in it."""
    short = shorten_document(document)
    return {key: value for key, value in short.items() if key != "timing"}


def make_probes(document: Mapping[str, Any]) -> dict[str, Any]:
    """probes.json: every variant under every condition; none of a study that was not probed."""
    variants = document.get("probes", {}).get("variants", {})
    return {**begin_document(), "study": document["study"]["name"], "variants": variants}


def make_absent(document: Mapping[str, Any]) -> dict[str, Any]:
    """absent.json: findings that were looked for, and are not there."""
    absent = [finding for finding in document["findings"] if finding["status"] == "absent"]
    return {**begin_document(), "study": document["study"]["name"], "findings": absent}


RESULT_FILES: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    RESULTS: make_results,
    PROBES: make_probes,
    ABSENT: make_absent,
}
"""The documents of a report by the names of their files, and what makes each of the whole document of a study."""


def write_result(name: str, document: Mapping[str, Any]) -> bytes:
    """One of RESULT_FILES as its file has it."""
    return lined_json(RESULT_FILES[name](document))
