"""The browser that shows pages which commands leave."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from rich.text import Text

from brittlestar.cli.ending import make_error_console, print_line


def open_page(page: Path) -> None:
    """Open a page in the browser; where there is none, say where the page lies, on standard error."""
    try:
        opened = webbrowser.open(page.resolve().as_uri())
    except (webbrowser.Error, OSError):
        opened = False
    if not opened:
        print_line(make_error_console(), Text(f"no browser could be opened; the page is {page}"))
