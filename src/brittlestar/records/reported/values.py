"""Values as people write them: `1e-4`, `0.0001` and `1 × 10^-4` are one number, `AdamW (torch)` is adamw."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from brittlestar.records.reported.aliases import plain_name

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
_FRACTION = re.compile(r"(\d+)\s*/\s*(\d+)")
_SCALES = {"%": 0.01, "percent": 0.01, "k": 1e3, "m": 1e6}
_ELLIPSIS = re.compile(r"\s*,(?:\s*\d+\s*,)?\s*(?:\.\.\.|…|\\l?dots)\s*,?\s*")
LONGEST = 1000  # budget: letters of a value that is a number
MOST_POWER = 300
"""Powers of ten that a number may have."""
MOST_SEEDS = 10_000  # budget: seeds of a study that somebody states as a range
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
        return first_one and second_one and replace(first_one, value=first_one.value * second_one.value)
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


def find_unit(name: str, text: str) -> Literal["steps", "share", "epochs"]:
    """What a length of training is counted in, by the words of its name and its value."""
    words = f"{name} {text}".lower()
    if re.search("ratio|proportion|share|fraction|%|percent", words):
        return "share"
    return "steps" if re.search("step|update|iteration", words) else "epochs"


def read_seeds(name: str, text: str) -> tuple[int, ...] | int | None:
    """The seeds that a text states, or how many; None where it states neither. A number is a seed where the name is
    that of one, and no word stands behind it."""
    if re.search(r"\d{19}", text):
        return None  # longer than any seed
    if (two := re.fullmatch(r"([^()]*?\w)\s*\(([^()]+)\)", text.strip())) and text.strip()[:5] != "range":
        told = [read_seeds(name, part) for part in (two[2], two[1])]  # 5 (0–4), and 0–4 (five)
        return next((one for one in told if isinstance(one, tuple) and len(one) > 1), next(filter(None, told), None))
    plain = _ELLIPSIS.sub("–", text.strip().strip("$")).replace("\\", "").strip("[](){}").lower()
    if called := re.fullmatch(r"range\((\d+)(?:, *(\d+))?\)?", plain):
        first, last = (0, int(called[1])) if called[2] is None else (int(called[1]), int(called[2]))
        return tuple(range(first, last)) if last - first < MOST_SEEDS else None
    if ranged := re.fullmatch(r"(\d+)\s*(?:-|–|to|through|\.\.|…)\s*(\d+)", plain):
        first, last = int(ranged[1]), int(ranged[2])
        return tuple(range(first, last + 1)) if last - first < MOST_SEEDS else None
    if sliced := re.fullmatch(r"(\d+):(\d+)", plain):
        return tuple(range(int(sliced[1]), int(sliced[2]))) if int(sliced[2]) - int(sliced[1]) < MOST_SEEDS else None
    parts = [part for part in re.split(r"[,;/\s]+|\band\b", plain) if part]
    if len(parts) > 1 and all(part.isdecimal() for part in parts):
        return tuple(map(int, parts))
    number = read_number(re.sub(r"^(?:mean|average) (?:of|over) ", "", plain))
    if number is None or number.value != int(number.value):
        return None
    last = re.split(r"[./:]|__", name)[-1]
    counts = (
        not text.strip().startswith("[")
        and plain_name(last) not in ("seed", "randomseed", "randomstate", "seedeverything")
    ) or bool(number.unit)
    return int(number.value) if counts else (int(number.value),)


_METRICS = {
    "log_loss": r"loss|cross.?entropy|nll",
    "balanced_accuracy": r"balanced",
    "accuracy": r"^(?:(?:val|dev|validation|eval|test)[_ -]?)?acc(?:uracy)?(?: *(?:\(|on ).*)?$",
    "macro_f1": r"f1",
    "ece": r"ece|calibration",
    "hwa": r"hwa|harmonic",
    "swa": r"swa",
    "cwa": r"cwa",
}
_STREAMS = {
    "fixed": r"^(?:fixed|same|shared)",
    "varied": r"^(?:varied|varies)",
    "crossed": r"^crossed",
    "off": r"^(?:off|no|none)$",
}
SPLITS: Mapping[str, str] = {"dev": r"dev|val", "train": r"train"}
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "training.optimiser": {"adamw": r"adamw", "adam": r"adam(?!w)", "sgd": r"\bsgd|stochastic gradient"},
    "model.family": {
        "lstm": r"lstm|long short.term",
        "gru": r"\bgru|bigru|gated recurrent",
        "transformer": r"transformer|self.attention",
        "mean": r"mean of embeddings|averag|\bmean\b|\bcbow|deep averaging",
        "bag": r"\bbag\b|bag.of|bow\b|logistic",
    },
    "model.pooling": {
        "mean": r"mean|average|avg",
        "max": r"max",
        "last": r"last|final",
        "attention": r"attention|attentive",
    },
    "model.embedding.mode": {
        "frozen-random": r"frozen.random|random.*(?:frozen|fixed)|(?:frozen|fixed).*random",
        "frozen-pretrained": r"frozen.pretrained|pre.?trained.*(?:frozen|fixed)|(?:frozen|fixed).*pre.?trained",
        "fine-tuned": r"^(?!.*random).*(?:fine.?tuned?|pre.?trained)",
        "trained": r"train|learn|from scratch|updated|fine.?tuned?",
    },
    "training.schedule.kind": {
        "cosine": r"^(?:[\w.]*\.)?(?:cosine|cosine[ _]?(?:annealing|decay)|cosineannealinglr|cosine to zero)$",
        "step": r"^(?:[\w.]*\.)?(?:step|steplr|step[ _-]decay|multi.?step(?:lr)?|step[ _-]?wise)$",
        "constant": r"^(?:constant|none|fixed|no|off|[-–—]|false|null|constant rate|"
        r"constant[ _](?:with|after)[ _](?:linear )?warm.?up|flat|constant lr)(?: \(none\))?$",
    },
    "training.precision": {
        "bf16": r"bf16|bfloat16",
        "fp32": r"fp32|float32|^32|single|full|^no$|^none$|^false$|torch\.float$",
    },
    "training.device": {
        "cpu": r"cpu|\bcores?\b|xeon|epyc|ryzen|processor|laptop",
        "cuda": r"cuda|gpu|a100|h100|v100|t4|rtx",
    },
    "training.class_weights": {
        "balanced": r"balanced|inverse",
        "none": r"^(?:none|no|off|false|uniform|equal|-|null|unweighted|1 each|all 1|ones)$",
    },
    **dict.fromkeys(("training.selection.split", "training.early_stopping.split"), SPLITS),
    "model.batch_statistics": {"stored": r"stor|kept|running|moving", "batch": r"^(?:of (?:the |each )?)?batch"},
    "model.embedding.composition": {"joint": r"^joint", "factor-sum": r"sum", "factor-concat": r"concat"},
    "data.train_without": {"leaks": r"leak"},
    **{f"streams.{name}": _STREAMS for name in ("init", "order", "dropout", "split", "sampling")},
    "data.order": {"permuted": r"permut|shuffl|random", "kept": r"kept|original|natural|none|as is"},
    "data.spelling": {"characters": r"char", "tokens": r"token|word"},
    "data.tokens": {
        "whitespace": r"white.?space|space|words?$",
        "characters": r"char",
        "list": r"^list|pre.?tokeni[sz]ed",
    },
    "training.selection.metric": _METRICS,
    "training.early_stopping.metric": _METRICS,
    "report.metric": _METRICS,
}


OTHER = "another"
"""A value that a setting cannot have here, and that people know elsewhere."""
_OTHERS: Mapping[str, str] = {
    "training.optimiser": "rms.?prop|ada(?:grad|delta|max|factor|belief)|n-?adam|radam|lamb|lion|l-?bfgs|sophia|muon",
    "training.schedule.kind": "^(?:linear|polynomial|exponential|one.?cycle|(?:reduce.*)?plateau|inverse.?sqrt|noam|"
    "cyclic|triangular)(?:[ _-]?(?:decay|schedule|lr|annealing|to zero))?$",
    "model.family": "cnn|convolution|mlp|perceptron|bert|mamba|s4|gpt|t5|n-?gram|svm|forest|naive bayes",
    "model.pooling": "^(?:cls|sum|first|concat\\w*|none)(?: token| pooling)?$",
    "data.tokens": "^regex:|bpe|byte.?pair|word.?piece|sentence.?piece|unigram|sub.?words?|\\bbytes?\\b",
    "training.precision": "fp16|float16|^16|half|fp64|float64|^64|double|fp8|int8",
}


def unmark_text(text: str) -> str:
    """A value as written, without marks around it."""
    return re.sub(r"\\verb(\W)(.*?)\1", r"\2", text.strip()).strip("`\"' ")


UNUSED = {"training.schedule.kind": "constant", "training.class_weights": "none"}
"""What is in effect where somebody says that there is none."""


def plain_text(text: str) -> str:
    """The same in lower case, and without the word before a pattern."""
    return unmark_text(text).removeprefix("regex:").lower()


def read_choice(path: str, text: str) -> str | None:
    """Which of a setting's values a text means, by the words that people use; `another` where it means one that is
    known elsewhere, None where it means none that is known. Settings without such values are compared as they are
    written."""
    plain = re.sub(r"[${}]|(?<=[a-z$])_(?=\{?\d)", "", text.strip().strip("`\"'").lower())  # macro-F$_1$
    if path not in _CHOICES:
        return plain or None
    if plain.replace(" ", "-") in _CHOICES[path]:
        return plain.replace(" ", "-")
    if path in UNUSED and is_none(plain):
        return UNUSED[path]
    ours = next((value for value, words in _CHOICES[path].items() if re.search(words, plain)), None)
    return OTHER if ours is None and re.search(_OTHERS.get(path, "(?!)"), plain) else ours


def has_choices(path: str) -> bool:
    """Whether a setting has values that are words."""
    return path in _CHOICES


def read_numbers(text: str) -> tuple[Number, ...] | None:
    """The numbers of a list, None where something else stands in it."""
    text = re.sub(r"(?<=\d)\s+[A-Za-z]+$", "", text.strip())  # 3, 5 tokens
    parts = [part for part in re.split(r"[,;/\s]+|\band\b", text.strip().strip("$[](){}")) if part]
    found = [read_number(part) for part in parts]
    return tuple(one for one in found if one is not None) if parts and None not in found else None
