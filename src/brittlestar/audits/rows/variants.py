"""Which tokens are a second spelling of another token, or hold characters that no tokeniser should leave."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from brittlestar.audits.dataset import AuditDataset, Rows
from brittlestar.audits.holding import occurrences, row_at
from brittlestar.audits.rows import lookalikes
from brittlestar.audits.rows.word_edges import is_spelling

AT_HOME = 0.2
OWN_LETTERS = 2
DELIBERATE = 0.2
FOLLOWED = 0.95
FEWEST_LEADS = 5
_LEADS = frozenset("ÃÂâÐÑÎÏ")


@dataclass(frozen=True)
class Variants:
    """Tokens of one kind of fault: `usual[code]` is what should stand there ("" where nothing can be said).

    `deliberate`: it may be meant that way: both spellings are frequent in train and neither is a letter, or a joiner
    stands where its script has joiners.
    """

    kind: str
    usual: Mapping[int, str]
    deliberate: bool = False

    @property
    def codes(self) -> np.ndarray:
        """int64: the tokens."""
        return np.fromiter(self.usual, np.int64, len(self.usual))


def spellings(dataset: AuditDataset) -> list[Variants]:
    """Tokens that look like another one that is the usual spelling: without invisible characters and full-width forms,
    in the normal form that the splits together write, of one script at home, the most frequent.

    A script is at home in the data when two of its letters there, or 20 % of their occurrences, look like no letter of
    another: then its words are words, and only tokens that mix scripts count. Typographic dashes and quotes count only
    where train has the plain form alone, full-width forms only where no Han, Kana or Hangul is written.
    """
    counts = occurrences(dataset)
    in_train, everywhere = counts["train"], np.sum(list(counts.values()), axis=0)
    groups = _groups(dataset.tokens)
    if not groups:
        return []
    home = _scripts_at_home(dataset.tokens, everywhere)
    form = _form_at_home(dataset.tokens, groups, everywhere)
    found: dict[tuple[str, bool], dict[int, str]] = {}
    for codes in groups:
        ordered = sorted(
            codes,
            key=lambda code: (
                _is_disguised(dataset.tokens[code]),
                not unicodedata.is_normalized(form, dataset.tokens[code]),
                _is_foreign(dataset.tokens[code], home),
                -everywhere[code],
                -in_train[code],
                not dataset.tokens[code].isascii(),
                dataset.tokens[code],
            ),
        )
        usual = dataset.tokens[ordered[0]]
        total = int(in_train[ordered].sum())
        for code in ordered[1:]:
            token = dataset.tokens[code]
            kind = lookalikes.kind_of(token, usual)
            both_common = total > 0 and in_train[code] >= DELIBERATE * total
            if _excused(kind, token, usual, home, int(in_train[code])):
                continue
            symbols = not any(character.isalpha() for character in token)
            joined = kind == "invisible" and (is_spelling(token) or is_spelling(usual))
            meant = joined or (kind == "look-alike" and both_common and symbols)
            found.setdefault((kind, meant), {})[code] = usual
    return [Variants(kind, usual, meant) for (kind, meant), usual in found.items()]


def _groups(tokens: Sequence[str]) -> list[list[int]]:
    """Codes of tokens that share a skeleton, two and more together."""
    odd = [code for code, token in enumerate(tokens) if not token.isascii() or lookalikes.has_control(token)]
    by_skeleton: dict[str, list[int]] = {}
    for code in odd:
        by_skeleton.setdefault(lookalikes.skeleton(tokens[code]), []).append(code)
    if by_skeleton:
        plain = set(range(len(tokens))) - set(odd)
        for code in plain:
            if tokens[code] in by_skeleton:
                by_skeleton[tokens[code]].append(code)
    return [codes for codes in by_skeleton.values() if len(codes) > 1]


def _is_disguised(token: str) -> bool:
    """Whether it holds invisible characters, or full-width forms or ligatures: never the usual spelling."""
    if token.isascii():
        return lookalikes.has_control(token)
    narrow = "".join(map(lookalikes.narrowed, token))
    return any(character in lookalikes.INVISIBLE for character in token) or narrow != token


def _form_at_home(
    tokens: Sequence[str], groups: Sequence[Sequence[int]], everywhere: np.ndarray
) -> Literal["NFC", "NFD"]:
    """The normal form that most occurrences of tokens which have both are in; NFC where they are as many."""
    balance = 0
    for code in (code for codes in groups for code in codes):
        composed, apart = (unicodedata.is_normalized(form, tokens[code]) for form in ("NFC", "NFD"))
        balance += (int(composed) - int(apart)) * int(everywhere[code])
    return "NFC" if balance >= 0 else "NFD"


def _is_foreign(token: str, home: frozenset[str]) -> bool:
    """Whether the token mixes scripts, or is of one that is not at home: then another spelling is the usual one."""
    scripts = {lookalikes.script_of(character) for character in token} - {""}
    return len(scripts) > 1 or not scripts <= home


def _excused(kind: str, token: str, usual: str, home: frozenset[str], in_train: int) -> bool:
    if kind == "typographic":
        return in_train > 0 or not usual.isascii()
    if kind == "width":
        return "WIDE" in home
    if kind == "invisible":  # two joiners write two words
        return is_spelling(token) and is_spelling(usual)
    if kind != "look-alike":
        return False
    differing = {lookalikes.script_of(one) for one, other in zip(token, usual, strict=False) if one != other}
    scripts = {lookalikes.script_of(character) for character in token} - {""}
    return len(token) == len(usual) and differing == scripts and len(scripts) == 1 and scripts <= home


def _scripts_at_home(tokens: Sequence[str], everywhere: np.ndarray) -> frozenset[str]:
    """Scripts that are written in earnest; `WIDE` for Han, Kana and Hangul."""
    letters: dict[str, int] = {}
    for token, n in zip(tokens, everywhere.tolist(), strict=True):
        for character in token:
            letters[character] = letters.get(character, 0) + n
    home: set[str] = set()
    for script in lookalikes.SCRIPTS:
        mine = {c: n for c, n in letters.items() if lookalikes.script_of(c) == script}
        own = sum(n for c, n in mine.items() if not lookalikes.is_twin(c))
        of_its_own = sum(n > 0 and not lookalikes.is_twin(c) for c, n in mine.items())
        if of_its_own >= OWN_LETTERS or own >= AT_HOME * max(sum(mine.values()), 1):
            home.add(script)
    if any(lookalikes.is_wide_letter(character) for character in letters):
        home.add("WIDE")
    return frozenset(home)


def broken(dataset: AuditDataset) -> list[Variants]:
    """Tokens with invisible or control characters, with replacement characters, and text read in the wrong encoding."""
    hidden: dict[int, str] = {}
    replaced: dict[int, str] = {}
    misread: dict[int, str] = {}
    for code, token in enumerate(dataset.tokens):
        if token.isascii():
            if lookalikes.has_control(token):
                hidden[code] = lookalikes.without_controls(token)
            continue
        if lookalikes.REPLACEMENT in token:
            replaced[code] = ""
        elif (text := lookalikes.mojibake(token)) is not None:
            misread[code] = text
        elif any(c in lookalikes.INVISIBLE for c in token) or lookalikes.has_control(token):
            apart = token.replace("\u200b", " ").strip()  # a space, though without width
            hidden[code] = lookalikes.without_controls(lookalikes.skeleton(apart))
    misread.update(_misread_characters(dataset))
    named = {"invisible characters": hidden, "replacement characters": replaced, "misread encoding": misread}
    return [Variants(kind, usual) for kind, usual in named.items() if usual]


def _misread_characters(dataset: AuditDataset) -> dict[int, str]:
    """Single characters such as Ã that a character of the range that UTF-8 continues with follows nearly always."""
    leads = [code for code, token in enumerate(dataset.tokens) if token in _LEADS]
    continuations = [code for code, token in enumerate(dataset.tokens) if _continues(token)]
    if not leads or not continuations:
        return {}
    wanted, after = np.isin(np.arange(len(dataset.tokens)), leads), np.zeros(len(dataset.tokens), np.bool_)
    after[continuations] = True
    seen = followed = 0
    for rows in dataset.splits.values():
        places = np.flatnonzero(wanted[rows.codes])
        seen += len(places)
        followed += int(after[rows.codes[_next_in_row(rows, places)]].sum())
    enough = seen >= FEWEST_LEADS and followed >= FOLLOWED * seen
    return dict.fromkeys(leads, "") if enough else {}


def _continues(token: str) -> bool:
    if len(token) != 1 or token.isascii():
        return False
    for encoding in ("cp1252", "latin-1"):
        try:
            return 0x80 <= token.encode(encoding)[0] <= 0xBF
        except UnicodeError:
            continue
    return False


def _next_in_row(rows: Rows, places: np.ndarray) -> np.ndarray:
    """int64: the places after those given that lie in the same row."""
    inside = places + 1 < rows.offsets[row_at(rows, places) + 1]
    return places[inside] + 1


def decomposed(dataset: AuditDataset) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """Where tokens are characters: accents that stand alone behind their letter, while train has the letter with the
    accent as one token too. Yields the composed letter, and {split: int64 rows that write it in the rarer way}."""
    code_of = {token: code for code, token in enumerate(dataset.tokens) if len(token) == 1}
    marks = {token for token in code_of if unicodedata.combining(token)}
    if not marks:
        return
    for letter, code in code_of.items():
        parts = unicodedata.normalize("NFD", letter)
        if len(parts) != 2 or parts[1] not in marks or parts[0] not in code_of:
            continue
        if unicodedata.normalize("NFC", parts) != letter:
            continue
        whole = {name: np.flatnonzero(rows.codes == code) for name, rows in dataset.splits.items()}
        apart = {name: _pairs(rows, code_of[parts[0]], code_of[parts[1]]) for name, rows in dataset.splits.items()}
        both = sum(map(len, whole.values())), sum(map(len, apart.values()))
        if min(both) == 0:
            continue
        by_train = len(whole["train"]), len(apart["train"])
        rarer = apart if (by_train[1], both[1]) <= (by_train[0], both[0]) else whole
        yield letter, {name: np.unique(row_at(dataset.splits[name], places)) for name, places in rarer.items()}


def _pairs(rows: Rows, first: int, second: int) -> np.ndarray:
    """int64: the places of `second` directly behind `first`."""
    places = np.flatnonzero(rows.codes == first)
    after = _next_in_row(rows, places)
    return after[rows.codes[after] == second]
