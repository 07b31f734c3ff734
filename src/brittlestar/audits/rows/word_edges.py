"""Characters at which one tokeniser splits words and another does not, in texts as they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from brittlestar.audits.dataset import AuditDataset

NAMES = (
    "NO-BREAK SPACE",
    "FIGURE SPACE",
    "NARROW NO-BREAK SPACE",
    "IDEOGRAPHIC SPACE",
    "OGHAM SPACE MARK",
    "ZERO WIDTH SPACE",
    "ZERO WIDTH NON-JOINER",
    "ZERO WIDTH JOINER",
    "WORD JOINER",
    "ZERO WIDTH NO-BREAK SPACE",
    "SOFT HYPHEN",
    "MONGOLIAN VOWEL SEPARATOR",
)
EDGES = tuple(unicodedata.lookup(name) for name in NAMES)
"""Blanks that `str.split` splits at and a split at " " does not, and characters without width that most splitters leave
inside words. U+FEFF is also the mark of byte order."""

JOINED = (
    *("Arabic", "Syriac", "Nko", "Mongolian", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil"),
    *("Telugu", "Kannada", "Malayalam", "Sinhala", "Tibetan", "Myanmar", "Khmer"),
)
"""Scripts whose spelling needs joiners and non-joiners (The Unicode Standard, 23.2)."""
_BEFORE = "".join(rf"\p{{{script}}}" for script in JOINED) + r"\p{Extended_Pictographic}\p{Emoji_Modifier}\x{FE0F}"
_LOOSE = rf"(?:^|[^{_BEFORE}])"
JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class Edge:
    """One such character and the rows of one split that hold it, int64."""

    character: str
    rows: np.ndarray

    @property
    def name(self) -> str:
        """Code point and name."""
        return name_character(self.character)


def find_edges(dataset: AuditDataset, told: Collection[str]) -> Iterator[tuple[str, list[Edge]]]:
    """The characters in the texts of each split that has some, but for those of `told`, which another finding names.

    Joiners behind a letter of a script that needs them, or inside an emoji, are spelling and not counted. Lists of
    tokens are never split, and not looked at.
    """
    looked_for = [character for character in EDGES if character not in told]
    for name, rows in dataset.splits.items():
        texts = rows.texts
        if isinstance(texts.dtype, pl.List) or not looked_for:
            continue
        maybe = texts.str.contains("|".join(map(_pattern, looked_for))).arg_true()
        some = texts.gather(maybe)
        places = maybe.to_numpy().astype(np.int64)
        found = [Edge(one, places[some.str.contains(_pattern(one)).to_numpy()]) for one in looked_for]
        if len(maybe):
            yield name, sorted((edge for edge in found if len(edge.rows)), key=lambda edge: -len(edge.rows))


def _pattern(character: str) -> str:
    escaped = rf"\x{{{ord(character):X}}}"
    return rf"{_LOOSE}{escaped}" if character in JOINERS else escaped


def name_character(character: str) -> str:
    """`U+00A0 NO-BREAK SPACE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'without a name')}"


_SPELT = re.compile(r"[\u200c\u200d\ufe00-\ufe0f]")


def is_spelling(token: str) -> bool:
    """Whether every joiner and selector of the token belongs to how its script or its emoji is written."""
    return bool(_SPELT.search(token)) and not pl.Series([token]).str.contains(rf"{_LOOSE}[\x{{200C}}\x{{200D}}]")[0]
