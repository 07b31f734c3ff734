"""Findings about data as SARIF 2.1.0: each with the file and the lines of the rows that it names."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from brittlestar.core.findings import Finding

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def write_sarif(
    findings: Sequence[Finding], files: Mapping[str, str], lines: Mapping[str, Mapping[str, int]], version: str
) -> bytes:
    """The document, UTF-8. `files[split]` is its path as CI sees it, `lines[split]` {id: line, from 1} of rows that
    findings name; a split without a file, or a row without a line, gets the place that is known."""
    present = [one for one in findings if one.severity is not None]
    codes = sorted({one.code for one in present})
    rules = [
        {"id": code, "shortDescription": {"text": code}, "fullDescription": {"text": _threshold(present, code)}}
        for code in codes
    ]
    results = [_result(one, codes.index(one.code), files, lines) for one in present]
    driver = {"name": "brittlestar", "version": version, "rules": rules}
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def list_rows(finding: Finding) -> list[str]:
    """The ids of rows that a finding about data names."""
    rows = finding.evidence.get("rows")
    return [str(row) for row in cast("list[Any]", rows)] if isinstance(rows, list) else []


def _threshold(findings: Sequence[Finding], code: str) -> str:
    return next(one.threshold for one in findings if one.code == code)


def _result(
    one: Finding, rule: int, files: Mapping[str, str], lines: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    text = f"{one.summary} {one.remedy}".strip()
    level = LEVELS[one.severity or "info"]
    found = {"ruleId": one.code, "ruleIndex": rule, "level": level, "message": {"text": text}}
    split = one.where.get("split", "train")
    if split not in files:
        return found
    places = [lines.get(split, {})[row] for row in list_rows(one) if row in lines.get(split, {})]
    return {**found, "locations": [_location(files[split], line) for line in (places or [1])]}


def _location(file: str, line: int) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": file}, "region": {"startLine": line}}
    return {"physicalLocation": place}
