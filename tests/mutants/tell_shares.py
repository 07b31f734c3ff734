"""Says how many mutants survived, by room and by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from brittlestar.statistics.proportions import bound_share

Outcome = dict[str, Any]
"""One mutant as the results have it: room, kind, file, line, before, after, outcome, tests, seconds, cut."""
SURVIVED = ("survived", "unreached")
"""Outcomes of a mutant that no test noticed; the second that no test runs its line."""


def tell_shares(outcomes: Sequence[Outcome]) -> list[str]:
    """A line for each room and for all: how many survived, their share and its exact 95 % interval, and kinds."""
    return [_share(name, own) for name, own in split_rooms(outcomes).items()]


def split_rooms(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """Outcomes of each room, and of `all`."""
    rooms = dict.fromkeys(outcome["room"] for outcome in outcomes)
    own = {room: [outcome for outcome in outcomes if outcome["room"] == room] for room in rooms}
    return {**own, "all": list(outcomes)}


def tell_mutant(outcome: Outcome) -> str:
    """Where a mutant is and what it changes."""
    cut = ", slower tests left out" if outcome["cut"] else ""
    return (
        f"{outcome['file']}:{outcome['line']}  {outcome['before']}  →  {outcome['after']}"
        f"  ({outcome['outcome']}, {outcome['tests']} tests{cut})"
    )


def count_share(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """How many of how many survived, and the exact 95 % interval of the share."""
    counted = [outcome["outcome"] in SURVIVED for outcome in outcomes]
    low, high = bound_share(sum(counted), len(counted))
    return {"survived": sum(counted), "mutants": len(counted), "low": low, "high": high}


def _share(name: str, outcomes: Sequence[Outcome]) -> str:
    told = count_share(outcomes)
    survived, total = told["survived"], told["mutants"]
    kinds = Counter(outcome["kind"] for outcome in outcomes)
    of_kind = Counter(outcome["kind"] for outcome in outcomes if outcome["outcome"] in SURVIVED)
    parts = ", ".join(f"{kind} {of_kind[kind]}/{count}" for kind, count in sorted(kinds.items()))
    low, high = (f"{100 * told[end]:.1f}" for end in ("low", "high"))
    return f"{name:<12}{survived:>4} of {total:<4}{100 * survived / total:5.1f} % [{low}, {high}]  {parts}"
