"""Numbers of sentences in spellings that are read: `thirty-two`, `3 x 10^(-3)`, `two per cent`, `0,05`."""

from __future__ import annotations

import re
from collections.abc import Callable

from brittlestar.records.reported.numbers import COUNTED

_ONES = {word: number for number, word in enumerate(COUNTED.split(), start=1)}
_TENS = {
    word: 10 * number
    for number, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_PARTS = {"tenth": 1, "hundredth": 2, "thousandth": 3, "ten-thousandth": 4, "ten thousandth": 4, "millionth": 6}
_NAMED = "|".join((*_TENS, *_ONES))
_COUNT = rf"(?:{_NAMED})(?:-(?:{_NAMED}))?"
_MANY = {"hundred": 100, "thousand": 1000}
_SPELLED: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?<=\d)(?:\\[,;:!]|[\u2009\u202f])(?=\d{3}(?!\d)|\\?%)"), ""),  # 1\,280
    (re.compile(r"(?<=\d)\s*\\mathrm\{e\}\s*\{?([-−–+]?\d+)\}?"), r"e\1"),
    (re.compile(r"(?<=\d)\{?,\}?(?=\d{3}(?:\D|$))"), ","),  # 1{,}280
    (re.compile(r"\b0·(?=\d)"), "0."),  # with a raised point
    (re.compile(r"⋅"), "·"),
    (re.compile(r"[₀-₉]"), lambda found: str(ord(found[0]) - ord("₀"))),
    (re.compile(r"\bone-hot\b", re.IGNORECASE), "onehot"),
    (re.compile(r"\b(?:power|multiple) of two\b", re.IGNORECASE), ""),
    (re.compile(r"\b(hidden (?:size|units|states?)(?: of)?) 2\s?[×x]\s?(?=\d)", re.IGNORECASE), r"\1 "),
    (re.compile(r"\bdefault Adam (?=hyper|sett|param)", re.IGNORECASE), "default "),
    (
        re.compile(
            r"\b(\d[\d,]*) (?:out )?of (?:the |all )?\d[\d,]* (?=(?:training|train) (?:rows|examples|sequences|"
            r"samples|instances))",
            re.IGNORECASE,
        ),
        r"\1 ",
    ),
    (
        re.compile(
            r"\bof (?:the |all )?\d[\d,]* ((?:training|train) (?:rows|examples|sequences|samples|"
            r"instances)),? (?:we )?(?:used |sampled |kept |took )?(\d[\d,]*)",
            re.IGNORECASE,
        ),
        r"\2 \1",
    ),
    (re.compile(r"(?<=\d)\.(?=10\s*(?:\^|\*\*))"), "·"),  # 3.10^-3
    (re.compile(r"(?<=\d)\s*(?:\\ast|\*)\s*(?=10\s*(?:\^|\*\*))"), "·"),  # an asterisk may be a mark
    (re.compile(r"\b10\s*(?:\^|\*\*)\s*\(\s*([-−–+]?\d+)\s*\)"), r"10^{\1}"),
    (re.compile(r"(?<=\d)(\s*[×x·]\s*10) ([-−–]\d+)"), r"\1^\2"),
    (re.compile(r"(?<=\d)\.(?=e[-−+]?\d)"), ".0"),  # 1.e-4
    (re.compile(r"(?<=\d) e([-−]\d+)\b"), r"e\1"),
    (re.compile(r"\b(\d+(?:\.\d+)?)\s*‰"), lambda found: f"{float(found[1]) / 1000:g}"),
    (re.compile(r"(?<![\d,.])0,(\d{2,})(?![\d,])"), r"0.\1"),
    (
        re.compile(r"(?<![\d/.])([1-9])/(10{1,5}|[25]0{1,3})(?![\d/])"),
        lambda found: f"{int(found[1]) / int(found[2]):g}",
    ),
    (
        re.compile(rf"\b({_COUNT}|an?) ({'|'.join(_PARTS)})s?\b", re.IGNORECASE),
        lambda found: f"{_count(found[1])}e-{_PARTS[found[2].lower()]}",
    ),
    (
        re.compile(rf"\b({_COUNT}|an?) (hundred|thousand)\b", re.IGNORECASE),
        lambda found: f"{_count(found[1]) * _MANY[found[2].lower()]}",
    ),
    (re.compile(rf"\b({_COUNT})(?= ?(?:%|per ?cent\b))", re.IGNORECASE), lambda found: f"{_count(found[1])}"),
    (re.compile(r"(?<=\d) ?per ?cent\b"), " %"),
    (re.compile(rf"\b((?:{'|'.join(_TENS)})(?:-(?:{_NAMED}))?)\b", re.IGNORECASE), lambda found: f"{_count(found[1])}"),
)


def spell_numbers(sentence: str) -> str:
    """A sentence with its numbers as `numbers.py` reads them."""
    for pattern, written in _SPELLED:
        sentence = pattern.sub(written, sentence)
    return sentence


def _count(words: str) -> int:
    """`thirty-two` as a number; an article is one."""
    return sum(_TENS.get(word) or _ONES.get(word) or 0 for word in words.lower().split("-")) or 1
