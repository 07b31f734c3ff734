"""What a token reads like once characters are replaced by those that they look like, one layer after the other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

ALIKE = str.maketrans(
    "АВЕКМНОРСТХУІЈЅаеорсхуіјѕһ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧον" + "∆∑∏µ⋅∙♦",
    "ABEKMHOPCTXYIJSaeopcxyijsh" + "ABEZHIKMNOPTYXov" + "ΔΣΠμ··◆",
)
"""Cyrillic letters, Greek letters and symbols, and what each looks like (Unicode Technical Standard 39)."""
TYPOGRAPHIC = str.maketrans("‐‑‒–—―−‘’‚‛ʼ′´“”„‟″", "-------'''''''" + '"""""') | {ord("…"): "..."}
"""Dashes, quotes and dots, and the plain form of each (UTS 39)."""
_TWINS = frozenset(ALIKE) | frozenset(ALIKE.values())
_WIDTHS = re.compile("<(?:wide|narrow|noBreak)> ")
_SIZES = re.compile("MEDIUM SMALL |MEDIUM |LARGE ")


@cache
def narrow_character(character: str) -> str:
    """A full-width, half-width or no-break form, or a Latin ligature, as plain characters; anything else as it is."""
    if _WIDTHS.match(unicodedata.decomposition(character)) or "\ufb00" <= character <= "\ufb06":
        return unicodedata.normalize("NFKC", character)
    return character


@cache
def _of_usual_size(character: str) -> str:
    try:
        return unicodedata.lookup(_SIZES.sub("", unicodedata.name(character, "")))
    except KeyError:
        return character


_LAYERS: Mapping[str, Callable[[str], str]] = {
    "normal form": lambda text: text,
    "typographic": lambda text: text.translate(TYPOGRAPHIC),
    "width": lambda text: "".join(map(narrow_character, text)),
    "look-alike": lambda text: "".join(map(_of_usual_size, text)).translate(ALIKE),
}


def readings(token: str) -> dict[str, str]:
    """The token after each layer, in Unicode normal form C; the last one is its skeleton."""
    found: dict[str, str] = {}
    for name, layer in _LAYERS.items():
        token = found[name] = unicodedata.normalize("NFC", layer(unicodedata.normalize("NFC", token)))
    return found


def skeleton(token: str) -> str:
    """The token with every character replaced by the one it looks like, in Unicode normal form C."""
    return token if token.isascii() else readings(token)["look-alike"]


def kind_of(variant: str, usual: str) -> str:
    """The first layer after which two tokens of one skeleton read alike."""
    first, second = readings(variant), readings(usual)
    return next(name for name in _LAYERS if first[name] == second[name])


@cache
def script_of(character: str) -> str:
    """The first word of a letter's Unicode name, as `LATIN`, `CJK` or `HALFWIDTH`; "" for anything else."""
    return unicodedata.name(character, "").partition(" ")[0] if character.isalpha() else ""


def is_twin(character: str) -> bool:
    """Whether another character of the table looks like it."""
    return ord(character) in _TWINS
