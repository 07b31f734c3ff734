"""Ways in which two tokenisations of one text differ: each maps a token to what the other one would have made of it."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from brittlestar.audits.rows.separators import cut
from brittlestar.audits.tokens.markers import PIECES

SEPARATORS = ":_-/.,|+&~=;"
LONGEST = 64
SHORTEST_STEM = 3
LONGEST_ENDING = 3
"""Characters of a token that is cut, of a stem and of an ending: convention."""
_MARKS = re.compile(r"^[\W_]+|[\W_]+$")
_SEPARATED = re.compile(r"([\W_]+)")
_PARTS = re.compile(r"[^\W_]+|[^\w\s]|_")

Spellings = Callable[[str], Iterable[Sequence[str]]]


@dataclass(frozen=True)
class Change:
    """`spellings(token)` are sequences of tokens that may stand for it; `name` completes "after …". `between` is what
    stood between neighbours that together spell a token, None where tokens are changed one by one. `throughout`: it
    only counts where it changes most rows, since `data.encoding` reports single ones."""

    name: str
    spellings: Spellings = lambda token: ()
    throughout: bool = False
    between: str | None = None

    def explains(self, token: str, known: Collection[str]) -> bool:
        """Whether all tokens of a spelling are known, which is not the token itself."""
        found = (parts for parts in self.spellings(token) if parts and list(parts) != [token])
        return any(all(part in known for part in parts) for parts in found)


def changes(known: Collection[str]) -> tuple[Change, ...]:
    """Every change that is tried, the simplest first; `known` are the tokens of the other tokenisation."""
    longest = max(map(len, known), default=0)
    inside = {character for token in known for character in token[1:-1]}
    forms = {form: _each(partial(unicodedata.normalize, form)) for form in ("NFC", "NFD", "NFKC", "NFKD")}

    def pieces(token: str) -> Iterator[Sequence[str]]:
        if len(token) <= LONGEST:
            yield cut(token, longest, lambda part: part != token and part in known)

    return (
        Change("lower case", _each(str.lower)),
        Change("upper case", _each(str.upper)),
        Change("a capital at the start", _each(str.capitalize)),
        *(Change(f"Unicode normal form {form}", spell, throughout=True) for form, spell in forms.items()),
        Change("changing a mark of word pieces (▁, ##, Ġ, @@, …)", _move_marks),
        Change("removing punctuation at the ends of tokens", _each(lambda token: _MARKS.sub("", token))),
        Change("reversing the order of a token's parts", _reverse),
        Change("adding an ending (cut off as by a stemmer)", _complete(known)),
        Change("splitting at punctuation", _split),
        Change("splitting into known tokens", pieces, throughout=True),
        Change("joining neighbours", between=""),
        *(Change(f"joining neighbours with {mark!r}", between=mark) for mark in SEPARATORS if mark in inside),
    )


def _each(change: Callable[[str], str]) -> Spellings:
    return lambda token: [[change(token)]]


def _move_marks(token: str) -> Iterator[Sequence[str]]:
    for mark in PIECES:
        yield from ([token.removeprefix(mark)], [token.removesuffix(mark)], [mark + token], [token + mark])


def _reverse(token: str) -> list[list[str]]:
    return [[token[::-1]], ["".join(_SEPARATED.split(token)[::-1])]]


def _split(token: str) -> Iterator[Sequence[str]]:
    """With and without the punctuation."""
    parts = _PARTS.findall(token)
    yield parts
    yield [part for part in parts if part[0].isalnum()]


def _complete(known: Collection[str]) -> Spellings:
    """Known tokens that begin with the token and have one to three characters more."""
    longer: dict[str, str] = {}
    for whole in sorted(known):
        for end in range(1, min(LONGEST_ENDING, len(whole) - SHORTEST_STEM) + 1):
            longer.setdefault(whole[:-end], whole)
    return lambda token: [[longer[token]]] if token in longer else []
