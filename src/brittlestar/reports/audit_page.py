"""The audit as one offline HTML page: the same bytes for the same data, nothing loaded from anywhere."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from brittlestar.core.audit import Audit
from brittlestar.core.commands import filled
from brittlestar.core.results import SplitRecord
from brittlestar.reports.audit_view import audit_view
from brittlestar.reports.figures.of_audit import audit_figures
from brittlestar.reports.html import environment, shown


def audit_page(
    name: str, audit: Audit, splits: Mapping[str, SplitRecord], notes: Sequence[str], place: str = "DATA"
) -> str:
    """The page as HTML text, splits in their order; `place` is the data as commands name them. Without vl-convert the
    figures are replaced by what they show in words and the line that installs it."""
    drawn = shown(audit_figures(audit, tuple(splits)))
    text = (
        environment()
        .get_template("audit.html.j2")
        .render(
            name=name,
            splits=splits,
            notes=notes,
            audit=audit_view(audit, tuple(splits)),
            figures=drawn.figures,
            missing=drawn.missing,
            script=drawn.script,
            again="brittlestar audit DATA --html FILE",
        )
    )
    return filled(text, html.escape(place))
