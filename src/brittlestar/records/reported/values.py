"""Values as people write them: numbers with units, counts in words, ranges, seeds, yes and no, and words."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from brittlestar.core.foreign_names import list_words, load_names

LONGEST = 1000  # budget: letters of a value
MOST_SEEDS = 10_000  # budget: seeds of a study that somebody states as a range
COUNTED = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_WORDS = {word: number for number, word in enumerate(COUNTED.split(), start=1)}
NONE = (
    *("none", "null", "no", "off", "false", "never", "without", "disabled", "unused", "n/a", "na"),
    *("not used", "not applicable", "not applied", "-", "–", "—", "−", "✗", "✘", "❌", ""),
)
TRUE = ("true", "yes", "on", "used", "enabled", "with", "✓", "✔", "✅")
OTHER = "another"
"""A value that a setting cannot have here, and that people know elsewhere."""
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_PLAIN: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"\$|\\[,;! ]|\{,\}|\^\{?\\circ\}?", ""),
    (r"\\times|\\cdot|[×·⋅]|(?<=\d) ?x ?(?=\d)", "*"),
    (r"\\%|per ?cent\b|\bpct\b", "%"),
    (r"[−–‐]", "-"),
    (r"(?<=10)(?=[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺])", "^"),
    (r"\^[({]([-+]?\d+)[)}]", r"^\1"),
    (r"(?<![\d.,])([1-9]\d{0,2})((?:[,_ ]\d{3})+)(?!\d)", lambda found: re.sub("[,_ ]", "", found[0])),
    (r"(?<![\d,.])(0,\d+|\d+,\d{1,2}|\d+,\d{4,})(?![\d,])", lambda found: found[0].replace(",", ".")),
)  # fmt: skip
_NUMBER = re.compile(
    r"(?P<sign>[-+]?) *(?:(?P<digits>\d+(?:\.\d*)?|\.\d+)(?:e(?P<exponent>[-+]?\d{1,3}))?"
    r"(?: *\* *10\^?(?P<power>[-+]?\d{1,3}))?|10\^(?P<only>[-+]?\d{1,3})) *(?P<scale>%|[km]\b)?[ -]*"
    r"(?P<unit>[a-z]+[a-z /]*)?"
)
_FRACTION = re.compile(r"(\d{1,15}) ?/ ?(\d{1,15})")
_SCALES = {"%": 0.01, "k": 1e3, "m": 1e6}


@dataclass(frozen=True)
class Number:
    """A number as stated: its value, how many significant digits it was written with, whether it is a bare whole
    number, the words behind it, and what one more in its last digit is worth."""

    value: float
    digits: int
    exact: bool
    unit: str = ""
    last: float = 0.0

    def is_same(self, actual: float) -> bool:
        """Whether a setting is this number, as far as it was written out: one that was written with two digits or more
        after rounding may be the rounded setting."""
        if abs(actual - self.value) <= 1e-9 * max(abs(actual), abs(self.value)):
            return True
        if self.exact or self.digits < 2 or actual == 0:
            return False
        return float(f"{actual:.{self.digits - 1}e}") == float(f"{self.value:.{self.digits - 1}e}")


def read_number(text: str) -> Number | None:
    """The number that a text states, with a unit or without; None where it says anything else. What stands in brackets
    behind it says it again."""
    if len(text) > LONGEST:
        return None
    plain = text.strip().lower()
    for written, meant in _PLAIN:
        plain = re.sub(written, meant, plain)
    plain = re.sub(r"(?<=\S) *\([^()]*\)$", "", plain.translate(_RAISED)).strip()
    first, _, rest = plain.partition(" ")
    if first in _WORDS:
        return Number(float(_WORDS[first]), 1, True, rest)
    if fraction := _FRACTION.fullmatch(plain):
        top, bottom = int(fraction[1]), int(fraction[2])
        return Number(top / bottom, 17, False) if bottom else None
    found = _NUMBER.fullmatch(plain)
    return None if found is None else _make_number(found)


def _make_number(found: re.Match[str]) -> Number | None:
    digits, written = found["digits"] or "1", found["exponent"] or found["power"] or found["only"] or found["scale"]
    power = int(found["exponent"] or 0) + int(found["power"] or found["only"] or 0)
    value = float(f"{digits}e{power}") * _SCALES.get(found["scale"] or "", 1.0) * (-1 if found["sign"] == "-" else 1)
    significant = len(digits.replace(".", "").lstrip("0")) or 1
    exact = "." not in digits and not written
    last = float(f"1e{power - len(digits.partition('.')[2])}") * _SCALES.get(found["scale"] or "", 1.0)
    return Number(value, significant, exact, found["unit"] or "", last) if math.isfinite(value) else None


def read_numbers(text: str) -> tuple[Number, ...] | None:
    """The numbers of a list; None where something else stands in it."""
    parts = [
        one for one in re.split(";" if ";" in text else r"[,/]|\band\b", text.strip().strip("[](){} ")) if one.strip()
    ]
    found = [read_number(one) for one in parts[:LONGEST]]
    return tuple(one for one in found if one is not None) if found and None not in found else None


def _bare_word(text: str) -> str:
    return re.sub(r"\s*\([^()]*\)$", "", text.strip().lower()).rstrip(".")


def read_whether(text: str) -> bool | None:
    """Whether a text says yes or no; None where it says neither."""
    plain = _bare_word(text) or text.strip()
    return True if plain in (*TRUE, "1") else False if plain in (*NONE, "0") else None


def is_none(text: str) -> bool:
    """Whether a text says that there is none."""
    return _bare_word(text) in NONE or re.match(r"no (?:\w+[ -]?){1,3}$", _bare_word(text)) is not None


LENGTHS = ("training.epochs", "training.schedule.warmup")
"""Settings that are lengths of training: in epochs, of which papers give steps or shares, too."""


def find_unit(name: str, text: str) -> Literal["steps", "share", "epochs"]:
    """What a length of training is counted in, by the words of its name and its value; `4 (80 steps)` are epochs."""
    outside = re.sub(r"(?<=\S)\s*\([^()]*\d[^()]*\)", "", text)
    words = {*list_words(name), *list_words(outside)}
    if words & {"ratio", "proportion", "share", "fraction", "percentage", "percent"} or "%" in f"{name} {outside}":
        return "share"
    return "steps" if any(re.match("step|update|iteration", word) for word in words) else "epochs"


def read_seeds(name: str, text: str) -> tuple[int, ...] | int | None:
    """The seeds that a text states (`0--4`, `1, 2 and 3`), or how many (`five`); None where it states neither. A number
    is a seed where the name is that of one, or it stands in brackets."""
    if two := re.fullmatch(r"([^()]*?\w)\s*\(([^()]+)\)", text.strip()):
        told = [read_seeds(name, part) for part in (two[2], two[1])]  # 5 (0–4), and 0–4 (five)
        return next((one for one in told if isinstance(one, tuple) and len(one) > 1), next(filter(None, told), None))
    plain = text.strip().strip("$").replace("\\", "").strip("[](){} ").lower()
    if ranged := re.fullmatch(r"(?:seeds? )?(\d{1,9})\s*(?:[-–—]+|to|through|\.\.|…)\s*(\d{1,9})", plain):
        first, last = int(ranged[1]), int(ranged[2])
        return tuple(range(first, last + 1)) if last - first < MOST_SEEDS else None
    parts = [part for part in re.split(r"[,;/&\s]+|\band\b", plain) if part]
    if len(parts) > 1 and all(re.fullmatch(r"\d{1,18}", part) for part in parts):
        return tuple(map(int, parts))
    number = read_number(plain)
    if number is None or number.value != int(number.value) or re.search(r"\d{19}", plain):
        return None
    last_name = " ".join(list_words(re.split(r"[./:]|__", name)[-1]))
    listed = text.strip().startswith("[") or last_name in ("seed", "random seed", "random state", "seed everything")
    return (int(number.value),) if listed and not number.unit else int(number.value)


def read_choice(path: str, text: str) -> str | None:
    """Which of a setting's values a text means, by the words of `names.yaml`: the longest that stands in it; `another`
    where it means one that is known elsewhere, None where it means none that is known. Settings without such values are
    compared as they are written."""
    choices = load_names()["values"].get(path)
    plain = re.sub(r"[${}]|(?<=[a-z$])_(?=\{?\d)", "", unmark_text(text).lower())  # macro-F$_1$
    if choices is None:
        return plain or None
    if plain.replace(" ", "-") in choices:
        return plain.replace(" ", "-")
    spaced = re.sub(r"[\s_./-]+", " ", plain).strip()
    found = [(len(word), value) for value, words in choices.items() for word in words if _stands_in(word, spaced, text)]
    return max(found, key=lambda one: one[0])[1] if found else None


def _stands_in(word: str, spaced: str, text: str) -> bool:
    if word == "none":
        return is_none(text)
    if word.startswith("="):
        return _bare_word(spaced) == word[1:]
    return all(part in spaced for part in word.split(" + "))


def unmark_text(text: str) -> str:
    """A value as written, without marks around it."""
    return re.sub(r"\\verb(\W)(.*?)\1", r"\2", text.strip()).strip("`\"' ")


def plain_text(text: str) -> str:
    """The same in lower case, and without the word before a pattern."""
    return unmark_text(text).removeprefix("regex:").lower()
