"""Check `data.encoding`: symbols that are written in several ways, broken characters, empty rows."""

import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from unicodedata import combining, is_normalized

import numpy as np
import polars as pl

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.checking import data_check, observe
from brittlestar.audits.dataset import (
    AuditDataset,
    chosen,
    format_tokens,
    holding,
    occurrences,
    order_codes,
    places_of,
    row_at,
)
from brittlestar.audits.rows.spellings import glued_rows, joined_tokens, spellings
from brittlestar.audits.showing import percent, show_rows
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.checks import Observed
from brittlestar.core.splits import is_shifted
from brittlestar.data.tables import format_count
from brittlestar.statistics.proportions import bound_share

SERIOUS = 0.01
EMPTY = 0.05
MOST_OF_ROWS = 0.5
FEWEST_JOINED = 3
MOST_CHARACTERS = 3
"""Shares of rows from which on severity rises, and what is shown: convention."""
_SAYING = {
    "look-alike": "hold a token that looks like another one but is written with other characters",
    "normal form": "hold accents in another Unicode normal form than elsewhere",
    "width": "hold a full-width or ligature form of a token that is written plainly elsewhere",
    "typographic": "hold a typographic dash, quote or dots where train has the plain form alone",
    "invisible characters": "hold invisible or control characters",
    "spaces": "hold spaces of another kind than U+0020",
    "escapes": "hold symbols as HTML escapes them",
    "replacement characters": "hold the replacement character U+FFFD: their text was lost while decoding",
    "misread encoding": "hold text that was read in another encoding than it was written in",
    "missing separators": "hold tokens that are several tokens without train's separator between them",
    "empty tokens": "hold an empty text as a token",
    "empty sequences": "have no token at all",
}
_REMEDY = {
    "missing separators": "Write the separator back into these rows, or split tokens with data.tokens: regex:PATTERN.",
    "misread encoding": "Read the source again in the encoding that it was written in.",
    "replacement characters": "Read the source again with its own encoding; what is lost cannot be brought back here.",
    "spaces": "Write plain spaces in every split alike: code that splits at U+0020 alone reads on across the others.",
    "escapes": "Unescape the texts of every split alike, as html.unescape of Python does.",
    "empty sequences": "Look whether the text was lost, and whether data.tokens splits it as it is written.",
}
INVISIBLE = "\u00ad\u034f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
"""Characters without a picture that no script needs between letters (Unicode, Default_Ignorable_Code_Point)."""
HIDDEN = rf"[[\p{{Cc}}{INVISIBLE}]--[ \t\n\r]]"
RATED = {
    "spaces": r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]",
    "escapes": r"&(?:amp|lt|gt|quot|apos|nbsp|hellip|[lr][sd]quo|[mn]dash|[A-Za-z](?:acute|grave|circ|uml|tilde|cedil)"
    r"|#[0-9]{2,6}|#[xX][0-9A-Fa-f]{2,5});",
}
"""Second spellings that a source may have by itself: spaces (Unicode, category Zs), and character references of HTML
that no programming language needs (`&sub;` may be an address)."""
LEADS = frozenset("ÂÃÎÏÐÑ")
"""How the first byte of an accented Latin, Greek or Cyrillic letter in UTF-8 looks in a Western encoding."""
LATER = frozenset("".join(bytes(range(0x80, 0xC0)).decode(encoding, "ignore") for encoding in ("cp1252", "latin-1")))
"""How any other byte of it looks."""


@data_check(
    "data.encoding",
    "Any row with a second spelling, a hidden, lost or misread character, a lost separator, or no token. A "
    "warning from 1 % of rows (spaces, escapes: beyond train's); empty: from 5 %, error beyond half.",
    remedy="Write these characters as they are written elsewhere, in every split alike.",
)
def encoding(analysis: Analysis) -> Iterator[Observed]:
    """One symbol written in several ways, broken characters, lost separators, empty rows.

    **What it means.** What a person reads as one symbol reaches the model as two tokens that have nothing in common.
    Where the second spelling is rare in train, or stands in an evaluation split alone, the model has not learnt it.

    **How it is decided.** Each character is replaced by the one it looks like: Cyrillic and Greek letters, full-width
    and half-width forms, ligatures, dashes, quotes, symbols in several sizes. Of the tokens that then agree, the usual
    one is of a script that is at home in the data and the most frequent; the others are the finding. Accents are
    compared by Unicode normal form, and the rarer form is the finding. Texts are searched for control and invisible
    characters, U+FFFD, and text read in a Western encoding. A lost separator shows as a rare token that frequent ones
    spell, where such pairs are as varied as train's neighbours are, or as a row of one long token, half of which four
    or more tokens of train spell, with nothing or another separator between them. Spaces of another kind and escapes
    such as `&quot;` warn where a split has them in proven more rows than train, or train than an evaluation split
    (exact 95 % intervals apart): a source may have them everywhere. Not reported: words of a second
    script, typographic marks that train has too, full width beside Han, Kana or Hangul, joiners.

    **What it cannot see.** Look-alikes outside this table; a form that the whole data shares; single lost separators in
    an alphabet of more than 300 tokens, where the row keeps others; spelling mistakes.
    """
    marks = ((rows, mark) for mark in _find_marks(analysis) for rows in analysis.splits.values())
    found = [one for rows, mark in marks if (one := _examine(analysis, rows, mark)) is not None]
    total = sum(rows.n_rows for rows in analysis.splits.values())
    none = (
        f"No look-alike, broken character, lost separator or empty sequence in {total:,} rows and "
        f"{len(analysis.tokens):,} distinct tokens."
    )
    yield from found or [observe(none, None, {}, {"rows_of": total, "tokens": len(analysis.tokens)})]


@dataclass(frozen=True)
class _Mark:
    """One kind of fault: the rows of each split that have it, its tokens, what is said of them, and whether it is info
    at most; `characters`: by split, how many rows hold each character that is at fault, where characters are."""

    kind: str
    rows: Mapping[str, np.ndarray]
    codes: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    sentence: str = ""
    mild: bool = False
    characters: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])


def _find_marks(dataset: AuditDataset) -> Iterator[_Mark]:
    marks = [
        _of_tokens(
            dataset,
            spelling.kind,
            {code: f"should read {usual!r}" for code, usual in spelling.usual.items()},
            spelling.mild,
        )
        for spelling in spellings(dataset)
    ]
    forms = [find_text(dataset, fits) for fits in (is_apart, is_composed)]
    texts = {
        "replacement characters": find_text(dataset, lambda text: "\N{REPLACEMENT CHARACTER}" in text),
        "misread encoding": find_text(dataset, is_misread),
        "normal form": min(forms, key=lambda form: sum(map(len, form[1].values()))),
    }
    marks += [_Mark(kind, rows, codes, format_tokens(dataset, codes)) for kind, (codes, rows) in texts.items()]
    yield from marks
    named = {code for mark in marks if mark.kind in ("width", "misread encoding") for code in mark.codes.tolist()}
    shown = {character for code in named for character in dataset.tokens[code]}
    yield _find_hidden_mark(dataset, shown)
    for kind in RATED:
        yield from _find_rated_marks(dataset, kind, shown)
    glued = glued_rows(dataset)
    parts = {**dict.fromkeys(glued.codes.tolist(), ()), **glued.parts, **joined_tokens(dataset)}
    made = {code: f"is {' + '.join(its[:6])}" if its else "" for code, its in parts.items()}
    lost = _of_tokens(dataset, "missing separators", made)
    some = f"; {glued.looked_at:,} of {len(glued.codes):,} such tokens were looked at"
    yield replace(lost, sentence=lost.sentence + some) if len(glued.codes) > glued.looked_at else lost
    yield _of_tokens(dataset, "empty tokens", {code: "" for code, token in enumerate(dataset.tokens) if not token})
    yield _Mark("empty sequences", {name: np.flatnonzero(rows.lengths == 0) for name, rows in dataset.splits.items()})


def _of_tokens(dataset: AuditDataset, kind: str, readings: Mapping[int, str], mild: bool = False) -> _Mark:
    """`readings`: what is said of each token, "" where that is nothing."""
    codes = order_codes(dataset, np.fromiter(readings, np.int64, len(readings)))
    wanted = chosen(codes, len(dataset.tokens))
    sentence = format_tokens(dataset, codes)
    for code in [code for code in codes.tolist() if readings[code]][:1]:
        sentence += f"; {dataset.tokens[code]!a:.60} {readings[code]}"
    return _Mark(kind, {name: holding(rows, wanted) for name, rows in dataset.splits.items()}, codes, sentence, mild)


def _find_hidden_mark(dataset: AuditDataset, named: Collection[str]) -> _Mark:
    """Characters that nobody sees, but for those `named` by another finding; info where no token holds one."""
    mark = _find_written(dataset, "invisible characters", HIDDEN, named)
    hidden = {one for its in mark.characters.values() for one in its}
    inside = any(one in token for one in hidden for token in dataset.tokens)
    sentence = "they are inside tokens here" if inside else "the tokens here are unharmed"
    return replace(mark, sentence=sentence, mild=not inside)


def _find_rated_marks(dataset: AuditDataset, kind: str, named: Collection[str]) -> Iterator[_Mark]:
    """Second spellings that a source may have: serious in splits that have them in more rows than train, or train than
    a split that is not shifted; info elsewhere."""
    mark = _find_written(dataset, kind, RATED[kind], named)
    bounds = {name: bound_share(len(mark.rows[name]), rows.n_rows) for name, rows in dataset.splits.items()}
    for name, (low, _) in bounds.items():
        others = ["train"] if name != "train" else [one for one in bounds if one != name and not is_shifted(one)]
        fewer = next((one for one in others if bounds[one][1] < low), None)
        against = fewer or next(iter(others), None)
        share = 0.0 if against is None else len(mark.rows[against]) / max(dataset.splits[against].n_rows, 1)
        rows = {other: found if other == name else found[:0] for other, found in mark.rows.items()}
        sentence = "" if against is None else f"{against} has them in {percent(share)} of its rows"
        yield replace(mark, rows=rows, sentence=sentence, mild=fewer is None)


def _find_written(dataset: AuditDataset, kind: str, pattern: str, named: Collection[str]) -> _Mark:
    """The rows whose text holds what the pattern matches, but for what is `named` by another finding."""
    found = {
        name: {one: at for one, at in its.items() if one not in named}
        for name, its in find_written(dataset, pattern).items()
    }
    rows = {name: np.unique(np.concatenate([np.zeros(0, np.int64), *its.values()])) for name, its in found.items()}
    counts = {name: {one: len(at) for one, at in its.items()} for name, its in found.items()}
    return _Mark(kind, rows, characters=counts)


def _name(written: str) -> str:
    """What was found, as people can see it."""
    return written if len(written) > 1 else f"U+{ord(written):04X} {unicodedata.name(written, 'control')}"


def _examine(dataset: AuditDataset, rows: BaselineRows, mark: _Mark) -> Observed | None:
    touched = mark.rows[rows.name]
    n, of, empty, lost = len(touched), rows.n_rows, mark.kind == "empty sequences", mark.kind == "missing separators"
    if n < (FEWEST_JOINED if lost else 1):
        return None
    tokeniser = lost and n >= MOST_OF_ROWS * of and len(mark.rows["train"]) < MOST_OF_ROWS * dataset.train.n_rows
    mild = mark.mild or tokeniser or is_shifted(rows.name) or n < (EMPTY if empty else SERIOUS) * of
    severity = "info" if mild else "error" if empty and n > MOST_OF_ROWS * of else "warning"
    characters = {_name(one): many for one, many in mark.characters.get(rows.name, {}).items()}
    most = [f"{name} in {format_count(many, 'row')}" for name, many in list(characters.items())[:MOST_CHARACTERS]]
    sentence = "; ".join(filter(None, [*most, mark.sentence]))
    sentence = f" ({sentence})" if sentence else ""
    if severity == "error":
        sentence = ": the pattern or the splitter finds nothing, or the text is lost"
    label = np.bincount(rows.labels[touched], minlength=len(dataset.labels))
    evidence = {
        "rows_touched": n,
        "of": of,
        "share": n / of,
        "token_occurrences": int(occurrences(dataset)[rows.name][mark.codes].sum()),
        "tokens": [dataset.tokens[code] for code in mark.codes[:10].tolist()],
        **({"characters": characters} if characters else {}),
        "labels": {dataset.labels[k]: int(label[k]) for k in np.argsort(-label, kind="stable")[:10] if label[k]},
        **show_rows(rows, touched),
    }
    note = f"{rows.name}: {n:,} of {of:,} rows ({percent(n / of)}) {_SAYING[mark.kind]}{sentence}."
    return observe(note, severity, {"split": rows.name, "kind": mark.kind}, evidence, _REMEDY.get(mark.kind, ""))


def find_written(dataset: AuditDataset, pattern: str) -> dict[str, dict[str, np.ndarray]]:
    """{split: {match: int64 rows}} of what a pattern matches in texts as they were read, the most frequent first."""
    found: dict[str, dict[str, np.ndarray]] = {}
    for name, rows in dataset.splits.items():
        texts = rows.texts.list.join("\n") if isinstance(rows.texts.dtype, pl.List) else rows.texts
        touched = texts.str.contains(pattern).arg_true()
        holders: dict[str, list[int]] = {}
        for row, matches in zip(touched, texts.gather(touched).str.extract_all(pattern), strict=True):
            for one in set(matches):
                holders.setdefault(one, []).append(row)
        most = sorted(holders, key=lambda one: -len(holders[one]))
        found[name] = {one: np.asarray(holders[one], np.int64) for one in most}
    return found


def find_text(dataset: AuditDataset, fits: Callable[[str], bool]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Tokens that fit, int64, and {split: int64 rows} with one, or where a token that goes on makes it fit: the last
    character before it, and it."""
    tokens, fits = dataset.tokens, cache(fits)
    codes = np.asarray([code for code, token in enumerate(tokens) if not token.isascii() and fits(token)], np.int64)
    whole = chosen(codes, len(tokens))
    goes_on = np.asarray([token in LATER or (len(token) == 1 and combining(token) > 0) for token in tokens], np.bool_)
    found: dict[str, np.ndarray] = {}
    for name, rows in dataset.splits.items():
        second = places_of(rows, goes_on)
        second = second[rows.offsets[row_at(rows, second)] != second]  # in a row, and not at its start
        pairs = zip(rows.codes[second - 1].tolist(), rows.codes[second].tolist(), strict=True)
        fitting = np.asarray([fits(tokens[one][-1:] + tokens[other]) for one, other in pairs], np.bool_)
        places = np.concatenate([places_of(rows, whole), second[fitting]])
        found[name] = np.unique(row_at(rows, places))
    return codes, found


def is_composed(text: str) -> bool:
    """Whether it has letters with accents, each as one character."""
    return is_normalized("NFC", text) and not is_normalized("NFD", text)


def is_apart(text: str) -> bool:
    """Whether it has accents of their own that Unicode writes with their letter."""
    return not is_normalized("NFC", text) and any(map(combining, text))


def is_misread(text: str) -> bool:
    """Whether it is text that was read in a Western encoding though it was written in UTF-8 or another one."""
    return read_back(text) is not None and (len(text) != 2 or text[0] in LEADS)


def read_back(text: str) -> str | None:
    """What the text reads as if it is UTF-8 that was read as Windows-1252 or Latin-1, or Windows-1252 that was read as
    Latin-1; None if it is neither."""
    if text.isascii():
        return None
    western = [("cp1252", "latin-1")] if any("\x80" <= character <= "\x9f" for character in text) else []
    for written, read in (("utf-8", "cp1252"), ("utf-8", "latin-1"), *western):
        try:
            return text.encode(read).decode(written)
        except UnicodeError:
            continue
    return None
