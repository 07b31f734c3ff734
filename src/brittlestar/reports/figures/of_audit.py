"""Figures of an audit: each split against train, and the trivial baselines."""

from collections.abc import Sequence

from brittlestar.core.audit import Audit
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.figures.ladder import ladder_figure
from brittlestar.reports.figures.shifts import shift

MOST_PANELS = 5
"""Splits beside each other on the trivial baselines."""
MOST_SHIFTS = 6
"""Splits whose shift is pictured."""


def audit_figures(audit: Audit | None, splits: Sequence[str]) -> dict[str, Figure]:
    """The figures of an audit by name, splits in the given order; empty where there is no audit."""
    if audit is None:
        return {}
    found = {
        f"shift-{name}": shift(audit, name, f"shift-{name}")
        for name in list_profiled_splits(audit, splits)[:MOST_SHIFTS]
    }
    if audit.ladder is not None:
        found["ladder"] = ladder_figure(audit.ladder, splits=[name for name in splits if name != "train"][:MOST_PANELS])
    return found


def list_profiled_splits(audit: Audit, splits: Sequence[str]) -> list[str]:
    """The splits besides train that the audit has a profile of."""
    return [name for name in splits if name in audit.profiles and name != "train"]
