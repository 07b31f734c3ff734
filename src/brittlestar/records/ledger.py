"""How often rows of test were scored, by which study, and before which claim was registered: a test set that was looked
at forty times is no longer one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.errors import BrittlestarError
from brittlestar.core.results import StudyRecord
from brittlestar.data.opening import open_data
from brittlestar.store.attempts import REGISTERED, read_attempts
from brittlestar.store.layout import Store, open_store
from brittlestar.store.study_document import read_study

STARTED = ("started", "done", "failed")


@dataclass(frozen=True)
class Scored:
    """Runs of one study that scored the same rows of `split`: how many, and how many of them before the first claim of
    the sealed study was registered (None where that time is not known)."""

    study: str
    split: str
    runs: int
    before_claims: int | None

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return asdict(self)


Line = Mapping[str, Any]
"""A line of attempts.jsonl, or a claim as claims.json has it."""


def find_registered(lines: Sequence[Line], claims: Iterable[Line]) -> dict[str, float]:
    """When each claim that was registered before any run was so: seconds since 1970, by the claim's hash. Of a study
    that did not note it, when its first run began, since no claim was registered later; none without a run."""
    first = find_first_start(lines)
    noted = {name: line["at"] for line in lines if line["event"] == REGISTERED for name in line["claims"]}
    times = {one["hash"]: noted.get(one["hash"], first) for one in claims if one.get("registered")}
    return {name: at for name, at in times.items() if at is not None}


def find_first_start(lines: Iterable[Line]) -> float | None:
    """When the first run began: seconds since 1970; None without one."""
    return min((line["at"] for line in lines if line["event"] in STARTED), default=None)


def count_scored(store: Store, record: StudyRecord, split: str, registered: Mapping[str, float]) -> tuple[Scored, ...]:
    """This study and those beside it whose `split` has the same rows, by name; its claims were `registered` then."""
    return tuple(
        count_runs(other.name, read_attempts(other), split, registered)
        for other in _list_beside(store)
        if _fingerprint(other, split) == record.splits[split].fingerprint
    )


def count_runs(study: str, lines: Iterable[Line], split: str, registered: Mapping[str, float]) -> Scored:
    """How many runs of a study scored `split`, by its attempts, and how many before the first of these claims."""
    done = [line["at"] for line in lines if line["event"] == "done"]
    first = min(registered.values(), default=None)
    before = None if first is None else sum(at < first for at in done)
    return Scored(study, split, len(done), before)


def _list_beside(store: Store) -> Iterator[Store]:
    if not isinstance(store.root, Path):
        yield store
        return
    for folder in sorted(store.root.resolve().parent.glob("*.study")):
        try:
            yield open_store(folder)
        except BrittlestarError:
            continue  # it is none, or not set up yet


def _fingerprint(store: Store, split: str) -> str | None:
    try:
        read_study(store)
        data = open_data(store.data)
    except (BrittlestarError, OSError):
        return None
    return data.splits[split].fingerprint if split in data.splits else None
