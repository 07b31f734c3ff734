"""Which metric a sentence says that training was stopped by, and which one that a checkpoint was chosen by."""

from __future__ import annotations

import re
from collections.abc import Iterator

_METRIC = (
    r"(?P<{0}>balanced accuracy|acc(?:uracy)?\b|macro[- _]?(?:averaged )?f[_ ]?[1₁](?:[- ]scores?)?|"
    r"f[_ ]?[1₁](?:[- ]scores?)?(?: \(macro\))?|log loss|loss\b|cross[- ]entropy|hwa\b|swa\b|cwa\b)"
)
_DEV = r"(?:held-out )?(?:dev(?:elopment)?|valid(?:ation)?|val|held-out)\b(?: set| data| split)?"
_HELD = re.compile(
    rf"(?:dev(?:elopment)?|valid(?:ation)?|val|held-out)(?: set| data)?(?:'s)?[ _-]{_METRIC.format('before')}|"
    rf"{_METRIC.format('after')} (?:is computed |was computed )?(?:on|of|over|for) (?:the )?{_DEV}|"
    rf"(?:according to|in terms of|based on|by|monitor\w*|criterion:?|w\.?r\.?t\.?|"
    rf"on) (?:the )?{_METRIC.format('named')}"
)
_PART = re.compile(
    r";\s|(?<=[a-z]{3})\.\s|,? and (?=(?:we |the |then |finally )*(?:keep|kept|select|choose|chose|restor|evaluat|"
    r"checkpoint|best))|"
    r", while\b|\bwhile\b"
)
_NO_WATCH = re.compile(r"\b(?:halv|reduc|decay|anneal|multipl)\w*\b.*\bwhen\b|\bon (?:the )?train(?:ing)?\b")
"""Parts about the rate, or about train."""
_STOPPED = re.compile(
    r"\bearly[- _]?stop|\bstop\w* early|\bpatience\b|\b(?:stop|halt|terminat|end)\w*\b|\bplateau|improv"
)
_CHOSEN = re.compile(r"\bselect|\bchose|\bchoose|\bke[ep]p?t?\b|\bbest\b|\bhighest\b|\blowest\b|\brestor|\bcheckpoint")


def find_metrics(sentence: str) -> Iterator[tuple[str, str]]:
    """(name, metric) of early stopping and of selection, each in its own part of the sentence."""
    for part in _PART.split(sentence.lower()):
        held = next(_HELD.finditer(part), None)
        if held is None or _NO_WATCH.search(part):
            continue
        metric = next(filter(None, held.groups()))
        stopped, chosen = (_find_near(words, part, held.start()) for words in (_STOPPED, _CHOSEN))
        if stopped is not None and (chosen is None or stopped < chosen):
            yield "early stopping metric", metric
        elif chosen is not None:
            yield "selection metric", metric


def _find_near(words: re.Pattern[str], part: str, place: int) -> int | None:
    """How far the nearest of these words is from a place."""
    return min((abs(found.start() - place) for found in words.finditer(part)), default=None)
