"""Numbers and rows as sentences and evidence show them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from brittlestar.audits.dataset import AuditDataset
from brittlestar.baselines.rows import BaselineRows

FEWEST_ROWS = 50  # derived: what 6 % of rows show is shown by none of 50 with a probability below 5 %
MOST_ROWS_SHOWN = 10  # budget: room in a sentence, and what tests/conformance/check_conformance.py allows
MOST_IDS = 10_000  # budget: size of a document
LEAST_SHOWN = 0.001  # convention: smaller shares are never read as numbers


def show_tokens(dataset: AuditDataset, codes: np.ndarray) -> str:
    """The tokens of a row as people read it, cut after 12."""
    shown = " ".join(dataset.tokens[code] for code in codes[:12].tolist())
    return f"{shown} …" if len(codes) > 12 else shown


def percent(share: float) -> str:
    """A share for people: `0.4 %`, `12 %`; `less than 0.001 %` below that."""
    points = 100 * share
    if 0 < points < LEAST_SHOWN:
        return f"less than {LEAST_SHOWN} %"
    return f"{points:.0f} %" if points >= 10 or points == 0 else f"{points:.2g} %"


def listed_ids(rows: BaselineRows, positions: np.ndarray) -> list[Any]:
    """Ids of up to ten of the rows at `positions`, evenly spaced over them."""
    return [rows.ids[int(position)] for position in positions[spread(len(positions))]]


def spread(many: int) -> np.ndarray:
    """int64: up to ten of `many` positions, evenly spaced."""
    return np.arange(many) if many <= MOST_ROWS_SHOWN else np.linspace(0, many - 1, MOST_ROWS_SHOWN).astype(np.int64)


def all_ids(rows: BaselineRows, positions: np.ndarray) -> list[Any] | None:
    """Ids of all rows at `positions`, or None where they are too many to print."""
    return rows.ids.gather(positions).to_list() if len(positions) <= MOST_IDS else None


def show_rows(rows: BaselineRows, positions: np.ndarray) -> dict[str, Any]:
    """The rows of a split that a finding concerns, as evidence holds them: up to ten under `rows`, all under `row_ids`,
    and how many they are of how many."""
    counts = {"rows_concerned": len(positions), "of_rows": rows.n_rows}
    return {"rows": listed_ids(rows, positions), "row_ids": all_ids(rows, positions), **counts}


def show_text(rows: BaselineRows, position: int, longest: int) -> str:
    """One row as a text of at most `longest` characters; a list of tokens is joined by spaces."""
    raw = rows.texts[position]
    text = raw if isinstance(raw, str) else " ".join(raw)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def too_few(n_rows: int) -> str:
    """That so many rows cannot tell."""
    return f"{n_rows} rows are too few to tell, {FEWEST_ROWS} would do"


@dataclass(frozen=True)
class Ceiling:
    """Accuracy that no model can be expected to exceed on a split, `low` to `high`, because of `reason`."""

    low: float
    high: float
    reason: str

    def as_json(self) -> dict[str, Any]:
        """The interval and its reason as JSON values."""
        return {"accuracy": [self.low, self.high], "because": self.reason}

    def __str__(self) -> str:
        if self.high - self.low < 0.005:
            return f"accuracy {percent((self.low + self.high) / 2)}"
        return f"accuracy between {percent(self.low)} and {percent(self.high)}"


def ceiling_of_noise(low: float, high: float, share: float = 1.0) -> Ceiling:
    """The ceiling where between `low` and `high` of the labels of a `share` of the rows are turned over at random: a
    model that knows the rule is wrong on these rows (no model can know which). Beyond one half a model may do better
    by learning the opposite, so that the ceiling is 1 - rate or rate, whichever is larger."""
    best = [1 - share * min(rate, 1 - rate) for rate in (high, low)]
    return Ceiling(min(best), max(best), "label noise")
