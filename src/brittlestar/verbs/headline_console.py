"""The headline in a terminal: names in one column, sentences in the other, each answer in its colour."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from brittlestar.core.headline import WORDS, Headline
from brittlestar.reports.headline_text import headline_lines

STYLES = {"yes": "bold green", "no": "bold red", "cannot say": "bold yellow"}


def print_headline(console: Console, headline: Headline) -> None:
    """Print every line of a headline; commands stay whole."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, text in headline_lines(headline):
        grid.add_row(Text(name, style="bold"), _styled(text))
    console.print(grid)


def _styled(text: str) -> Text:
    word, mark, rest = text.partition(": ")
    if mark and word.lower() in WORDS.values():
        return Text.assemble((f"{word}: ", STYLES[word.lower()]), rest)
    return Text(text)
