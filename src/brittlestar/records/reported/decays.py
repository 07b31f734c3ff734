"""How a sentence says that a learning rate falls: `halved every other epoch`, `divided by 10`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FALLS = r"(?:decay|reduc|decreas|lower|drop|anneal|shr[iu]nk|cut|multipl|scal|divid)\w*"
_RATE = re.compile(r"\b(?:learning[- ]rate|lr|step size|rate|it)\b")
_HALF = re.compile(
    rf"\bhalv(?:ed?|es|ing)\b|\b{_FALLS} (?:\w+ ){{0,3}}(?:by (?:a )?|in |to )half\b|[/÷] ?2 every|(?<= )/2\b"
)
_DIVIDED = re.compile(
    rf"\b(?:divid\w*|/) (?:\w+ ){{0,3}}by (?:a factor of )?(\d+|two|ten|five)\b|"
    rf"\b{_FALLS} (?:\w+ ){{0,3}}by a factor of (\d+|two|ten|five)\b(?!\.\d)"
)
_TENFOLD = re.compile(rf"\b{_FALLS} (?:\w+ ){{0,2}}(?:ten-?fold|tenfold)")
_TIMES = re.compile(
    rf"\b{_FALLS} (?:the |its |our )?(?:learning[- ]rate|lr|rate|it)? ?by (?:a factor of |a factor |× ?|x ?)?(0?\.\d+)"
)
_OTHER_OBJECT = re.compile(r"\b(?:batch(?: size)?|number of \w+|data|rows|samples|epochs? (?:was|were|is))\b")
"""What else is cut in half."""
_OTHER = re.compile(
    r"\b(?:every|each) (?:other|second|2nd)\b|\bafter (?:the )?(?:second|every second|every other) epoch"
)
_WORDS = {"two": 2, "five": 5, "ten": 10}


def find_decay(sentence: str) -> Iterator[tuple[str, str]]:
    """(name, value) of a schedule of steps: its factor, and every second epoch."""
    plain = sentence.lower()
    if not _RATE.search(plain):
        return
    plain = "; ".join(one for one in re.split(r"[;,]\s", plain) if not _OTHER_OBJECT.search(one))
    factor = _find_factor(plain)
    if factor is not None and re.search(r"\bepochs?\b|\bep\b|\bsteps?\b|schedul|decay", plain):
        yield "lr decay factor", factor
    if _OTHER.search(plain) and (factor is not None or re.search(_FALLS, plain)):
        yield "decay every", "2 epochs"


def _find_factor(plain: str) -> str | None:
    if _HALF.search(plain):
        return "0.5"
    if divided := _DIVIDED.search(plain):
        number = divided[1] or divided[2]
        many = _WORDS.get(number) or int(number)
        return f"{1 / many:g}" if many > 1 else None
    if _TENFOLD.search(plain):
        return "0.1"
    times = _TIMES.search(plain)
    return None if times is None else times[1]
