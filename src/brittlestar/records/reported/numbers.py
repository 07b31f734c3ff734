"""Numbers as people write them: `1e-4`, `0.0001` and `1 × 10^-4` are one number; and yes, no and none."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Literal

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SIGNS = str.maketrans({"−": "-", "–": "-", "‐": "-", "·": "*", "×": "*", "⋅": "*"})
COUNTED = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_WORDS = {word: number for number, word in enumerate(COUNTED.split(), start=1)}
_NUMBER = re.compile(
    r"(?P<sign>[-+]?)\s*(?:(?P<digits>\d[\d,_ ]*\.?\d*|\.\d+)(?:e(?P<exponent>[-+]?\d+))?)?\s*"
    r"(?:\*?\s*10\s*(?:\^|\*\*)\s*[{(]?\s*(?P<power>[-+]?\d+)\s*[})]?)?\s*(?P<unit>%|percent|[km]\b)?\s*"
    r"(?P<rest>(?:[a-z][a-z._/-]+ ?)*)"
)
_PRODUCT = re.compile(r"(\d[\d.]*) ?\* ?((?!10\s*(?:\^|\*\*))\d[\d.]*(?:e-?\d+)?)")
_FRACTION = re.compile(r"(\d{1,15})\s*/\s*(\d{1,15})")
_SCALES = {"%": 0.01, "percent": 0.01, "k": 1e3, "m": 1e6}
LONGEST = 1000  # budget: letters of a value that is a number
MOST_POWER = 300
"""Powers of ten that a number may have."""
NONE = (
    *("none", "null", "no", "off", "false", "never", "without", "disabled", "unused", "n/a", "na"),
    *("not used", "not applicable", "not applied", "-", "–", "—", "−", "✗", "✘", ""),
)
TRUE = ("true", "yes", "on", "used", "enabled", "with", "✓", "✔")


@dataclass(frozen=True)
class Number:
    """A number as stated: its value, how many significant digits it was written with, whether a decimal point or an
    exponent stands in it, and the words behind it."""

    value: float
    digits: int
    exact: bool
    unit: str = ""

    def is_same(self, actual: float) -> bool:
        """Whether a setting is this number, as far as it was written out: one that was written with two digits or more
        after rounding may be the rounded setting."""
        if abs(actual - self.value) <= 1e-9 * max(abs(actual), abs(self.value)):
            return True
        if self.exact or self.digits < 2 or actual == 0:
            return False
        return float(f"{actual:.{self.digits - 1}e}") == float(f"{self.value:.{self.digits - 1}e}")


_LATEX = re.compile(r"\\(?:num|textbf|textit|mathbf|mathrm|text)\{([^{}]*)\}")
_BEFORE = re.compile(
    r"^(?:[^≤\d]*(?:≤|\\leq?)|(?:=|≈|~|<=?|about|approx\.?|approximately|up to|at most|a|an|the|max(?:imum|\.)?|"
    r"exactly|fixed|set|norm|l2|rate|probability|to|at|of|for)(?=[\s\d.])|=|≈|~)\s*",
    re.IGNORECASE,
)
"""Words before a number that say no more than that it is one."""
_BEHIND = re.compile(
    r"(?<=\d)(?:\s*,\s*[a-z][a-z -]*|\s+(?:out )?of(?: the| all)?\s+\d[\d,]*|\s*/\s*[a-z]+|-?d(?:im(?:s|ensional)?)?|"
    r"\s*[x×])\.?$",
    re.IGNORECASE,
)
"""The same behind it."""


def _plain_number(text: str) -> str:
    """A number in ASCII, without what stands around it."""
    text = _LATEX.sub(r"\1", text.strip().strip("`[]"))
    text = re.sub(r"^[^=]{1,30}=\s*", "", text)  # `p = 0.05`
    text = re.sub(r"\^\s*\((-?\d+)\)", r"^\1", text)
    text = re.sub(r"^([-+]?(?:0,\d+|\d+,\d{1,2}))$", lambda found: found[1].replace(",", "."), text)
    text = re.sub(r"(?<=\d)e\^?\{(-?\d+)\}", r"e\1", text)
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda found: f"^{found[0].translate(_SUPERSCRIPTS)}", text.strip().lower())
    while (shorter := _BEFORE.sub("", text)) != text:
        text = shorter
    text = re.sub(r"(?<=\S)\s*\(.*?\)", "", text).translate(_SIGNS)
    for written, plain in _PLAIN.items():
        text = text.replace(written, plain)
    text = re.sub(r"(?<=\d)\s*x\s*(?=\d)", " * ", _BEHIND.sub("", text.strip()))
    return re.sub(r"\* 10-(?=\d+$)", "* 10^-", text).strip()


_PLAIN = {"\\times": "*", "\\cdot": "*", "{,}": "", "\\,": "", "\\%": "%", "$": "", "~": ""}


def read_number(text: str) -> Number | None:
    """The number that a text states, None where it states none, or several that differ."""
    if len(text) > LONGEST:
        return None
    plain = _plain_number(text)
    if plain in _WORDS:
        return Number(float(_WORDS[plain]), 1, True)
    if fraction := _FRACTION.fullmatch(plain):
        return None if int(fraction[2]) == 0 else Number(int(fraction[1]) / int(fraction[2]), 17, False)
    first, _, rest = plain.partition(" ")
    if first in _WORDS and rest:
        return Number(float(_WORDS[first]), 1, True, rest.strip())
    if (product := _PRODUCT.fullmatch(plain)) and (parts := [read_number(one) for one in product.groups()]):
        first_one, second_one = parts
        if first_one is None or second_one is None or not math.isfinite(first_one.value * second_one.value):
            return None
        return replace(first_one, value=first_one.value * second_one.value)
    found = _NUMBER.fullmatch(plain)
    if found is None or not (found["digits"] or found["power"]):
        return None
    written = re.sub(r"[,_ ](?=\d{3}(?!\d))", "", found["digits"] or "1").strip()
    power = int(found["exponent"] or 0) + int(found["power"] or 0)
    if not re.fullmatch(r"\d*\.?\d*", written) or not re.search(r"\d", written) or abs(power) > MOST_POWER:
        return None
    value = float(written) * 10.0**power
    if not math.isfinite(value):
        return None
    value *= _SCALES.get(found["unit"] or "", 1.0) * (-1 if found["sign"] == "-" else 1)
    exact = "." not in written and not found["exponent"] and not found["power"] and not found["unit"]
    return Number(value, len(written.replace(".", "").lstrip("0")) or 1, exact, found["rest"].strip())


_LENGTH = re.compile(r"\d[\d,. ]*?\s*(?:\\?%|percent|(?:k )?(?:steps?|epochs?|updates|iterations)\b)")


def read_length(text: str) -> Number | None:
    """The one length of training that words are about: `linear warmup over 10% of steps`."""
    text = re.sub(r"\bhalf (?:an?|of an?|the) ", "0.5 ", re.sub(r"^\s*1\s*[-–]\s*(?=\d+\s*$)", "", text))
    found = read_number(text)
    if found is not None or len(text) > LONGEST:
        return found
    lengths = _LENGTH.findall(text.lower())
    return read_number(lengths[0]) if len(lengths) == 1 else None


def read_whether(text: str) -> bool | None:
    """Whether a text says yes or no; None where it says neither."""
    plain = re.sub(r"\s*\([^()]*\)$", "", text.strip().lower()).rstrip(".") or text.strip()
    return True if plain in (*TRUE, "1") else False if plain in (*NONE, "0") else None


def is_none(text: str) -> bool:
    """Whether a text says that there is none."""
    plain = re.sub(r"\s*\([^()]*\)$", "", text.strip().lower()).rstrip(".")
    return plain in NONE or re.match(r"no (?:\w+[ -]?){1,3}$", plain) is not None


LENGTHS = ("training.epochs", "training.schedule.warmup")
"""Settings that are lengths of training: in epochs, of which papers give steps or shares, too."""


_SAID_AGAIN = r"(?<=\S)\s*\([^()]*\d[^()]*\)"
"""The same length in another unit, in brackets."""


def find_unit(name: str, text: str) -> Literal["steps", "share", "epochs"]:
    """What a length of training is counted in, by the words of its name and its value; `4 (80 steps)` are epochs."""
    words = f"{name} {re.sub(_SAID_AGAIN, '', text)}".lower()
    if re.search("(?<!ite)ratio|proportion|share|fraction|%|percent", words):
        return "share"
    return "steps" if re.search("step|update|iteration", words) else "epochs"


def read_numbers(text: str) -> tuple[Number, ...] | None:
    """The numbers of a list, None where something else stands in it."""
    text = re.sub(r"(?<=\d)\s+[A-Za-z]+$", "", text.strip())  # 3, 5 tokens
    parts = [part for part in re.split(r"[,;/\s]+|\band\b", text.strip().strip("$[](){}")) if part]
    found = [read_number(part) for part in parts]
    return tuple(one for one in found if one is not None) if parts and None not in found else None
