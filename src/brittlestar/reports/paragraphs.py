"""What is said of a result: paragraphs under names. A terminal, Python and a notebook print the same ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from brittlestar.study.units import count

EXPLAIN = "Explain"
"""The name of the line that says how to read more of a code: where lines are short it goes first."""
MOST_PROBLEMS, MOST_LISTED = 2, 5
"""Problems, and things in a list, that are printed: the others are counted, and `-v` has them (convention)."""
Words = str | tuple[str | tuple[str, str], ...]
"""A text, or its parts: those in a style of rich are pairs of words and style."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph under a name (empty: it goes on with the one above).

    A terminal prints whole sentences of it, in `most` lines (None: all of it), and leaves the others to `--verbose`. A
    `command` is folded between its arguments alone, each line but the last ending in a backslash, so that it can be
    pasted; a `path` is never folded. A `brief` block is left out of `--verbose`, which says it in full elsewhere; one
    of the `rest` is printed by `--verbose` alone. `see` ends the text in a terminal: an option of the command, which
    Python does not have.
    """

    name: Words
    text: Words
    most: int | None = None
    command: bool = False
    path: bool = False
    brief: bool = False
    rest: bool = False
    see: str = ""

    @property
    def line(self) -> tuple[str, str]:
        """Name and text without styles, as Python and a notebook show them."""
        return plain_words(self.name), f"→ {self.text}" if self.command else plain_words(self.text)


def plain_words(words: Words) -> str:
    """The text without styles."""
    return words if isinstance(words, str) else "".join(word if isinstance(word, str) else word[0] for word in words)


def name_first(name: Words, texts: Iterable[Words], **form: Any) -> list[Paragraph]:
    """Paragraphs under one name: the others go on with the first."""
    return [Paragraph("" if number else name, text, **form) for number, text in enumerate(texts)]


def cut_blocks(blocks: Sequence[Paragraph], most: int, what: str = "") -> list[Paragraph]:
    """The first blocks, and how many there are beyond: `and 3 more causes (-v)`. `--verbose` prints these, too, where
    it does not say them elsewhere."""
    return cut_items([[block] for block in blocks], most, what)


def cut_items(items: Sequence[Sequence[Paragraph]], most: int, what: str = "") -> list[Paragraph]:
    """The same of items that have several blocks each: a finding with its remedy."""
    beyond = len(items) - most
    shown, left = ([block for item in part for block in item] for part in (items[:most], items[most:]))
    words = count(beyond, f"more {what}") if what else f"{beyond:,} more"
    told = [Paragraph("", f"and {words}", brief=True, see=" (-v)")] if beyond > 0 else []
    return [*shown, *(replace(block, rest=True) for block in left if not block.brief), *told]


def list_lines(blocks: Iterable[Paragraph]) -> list[tuple[str, str]]:
    """Blocks without styles, as Python and a notebook show them."""
    return [block.line for block in blocks if not block.rest]


def name_text(name: Words, text: object, **form: Any) -> list[Paragraph]:
    """A text under a name; nothing where there is none."""
    return [Paragraph(name, str(text), **form)] if text else []


def name_list(name: str, items: Sequence[str], otherwise: str = "") -> list[Paragraph]:
    """Things under a name, the first of them where there are many, else what there is to say instead."""
    whole, beyond = "; ".join(items) or otherwise, len(items) - MOST_LISTED
    if beyond <= 0:
        return name_text(name, whole)
    short = f"{'; '.join(items[:MOST_LISTED])}; and {beyond:,} more"
    return [Paragraph(name, short, brief=True, see=" (-v)"), Paragraph(name, whole, rest=True)]


def name_place(name: str, place: object) -> list[Paragraph]:
    """Where something lies; nothing where it is nowhere."""
    return name_text(name, place, path=True)


def name_next(name: str, command: object) -> list[Paragraph]:
    """A command that goes on; nothing where there is none."""
    return name_text(name, command, command=True)


def name_failed(problems: Sequence[str]) -> list[Paragraph]:
    """What went wrong: the first problems, and how many there are beside."""
    failed = [Paragraph((("Failed", "bold red"),), text, most=3) for text in problems]
    return cut_blocks(failed, MOST_PROBLEMS, "problem")
