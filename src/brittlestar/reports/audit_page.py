"""The audit as one offline HTML page: nothing loaded from anywhere, and the same bytes for the same data, but for the
address of the documentation in links."""

from collections.abc import Mapping, Sequence

from brittlestar.core.audit_record import Audit
from brittlestar.core.commands import command
from brittlestar.core.headline import Headline
from brittlestar.core.results import SplitRecord
from brittlestar.reports.audit_section import make_audit_section
from brittlestar.reports.figures.of_audit import audit_figures
from brittlestar.reports.first_screen import list_screen_words
from brittlestar.reports.html import render_page


def audit_page(
    name: str,
    audit: Audit,
    headline: Headline,
    splits: Mapping[str, SplitRecord],
    notes: Sequence[str],
    place: str | None = None,
) -> str:
    """The page as `render_page` has it, splits in their order; `place` is the data as commands name them, None where
    they are objects in memory."""
    figures = audit_figures(audit, tuple(splits))
    view = make_audit_section(audit, tuple(splits))
    assert view is not None
    return render_page(
        "audit.html.j2",
        figures,
        name=name,
        splits=splits,
        notes=notes,
        audit=view,
        **list_screen_words(headline, {}, view["cards"].anchor),
        again=None if place is None else command("audit", place, html="audit.html"),
        place=place,
    )
