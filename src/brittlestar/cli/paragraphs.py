"""Paragraphs in a terminal: folded at its width, and shortened to a number of lines."""

import re
import shlex
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from brittlestar.reports.paragraphs import Paragraph, Words, plain_words

WIDTH = 80
"""Columns of an output: those of a plain terminal."""
MOST_LINES = 25
"""Lines of an output: what a person reads without scrolling; --verbose has all."""
SHORTEST = 20
"""Columns of a shortened line that stay for its beginning: convention."""
GAP = 2
"""Columns between names and texts: convention."""
DROPPED_FROM = 4
"""Blocks of this rank and above may go altogether where shortening is not enough."""
_WORD = re.compile(r"[^\s`]*`brittlestar [^`]*`\S*|\S*\[[^\[\]\s]+, [^\[\]\s]+\]\S*|\S*\d %\S*|\S+")
"""What stays on one line: a command in backticks, an interval, a percentage, a word."""

_DECIDES = re.compile(r"\S+\.(?:py|ipynb):\d+|[Aa]bout [\d,]+(?: to [\d,]+)?(?: or more)? (?:seeds|rows)\b")
"""What a reader acts on and no shortening takes away: a file with its line, how many seeds or rows are needed."""


def style_words(words: Words, style: str = "") -> Text:
    """A text with its styles, in `style` where it says none."""
    return Text(words, style=style) if isinstance(words, str) else Text.assemble(*words)


def fit_blocks(blocks: Sequence[Paragraph], width: int = WIDTH, most: int = MOST_LINES) -> list[Text]:
    """Lay blocks out in at most so many lines.

    The block with the highest rank that has lines to give gives its last one, again and again, the longest of equals
    first; where all are as short as they may be, blocks from rank 4 on and commands go altogether, the highest first,
    but for what stays. A shortened block ends in `…`; a command is whole or gone.
    """
    folded = [_fold_block(block, _text_width(blocks, width)) for block in blocks]
    keep = [min(len(lines), block.most or len(lines)) for block, lines in zip(blocks, folded, strict=True)]
    while sum(keep) > most:
        spare = [k for k, one in enumerate(blocks) if one.rank and not one.command and keep[k] > one.least]
        if spare:
            keep[max(spare, key=lambda k: (blocks[k].rank, keep[k], k))] -= 1
            continue
        gone = [k for k, one in enumerate(blocks) if keep[k] and _may_go(one)]
        if not gone:
            break
        keep[max(gone, key=lambda k: (blocks[k].rank, k))] = 0
    room = _text_width(blocks, width)
    return _place(blocks, [_cut_lines(lines, n, room) for lines, n in zip(folded, keep, strict=True)])


def lay_out_blocks(blocks: Sequence[Paragraph], width: int = WIDTH) -> list[Text]:
    """Lay blocks out in full."""
    return _place(blocks, [_fold_block(block, _text_width(blocks, width)) for block in blocks])


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


def _may_go(block: Paragraph) -> bool:
    return not block.stays and block.rank >= (1 if block.command else DROPPED_FROM)


def _text_width(blocks: Sequence[Paragraph], width: int) -> int:
    return max(width - _name_width(blocks), 20)


def _name_width(blocks: Sequence[Paragraph]) -> int:
    longest = max((cell_len(plain_words(block.name)) for block in blocks), default=0)
    return longest + GAP if longest else 0


def _fold_block(block: Paragraph, width: int) -> list[Text]:
    if block.command:
        first, *others = fold_command(plain_words(block.text), width - 2)
        return [Text(f"→ {first}"), *(Text(f"    {line}") for line in others)]
    body = style_words(block.text)
    body.append(block.see)
    return [body] if block.path else fold_text(body, width)


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


def _cut_lines(lines: list[Text], keep: int, width: int) -> list[Text]:
    """The first lines, the last of them with its end taken off where the mark would not fit, and with what decides of
    those that are left out behind the mark."""
    if keep >= len(lines) or not keep:
        return lines[:keep]
    facts = dict.fromkeys(_DECIDES.findall(" ".join(line.plain for line in lines)))
    above, end = " ".join(line.plain for line in lines[: keep - 1]), " …"
    while True:
        last = lines[keep - 1].copy()
        while cell_len(last.plain) + cell_len(end) > width and " " in last.plain:
            last = last[: last.plain.rindex(" ")]
        lost = next((fact for fact in facts if fact not in f"{above} {last.plain}{end}"), None)
        if lost is None or cell_len(f"{end} {lost} …") > width - SHORTEST:
            return [*lines[: keep - 1], Text.assemble(last, end)]
        end = f"{end} {lost} …"


def _place(blocks: Sequence[Paragraph], folded: Sequence[Sequence[Text]]) -> list[Text]:
    """Lines with names before the first of each block."""
    indent = _name_width(blocks)
    placed: list[Text] = []
    for block, lines in zip(blocks, folded, strict=True):
        for number, line in enumerate(lines):
            name = Text() if number else style_words(block.name, "bold")
            space = " " * (indent - cell_len(name.plain))
            whole = Text.assemble(name, space, line)
            whole.rstrip()
            placed.append(whole)
    return placed
