"""How often the audit is wrong, as its exams measured it (`python -m brittlestar.testing.benchmark … --record`)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

PLACE = Path(__file__).with_name("error_budget.json")


@cache
def error_budget() -> dict[str, Any]:
    """By exam (`clean`, `planted`, `held-out`), shares as {hits, of, low, high} under `clean` and `faults`; empty where
    nothing was measured."""
    return json.loads(PLACE.read_bytes()) if PLACE.exists() else {}


def sentences() -> list[str]:
    """The budget in words, one sentence a figure."""
    measured = error_budget()
    told: list[str] = []
    for exam, what in (("clean", "generated clean folders"), ("held-out", "clean folders of subjects kept apart")):
        if one := measured.get(exam, {}).get("clean"):
            told.append(f"Errors or warnings on {one['hits']:,} of {one['of']:,} {what}{_between(one)}.")
    for exam, what in (("planted", "checks were tuned on these"), ("held-out", "kept apart from all tuning")):
        if one := measured.get(exam, {}).get("faults"):
            told.append(
                f"Of {one['of']:,} planted faults of {one['kinds']} kinds at doses that matter ({what}), "
                f"{one['hits']:,} were found with the right code, place and rows{_between(one)}."
            )
    return told


def _between(one: dict[str, Any]) -> str:
    return f" ({100 * one['low']:.1f} to {100 * one['high']:.1f} %)"
