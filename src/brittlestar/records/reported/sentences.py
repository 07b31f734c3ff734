"""Sentences of a page, as far as they say what was used: without what was tried, done before, or done by others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from brittlestar.records.reported.asides import leave_out_asides
from brittlestar.records.reported.enumerations import pair_values
from brittlestar.records.reported.ours import keep_ours, speaks_of_ours
from brittlestar.records.reported.spelling import spell_numbers

LONGEST = 1000  # budget: letters of a sentence; what is longer is none
_CITED = re.compile(r"\([^()]*\b(?:19|20)\d\d[a-z]?\)|(?<![=:] )(?<=\s)\[[\d, –-]+\]")
_APART = re.compile(r"\n[ \t\r]*\n|\n(?=[ \t]*(?:[-*+]|\d+[.)]|\\item) )|\s\|\s|•")
"""Between paragraphs, points of a list, and what stands beside bars."""
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\bal\.)(?<!\bvs\.)(?<!e\.g\.)(?<!i\.e\.)\s+(?=[A-Z(])")
_GRID = re.compile(
    r"(?<![a-z])(seeds?|weights?|betas?)?([^{}.;]{0,12})\{([^{}]*\d[^{}]*[,;][^{}]*\d[^{}]*)\}", re.IGNORECASE
)
"""Values of which one was taken, `{1e-3, 3e-3}`, unless all of them were."""
_TRIED = re.compile(
    r"(?:^|(?<=[.;:] ))[^.;]*\b(?:was|were) (?:tried|explored|searched|considered|compared|swept|tested)\b|"
    r"(?:^|(?<=[.;:] ))(?:with|without|using|raising|lowering|removing|replacing|if|when|increasing|decreasing)\b[^;]*?"
    r"\b(?:falls?|fell|drops?|dropped|hurts?|degrades?|improves?|improved|rises?|rose|helps?|helped|reduces|reduced|"
    r"changes|changed)\b[^;]*",
    re.IGNORECASE,
)
"""What was tried, and is not what was used."""
_BEFORE = re.compile(
    r"\b(?:instead of|rather than|as opposed to|in place of)\s+(?:an? |the )?[\w.^⁻-]+|"
    r"\b(raised|increased|doubled|tripled|halved|changed|lowered|up|down)\b( [^.;,]*?)? from [\d.e−-]+(?= to\b)",
    re.IGNORECASE,
)
"""What was done before, or was not done."""
_OTHERS = re.compile(
    r"\b(?:unlike|in contrast to|compared (?:to|with)|whereas|while) (?:[^;.]|al\.)*?\bwho\b[^;]*?,(?= we\b)|"
    r"\b(?:theirs?|they) [^;]*[;,](?= (?:ours|we)\b)",
    re.IGNORECASE,
)
"""What others did."""
_TIMES = re.compile(r"\b(\d+)\s?[x×]\s?(\d+)(?=[- ](?:hidden |unit |bi-?)*(?:lstm|gru|units|rnn))", re.IGNORECASE)
_NUMBER = r"([\d.]*\d(?: ?%)?)"
_PAIR = re.compile(
    rf"\b(\w+ \w+) and (?:the )?(\w+ \w+) (?:are|were) (?:both |each )?(?:set to |of )?{_NUMBER}", re.IGNORECASE
)
_AND_SO = re.compile(rf"\b(\w+ \w+) (?:is|was|of) {_NUMBER},? and so (?:is|was) (?:the )?(\w+ \w+)", re.IGNORECASE)
"""One number of two settings."""


def split_sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence in one line, with the line that it begins on."""
    text = re.sub(r"[ \t]{3,}", " ", text)
    line, counted, start = 1, 0, 0
    beside = speaks_of_ours(text)
    for paragraph in _APART.split(text):
        for sentence in filter(None, _SENTENCE.split(paragraph.strip())):
            place = text.index(sentence, start)
            line, counted, start = line + text.count("\n", counted, place), place, place + len(sentence)
            if len(sentence) > 2 * LONGEST:
                continue
            spelled = re.sub(
                r"\\(?:texttt|textbf|textit|emph|textsc|mathrm|num)\{([^{}]*)\}", r"\1", spell_numbers(sentence)
            )
            plain = re.sub(r"[*`$]|(?<![\w\\])_|_(?![\w])", "", spelled).replace("\\_", "_")
            if len(plain) <= LONGEST:
                yield line, _spell_out(" ".join(plain.split()), beside)


def _spell_out(sentence: str, beside: bool) -> str:
    """A sentence without what was tried, done before or done by others, and with `2x64 LSTM` in words."""
    sentence = _CITED.sub("", leave_out_asides(keep_ours(sentence, beside)))
    plain = _GRID.sub(lambda found: f"{found[1]} {found[3]}" if found[1] else found[2], sentence)
    plain = _TRIED.sub("", _OTHERS.sub("", plain))
    plain = _BEFORE.sub(lambda found: " ".join(filter(None, found.groups())), plain)
    plain = pair_values(plain)
    plain = _PAIR.sub(r"\1 is \3 and \2 is \3", plain)
    plain = _AND_SO.sub(r"\1 is \2 and \3 is \2", plain)
    return _TIMES.sub(r"\1 layers of \2 units in an", plain)
