"""How often the audit is wrong, as its exams measured it (`python -m exam.benchmark … --record`)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

PLACE = Path(__file__).with_name("error_budget.json")
CLEAN = {
    "clean": "generated clean folders",
    "fourth": "clean folders of the fourth set's subjects, which checks were tuned on afterwards",
    "fifth": "clean folders of the fifth set's subjects, sealed before checks met them",
}
FAULTS = {
    "planted": "first to third set, which checks were tuned on",
    "fourth": "fourth set, which checks were tuned on afterwards",
    "known": "50 kinds out of these four sets",
    "fifth": "fifth set, sealed before checks met it",
}


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
    measured = error_budget()
    told: list[str] = []
    for exam, what in CLEAN.items():
        if one := measured.get(exam, {}).get("clean"):
            told.append(f"Errors or warnings on {one['hits']:,} of {one['of']:,} {what} {_format_bounds(one, exam)}.")
    for exam, what in FAULTS.items():
        if one := measured.get(exam, {}).get("faults"):
            told.append(
                f"Of {one['of']:,} planted faults of {one['kinds']} kinds at doses that matter ({what}), "
                f"{one['hits']:,} were found with the right code, place and rows {_format_bounds(one, exam)}."
            )
    return told


def describe_diagnosis() -> str:
    """How often a diagnosis is right, in a sentence: on reported faults of training, and what checks knew of them;
    empty where that was not measured."""
    part = next((one for one in TRAINING if one in error_budget()), None)
    if part is None:
        return ""
    one = error_budget()[part]
    noticed, first, named = (one[f"faults {what}"] for what in ("noticed", "first", "named"))
    quiet = one["healthy programs with a false alarm"]

    def share(of: dict[str, Any]) -> str:
        return f"{of['hits']} ({100 * of['low']:.0f} to {100 * of['high']:.0f} %)"

    return (
        f"Of {noticed['of']} reported faults of training, {TRAINING[part]}, a run noticed "
        f"{share(noticed)}, put an accepted cause first for {share(first)}, and named it in words for {share(named)}; "
        f"{quiet['hits']} of {quiet['of']} healthy programs had a false alarm ({measured_at(part)})."
    )


def _format_bounds(one: dict[str, Any], exam: str) -> str:
    return f"({100 * one['low']:.1f} to {100 * one['high']:.1f} %; {measured_at(exam)})"
