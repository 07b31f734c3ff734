"""What `compare` gives: a comparison that shows itself in a few lines, in a notebook and as a page."""

from functools import cached_property
from pathlib import Path

from brittlestar.reports.comparison import Comparison
from brittlestar.reports.comparison_page import draw_scores, write_comparison_page
from brittlestar.reports.showing import result_html, result_text, show_page, write_page


class CompareResult(Comparison):
    """Two studies, or two tables, side by side. Shown as text it is at most 12 lines; in a notebook it has its figure,
    too."""

    def __repr__(self) -> str:
        return result_text(self.lines)

    def _repr_html_(self) -> str:
        return result_html(self.lines, draw_scores(self.scores))

    @cached_property
    def html(self) -> str:
        """The comparison as one offline page."""
        return write_comparison_page(self)

    def show(self) -> Path:
        """Open the page in a browser, and return where it lies."""
        return show_page(lambda: self.html, "comparison")

    open = show

    def write_html(self, path: str | Path) -> None:
        """Write the page. Raises StoreError where that is not possible."""
        write_page(self.html, path)
