"""Alphabets of every kind: mixed case, punctuation, stop words, words, symbols with factors."""

import re
from collections.abc import Callable

import numpy as np

STOP_WORDS = tuple(
    re.findall(
        "[a-z]+",
        "the of and to a in is i it that he was for on are as with his they at be this have from or one "
        "had by word but not what all were we when your can said there use an each which she do how "
        "their if will up other about out many",
    )
)
PUNCTUATION = tuple("().,;:!?-'\"[]{}<>/\\|&%$#@*+=~^_`")
SHAPES = "■▲●◆★✚"
COLOURS = "rgbymc"
CONSONANTS = "bdfgklmnprstvz"
VOWELS = "aeiou"
ACCENTED = "àáâäãåèéêëìíîïòóôöõùúûüçñ"


def words(size: int, random: np.random.Generator, vowels: str = VOWELS) -> tuple[str, ...]:
    """Distinct pronounceable words of two to four syllables."""
    found: dict[str, None] = {}
    while len(found) < size:
        syllables = int(random.integers(2, 5))
        parts = [random.choice(list(CONSONANTS)) + random.choice(list(vowels)) for _ in range(syllables)]
        found["".join(parts)] = None
    return tuple(found)


def _some(letters: str | tuple[str, ...] | list[str]) -> Callable[[int, np.random.Generator], tuple[str, ...]]:
    def chosen(size: int, random: np.random.Generator) -> tuple[str, ...]:
        pool = list(letters)
        return tuple(pool[i] for i in random.permutation(len(pool))[:size])

    return chosen


def _two_cases(size: int, random: np.random.Generator) -> tuple[str, ...]:
    """Upper and lower case of the same letters, as two tokens."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: max(size // 2, 1)]
    return tuple(letters) + tuple(letters.lower())


def _symbols(size: int, random: np.random.Generator) -> tuple[str, ...]:
    shapes = max(2, min(len(SHAPES), round(size**0.5)))
    colours = max(2, min(len(COLOURS), size // shapes))
    return tuple(shape + colour for shape in SHAPES[:shapes] for colour in COLOURS[:colours])


def _everything(size: int, random: np.random.Generator) -> tuple[str, ...]:
    """Stop words, punctuation, capitals, digits and words together."""
    pool = [*STOP_WORDS, *PUNCTUATION, *"ABCIabci0123456789", *words(max(size, 4), random)]
    distinct = list(dict.fromkeys(pool))
    return tuple(distinct[i] for i in random.permutation(len(distinct))[:size])


def _numbered(size: int, random: np.random.Generator) -> tuple[str, ...]:
    return tuple(f"E{number + 1}" for number in range(size))


def _capitals(size: int, random: np.random.Generator) -> tuple[str, ...]:
    """Words, a third of which also stand with a capital, as at the start of a sentence."""
    small = words(max(size - size // 4, 2), random)
    return (small + tuple(word.capitalize() for word in small))[:size]


ALPHABETS: dict[str, Callable[[int, np.random.Generator], tuple[str, ...]]] = {
    "letters": _some("abcdefghijklmnopqrstuvwxyz"),
    "two cases": _two_cases,
    "punctuation": _some(PUNCTUATION),
    "stop words": _some(STOP_WORDS),
    "everything": _everything,
    "words": words,
    "words with capitals": _capitals,
    "accented words": lambda size, random: words(size, random, VOWELS + ACCENTED),
    "symbols": _symbols,
    "log keys": _numbered,
    "digits": _some("0123456789"),
    "nucleotides": lambda size, random: tuple("ACGT"),
    "amino acids": _some("ACDEFGHIKLMNPQRSTVWY"),
    "greek": _some("αβγδεζηθικλμνξοπρστυφχψω"),
    "cyrillic": _some("абвгдежзиклмнопрстуфхцчшщэюя"),
    "hexadecimal": lambda size, random: tuple(f"{number:02x}" for number in range(min(size, 256))),
}
"""{kind: function of a wanted size and a generator}. The alphabet may be smaller than wanted."""

CHARACTERS = ("letters", "two cases", "digits", "nucleotides", "amino acids", "greek", "cyrillic")
"""Kinds whose tokens are single characters that a text may hold without blanks."""
