"""Numbers and rows as sentences and evidence show them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from brittlestar.audits.dataset import AuditSplit
from brittlestar.core.findings import Finding

FEWEST_ROWS = 50  # derived: what 6 % of rows show is shown by none of 50 with a probability below 5 %
MOST_ROWS = 10  # budget: room in a sentence, and what the conformance test of checks allows
MOST_IDS = 10_000  # budget: size of a document
NO_OTHER_SPLIT = "There is no split besides train to compare with it."
LEAST_SHOWN = 0.001  # convention: smaller shares are never read as numbers


def percent(share: float) -> str:
    """A share for people: `0.4 %`, `12 %`; `less than 0.001 %` below that."""
    points = 100 * share
    if 0 < points < LEAST_SHOWN:
        return f"less than {LEAST_SHOWN} %"
    return f"{points:.0f} %" if points >= 10 or points == 0 else f"{points:.2g} %"


def listed_ids(rows: AuditSplit, positions: np.ndarray) -> list[Any]:
    """Ids of up to ten of the rows at `positions`, evenly spaced over them."""
    return [rows.ids[int(position)] for position in positions[spread(len(positions))]]


def spread(many: int) -> np.ndarray:
    """int64: up to ten of `many` positions, evenly spaced."""
    return np.arange(many) if many <= MOST_ROWS else np.linspace(0, many - 1, MOST_ROWS).astype(np.int64)


def all_ids(rows: AuditSplit, positions: np.ndarray) -> list[Any] | None:
    """Ids of all rows at `positions`, or None where they are too many to print."""
    return rows.ids.gather(positions).to_list() if len(positions) <= MOST_IDS else None


def show_rows(rows: AuditSplit, positions: np.ndarray) -> dict[str, Any]:
    """The rows at `positions` as evidence holds them: up to ten under `rows`, all under `row_ids`."""
    return {"rows": listed_ids(rows, positions), "row_ids": all_ids(rows, positions)}


def show_text(rows: AuditSplit, position: int, longest: int) -> str:
    """One row as a text of at most `longest` characters; a list of tokens is joined by spaces."""
    raw = rows.texts[position]
    text = raw if isinstance(raw, str) else " ".join(raw)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def too_few(n_rows: int) -> str:
    """That so many rows cannot tell."""
    return f"{n_rows} rows are too few to tell, {FEWEST_ROWS} would do"


def report_absent(
    code: str, threshold: str, story: str, n_rows: int, where: Mapping[str, str], evidence: Mapping[str, Any]
) -> Finding:
    """The finding of an effect below its threshold: `inconclusive` where fewer than 50 rows were looked at."""
    if n_rows < FEWEST_ROWS:
        return Finding(code, "inconclusive", f"{story}; {too_few(n_rows)}.", threshold, None, where, evidence)
    return Finding(code, "absent", f"{story}.", threshold, None, where, evidence)
