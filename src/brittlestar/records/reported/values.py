"""Values as people write them: numbers with units, counts in words, ranges, seeds, yes and no, and words."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from brittlestar.core.foreign_names import list_words, load_names

LONGEST = 1000  # budget: letters of a value
MOST_POWER = 300
"""Powers of ten that a number may have."""
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
_PLAIN: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"\\(?:num|textbf|textit|mathbf|mathrm|text)\{([^{}]*)\}", r"\1"),
    (r"\^\{?\\circ\}?|\$|\\[,;! ]|\{,\}", ""),
    (r"\\times|\\cdot|\\ast|[×·⋅]|(?<=\d) ?x ?(?=\d)", "*"),
    (r"\\%|per ?cent\b|\bpct\b", "%"),
    (r"[−–‐]", "-"),
    (r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda found: f"^{found[0].translate(_RAISED)}"),
    (r"\*\*", "^"),
    (r"e\^?\{([-+]?\d+)\}", r"e\1"),
    (r"\^[({]([-+]?\d+)[)}]", r"^\1"),
    (r"(\* *10)(?=-\d)", r"\1^"),
    (r"(?<![\d.,])[1-9]\d{0,2}(?:[,_ ]\d{3})+(?!\d)", lambda found: re.sub("[,_ ]", "", found[0])),
    (r"(?<![\d,.])(0,\d+|\d+,\d{1,2}|\d+,\d{4,})(?![\d,])", lambda found: found[1].replace(",", ".")),
    (r"\bhalf (?:an?|of an?|the)\b|½", "0.5"),
)  # fmt: skip
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_N = re.compile(
    r"(?<![\w.^])(?P<sign>(?<![\d)])[-+] ?)?(?:(?P<digits>\d+(?:\.\d*)?|\.\d+)(?!\d*\^)(?:e(?P<exponent>[-+]?\d+))?"
    r"(?P<times> *\*? *10\^(?P<power>[-+]?\d+))?|10\^(?P<only>[-+]?\d+))"
    r"(?: *\* *(?P<factor>\d+(?:\.\d+)?(?:e-?\d+)?)(?![\d^]))? *(?P<scale>%|[km]\b)?(?![a-z]+\d)"
)  # fmt: skip
_FRACTION = re.compile(r"(?<![\d./])(\d{1,15}) ?/ ?(\d{1,15})(?![\d./])")
_SCALES = {"%": 0.01, "k": 1e3, "m": 1e6}


@dataclass(frozen=True)
class Number:
    """A number as stated: its value, how many significant digits it was written with, whether it is a bare whole
    number, and the words behind it."""

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


def _plain_number(text: str) -> str:
    plain = text.strip().lower()[:LONGEST]
    for written, meant in _PLAIN:
        plain = re.sub(written, meant, plain)
    return plain.strip()


def find_numbers(text: str) -> list[Number]:
    """Every number in a text, or, where it has no digit, every count in words."""
    plain = _plain_number(text)
    found = [one for match in _N.finditer(plain) if (one := _make_number(match, plain)) is not None]
    if found or re.search(r"\d", plain):
        return found
    return [Number(float(_WORDS[word]), 1, True, rest) for word, rest in re.findall(r"([a-z]+)((?: [a-z]+)*)", plain)
            if word in _WORDS]  # fmt: skip


def _make_number(match: re.Match[str], plain: str) -> Number | None:
    digits, power = match["digits"] or "1", int(match["power"] or match["only"] or 0) + int(match["exponent"] or 0)
    value = float(digits) * 10.0**power if abs(power) <= MOST_POWER else math.inf
    value *= _SCALES.get(match["scale"] or "", 1.0) * float(match["factor"] or 1) * (-1 if match["sign"] else 1)
    if not math.isfinite(value):
        return None
    exact = "." not in digits and not match["times"] and not match["exponent"] and not match["only"]
    unit = re.match(r"[ -]*([a-z]*)", plain[match.end() :])
    return Number(value, len(digits.replace(".", "").lstrip("0")) or 1, exact and not match["scale"],
                  unit[1] if unit else "")  # fmt: skip


def read_number(text: str) -> Number | None:
    """The one number that a text states, whatever stands beside it; None where it states none, or several that differ.
    What stands in brackets behind it says it again."""
    if len(text) > LONGEST or re.search(r"<[a-z/][^>]*>", text):
        return None
    plain = _plain_number(text)
    outside = re.sub(r"(?<=\S) *\([^()]*\)| \[[^\]]*\]$", "", plain).strip() or plain
    outside = re.sub(r"^([^=]*[a-z][^=]*)=", "", outside)
    outside = re.sub(r"(?<=\d)(?: out)? of (?:all |the )*\d+|(?<=\d) ?/ ?(?=[a-z])", " ", outside)
    if fraction := _FRACTION.search(outside):
        top, bottom = int(fraction[1]), int(fraction[2])
        return Number(top / bottom, 17, False) if bottom and len(find_numbers(outside)) == 2 else None
    found = find_numbers(outside)
    return found[0] if found and len({one.value for one in found}) == 1 else None


def read_numbers(text: str) -> tuple[Number, ...] | None:
    """The numbers of a list, None where other words stand in it than behind the last one."""
    plain = _plain_number(text).strip("[](){} ")
    if re.search(r"[a-z]{2,}", re.sub(r"\band\b|[a-z ]+$|\de[-+]?\d", "", plain)):
        return None
    return tuple(found) if (found := find_numbers(re.sub(r"[/;]", " , ", plain))) else None


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


_ELLIPSIS = re.compile(r"\s*,(?:\s*\d+\s*,)?\s*(?:\.\.\.|…|\\l?dots)\s*,?\s*")


def read_seeds(name: str, text: str) -> tuple[int, ...] | int | None:
    """The seeds that a text states (`0--4`, `1, 2 and 3`), or how many (`five`); None where it states neither. A number
    is a seed where the name is that of one, and no word stands behind it."""
    if re.search(r"\d{19}", text):
        return None  # longer than any seed
    if (two := re.fullmatch(r"([^()]*?\w)\s*\(([^()]+)\)", text.strip())) and not text.strip().startswith("range"):
        told = [read_seeds(name, part) for part in (two[2], two[1])]  # 5 (0–4), and 0–4 (five)
        return next((one for one in told if isinstance(one, tuple) and len(one) > 1), next(filter(None, told), None))
    plain = _ELLIPSIS.sub("–", text.strip().strip("$")).replace("\\", "").strip("[](){} ").lower()
    bounds: tuple[int, int] | None = None
    if ranged := re.fullmatch(r"(?:seeds? )?(\d+)\s*(?:[-–—]+|to|through|\.\.|…)\s*(\d+)", plain):
        bounds = int(ranged[1]), int(ranged[2]) + 1
    elif sliced := re.fullmatch(r"range\((?:(\d+), *)?(\d+)\)?|(\d+):(\d+)", plain):
        bounds = int(sliced[1] or sliced[3] or 0), int(sliced[2] or sliced[4])
    if bounds is not None:
        return tuple(range(*bounds)) if bounds[1] - bounds[0] <= MOST_SEEDS else None
    parts = [part for part in re.split(r"[,;/&\s]+|\band\b|\bas well as\b", plain) if part]
    if len(parts) > 1 and all(part.isdecimal() for part in parts):
        return tuple(map(int, parts))
    number = read_number(plain)
    if number is None or number.value != int(number.value):
        return None
    one = " ".join(list_words(re.split(r"[./:]|__", name)[-1])) in ("seed", "random seed", "random state",
                                                                    "seed everything")  # fmt: skip
    listed = text.strip().startswith("[")
    return (int(number.value),) if (one or listed) and not number.unit else int(number.value)


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
