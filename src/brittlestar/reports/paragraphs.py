"""What is said of a result: paragraphs under names. A terminal, Python and a notebook print the same ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from brittlestar.study.units import count

EXPLAIN = "Explain"
"""The name of the line that says how to read more of a code: where lines are short it goes first."""
Words = str | tuple[str | tuple[str, str], ...]
"""A text, or its parts: those in a style of rich are pairs of words and style."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph under a name (empty: it goes on with the one above).

    `rank` says what is shortened first where lines are short: the highest; 0 never is. `least` is how many lines it
    keeps then, and `most` how many it has at all (None: as many as it needs). A `command` is folded between its
    arguments alone, each line but the last ending in a backslash, so that it can be pasted; a `path` is never folded. A
    `brief` block is left out of `--verbose`, which says it in full elsewhere. One that `stays` may be shortened
    and never goes altogether: an answer, a failure. `see` ends the text in a terminal: an option of the command, which
    Python does not have.
    """

    name: Words
    text: Words
    rank: int = 0
    least: int = 1
    most: int | None = None
    command: bool = False
    path: bool = False
    brief: bool = False
    stays: bool = False
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


def cut_blocks(
    blocks: Sequence[Paragraph], most: int, what: str = "", see: str = " (-v)", **form: Any
) -> list[Paragraph]:
    """The first blocks, and how many there are beyond: `and 3 more causes (-v)`."""
    beyond = len(blocks) - most
    words = count(beyond, f"more {what}") if what else f"{beyond:,} more"
    return [*blocks[:most], *([Paragraph("", f"and {words}", see=see, **form)] if beyond > 0 else [])]


def name_text(name: Words, text: object, **form: Any) -> list[Paragraph]:
    """A text under a name; nothing where there is none."""
    return [Paragraph(name, str(text), **form)] if text else []


def name_place(name: str, place: object) -> list[Paragraph]:
    """Where something lies; nothing where it is nowhere."""
    return name_text(name, place, path=True)


def name_next(name: str, command: object) -> list[Paragraph]:
    """A command that goes on; nothing where there is none."""
    return name_text(name, command, command=True)


def failed_block(text: str, **form: Any) -> Paragraph:
    """What went wrong."""
    return Paragraph((("Failed", "bold red"),), text, most=2, **form)
