"""Numbers and rows as sentences and evidence show them."""

from __future__ import annotations

from typing import Any

import numpy as np

from brittlestar.audits.dataset import AuditSplit

FEWEST_ROWS = 50  # derived: what 6 % of rows show is shown by none of 50 with a probability below 5 %
MOST_ROWS = 10  # budget: room in a sentence, and what the conformance test of checks allows
MOST_IDS = 10_000  # budget: size of a document
LEAST_SHOWN = 0.001  # convention: smaller shares are never read as numbers


def percent(share: float) -> str:
    """A share for people: `0.4 %`, `12 %`; `less than 0.001 %` below that."""
    points = 100 * share
    if 0 < points < LEAST_SHOWN:
        return f"less than {LEAST_SHOWN} %"
    return f"{points:.0f} %" if points >= 10 or points == 0 else f"{points:.2g} %"


def listed_ids(rows: AuditSplit, positions: np.ndarray) -> list[Any]:
    """Ids of up to ten of the rows at `positions`, evenly spaced over them."""
    if len(positions) > MOST_ROWS:
        positions = positions[np.linspace(0, len(positions) - 1, MOST_ROWS).astype(np.int64)]
    return [rows.ids[int(position)] for position in positions]


def all_ids(rows: AuditSplit, positions: np.ndarray) -> list[Any] | None:
    """Ids of all rows at `positions`, or None where they are too many to print."""
    return rows.ids.gather(positions).to_list() if len(positions) <= MOST_IDS else None
