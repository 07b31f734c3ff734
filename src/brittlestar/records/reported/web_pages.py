"""A page of the web, or pieces of one in a Markdown page, as Markdown that says the same: tables, lists, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Collection
from html.parser import HTMLParser

_TAGS = re.compile(r"<(?:table|tr|li|dl|dt|p|div|br|sup|sub|code|b|i|em|strong|span|pre)\b[^<>]*>", re.IGNORECASE)
_APART = {"p", "div", "br", "li", "ul", "ol", "dl", "dt", "section", "h1", "h2", "h3", "h4", "h5", "h6", "table", "hr"}
_SILENT = ("script", "style", "head", "del")


def is_web(text: str) -> bool:
    """Whether a text has tags of a page of the web."""
    return _TAGS.search(text) is not None


def write_markdown(text: str) -> tuple[str, tuple[int, ...]]:
    """The same in Markdown, and the line of `text` that each of its lines comes from."""
    page = _Page({tag for tag in _SILENT if f"</{tag}" in text.lower()})
    page.feed(text)
    page.close()
    page.end_line()
    return "\n".join(line for _, line in page.lines), tuple(number for number, _ in page.lines)


class _Page(HTMLParser):
    """What is read so far: `lines` with their numbers, and the cells of the row that is open; what stands within
    `silent` tags is left out."""

    def __init__(self, silent: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[int, str]] = []
        self._text = ""
        self._cells: list[str] | None = None
        self._spans: dict[int, tuple[str, int]] = {}  # cells that reach into the rows below, by their column
        self._rows, self._open = 1, False
        self._left_out = silent
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, a cell, or what is above the others."""
        if tag in self._left_out:
            self._silent += 1
        elif tag == "body":
            self._silent = 0
        elif tag == "tr":
            self._end_row()
            self.end_line()
            self._cells = []
            self._fill()
        elif tag in ("td", "th"):
            self._end_cell()
            self._text, self._open = "", True
            given = dict(attrs).get("rowspan") or "1"
            self._rows = int(given) if given.isdecimal() and len(given) < 4 else 1
        elif tag in _APART and self._cells is None:
            self.end_line()
            self._text = "- " if tag == "li" else ""
        elif tag == "br":
            self._text += " <br> "
        elif tag == "sup":
            self._text += "^{"

    def handle_endtag(self, tag: str) -> None:
        """End what was begun."""
        if tag in self._left_out:
            self._silent = max(self._silent - 1, 0)
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "sup":
            self._text += "}"
        elif tag == "dt":
            self._text = f"{self._text.rstrip(' :')}: "
        elif tag == "dd" or (tag in _APART and tag != "table" and self._cells is None):
            self.end_line()
        elif tag == "table":
            self._end_row()
            self._cells, self._text, self._spans = None, "", {}
            self.lines.append((self.getpos()[0], ""))

    def _end_cell(self) -> None:
        """End the cell that is open, if one is: its end may be left out in HTML."""
        if self._cells is None or not self._open:
            return
        cell = " ".join(self._text.split()).replace("|", "\\|")
        if self._rows > 1:
            self._spans[len(self._cells)] = (cell, self._rows)
        self._cells.append(cell)
        self._text, self._open = "", False
        self._fill()

    def _end_row(self) -> None:
        """End the row that is open, if one is."""
        self._end_cell()
        row, self._cells = self._cells, None
        if row:
            self.lines.append((self.getpos()[0], f"| {' | '.join(row)} |"))

    def _fill(self) -> None:
        """Repeat what a cell of a row above says where it reaches into this one."""
        while self._cells is not None and (span := self._spans.get(len(self._cells))) and span[1] > 1:
            self._spans[len(self._cells)] = (span[0], span[1] - 1)
            self._cells.append(span[0])

    def handle_data(self, data: str) -> None:
        """Text; lines of the page stay lines where no row is open."""
        if self._silent:
            return
        if self._cells is not None:
            self._text += data
            return
        first, *others = data.split("\n")
        self._text += first
        for number, line in enumerate(others, start=self.getpos()[0] + 1):
            if self.lines and self.lines[-1][1].startswith("|") and not self._text.strip() and not line.strip():
                self._text = ""  # between two rows of a table
                continue
            self.end_line(number - 1, keep=True)
            self._text = line

    def end_line(self, number: int | None = None, *, keep: bool = False) -> None:
        """End a line; an empty one stays only where it is to `keep`."""
        if self._text.strip() or keep:
            self.lines.append((number or self.getpos()[0], self._text))
        self._text = ""
