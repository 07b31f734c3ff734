"""The error budget of the audit: what the exams last measured, kept where pages find it and in the ledger."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from brittlestar.core.hashing import pretty_json
from brittlestar.reports.error_budget import PLACE
from brittlestar.statistics.proportions import bound_share
from exam import ledger
from exam.faults.known import FAULTS

SETS = {
    "clean": "generated clean folders",
    "known": f"known set, {len(FAULTS)} kinds out of the first to fourth",
    "fifth": "fifth set, and clean folders of its subjects",
}
FIGURES = {"clean": "clean folders with an alarm", "faults": "planted faults that were found"}


def summary(part: str, table: Mapping[str, Any]) -> dict[str, Any]:
    """What a table of `python -m exam.benchmark` comes to: clean folders with an alarm, and planted
    faults at doses that matter that were found with the right code and place, each with a 95 % interval."""
    found: dict[str, Any] = {}
    if "clean" in table:
        clean = table["clean"]
        found["clean"] = _share(clean["with_alarm"], clean["cases"])
    if "faults" in table:
        faults: Sequence[Mapping[str, Any]] = table["faults"]
        right, cases = (sum(int(fault[name]) for fault in faults) for name in ("right", "cases"))
        found["faults"] = {**_share(right, cases), "kinds": len(faults), "codes": _codes(faults)}
    return {part: found}


def record(part: str, table: Mapping[str, Any], commit: str, sha256: str) -> None:
    """Write the summary of one whole exam beside those of the others, and a line of the ledger: `commit` is that whose
    checks were scored, `sha256` that of the set."""
    known = json.loads(PLACE.read_bytes()) if PLACE.exists() else {}
    found = summary(part, table)
    PLACE.write_bytes(pretty_json({**known, part: {"commit": commit, **found[part]}}))
    figures = {
        FIGURES[what]: {name: one[name] for name in ("hits", "of", "low", "high")} for what, one in found[part].items()
    }
    ledger.record(part, SETS[part], sha256, commit, f"python -m exam.benchmark {part} --record", figures)


def record_training(part: str, figures: Mapping[str, Any], commit: str) -> None:
    """Write what the exam of training faults measured on one of its sets where pages find it."""
    known = json.loads(PLACE.read_bytes())
    PLACE.write_bytes(pretty_json({**known, part: {"commit": commit, **figures}}))


def _codes(faults: Sequence[Mapping[str, Any]]) -> dict[str, list[int]]:
    """[right, cases] by code."""
    codes: dict[str, list[int]] = {}
    for fault in faults:
        right, cases = codes.get(fault["code"], [0, 0])
        codes[fault["code"]] = [right + int(fault["right"]), cases + int(fault["cases"])]
    return dict(sorted(codes.items()))


def _share(hits: int, of: int) -> dict[str, Any]:
    low, high = bound_share(hits, max(of, 1))
    return {"hits": hits, "of": of, "low": low, "high": high}
