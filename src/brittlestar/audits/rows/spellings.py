"""Tokens that are a second spelling of another one, or several others without the separator between them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import inf

import numpy as np

from brittlestar.audits.dataset import AuditDataset, occurrences, row_at

ALIKE = str.maketrans(
    "АВЕКМНОРСТХУІЈЅаеорсхуіјѕһ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧον" + "∆∑∏µ⋅∙♦",
    "ABEKMHOPCTXYIJSaeopcxyijsh" + "ABEZHIKMNOPTYXov" + "ΔΣΠμ··◆",
)
"""Cyrillic letters, Greek letters and symbols, and what each looks like (Unicode Technical Standard 39)."""
TYPOGRAPHIC = str.maketrans("‐‑‒–—―−‘’‚‛ʼ′´“”„‟″", "-------'''''''" + '"""""') | {ord("…"): "..."}
"""Dashes, quotes and dots, and the plain form of each (UTS 39)."""
_TWINS = frozenset(ALIKE) | frozenset(ALIKE.values())
_WIDTHS = re.compile("<(?:wide|narrow|noBreak)> ")
_SIZES = re.compile("MEDIUM SMALL |MEDIUM |LARGE ")
OWN_LETTERS = 2
"""Letters that no other script has, from which on a script is at home: convention."""
DELIBERATE = 0.2
"""Share in train from which on a second symbol may be meant: convention."""
TWINS = frozenset({"LATIN", "GREEK", "CYRILLIC"})
WIDE = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})
"""Scripts beside which full-width forms are usual (Unicode Standard Annex 11)."""


@dataclass(frozen=True)
class Variants:
    """Tokens of one kind: `usual[code]` is what should stand there. `mild`: it may be meant that way."""

    kind: str
    usual: Mapping[int, str]
    mild: bool = False


def spellings(dataset: AuditDataset) -> list[Variants]:
    """Tokens that look like another one that is the usual spelling: no full-width form, of one script that is at home,
    the most frequent."""
    counts = occurrences(dataset)
    everywhere = np.sum(list(counts.values()), axis=0)
    letters = {character for token in dataset.tokens for character in token if ord(character) not in _TWINS}
    home = frozenset(script for script, n in Counter(map(script_of, letters)).items() if n >= OWN_LETTERS)
    found: dict[tuple[str, bool], dict[int, str]] = {}
    alike: dict[str, list[int]] = {}
    for code, token in enumerate(dataset.tokens):
        alike.setdefault(skeleton(token), []).append(code)
    for codes in (codes for codes in alike.values() if len(codes) > 1):
        names = {code: dataset.tokens[code] for code in codes}
        key = {
            code: ("".join(map(narrow_character, token)) != token, _is_foreign(token, home), -everywhere[code], token)
            for code, token in names.items()
        }
        usual = min(codes, key=lambda code: key[code])
        total = counts["train"][codes].sum()
        for code in sorted(set(codes) - {usual}):
            share = counts["train"][code] / max(total, 1)
            kind = kind_of(names[code], names[usual])
            if not _is_meant(kind, names[code], names[usual], home, share):
                symbols = kind == "look-alike" and not any(map(str.isalpha, names[code]))
                mild = kind == "typographic" or (symbols and share >= DELIBERATE)
                found.setdefault((kind, mild), {})[code] = names[usual]
    return [Variants(kind, usual, mild) for (kind, mild), usual in found.items()]


def _twin_scripts(token: str) -> frozenset[str]:
    return frozenset(map(script_of, token)) & TWINS


def _is_foreign(token: str, home: frozenset[str]) -> bool:
    """Whether the token mixes scripts that look alike, or is of one that is not at home."""
    scripts = _twin_scripts(token)
    return len(scripts) > 1 or not scripts <= home


def _is_meant(kind: str, token: str, usual: str, home: frozenset[str], share: float) -> bool:
    """Whether both spellings are right: a word of another script, a mark that train has, full width beside Han."""
    if kind == "typographic":
        return share > 0 or not usual.isascii()
    if kind == "width":
        return bool(home & WIDE) and "HALFWIDTH" not in map(script_of, token)
    return kind == "normal form" or (_twin_scripts(token) != _twin_scripts(usual) and not _is_foreign(token, home))


@cache
def narrow_character(character: str) -> str:
    """A full-width, half-width or no-break form, or a Latin ligature, as plain characters; anything else as it is."""
    if _WIDTHS.match(unicodedata.decomposition(character)) or "\ufb00" <= character <= "\ufb06":
        return unicodedata.normalize("NFKC", character)
    return character


@cache
def _of_usual_size(character: str) -> str:
    try:
        return unicodedata.lookup(_SIZES.sub("", unicodedata.name(character, "")))
    except KeyError:
        return character


_LAYERS: Mapping[str, Callable[[str], str]] = {
    "normal form": lambda text: text,
    "typographic": lambda text: text.translate(TYPOGRAPHIC),
    "width": lambda text: "".join(map(narrow_character, text)),
    "look-alike": lambda text: "".join(map(_of_usual_size, text)).translate(ALIKE),
}


def readings(token: str) -> dict[str, str]:
    """The token after each layer, in Unicode normal form C; the last one is its skeleton."""
    found: dict[str, str] = {}
    for name, layer in _LAYERS.items():
        token = found[name] = unicodedata.normalize("NFC", layer(unicodedata.normalize("NFC", token)))
    return found


def skeleton(token: str) -> str:
    """The token with every character replaced by the one it looks like, in Unicode normal form C."""
    return token if token.isascii() else readings(token)["look-alike"]


def kind_of(variant: str, usual: str) -> str:
    """The first layer after which two tokens of one skeleton read alike."""
    first, second = readings(variant), readings(usual)
    return next(name for name in _LAYERS if first[name] == second[name])


@cache
def script_of(character: str) -> str:
    """The first word of a letter's Unicode name, as `LATIN`, `CJK` or `HALFWIDTH`; "" for anything else."""
    return unicodedata.name(character, "").partition(" ")[0] if character.isalpha() else ""


LARGEST_ALPHABET = 300
"""Tokens that make up 95 % of train at most, where single lost separators are looked for: convention."""
COVERAGE = 0.95
RARER = 10
"""How often train has each part for one token that is made of them: convention."""
SPREAD = 0.5
"""Pairs joined of those that chance would join: convention."""
LONGEST_JOINED = 4096
MOST_TOKENS_JOINED = 1 << 22


def joined_tokens(dataset: AuditDataset) -> dict[int, list[str]]:
    """Rare tokens that are spelt by frequent ones, by code, and the tokens that each is made of.

    A separator is lost here and there, whatever stands beside it, so the pairs that are joined are as many of the pairs
    of neighbours as chance would join; a token that is only spelt like two others, such as `into`, is one pair.
    """
    counts = occurrences(dataset)
    in_train, everywhere = counts["train"], np.sum(list(counts.values()), axis=0)
    common = np.sort(in_train)[::-1]
    if common[:LARGEST_ALPHABET].sum() <= COVERAGE * common.sum():
        return {}
    times = dict(zip(dataset.tokens, in_train.tolist(), strict=True))
    longest = max((len(token) for token, n in times.items() if n >= RARER), default=0)
    found: dict[int, list[str]] = {}
    for code in np.flatnonzero(everywhere * RARER <= common[0]).tolist():
        parts = _parts(dataset.tokens[code], times, RARER * int(everywhere[code]), longest)
        if len(parts) > 1:
            found[code] = parts
    stuck = all(_is_mark(parts[-1]) and not _is_mark(parts[0]) for parts in found.values())  # `token.mismatch`
    return {} if stuck or not _is_spread(dataset, found, everywhere) else found


def _is_mark(token: str) -> bool:
    return all(unicodedata.category(character)[0] == "P" for character in token)


def _parts(token: str, times: Mapping[str, int], least: int, longest: int) -> list[str]:
    """The fewest tokens that occur at least `least` times in train and together spell the token, no number cut."""
    long = len(token) > LONGEST_JOINED
    parts = [] if long else cut(token, longest, lambda part: part != token and times.get(part, 0) >= least)
    return [] if any(one[-1].isdigit() and other[0].isdigit() for one, other in pairwise(parts)) else parts


def _is_spread(dataset: AuditDataset, found: Mapping[int, Sequence[str]], everywhere: np.ndarray) -> bool:
    """Whether the pairs joined are as many as chance joins: 1 - exp(-j n / sum of n) of those of count n, j in all."""
    code_of, n_tokens = {token: code for code, token in enumerate(dataset.tokens)}, len(dataset.tokens)
    made = {code_of[one] * n_tokens + code_of[other] for parts in found.values() for one, other in pairwise(parts)}
    joints = sum(int(everywhere[code]) * (len(parts) - 1) for code, parts in found.items())
    codes = dataset.train.codes[:MOST_TOKENS_JOINED].astype(np.int64)
    row = row_at(dataset.train, np.arange(len(codes)))
    seen, counts = np.unique((codes[:-1] * n_tokens + codes[1:])[row[:-1] == row[1:]], return_counts=True)
    known = ~np.isin(seen % n_tokens, list(found)) & ~np.isin(seen // n_tokens, list(found))
    seen, counts = seen[known], counts[known]
    expected = (1 - np.exp(-joints * counts / max(counts.sum(), 1))).sum()
    return len(counts) > 0 and np.isin(seen, list(made)).sum() >= SPREAD * expected


MOST_LOOKED_AT = 2_000
LOOKED_AT_FIRST = 200
LONGEST_PART = 32
"""Budgets: rows, characters of each, and characters of a part, at which to take rows apart takes some seconds."""
LONG = 0.99
FEWEST_PARTS = 4
COVERED = 0.5
PART = 0.5
"""Of a whole row: share of train's tokens that are no longer, known parts at least, characters in them, and their size
against the usual one: convention."""
GAP = 4.0  # chosen, not measured: a character outside of known tokens costs as much as so many tokens


@dataclass(frozen=True)
class GluedRows:
    """Tokens that are whole rows without their separators, or with others: `codes` int64, and the `parts` of those that
    were looked at and are spelt so, of `looked_at`."""

    codes: np.ndarray
    parts: Mapping[int, Sequence[str]]
    looked_at: int


def glued_rows(dataset: AuditDataset) -> GluedRows:
    """Rows of one token that stands in no longer row, is longer than nearly all tokens there, and half of which four or
    more tokens of train's longer rows spell that are hardly smaller than usual.

    An address can be spelt by letters, but not by words. Of more than 2,000 so long ones 2,000 are looked at; where
    most of these are spelt so, all are taken for it.
    """
    sizes = np.fromiter(map(len, dataset.tokens), np.int64, len(dataset.tokens))
    alone = {
        name: np.bincount(rows.codes[rows.offsets[:-1][rows.lengths == 1]], minlength=len(sizes))
        for name, rows in dataset.splits.items()
    }
    among = {name: counts - alone[name] for name, counts in occurrences(dataset).items()}
    times = among["train"]
    letters = times * sizes
    of_size = np.cumsum(np.bincount(sizes, times))
    if not letters.sum():
        return GluedRows(np.zeros(0, np.int64), {}, 0)
    long = int(np.searchsorted(of_size, LONG * of_size[-1]))
    least = PART * float(
        letters @ sizes / letters.sum()
    )  # half the size of the token that a letter stands in, on average
    candidates = np.any(list(alone.values()), axis=0) & ~np.any(list(among.values()), axis=0) & (sizes > long)
    codes = np.flatnonzero(candidates)
    known = {dataset.tokens[code] for code in np.flatnonzero(times).tolist()}
    looked_at = codes[np.unique(np.linspace(0, len(codes) - 1, min(len(codes), MOST_LOOKED_AT)).astype(np.int64))]
    found: dict[int, list[str]] = {}
    for code in looked_at.tolist():
        text = dataset.tokens[code][:LOOKED_AT_FIRST]
        parts = cut(text, LONGEST_PART, known.__contains__, GAP)
        spelt = np.asarray([len(part) for part in parts if part in known], np.int64)
        covered = int(spelt.sum())
        if len(spelt) >= FEWEST_PARTS and covered >= COVERED * len(text) and spelt @ spelt >= least * covered:
            found[code] = parts
    every = len(codes) > len(looked_at) and 2 * len(found) > len(looked_at)
    return GluedRows(codes if every else np.asarray(list(found), np.int64), found, len(looked_at))


def cut(text: str, longest: int, is_part: Callable[[str], bool], gap: float = inf) -> list[str]:
    """The fewest parts, of at most `longest` characters each, that make up the text. A character outside of parts
    counts as `gap` of them; without a gap there are none where parts alone do not do."""
    cost = [0.0]
    back = [0]
    for end in range(1, len(text) + 1):
        ways = [(cost[end - 1] + gap, end - 1)]
        for start in range(max(0, end - longest), end):
            if cost[start] + 1 < ways[-1][0] and is_part(text[start:end]):
                ways.append((cost[start] + 1, start))
        cost.append(ways[-1][0])
        back.append(ways[-1][1])
    parts: list[str] = []
    end = len(text) if cost[-1] < inf else 0
    while end:
        parts.append(text[back[end] : end])
        end = back[end]
    return parts[::-1]
