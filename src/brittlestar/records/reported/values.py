"""Values as people write them in a file: numbers, seeds, yes and no, and words."""

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from brittlestar.core.foreign_names import list_metric_names, list_words, load_names
from brittlestar.core.metrics import METRICS

LONGEST_VALUE = 1000  # budget: letters of a value
MOST_SEEDS_STATED = 10_000  # budget: seeds of a study that somebody states as a range
NONE = (
    *("none", "null", "no", "off", "false", "never", "without", "disabled", "unused", "n/a", "na"),
    *("not used", "not applicable", "not applied", "-", "–", "—", "−", ""),
)
TRUE = ("true", "yes", "on", "used", "enabled", "with")
OTHER = "another"
"""A value that a setting cannot have here, and that people know elsewhere."""
LENGTHS = ("training.epochs", "training.schedule.warmup")
"""Settings that are lengths of training: in epochs, of which others give steps or shares, too."""
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_NUMBER = re.compile(
    r"(?P<sign>[-+]?) *(?P<digits>\d+(?:\.\d*)?|\.\d+)(?:e(?P<power>[-+]?\d{1,3}))? *(?P<scale>%|[km]\b)?[ -]*"
    r"(?:[a-z]+[a-z /]*)?"
)
_SCALES = {"%": 0.01, "k": 1e3, "m": 1e6}


@dataclass(frozen=True)
class Number:
    """A number as stated: its value, how many significant digits it was written with, whether it is a bare whole
    number, and what one more in its last digit is worth."""

    value: float
    digits: int
    exact: bool
    last: float

    def is_same(self, actual: float) -> bool:
        """Whether a setting is this number, as far as it was written out: one that was written with two digits or more
        after rounding may be the rounded setting."""
        if abs(actual - self.value) <= 1e-9 * max(abs(actual), abs(self.value)):
            return True
        if self.exact or self.digits < 2 or actual == 0:
            return False
        return float(f"{actual:.{self.digits - 1}e}") == float(f"{self.value:.{self.digits - 1}e}")


def read_number(text: str) -> Number | None:
    """The number that a text states, with a unit or without; None where it says anything else."""
    if len(text) > LONGEST_VALUE:
        return None
    plain = re.sub(r"[${}]|\\,|\\(?=%)", "", re.sub("[−–‐]", "-", text.strip().lower()))
    plain = re.sub(r"(?<![\d.,])[1-9]\d{0,2}(?:[,_]\d{3})+(?!\d)", lambda found: re.sub("[,_]", "", found[0]), plain)
    plain = re.sub(r"(?<=10)[⁻⁰¹²³⁴-⁹]+", lambda found: f"^{found[0].translate(_RAISED)}", plain)
    plain = re.sub(r"^10\^", "1e", re.sub(r"(?<=[\d.]) *(?:\\times|\\cdot|[×·*]) *10\^", "e", plain))
    found = _NUMBER.fullmatch(plain)
    if found is None:
        return None
    digits, power = found["digits"], int(found["power"] or 0)
    scale = _SCALES.get(found["scale"] or "", 1.0) * (-1 if found["sign"] == "-" else 1)
    value, last = float(f"{digits}e{power}") * scale, float(f"1e{power - len(digits.partition('.')[2])}") * abs(scale)
    significant = len(digits.replace(".", "").lstrip("0")) or 1
    exact = "." not in digits and not (found["power"] or found["scale"])
    return Number(value, significant, exact, last) if math.isfinite(value) else None


def read_numbers(text: str) -> tuple[Number, ...] | None:
    """The numbers of a list; None where something else stands in it."""
    found = [
        read_number(one) for one in re.split(r"[,;]|\band\b", text.strip("[](){} "))[:LONGEST_VALUE] if one.strip()
    ]
    return tuple(one for one in found if one is not None) if found and None not in found else None


def _bare_word(text: str) -> str:
    return re.sub(r"\s*\([^()]*\)$", "", text.strip().lower()).rstrip(".")


def read_whether(text: str) -> bool | None:
    """Whether a text says yes or no; None where it says neither."""
    plain = _bare_word(text) or text.strip()
    return True if plain in (*TRUE, "1") else False if plain in (*NONE, "0") else None


def is_none(text: str) -> bool:
    """Whether a text says that there is none."""
    return _bare_word(text) in NONE


def find_unit(name: str, text: str) -> Literal["steps", "share", "epochs"]:
    """What a length of training is counted in, by the words of its name and its value."""
    words = {*list_words(name), *list_words(text)}
    if words & {"ratio", "proportion", "share", "fraction", "percentage", "percent"} or "%" in f"{name} {text}":
        return "share"
    return "steps" if any(re.match("step|update|iteration", word) for word in words) else "epochs"


def read_seeds(name: str, text: str) -> tuple[int, ...] | int | None:
    """The seeds that a text states (`0-4`, `1, 2 and 3`), or how many; None where it states neither. A number is a seed
    where the name is that of one, or it stands in brackets."""
    plain = text.strip("[](){} ").lower()
    if ranged := re.fullmatch(r"(\d{1,9}) *(?:[-–—]+|to) *(\d{1,9})", plain):
        first, last = int(ranged[1]), int(ranged[2])
        return tuple(range(first, last + 1)) if last - first < MOST_SEEDS_STATED else None
    parts = [part for part in re.split(r"[,;\s]+|\band\b", plain) if part]
    if not parts or not all(re.fullmatch(r"\d{1,18}", part) for part in parts):
        return None
    last_name = " ".join(list_words(re.split(r"[./:]|__", name)[-1]))
    alone = text.strip().startswith("[") or last_name in ("seed", "random seed", "random state", "seed everything")
    return tuple(map(int, parts)) if len(parts) > 1 or alone else int(parts[0])


def read_choice(path: str, text: str) -> str | None:
    """Which of a setting's values a text means, by the words of `names.yaml`: the longest that stands in it; `another`
    where it means one that is known elsewhere, None where it means none that is known. Settings without such values are
    compared as they are written. A metric may be named as anywhere, alone or beside a split."""
    choices = load_names()["values"].get(path)
    plain = unmark_text(text).lower()
    if path.endswith(".metric") and (metric := _list_metrics().get(_drop_splits(text[:LONGEST_VALUE]))):
        return metric
    if choices is None:
        return plain or None
    if plain.replace(" ", "-") in choices:
        return plain.replace(" ", "-")
    spaced = re.sub(r"[\s_./-]+", " ", plain).strip()
    found = [(len(word), value) for value, words in choices.items() for word in words if _stands_in(word, spaced, text)]
    return max(found, key=lambda one: one[0])[1] if found else None


@cache
def _list_metrics() -> dict[frozenset[str], str]:
    """Every metric by the words of each of its names."""
    named = ((name, one.name) for one in METRICS for name in (one.name, *list_metric_names(one.name)))
    return {_drop_splits(name): metric for name, metric in named}


def _drop_splits(text: str) -> frozenset[str]:
    return frozenset(list_words(text)).difference(*load_names()["splits"].values())


def _stands_in(word: str, spaced: str, text: str) -> bool:
    if word == "none":
        return is_none(text)
    if word.startswith("="):
        return _bare_word(spaced) == word[1:]
    return all(part in spaced for part in word.split(" + "))


def unmark_text(text: str) -> str:
    """A value as written, without marks around it."""
    return text.strip("`\"' ")
