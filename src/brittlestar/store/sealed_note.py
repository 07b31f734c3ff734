"""sealed.json: the root hash of the last record of a study, for as long as the study is what was sealed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.hashing import digest, pretty_json
from brittlestar.core.sealed import Sealed
from brittlestar.store.cell_folder import read_outcomes
from brittlestar.store.layout import CLAIMS, STUDY, Store

SEALED = "sealed.json"


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
