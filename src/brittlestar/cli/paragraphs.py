"""Paragraphs in a terminal: folded at its width, each in the lines that it may have, and no sentence is cut."""

import re
import shlex
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from brittlestar.reports.paragraphs import Paragraph, Words, plain_words

WIDTH = 80
"""Columns of an output: those of a plain terminal."""
GAP, LEAST_WIDTH = 2, 20
"""Columns between names and texts, and those that a text has at least: convention."""
MORE = " (-v)"
"""What stands behind a text of which sentences are left to `--verbose`."""
_WORD = re.compile(r"[^\s`]*`brittlestar [^`]*`\S*|\S*\[[^\[\]\s]+, [^\[\]\s]+\]\S*|\S*\d %\S*|\S+")
"""What stays on one line: a command in backticks, an interval, a percentage, a word."""

_BETWEEN = re.compile(r"(?<=[.!?])\s+(?=\S)")
"""What stands between two sentences."""
_ACTED_ON = re.compile(
    r"`brittlestar |\S+\.(?:py|ipynb):\d+|[Aa]bout [\d,]+(?: to [\d,]+)?(?: or more)? (?:seeds|rows)\b|^Effect: "
)
"""A sentence that stays: it has a command, a file with its line, how many seeds or rows are needed, or a cost."""


def style_words(words: Words, style: str = "") -> Text:
    """A text with its styles, in `style` where it says none."""
    return Text(words, style=style) if isinstance(words, str) else Text.assemble(*words)


def lay_out_blocks(blocks: Sequence[Paragraph], width: int = WIDTH, verbose: bool = False) -> list[Text]:
    """Lay blocks out, each in the lines that it may have; all that are meant for `--verbose`, in full, where it is
    asked for."""
    shown = [block for block in blocks if not (block.brief if verbose else block.rest)]
    indent = _name_width(shown)
    placed: list[Text] = []
    for block in shown:
        for number, line in enumerate(_fold_block(block, max(width - indent, LEAST_WIDTH), verbose)):
            name = Text() if number else style_words(block.name, "bold")
            whole = Text.assemble(name, " " * (indent - cell_len(name.plain)), line)
            whole.rstrip()
            placed.append(whole)
    return placed


def fold_text(text: Text, width: int) -> list[Text]:
    """Break a text into lines at white space; intervals and commands in backticks stay whole, and a longer word is
    broken where it must be."""
    return [line for part in text.split("\n", allow_blank=True) for line in _fold_line(part, width)]


def fold_command(command: str, width: int) -> list[str]:
    """Break a shell command between arguments where it is wider; each line but the last ends in ` \\`."""
    if cell_len(command) <= width:
        return [command]
    lines: list[str] = []
    for word in shlex.split(command):
        quoted = shlex.quote(word)
        if lines and cell_len(lines[-1]) + 1 + cell_len(quoted) + 2 <= width - 2:
            lines[-1] += f" {quoted}"
        else:
            lines.append(quoted)
    return [*(f"{line} \\" for line in lines[:-1]), *lines[-1:]]


def _name_width(blocks: Sequence[Paragraph]) -> int:
    longest = max((cell_len(plain_words(block.name)) for block in blocks), default=0)
    return longest + GAP if longest else 0


def _fold_block(block: Paragraph, width: int, verbose: bool) -> list[Text]:
    if block.command:
        first, *others = fold_command(plain_words(block.text), width - 2)
        return [Text(f"→ {first}"), *(Text(f"    {line}") for line in others)]
    body = style_words(block.text)
    if block.path:
        return [body]
    lines = fold_text(body + Text(block.see), width)
    return lines if verbose or block.most is None else _leave_sentences(lines, body, block, width)


def _leave_sentences(lines: list[Text], body: Text, block: Paragraph, width: int) -> list[Text]:
    """The first sentence, what a reader acts on, and as many others as there are lines for."""
    kept = _split_sentences(body)
    while len(lines) > (block.most or 0):
        spare = [one for one in kept[1:] if not _ACTED_ON.search(one.plain)]
        if not spare:
            break
        kept = [one for one in kept if one is not spare[-1]]
        lines = fold_text(Text(" ").join(kept) + Text(block.see or MORE), width)
    return lines


def _split_sentences(text: Text) -> list[Text]:
    ends = [found.span() for found in _BETWEEN.finditer(text.plain)]
    starts = [0, *(stop for _, stop in ends)]
    return [text[start:stop] for start, stop in zip(starts, [*(start for start, _ in ends), len(text)], strict=True)]


def _fold_line(text: Text, width: int) -> Iterator[Text]:
    plain = text.plain
    start = end = None
    for place, stop in _words(plain, width):
        if start is not None and cell_len(plain[start:stop]) > width:
            yield text[start:end]
            start = None
        start, end = place if start is None else start, stop
    yield text[start:end] if start is not None else Text()


def _words(plain: str, width: int) -> Iterator[tuple[int, int]]:
    """Start and end of every word; one that is wider than a line, and no command, comes in pieces."""
    for found in _WORD.finditer(plain):
        start, stop = found.span()
        if cell_len(found[0]) <= width or "`brittlestar " in found[0]:
            yield start, stop
        else:
            yield from _pieces(plain, start, stop, width)


def _pieces(plain: str, start: int, stop: int, width: int) -> Iterator[tuple[int, int]]:
    if " " in plain[start:stop]:  # an interval wider than a line: its parts are words
        for part in re.finditer(r"\S+", plain[start:stop]):
            yield from _pieces(plain, start + part.start(), start + part.end(), width)
        return
    place = start
    for k in range(start + 1, stop):
        if cell_len(plain[place : k + 1]) > width:
            yield place, k
            place = k
    yield place, stop
