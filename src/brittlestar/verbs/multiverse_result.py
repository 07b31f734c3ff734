"""What `run_multiverse` gives: a multiverse that shows itself in a few lines, in a notebook and as a page."""

from functools import cached_property
from pathlib import Path

from brittlestar.reports.figures.universes import draw_universes
from brittlestar.reports.multiverse import Multiverse
from brittlestar.reports.multiverse_page import write_multiverse_page
from brittlestar.reports.multiverse_text import describe_multiverse
from brittlestar.reports.showing import result_html, result_text, show_page


class MultiverseResult(Multiverse):
    """A study under other choices. Shown as text it is a few lines; in a notebook it has its figure, too."""

    def __repr__(self) -> str:
        return result_text(describe_multiverse(self))

    def _repr_html_(self) -> str:
        return result_html(describe_multiverse(self), draw_universes(self, "universes", "Universes"))

    @cached_property
    def html(self) -> str:
        """The multiverse as one offline page."""
        return write_multiverse_page(self, "the same command again")

    def show(self) -> Path:
        """Open the page in a browser, and return where it lies."""
        return show_page(lambda: self.html, "multiverse")

    open = show
