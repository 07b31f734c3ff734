"""Settings stated in sentences, as a paragraph on methods has them: `4 epochs with Adam (learning rate 1e-3)`.

Every number is taken with the name beside it, and every word that names a choice with what it is a choice of. What is
not recognised is passed by: a sentence says much that is no setting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from brittlestar.records.reported.aliases import find_paths, find_place
from brittlestar.records.reported.decays import find_decay
from brittlestar.records.reported.dropouts import find_dropouts
from brittlestar.records.reported.embedding_words import find_embedding
from brittlestar.records.reported.numbers import COUNTED, LENGTHS, read_number
from brittlestar.records.reported.phrases import find_choices, find_flags, find_refusals, find_weights, find_worded
from brittlestar.records.reported.sentences import split_sentences
from brittlestar.records.reported.stated import Stated
from brittlestar.records.reported.values import has_choices
from brittlestar.records.reported.watching import find_metrics
from brittlestar.records.reported.wordings import EVERY, WORDINGS

_POWER = r"(?:\s*(?:×|\*|·|x|\\times|\\cdot)\s*10\s*(?:\^|\*\*)?\s*\{?[-−–]?\d+\}?|\s*[×·x]\s*10[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
_DIGITS = (
    rf"(?<![\w.])[-−]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)?(?:\.\d+|(?<=\d))(?:e[-−+]?\d+)?{_POWER}?(?:\s?(?:\\?%|k\b))?"
)
_TEN = r"10\s*(?:\^|\*\*)\s*\{?[-−]?\d+\}?|10[⁻][⁰¹²³⁴⁵⁶⁷⁸⁹]+"
_NUMBER = re.compile(
    rf"(?:{_TEN}|{_DIGITS}|\b(?:{COUNTED.replace(' ', '|')}|single(?=[- ](?:layer|epoch|seed|run|head|direction|"
    rf"recurrent|hidden|bi|lstm|gru)))\b)(?![\w.]*\d)",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"(?:\s*(?:,\s*(?:and|&)|,|/|and|&|as well as|to|through|–|-|,?\s*(?:\\l?dots|…|\.\.\.)\s*,?)\s*[\d.]*\d)+"
)
_SETS = re.compile(
    r"\s*(?:=|:|\(|\b(?:of|is|was|were|are|set to|equal to|fixed at|fixed to|amounts? to|ranged from|from|at|to)\b)\s*$"
)
_FILLS = re.compile(
    r"\s*\b(?:with (?:an? |the )?(?:rate|probability|value)|a|an|the|about|exactly|size|rate|values?|maximum|total|"
    r"probability)\s*$"
)
_BRACKETED = re.compile(r"\s*[(:]\s*((?:\d+(?:\s*(?:,\s*and|,|and|to|–|-)\s*)?){2,})")
_UNIT = re.compile(
    r"[\s-]*((?:(?:training|update|optimi[sz]ation|optimi[sz]er|gradient) )?(?:epoch|step|update|iteration)s?)"
)
_BREAK = re.compile(r"[,;:()=]|\.\s")
_SCHEDULE = "lr schedule"
NO_OWN: Mapping[str, Any] = MappingProxyType({})
_WHERE = r"\S+\s*\\?%?\s*(?:on|in|at|for|before|after|between|to|of|within)\b"
"""A number with where it acts."""
_JOINING = frozenset({"and", "differ", "differs", "vary", "varies"})
"""Words that stand in no name."""
_SEVERAL = ("seeds", "library.optimiser.betas")


@dataclass(frozen=True)
class _Read:
    """What a number of a sentence is of: its name and text, and where the sentence was read to. No name where none is
    known."""

    name: str
    text: str
    end: int


def read_prose(text: str, own: Mapping[str, Any] = NO_OWN) -> Iterator[Stated]:
    """The first mention of each setting in the sentences of a text; `own` are an own model's parameters."""
    seen: set[tuple[str, ...]] = set()
    for line, sentence in split_sentences(text):
        found = [
            *find_flags(sentence),
            *find_weights(sentence),
            *find_metrics(sentence),
            *find_embedding(sentence),
            *find_decay(sentence),
        ]
        found += [*find_dropouts(sentence), *find_worded(sentence), *find_choices(sentence), *find_refusals(sentence)]
        found += [*_read_own(sentence, own), *((one.name, one.text) for one in _read_numbers(sentence) if one.name)]
        for name, value in found:
            paths = find_paths(name) or (name,)
            if paths not in seen:
                seen.add(paths)
                yield Stated(name, value, line)
    if find_paths(EVERY) in seen and find_paths(_SCHEDULE) not in seen:
        yield Stated(_SCHEDULE, "step")


def _read_own(sentence: str, own: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in own.items():
        words, number = re.sub(r"[\W_]+", "[ _-]?", name), rf"(?:{_NUMBER.pattern})"
        if isinstance(value, list | tuple):
            number = rf"(?:\[[^\[\]]*\]|\([\d, ]*\)|{number}(?:, {number})*(?:,? and {number})?)"
        links = r"(?: (?:size|rate|width|count|dim\w*))?\W*(?:(?:of|is|was|were|are|set to|equal to|at|to)\b\s*)*"
        found = re.search(
            rf"\b{words}\b{links}({number})|({number})\s*{words}\b|\b{words}\s*[=:]\s*(\w+)", sentence, re.IGNORECASE
        )
        if found is not None:
            yield f"model.params.{name}", (found[1] or found[2] or found[3]).strip()


def read_unnamed(text: str) -> Iterator[Stated]:
    """Numbers of sentences beside which no name is known; whole ones below 10 are left out, since they say little."""
    for line, sentence in split_sentences(text):
        for one in _read_numbers(sentence):
            number = None if one.name or _counts_things(sentence, one) else read_number(one.text)
            if number is not None and not (number.value < 10 and number.value.is_integer()):
                yield Stated("", one.text, line)


_THINGS = re.compile(
    r"[\s-]*(?!(?:and|or|for|in|on|at|as|with|to|of|was|were|is|are|by|per|each|throughout|everywhere|respectively|between|before|after|within|from|into|over|during|until|than|if|when|but|we|worked?|works|dim\w*)\b)"
    r"[A-Za-z]{2,}"
)
_NO_SETTING = re.compile(
    r"(?:\blevel|\balpha|\berrors?|\bp ?[<=]|\br ?=|\bpages?|\btables?|\bfigures?|\bsections?|\bscores?|"
    r"\baccuracy|\bversion)"
    r"(?: \w+){0,2}\s*$|±\s*$",
    re.IGNORECASE,
)
"""What stands before numbers that are no settings."""


def _counts_things(sentence: str, one: _Read) -> bool:
    """Whether a number without a name is that of things that are counted, of a result, or of a place in a text."""
    begun = one.end - len(one.text)
    return _THINGS.match(sentence[one.end :]) is not None or _NO_SETTING.search(sentence[:begun]) is not None


def _read_numbers(sentence: str) -> Iterator[_Read]:
    """Every number, without a name where none is known beside it."""
    done = 0
    for found in _NUMBER.finditer(sentence):
        if found.start() < done:
            continue
        read = _leave_out_parts(_read_number(sentence, found, done))
        done = done if read is None else read.end
        yield read or _Read("", found[0].strip(), found.end())


_COUNTS = {"model.layers", "model.heads", "model.hidden", "model.embedding.dim", "training.batch_size"}


def _leave_out_parts(read: _Read | None) -> _Read | None:
    """The same, without a name where it is that of something that is counted, and the number is no whole one."""
    number = None if read is None else read_number(read.text)
    if read is None or number is None or number.value.is_integer() or not _COUNTS & {*find_paths(read.name)[:1]}:
        return read
    return replace(read, name="")


def _read_number(sentence: str, found: re.Match[str], done: int) -> _Read | None:
    before, after = sentence[done : found.start()], sentence[found.end() :]
    number = "1" if found[0].lower() == "single" else found[0].strip()
    if special := _name_special(sentence, before, sentence[found.start() :]):
        unit = _UNIT.match(after)
        text = f"{number} {unit[1]}" if unit else number
        return _Read(special, text, found.end() + (unit.end() if unit else 0))
    plain = _strip_links(before)
    name = _find_last(plain)
    if name is not None:
        listed = _LIST.match(after) if find_paths(name)[0] in _SEVERAL else None
        end = found.end() + (listed.end() if listed else 0)
        unit = _UNIT.match(sentence[end:]) if find_paths(name)[0] in LENGTHS else None
        text = f"{number}{listed[0] if listed else ''}{f' {unit[1]}' if unit else ''}"
        return _Read(_place_dropout(name, sentence, end), text, end)
    following = _find_first(after)
    if following is None:
        return None
    name, size = following
    listed = _BRACKETED.match(after[size:]) if find_paths(name)[0] in _SEVERAL else None
    return _Read(_place_dropout(name, sentence, found.end() + size), listed[1] if listed else number,
                 found.end() + size + (listed.end() if listed else 0))  # fmt: skip


def _name_special(sentence: str, before: str, following: str) -> str | None:
    """The name of a number whose words stand elsewhere in its sentence."""
    whole, last, after = sentence.lower(), before.lower()[-60:], following.lower()
    for name, behind, ahead, anywhere in WORDINGS:
        if re.search(behind, last) and re.match(ahead, after) and re.search(anywhere, whole):
            return name
    place = _find_behind(re.sub(_NUMBER, "", following, count=1)) if "dropout" in whole else None
    return place if re.search(r"\band\s*(?:of\s*)?$", last) and re.match(_WHERE, after) else None


def _strip_links(before: str) -> str:
    """What stands before a number, without `of`, `was set to` and the like."""
    plain, last = before.lower(), ""
    while plain != last and _find_last(plain) is None:
        last = plain
        plain = _SETS.sub("", plain) if _SETS.search(plain) else _FILLS.sub("", plain)
    return plain


def _find_last(before: str) -> str | None:
    """The name of a setting with numbers that a text ends in."""
    words = _BREAK.split(before.lower())[-1].split()
    parts = [words[-length:] for length in range(min(5, len(words)), 0, -1)]
    longest = _find_name(parts)
    return longest and next(one for one in map(" ".join, reversed(parts)) if find_paths(one) == find_paths(longest))


def _find_first(after: str) -> tuple[str, int] | None:
    """The name of such a setting that a text begins with, and how far it goes."""
    begun = re.match(r"[\s-]*(?:-?dim(?:ensional|\.)?\s+|different |independent |random |stacked |additional )?", after)
    start = begun.end() if begun else 0
    words = [*re.finditer(r"[A-Za-z]+(?:-[A-Za-z]+)*", re.split(r"[,;:()=]|\.(?:\s|$)", after[start:])[0])]
    dimension = "dim" in after[:start]
    for length in range(min(4, len(words)), 0, -1):
        text = " ".join(word[0].lower() for word in words[:length])
        if dimension and re.search("embedding", text):
            return "embedding dim", start + words[length - 1].end()
        if dimension and re.search("hidden|state|lstm|gru|transformer|recurrent|model", text):
            return "hidden size", start + words[length - 1].end()
        for name in dict.fromkeys((text, text.replace("-", " "), f"{text}s", f"{text.split('-')[0]}s")):
            if _find_name([name.split(" ")]) is not None:
                return name, start + words[length - 1].end()
    return None


def _find_name(candidates: Sequence[Sequence[str]]) -> str | None:
    """The first of these names that stands for one setting with numbers, or for dropout."""
    for words in candidates:
        name = " ".join(words)
        paths = () if _JOINING & {*words} else find_paths(name)
        if paths and (len(paths) == 1 or "dropout" in name) and not has_choices(paths[0]):
            return name
    return None


def _place_dropout(name: str, sentence: str, end: int) -> str:
    """`dropout` with where it acts, as far as the words behind it say."""
    if find_paths(name) != find_paths("dropout"):
        return name
    return _find_behind(sentence[end:]) or name


def _find_behind(after: str) -> str | None:
    """Which dropout is meant, by the words behind its number."""
    return find_place(re.split(r"\band\b|[,;.]|\d", after.lower())[0])
