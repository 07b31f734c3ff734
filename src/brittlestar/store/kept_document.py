"""What a study keeps of a later stage: a JSON document with a hash of its own."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from brittlestar.core.errors import StoreError
from brittlestar.core.experiments import Experiments, read_experiment
from brittlestar.core.hashing import digest, pretty_json
from brittlestar.core.tracing import Tracing, read_tracing
from brittlestar.store.layout import Store

T = TypeVar("T")
TRACE = "trace.json"
DIAGNOSIS = "diagnosis.json"


def write_kept(store: Store, name: str, document: Mapping[str, Any]) -> None:
    """Keep a document. Raises StoreError."""
    store.write(name, pretty_json({**document, "digest": digest(document)}))


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


def write_trace(store: Store, tracing: Tracing) -> None:
    """Keep what tracing found. Raises StoreError."""
    write_kept(store, TRACE, tracing.as_json())


def read_trace(store: Store, cell: str) -> Tracing | None:
    """What tracing found in the run with the hash `cell`; None where nobody traced it. Raises StoreError where the file
    is damaged."""
    found = read_kept(store, TRACE, read_tracing, "trace again")
    return found if found is not None and found.cell == cell else None


def write_experiments(store: Store, experiments: Experiments) -> None:
    """Keep what experiments said. Raises StoreError."""
    write_kept(store, DIAGNOSIS, experiments.as_json())


def read_experiments(store: Store) -> Experiments:
    """What experiments said; nothing where there were none. Raises StoreError where the file is damaged."""
    return read_kept(store, DIAGNOSIS, _read, "diagnose again") or Experiments()


def _read(document: Mapping[str, Any]) -> Experiments:
    tried = tuple(read_experiment(one) for one in document["experiments"])
    return Experiments(tried, document["study"], document.get("sources"))
