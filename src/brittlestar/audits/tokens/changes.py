"""Ways in which two tokenisations of one text differ: each maps a token to what the other one would have made of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from brittlestar.audits.tokens.markers import PIECES

SEPARATORS = re.compile(r"[\s_\-/.,:;|+&~=]+")
LONGEST = 64
SHORTEST_STEM = 3
LONGEST_ENDING = 3

Spellings = Callable[[str], Iterable[Sequence[str]]]


@dataclass(frozen=True)
class Change:
    """`spellings(token)` are sequences of tokens that may stand for it; `name` completes "after …".

    `throughout`: it only counts where the split has hardly any token in the other form, since `data.encoding` reports
    single rows that differ in this way.
    """

    name: str
    spellings: Spellings
    throughout: bool = False

    def explained(self, token: str, known: Collection[str]) -> Sequence[str]:
        """The first of the spellings of which all tokens are known, and which is not the token itself; empty if none
        is."""
        for parts in self.spellings(token):
            if parts and tuple(parts) != (token,) and all(part in known for part in parts):
                return parts
        return ()


def changes(known: Collection[str]) -> tuple[Change, ...]:
    """Every change that is tried, the simplest first; `known` are the tokens of the other tokenisation."""
    longest = max(map(len, known), default=0)
    forms = tuple(
        Change(f"Unicode normal form {form}", _whole(lambda token, form=form: unicodedata.normalize(form, token)), True)
        for form in ("NFC", "NFD", "NFKC", "NFKD")
    )
    return (
        Change("lower case", _whole(str.lower)),
        Change("upper case", _whole(str.upper)),
        Change("a capital at the start", _whole(str.capitalize)),
        *forms,
        Change("removing a mark of word pieces (▁, ##, Ġ, @@, …)", _without_marks),
        Change("removing punctuation at the ends of tokens", _whole(_without_punctuation)),
        Change("adding a mark of word pieces (▁, ##, Ġ, @@, …)", _with_marks),
        Change("reversing the order of a token's parts", _reversed),
        Change("adding an ending (cut off as by a stemmer)", _stemmed(known)),
        Change("splitting at separators (_, -, /, …)", _separated),
        Change("splitting punctuation off", _split_punctuation),
        Change("splitting into characters", _characters, True),
        Change("splitting into known tokens", lambda token: _segmented(token, known, longest), True),
    )


def _whole(change: Callable[[str], str]) -> Spellings:
    def spellings(token: str) -> Iterator[Sequence[str]]:
        changed = change(token)
        if changed:
            yield (changed,)

    return spellings


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _without_punctuation(token: str) -> str:
    start, end = _inner(token)
    return token[start:end]


def _inner(token: str) -> tuple[int, int]:
    start, end = 0, len(token)
    while start < end and _is_mark(token[start]):
        start += 1
    while end > start and _is_mark(token[end - 1]):
        end -= 1
    return start, end


def _split_punctuation(token: str) -> Iterator[Sequence[str]]:
    start, end = _inner(token)
    if start < end and (start or end < len(token)):
        yield (*token[:start], token[start:end], *token[end:])
    pieces = re.findall(r"\w+|[^\w\s]", token)
    if len(pieces) > 1:
        yield pieces


def _without_marks(token: str) -> Iterator[Sequence[str]]:
    for mark in PIECES:
        if token.startswith(mark) and len(token) > len(mark):
            yield (token[len(mark) :],)
        if token.endswith(mark) and len(token) > len(mark):
            yield (token[: -len(mark)],)


def _with_marks(token: str) -> Iterator[Sequence[str]]:
    for mark in PIECES:
        yield (mark + token,)
        yield (token + mark,)


def _reversed(token: str) -> Iterator[Sequence[str]]:
    yield (token[::-1],)
    parts = SEPARATORS.split(token)
    marks = SEPARATORS.findall(token)
    if len(parts) > 1 and all(parts):
        turned = parts[::-1]
        yield ("".join(part + mark for part, mark in zip(turned, [*marks[::-1], ""], strict=True)),)


def _stemmed(known: Collection[str]) -> Spellings:
    """Known tokens that begin with the token and have one to three characters more."""
    longer: dict[str, str] = {}
    for whole in sorted(known):
        for cut in range(1, min(LONGEST_ENDING, len(whole) - SHORTEST_STEM) + 1):
            longer.setdefault(whole[:-cut], whole)

    def spellings(token: str) -> Iterator[Sequence[str]]:
        if token in longer:
            yield (longer[token],)

    return spellings


def _separated(token: str) -> Iterator[Sequence[str]]:
    parts = [part for part in SEPARATORS.split(token) if part]
    if len(parts) > 1:
        yield parts


def _characters(token: str) -> Iterator[Sequence[str]]:
    if len(token) > 1:
        yield tuple(token)


def _segmented(token: str, known: Collection[str], longest: int) -> Iterator[Sequence[str]]:
    if not 2 <= len(token) <= LONGEST:
        return
    back: list[int | None] = [0, *([None] * len(token))]
    for end in range(1, len(token) + 1):
        for start in range(max(0, end - longest), end):
            if back[start] is not None and end - start < len(token) and token[start:end] in known:
                back[end] = start
                break
    parts: list[str] = []
    end = len(token)
    while end and (start := back[end]) is not None:
        parts.append(token[start:end])
        end = start
    if not end:
        yield parts[::-1]
