"""What a study keeps of a later stage: a JSON document with a hash of its own."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from brittlestar.core.cells import Cell
from brittlestar.core.errors import StoreError
from brittlestar.core.experiments import Experiments, read_experiment
from brittlestar.core.hashing import digest, pretty_json
from brittlestar.core.sealed import Sealed
from brittlestar.core.tracing import Tracing, read_tracing
from brittlestar.store.cell_folder import read_outcomes
from brittlestar.store.layout import CLAIMS, STUDY, Store

T = TypeVar("T")
TRACE = "trace.json"
DIAGNOSIS = "diagnosis.json"
SEALED = "sealed.json"


def read_kept(store: Store, name: str, read: Callable[[Mapping[str, Any]], T], again: str) -> T | None:
    """What `read` makes of the document; None where there is none. Raises StoreError, which says what to do `again`,
    where the file is damaged."""
    if not store.backend.exists(name):
        return None
    try:
        document = json.loads(store.backend.read(name))
        if document.pop("digest") != digest(document):
            raise ValueError("it does not match its own hash")
        return read(document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = f"remove it, and {again}"
        raise StoreError(f"is damaged ({error})", store.name_key(name), hint) from error


def read_trace(store: Store, cell: str) -> Tracing | None:
    """What tracing found in the run with the hash `cell`; None where nobody traced it. Raises StoreError where the file
    is damaged."""
    found = read_kept(store, TRACE, read_tracing, "diagnose again")
    return found if found is not None and found.cell == cell else None


def read_experiments(store: Store) -> Experiments:
    """What experiments said; nothing where there were none. Raises StoreError where the file is damaged."""
    return read_kept(store, DIAGNOSIS, _read, "diagnose again") or Experiments()


def _read(document: Mapping[str, Any]) -> Experiments:
    tried = tuple(read_experiment(one) for one in document["experiments"])
    return Experiments(tried, document["study"])


def write_sealed(store: Store, cells: Sequence[Cell], sealed: Sealed) -> None:
    """Keep what was sealed, with what the study is now. Raises StoreError."""
    store.write(
        SEALED, pretty_json({"root": sealed.root, "record": sealed.record, "of": _describe_state(store, cells)})
    )


def read_sealed(store: Store, cells: Sequence[Cell]) -> Sealed | None:
    """What was sealed; None where nothing was, or the study has changed since."""
    try:
        told: Any = json.loads(store.backend.read(SEALED))
        return Sealed(told["root"], told["record"]) if told["of"] == _describe_state(store, cells) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _describe_state(store: Store, cells: Sequence[Cell]) -> str:
    """A digest of settings, claims, and what every run gave."""
    files = {name: store.backend.read(name).decode() for name in (STUDY, CLAIMS) if store.backend.exists(name)}
    runs = {cell.hash: outcome.get("digest") for cell, outcome in read_outcomes(store, cells)}
    return digest({"files": files, "runs": runs})
