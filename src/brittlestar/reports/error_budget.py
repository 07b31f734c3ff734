"""How often the audit is wrong, as its exams measured it (`python -m exam.benchmark … --record`), in words."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from brittlestar.core.causes import rank_causes
from brittlestar.reports.words import write_text

PLACE = Path(__file__).with_name("error_budget.json")
TRAINING = {
    "training-fourth": "written by somebody who had not read the checks, and met by these once",
    "training-third": "which checks met once, and were tuned on afterwards",
    "training-second": "which checks met once, and were tuned on afterwards",
    "training-sealed": "which checks met once, and were tuned on afterwards",
}
"""Sets of the exam of training faults, the one to tell first."""


@cache
def error_budget() -> dict[str, Any]:
    """By exam (`clean`, `planted`, `fourth`, `known`, `fifth`), shares as {hits, of, low, high} under `clean` and
    `faults`, and the `commit` whose checks were scored; empty where nothing was measured."""
    return json.loads(PLACE.read_bytes()) if PLACE.exists() else {}


def measured_at(exam: str) -> str:
    """The commit that an exam was measured at, in words."""
    commit = error_budget().get(exam, {}).get("commit")
    return f"measured at commit {commit}" if commit else "commit not recorded"


def sentences() -> list[str]:
    """The budget in words, one sentence a figure."""
    return write_text("error_budget.txt.j2", measured=error_budget(), measured_at=measured_at).splitlines()


def describe_diagnosis(codes: Iterable[str]) -> str:
    """How often a diagnosis is right, in sentences: on reported faults of training, and what checks knew of them; empty
    where that was not measured, or where `codes`, the causes that it stands beside, are of another kind."""
    part = next((one for one in TRAINING if one in error_budget()), None)
    if part is None or not {*codes} & {*rank_causes()}:
        return ""
    facts = {"one": error_budget()[part], "known": TRAINING[part], "measured": measured_at(part)}
    return write_text("diagnosis_budget.txt.j2", **facts)
