"""How a command ends: one record made from a result, and the one place that prints it."""

import sys
import webbrowser
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Column
from rich.text import Text

from brittlestar.cli.guarding import OutputOptions, print_json, show_controls
from brittlestar.cli.paragraphs import WIDTH, lay_out_blocks
from brittlestar.core.site import link_codes
from brittlestar.reports.paragraphs import Paragraph, name_text
from brittlestar.store.layout import PAGE, Store

PLAIN: Any = {"title_justify": "left", "title_style": "", "box": None, "pad_edge": False, "padding": (0, 2, 0, 0)}
"""How tables of `--verbose` look."""


@dataclass(frozen=True)
class OutputSection:
    """A part of what `--verbose` prints: blocks, or a table of rich."""

    title: str
    content: Sequence[Paragraph] | RenderableType


@dataclass(frozen=True)
class TerminalOutput:
    """What a command says: `document` under `--json`, `answer` (whole lines) under `--quiet`, `blocks` else, and with
    `--verbose` all of them, whole, and the sections that `rest` makes. `more` says what `--verbose` adds; `after_json`
    are lines for standard error beside a document; `page` is the one that the command leaves. Lines `before` stand
    above all but a document."""

    document: Callable[[], Any]
    answer: tuple[str, ...]
    blocks: tuple[Paragraph, ...]
    rest: Callable[[], Sequence[OutputSection]] = tuple
    more: str = ""
    after_json: tuple[str, ...] = ()
    page: Path | Store | None = None
    before: tuple[str, ...] = ()
    exit_code: int = 0


def end_with(result: Any, answer: Iterable[str], blocks: Iterable[Paragraph], **more: Any) -> TerminalOutput:
    """The output of a result that has a document, or is one, and an exit code or none."""
    more.setdefault("exit_code", getattr(result, "exit_code", 0))
    return TerminalOutput(lambda: getattr(result, "document", result), tuple(answer), tuple(blocks), **more)


def number_column(heading: str) -> Column:
    """A column of numbers."""
    return Column(heading, justify="right", no_wrap=True)


class VisibleConsole(Console):
    """A console that prints no control character but its own. Names and tokens are data: `[b]` stays `[b]`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, **options)

    def render(self, renderable: Any, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """What is printed."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else show_controls(text), style, control)


def make_error_console() -> Console:
    """Standard error. Elsewhere than in a terminal lines stay whole: they go to files, where nobody wants a path broken
    in two."""
    return VisibleConsole(stderr=True, soft_wrap=not sys.stderr.isatty())


def show(terminal: TerminalOutput, output: OutputOptions) -> None:
    """Print it as the options of the command ask for."""
    if output.json:
        print_json(terminal.document())
        if not output.quiet:
            for line in terminal.after_json:
                print_line(make_error_console(), Text(line))
        return
    for line in terminal.before:
        print(line, flush=True)
    console = VisibleConsole()
    if output.quiet:
        for line in terminal.answer:
            print_line(console, Text(line))
        return
    width = min(console.width, WIDTH)
    if not output.verbose:
        for line in lay_out_blocks([*terminal.blocks, *name_text("", terminal.more)], width):
            print_line(console, line)
        return
    for line in lay_out_blocks(terminal.blocks, width, verbose=True):
        print_line(console, line)
    for section in terminal.rest():
        print_line(console, Text(f"\n{section.title}", style="bold"))
        if isinstance(section.content, Sequence) and not isinstance(section.content, str):
            for line in lay_out_blocks(section.content, width, verbose=True):
                print_line(console, line)
        else:
            console.print(section.content)


def print_line(console: Console, line: Text) -> None:
    """Print a line as it is: folded already, or meant to be copied whole. Codes lead to their pages in a terminal that
    can show it."""
    console.print(_link_line(line) if _shows_links(console) else line, soft_wrap=True)


def _shows_links(console: Console) -> bool:
    """Whether this is a terminal with colours, and no pipe: links are written in the same way."""
    return console.file.isatty() and console.color_system is not None and not console.no_color


def _link_line(line: Text) -> Text:
    linked, place = line.copy(), 0
    for piece, address in link_codes(line.plain):
        if "://" in address:
            linked.stylize(f"link {address}", place, place + len(piece))
        place += len(piece)
    return linked


def open_page(page: Path | Store) -> None:
    """Open a page in the browser; where there is none, say where the page lies, on standard error."""
    try:
        path = page if isinstance(page, Path) else page.page
        opened = webbrowser.open(path.resolve().as_uri())
    except (webbrowser.Error, OSError):
        opened = False
    if not opened:
        shown = page if isinstance(page, Path) else page.name_key(PAGE)
        print_line(make_error_console(), Text(f"no browser could be opened; the page is {shown}"))
