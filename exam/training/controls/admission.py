"""Which candidates are healthy by what they reach. Their accuracies are in `healthy.json`, by name."""

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.hashing import pretty_json
from exam.training.controls.accuracy import Accuracy, measure
from exam.training.fault import Odd
from exam.training.shares import write_entries

PLACE = Path(__file__).with_name("healthy.json")
SEEDS = 3
BELOW, SPREAD, RECALL = 0.05, 0.05, 0.5
"""Convention: how far the mean of seeds may be below what is reachable, how far seeds may be apart, and the least that
each class is found, so that no control is one that has given up a rare class."""
AT_ALL = 1e-9
"""Slack of floating point."""


def is_admitted(entry: Mapping[str, Any]) -> bool:
    """Whether accuracies are those of a healthy program. `entry` has the fields of Accuracy."""
    scores: Sequence[float] = entry["scores"]
    return (
        sum(scores) / len(scores) >= entry["reachable"] - BELOW - AT_ALL
        and max(scores) - min(scores) <= SPREAD + AT_ALL
        and entry["recall"] >= RECALL
    )


def known() -> dict[str, dict[str, Any]]:
    """What was measured: the fields of Accuracy and the `digest` of what was trained, by name."""
    return json.loads(PLACE.read_bytes()) if PLACE.exists() else {}


def check(controls: Sequence[Odd]) -> str:
    """SHA-256 of all that was measured. Raises InputError where a control is not the one whose accuracies are known."""
    measured = known()
    for control in controls:
        if measured.get(control.name, {}).get("digest") != control.healthy.digest():
            raise InputError(f"{control.name} is not what was measured", PLACE.name, "measure it again with --scores")
    return hashlib.sha256(pretty_json(measured)).hexdigest()


def keep_accuracies(candidates: Sequence[Odd]) -> None:
    """Measure what is not known yet, or was measured of another text, one after the other."""
    found = known()
    for candidate in candidates:
        digest = candidate.healthy.digest()
        if found.get(candidate.name, {}).get("digest") == digest:
            continue
        entry = _as_entry(measure(candidate.healthy, SEEDS), digest)
        found[candidate.name] = entry
        write_entries(PLACE, found)
        sentence = " ".join(f"{100 * score:.1f}" for score in entry["scores"])
        print(
            f"{candidate.name} ({candidate.task}): {sentence} {'' if is_admitted(entry) else 'REJECTED'}",
            file=sys.stderr,
            flush=True,
        )


def _as_entry(found: Accuracy, digest: str) -> dict[str, Any]:
    return {
        "digest": digest,
        "scores": list(found.scores),
        "recall": round(found.recall, 4),
        "reachable": round(found.reachable, 4),
    }
