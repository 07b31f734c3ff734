"""Cells of one variant are comparable bit by bit only within one environment class."""

from __future__ import annotations

from collections.abc import Sequence

from brittlestar.core.cells import Cell
from brittlestar.core.errors import StoreError
from brittlestar.store.cell_folder import read_outcome
from brittlestar.store.cell_outputs import read_environment
from brittlestar.store.layout import Store


def other_environments(store: Store, cells: Sequence[Cell], here: str) -> dict[str, list[str]]:
    """Environment classes other than `here` that trained finished cells, and the variants whose cells they are."""
    found: dict[str, set[str]] = {}
    for cell in cells:
        outcome = read_outcome(store, store.cell(cell.hash))
        if outcome is not None and outcome["state"] == "done" and not cell.settings["model"]["predictions"]:
            computed = read_environment(store, cell.hash)
            if computed != here:
                found.setdefault(computed, set()).add(cell.variant)
    return {name: sorted(arms) for name, arms in sorted(found.items())}


def refuse_mixing(store: Store, others: dict[str, list[str]], here: str) -> None:
    """Raise StoreError when there are `other_environments`."""
    if others:
        arms = ", ".join(sorted({arm for arms in others.values() for arm in arms}))
        raise StoreError(
            f"finished cells of {arms} were computed by another environment (class {', '.join(others)}; this one is "
            f"{here}): other versions, processor or device",
            str(store.root),
            "start a fresh store with --out DIR, or mix them knowingly with --mix-environments",
        )


def mixing_note(others: dict[str, list[str]], here: str) -> list[str]:
    """What the study says of itself when they were mixed knowingly."""
    return [
        f"mixed environments: cells of {', '.join(arms)} were computed by class {name}, later ones by {here}; "
        "within a variant they are equivalent at best, not identical"
        for name, arms in others.items()
    ]
