"""progress.json: what a run is doing now, for other terminals; a small file that is there while the run is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from brittlestar.core.hashing import pretty_json
from brittlestar.store.layout import PROGRESS, Store
from brittlestar.store.lock import is_locked


def write_progress(store: Store, document: Mapping[str, Any]) -> None:
    """Replace the file as a whole. It is never flushed to disk: nothing depends on it once the run has ended. Raises
    StoreError when the disk is full or read-only."""
    store.write(PROGRESS, pretty_json(document), lasting=False)


def remove_progress(store: Store) -> None:
    """Take the file away."""
    store.backend.remove(PROGRESS)


def read_progress(store: Store) -> dict[str, Any]:
    """`running` and `seconds_left` of the run that is at work; nothing runs where none is."""
    nothing: dict[str, Any] = {"running": [], "seconds_left": None}
    if not is_locked(store):
        return nothing
    try:
        return nothing | json.loads(store.backend.read(PROGRESS))
    except (OSError, ValueError):
        return nothing
