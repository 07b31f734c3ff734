"""Characters that look like others, and what a token becomes when each is replaced by the one it looks like.

What is covered: Cyrillic and Greek letters that look like Latin ones, full-width and half-width forms, ligatures,
typographic dashes, quotes and dots, geometric symbols in several sizes, and invisible characters. All of it is looked
up by Unicode name; the table of the Unicode consortium (UTS 39), which covers thousands more, is not used.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

LATIN, GREEK, CYRILLIC = "LATIN", "GREEK", "CYRILLIC"
SCRIPTS = (LATIN, GREEK, CYRILLIC)

_CYRILLIC_CAPITALS = "A:A VE:B IE:E EN:H KA:K EM:M O:O ER:P ES:C TE:T HA:X U:Y BYELORUSSIAN-UKRAINIAN_I:I JE:J DZE:S"
_CYRILLIC_SMALL = "A:a IE:e O:o ER:p ES:c HA:x U:y BYELORUSSIAN-UKRAINIAN_I:i JE:j DZE:s SHHA:h"
_GREEK_CAPITALS = "ALPHA:A BETA:B EPSILON:E ZETA:Z ETA:H IOTA:I KAPPA:K MU:M NU:N OMICRON:O RHO:P TAU:T UPSILON:Y CHI:X"
_GREEK_SMALL = "OMICRON:o NU:v"
_SYMBOLS = (
    "BLACK CIRCLE=MEDIUM BLACK CIRCLE=BLACK LARGE CIRCLE",
    "WHITE CIRCLE=MEDIUM WHITE CIRCLE=LARGE CIRCLE",
    "BLACK SQUARE=BLACK MEDIUM SQUARE=BLACK MEDIUM SMALL SQUARE=BLACK LARGE SQUARE",
    "WHITE SQUARE=WHITE MEDIUM SQUARE=WHITE MEDIUM SMALL SQUARE=WHITE LARGE SQUARE",
    "BLACK UP-POINTING TRIANGLE=BLACK MEDIUM UP-POINTING TRIANGLE",
    "BLACK DOWN-POINTING TRIANGLE=BLACK MEDIUM DOWN-POINTING TRIANGLE",
    "WHITE UP-POINTING TRIANGLE=INCREMENT=GREEK CAPITAL LETTER DELTA",
    "BLACK DIAMOND=BLACK MEDIUM DIAMOND=BLACK DIAMOND SUIT",
    "GREEK CAPITAL LETTER SIGMA=N-ARY SUMMATION",
    "GREEK CAPITAL LETTER PI=N-ARY PRODUCT",
    "GREEK SMALL LETTER MU=MICRO SIGN",
    "MIDDLE DOT=DOT OPERATOR=BULLET OPERATOR",
)
_DASHES = "HYPHEN=NON-BREAKING HYPHEN=FIGURE DASH=EN DASH=EM DASH=HORIZONTAL BAR=MINUS SIGN=SMALL HYPHEN-MINUS"  #
_SINGLE = (
    "LEFT SINGLE QUOTATION MARK=RIGHT SINGLE QUOTATION MARK=SINGLE LOW-9 QUOTATION MARK=MODIFIER LETTER APOSTROPHE"
    "=SINGLE HIGH-REVERSED-9 QUOTATION MARK=PRIME=ACUTE ACCENT"
)
_DOUBLE = (
    "LEFT DOUBLE QUOTATION MARK=RIGHT DOUBLE QUOTATION MARK=DOUBLE LOW-9 QUOTATION MARK=DOUBLE PRIME"
    "=DOUBLE HIGH-REVERSED-9 QUOTATION MARK"
)

INVISIBLE = frozenset(
    unicodedata.lookup(name)
    for name in (
        "ZERO WIDTH SPACE",
        "ZERO WIDTH NO-BREAK SPACE",
        "WORD JOINER",
        "SOFT HYPHEN",
        "LEFT-TO-RIGHT MARK",
        "RIGHT-TO-LEFT MARK",
        "MONGOLIAN VOWEL SEPARATOR",
        "COMBINING GRAPHEME JOINER",
    )
) | frozenset(chr(point) for point in (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Characters without a picture that no script needs between letters; control characters count too."""

JOINERS = frozenset("\u200c\u200d")
SELECTORS = frozenset(chr(point) for point in range(0xFE00, 0xFE10))
"""Needed in some scripts and in emoji: they count only where the same token stands in the data without them."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def _letters(script: str, case: str, pairs: str) -> dict[str, str]:
    named = (pair.split(":") for pair in pairs.split())
    return {unicodedata.lookup(f"{script} {case} LETTER {name.replace('_', ' ')}"): latin for name, latin in named}


LETTERS: dict[str, str] = {
    **_letters(CYRILLIC, "CAPITAL", _CYRILLIC_CAPITALS),
    **_letters(CYRILLIC, "SMALL", _CYRILLIC_SMALL),
    **_letters(GREEK, "CAPITAL", _GREEK_CAPITALS),
    **_letters(GREEK, "SMALL", _GREEK_SMALL),
}
"""{letter of another script: the Latin letter it looks like}."""

SYMBOLS: dict[str, str] = {
    unicodedata.lookup(name): unicodedata.lookup(group.split("=")[0])
    for group in _SYMBOLS
    for name in group.split("=")[1:]
}
TYPOGRAPHIC: dict[str, str] = {
    **{unicodedata.lookup(name): "-" for name in _DASHES.split("=")},
    **{unicodedata.lookup(name): "'" for name in _SINGLE.split("=")},
    **{unicodedata.lookup(name): '"' for name in _DOUBLE.split("=")},
    "\N{HORIZONTAL ELLIPSIS}": "...",
}
_LATIN_TWINS = frozenset(LETTERS.values())
_WIDTHS = re.compile("<(?:wide|narrow|noBreak)> ")


def skeleton(token: str) -> str:
    """The token with every character replaced by the one it looks like, in Unicode normal form C."""
    if token.isascii() and not has_control(token):
        return token
    text = "".join(map(_plain, unicodedata.normalize("NFC", token)))
    return unicodedata.normalize("NFC", text)


@cache
def _plain(character: str) -> str:
    if character in INVISIBLE or character in JOINERS or character in SELECTORS:
        return ""
    for table in (LETTERS, SYMBOLS, TYPOGRAPHIC):
        if character in table:
            return table[character]
    return narrowed(character)


def narrowed(character: str) -> str:
    """A full-width, half-width or no-break form, or a Latin ligature, as plain characters; anything else as it is."""
    if _WIDTHS.match(unicodedata.decomposition(character)) or "\ufb00" <= character <= "\ufb06":
        return unicodedata.normalize("NFKC", character)
    return character


def has_control(token: str) -> bool:
    """Whether a control character is among the token's characters."""
    return not token.isprintable() and any(unicodedata.category(character) == "Cc" for character in token)


def is_hidden(character: str) -> bool:
    """Whether the character has no picture of its own: invisible, a joiner, a selector or a control character."""
    return character in INVISIBLE | JOINERS | SELECTORS or unicodedata.category(character) == "Cc"


def kind_of(variant: str, usual: str) -> str:
    """How two tokens of one skeleton differ: `normal form`, `invisible`, `typographic`, `width` or `look-alike`."""
    if unicodedata.normalize("NFC", variant) == unicodedata.normalize("NFC", usual):
        return "normal form"
    hidden = INVISIBLE | JOINERS | SELECTORS
    first, second = ("".join(c for c in token if c not in hidden) for token in (variant, usual))
    if unicodedata.normalize("NFC", first) == unicodedata.normalize("NFC", second):
        return "invisible"
    first, second = ("".join(TYPOGRAPHIC.get(c, c) for c in token) for token in (first, second))
    if first == second:
        return "typographic"
    first, second = ("".join(map(narrowed, token)) for token in (first, second))
    return "width" if first == second else "look-alike"


@cache
def script_of(character: str) -> str:
    """`LATIN`, `GREEK`, `CYRILLIC`, or "" for anything else."""
    if not character.isalpha():
        return ""
    first = unicodedata.name(character, "").partition(" ")[0]
    return first if first in SCRIPTS else ""


@cache
def is_twin(character: str) -> bool:
    """Whether the letter has a look-alike in another script of the table."""
    return character in LETTERS or character in _LATIN_TWINS


@cache
def is_wide_letter(character: str) -> bool:
    """Whether it is a letter of a script that is written wide: Han, Kana, Hangul."""
    return (
        character.isalpha()
        and unicodedata.east_asian_width(character) == "W"
        and not _WIDTHS.match(unicodedata.decomposition(character))
    )


def without_controls(token: str) -> str:
    """The token without control characters."""
    return "".join(character for character in token if unicodedata.category(character) != "Cc")


def mojibake(token: str) -> str | None:
    """What the token reads as if it is UTF-8 that was read as Windows-1252 or Latin-1, or Windows-1252 that was read
    as Latin-1 (which leaves control characters from U+0080 to U+009F); None if it is neither."""
    if token.isascii():
        return None
    for written, read in (("utf-8", "cp1252"), ("utf-8", "latin-1"), ("cp1252", "latin-1")):
        if written == "cp1252" and not any("\x80" <= character <= "\x9f" for character in token):
            continue
        try:
            return token.encode(read).decode(written)
        except UnicodeError:
            continue
    return None
