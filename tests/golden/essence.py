"""What of a document `expected.json` keeps: what a person reads, and neither evidence nor tables behind it."""

from typing import Any

LEFT_OUT = {"evidence", "threshold", "environment", "hash", "schema_version", "limits", "grounds", "trivial_baselines"}
OF_FINDINGS = ("code", "status", "severity", "where")
SAID = ("summary", "remedy")


def essence(value: Any) -> Any:
    """Reduce a document: of findings that are present the words, of all others code and status."""
    if isinstance(value, dict):
        if {"code", "status", "summary"} <= value.keys():
            kept = OF_FINDINGS + SAID * (value["status"] == "present")
            return {key: value[key] for key in kept if value.get(key)}
        return {key: essence(one) for key, one in value.items() if key not in LEFT_OUT}
    return [essence(one) for one in value] if isinstance(value, list) else value
