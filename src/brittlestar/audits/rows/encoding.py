"""Finding `data.encoding`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset, Rows
from brittlestar.audits.holding import chosen, holding, occurrences, ordered
from brittlestar.audits.holding import shown as shown_tokens
from brittlestar.audits.rows.digits import letters_for_digits
from brittlestar.audits.rows.glued import glued_rows
from brittlestar.audits.rows.lookalikes import is_hidden
from brittlestar.audits.rows.separators import joined_tokens
from brittlestar.audits.rows.variants import Variants, broken, decomposed, spellings
from brittlestar.audits.rows.word_edges import Edge, find_edges, name_character
from brittlestar.audits.showing import all_ids, listed_ids, percent
from brittlestar.core.findings import Finding, Severity
from brittlestar.data.tables import counted

CODE = "data.encoding"
SERIOUS = 0.01
EMPTY = 0.05
MOSTLY_EMPTY = 0.5
LEAST_JOINED = 0.001
MOST = 0.5
FEWEST_JOINED = 3
MOST_CHARACTERS = 3
THRESHOLD = (
    "A token with two spellings, an invisible, replaced or misread character, or an empty sequence in any row; a "
    "warning where it touches 1 % of the rows of a split that was not declared as shifted. Empty sequences: a warning "
    "from 5 % of the rows, an error where they are more than half. Lost separators: from 0.1 % of the rows and 3 rows "
    "on."
)
_SAYING = {
    "look-alike": "hold a token that looks like another one but is written with other characters",
    "normal form": "hold a token in another Unicode normal form than elsewhere",
    "invisible": "hold a token that differs from another one by an invisible character alone",
    "digits": "hold a token with a letter where the same token elsewhere has a digit that looks like it",
    "width": "hold a full-width or ligature form of a token that is written plainly elsewhere",
    "typographic": "hold a typographic dash, quote or dots where train has the plain form alone",
    "invisible characters": "hold invisible or control characters",
    "replacement characters": "hold the replacement character U+FFFD: their text was lost while decoding",
    "misread encoding": "hold text that was read in another encoding than it was written in",
    "missing separators": "hold tokens that are several tokens without a separator between them",
    "empty tokens": "hold an empty text as a token",
    "word edges": "hold characters at which some tokenisers split words and others do not",
    "empty sequences": "have no token at all",
}
_REMEDY = {
    "normal form": "Normalise every split alike before tokenising: unicodedata.normalize('NFC', text).",
    "missing separators": "Write the separator back into these rows, or split tokens with data.tokens: regex:PATTERN.",
    "replacement characters": "Read the source again with its own encoding; what is lost cannot be brought back here.",
    "misread encoding": "Read the source again in the encoding that it was written in.",
    "word edges": "Write plain spaces for these characters, or take them out, before another tokeniser reads the text.",
    "empty sequences": "Look whether the text was lost, and whether data.tokens splits it as it is written; a model "
    "can only answer such rows with a constant.",
}


def check(analysis: Analysis) -> Iterator[Finding]:
    """One symbol written in several ways, broken characters, lost separators, empty rows.

    **What it means.** What a person reads as one symbol reaches the model as two tokens that have nothing in common.
    Where the second spelling is rare in train, or stands in an evaluation split alone, the model has not learnt it.

    **How it is decided.** Tokens are compared by a skeleton: each character is replaced by the one it looks like. The
    table covers Cyrillic and Greek letters that look like Latin ones, full-width and half-width forms and ligatures,
    dashes, quotes and dots, geometric symbols of several sizes, and invisible characters; normal forms are those of
    Unicode. Letters are read as digits (O as 0, l as 1, S as 5 …) in tokens that have digits besides, where at least
    three tokens become more frequent ones. Of the tokens with one skeleton, the usual one has no invisible character or
    full-width form, is in the normal form that the splits together write most, of one script that is at home, and the
    most frequent over all splits; the others are the finding. Not reported: capital and small letters; words of a
    script that is at home in the data (two of its letters there, or one occurrence in five, look like no letter of
    another); typographic marks that train has too; full-width forms where Han, Kana or Hangul is written. Further:
    control and zero-width characters, U+FFFD, UTF-8 read as Latin-1 or Windows-1252 and the latter read as Latin-1, and
    tokens without any character. Texts are also searched for blanks and characters without width at which one tokeniser
    splits and another does not (no-break, ideographic and zero-width spaces, joiners, soft hyphens); where none of them
    is left in a token, our own splitting is unharmed, and they are named for the sake of others. Joiners behind a
    letter of a script that needs them (Arabic, Devanagari and its relatives) and inside emoji are spelling. A lost
    separator shows as a token spelt as two or more tokens that train has at least ten times as often, in an alphabet of
    at most 300 tokens, when the joined pairs stand side by side elsewhere in train and are as varied as neighbours are:
    a token that is merely spelt like two others is one pair only. A row that lost all of them is one token, longer than
    any in other rows and half spelt by four or more of those. Rows without tokens are counted.

    **Thresholds.** Any such row is reported; it is a warning from 1 % of a split's rows on. Empty rows: info, a warning
    from 5 %, and an error where more than half are empty, since then the pattern or the splitter finds nothing (or the
    text is lost). Info only: two symbols that look alike and are both frequent in train (they may be meant),
    typographic marks, characters between words, separators that are lost in most rows of a split but not in train
    (another tokeniser: `token.mismatch`), and whatever stands in a split that was declared as shifted. Lost separators
    count from 0.1 % of the rows and 3 rows on.

    **What it cannot see.** Look-alikes outside this table; a form that the whole data shares; lost separators between
    numbers, or between the words of a language; spelling mistakes.

    **What to do.** Normalise, or replace the second spelling, in every split and before anything else.
    """
    found = False
    for mark in _marks(analysis):
        for rows in analysis.splits.values():
            finding = _finding(analysis, rows, mark)
            if finding is not None:
                found = True
                yield finding
    if not found:
        total = sum(rows.n_rows for rows in analysis.splits.values())
        yield Finding(
            CODE,
            "absent",
            f"No look-alike, broken character, lost separator or empty sequence in {total:,} rows and "
            f"{len(analysis.tokens):,} distinct tokens.",
            THRESHOLD,
            evidence={"rows_of": total, "tokens": len(analysis.tokens)},
        )


@dataclass(frozen=True)
class _Mark:
    """One kind of fault: the rows of each split that have it, its tokens, and whether it is info at most; `characters`:
    by split, how many rows hold each character that is at fault, where characters are."""

    kind: str
    rows: dict[str, np.ndarray]
    tokens: str
    codes: np.ndarray
    mild: bool = False
    characters: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])


def _marks(dataset: AuditDataset) -> Iterator[_Mark]:
    named: set[str] = set()
    for variants in (*spellings(dataset), *broken(dataset), *letters_for_digits(dataset)):
        named |= {character for code in variants.codes.tolist() for character in dataset.tokens[code]}
        yield _of_variants(dataset, variants)
    if edges := dict(find_edges(dataset, named)):
        yield _word_edges(dataset, edges)
    composed: dict[str, dict[str, np.ndarray]] = dict(decomposed(dataset))
    if composed:
        rows = {name: np.unique(np.concatenate([part[name] for part in composed.values()])) for name in dataset.splits}
        yield _Mark("normal form", rows, f"letter and accent apart: {', '.join(composed)}", np.zeros(0, np.int64))
    joined = {**glued_rows(dataset), **joined_tokens(dataset)}
    if joined:
        codes = ordered(dataset, np.fromiter(joined, np.int64, len(joined)))
        code, parts = max(((int(code), joined[int(code)]) for code in codes), key=lambda one: bool(one[1]))
        told = f"{shown_tokens(dataset, codes)}; {dataset.tokens[code]!r:.40} is {' + '.join(parts[:6])}"
        yield _Mark("missing separators", _held(dataset, codes), told, codes)
    if "" in dataset.tokens:
        empty = np.asarray([dataset.tokens.index("")])
        yield _Mark("empty tokens", _held(dataset, empty), "''", empty)
    nothing = {name: np.flatnonzero(rows.lengths == 0) for name, rows in dataset.splits.items()}
    yield _Mark("empty sequences", nothing, "", np.zeros(0, np.int64), mild=True)


def _word_edges(dataset: AuditDataset, edges: Mapping[str, Sequence[Edge]]) -> _Mark:
    everywhere = {edge.character for found in edges.values() for edge in found}
    inside = any(character in token for character in everywhere for token in dataset.tokens)
    told = "they are inside tokens here" if inside else "the tokens here are unharmed"
    none = np.zeros(0, np.int64)
    rows = {
        name: np.unique(np.concatenate([none, *(edge.rows for edge in edges.get(name, ()))])) for name in dataset.splits
    }
    characters = {name: {edge.name: len(edge.rows) for edge in found} for name, found in edges.items()}
    return _Mark("word edges", rows, told, none, True, characters)


def _of_variants(dataset: AuditDataset, variants: Variants) -> _Mark:
    codes = ordered(dataset, variants.codes)
    code, usual = int(codes[0]), variants.usual[int(codes[0])]
    told = shown_tokens(dataset, codes)
    if usual:
        points = " ".join(f"U+{ord(character):04X}" for character in dataset.tokens[code][:6])
        told += f"; {dataset.tokens[code]!r:.40} ({points}) should read {usual!r:.40}"
    mild = variants.deliberate or variants.kind == "typographic"
    characters = _hidden(dataset, variants.codes) if variants.kind.startswith("invisible") else {}
    return _Mark(variants.kind, _held(dataset, codes), told, codes, mild, characters)


def _hidden(dataset: AuditDataset, codes: np.ndarray) -> dict[str, dict[str, int]]:
    """Rows of each split that hold each invisible or control character of the tokens, by the name of the character."""
    holders: dict[str, list[int]] = {}
    for code in codes.tolist():
        for character in set(filter(is_hidden, dataset.tokens[code])):
            holders.setdefault(name_character(character), []).append(code)
    found: dict[str, dict[str, int]] = {name: {} for name in dataset.splits}
    for character, its in holders.items():
        for name, rows in _held(dataset, np.asarray(its)).items():
            found[name] |= {character: len(rows)} if len(rows) else {}
    return found


def _held(dataset: AuditDataset, codes: np.ndarray) -> dict[str, np.ndarray]:
    wanted = chosen(codes, len(dataset.tokens))
    return {name: holding(rows, wanted) for name, rows in dataset.splits.items()}


def _finding(dataset: AuditDataset, rows: Rows, mark: _Mark) -> Finding | None:
    touched = mark.rows[rows.name]
    n, of = len(touched), rows.n_rows
    lost = mark.kind == "missing separators"
    if not n or (lost and (n < FEWEST_JOINED or n < LEAST_JOINED * of)):
        return None
    counts = occurrences(dataset)[rows.name]
    label = np.bincount(rows.labels[touched], minlength=len(dataset.labels))
    severity: Severity = "info"
    declared = rows.name.startswith("shift")
    whole = lost and n >= MOST * of and len(mark.rows["train"]) < MOST * dataset.train.n_rows
    if n >= SERIOUS * of and not mark.mild and not whole and not declared:
        severity = "warning"
    characters = mark.characters.get(rows.name, {})
    most = [f"{name} in {counted(many, 'row')}" for name, many in list(characters.items())[:MOST_CHARACTERS]]
    told = "; ".join([*most, *([mark.tokens] if mark.tokens else [])])
    told = f" ({told})" if told else ""
    if mark.kind == "empty sequences" and not declared:
        severity = "error" if n > MOSTLY_EMPTY * of else "warning" if n >= EMPTY * of else "info"
        told = ": the pattern or the splitter finds nothing, or the text is lost" if severity == "error" else ""
    evidence = {
        "rows_touched": n,
        "of": of,
        "share": n / of,
        "token_occurrences": int(counts[mark.codes].sum()),
        "tokens": [dataset.tokens[int(code)] for code in mark.codes[:10]],
        **({"characters": dict(characters)} if characters else {}),
        "labels": {dataset.labels[k]: int(label[k]) for k in np.argsort(-label, kind="stable")[:10] if label[k]},
        "rows": listed_ids(rows, touched),
        "row_ids": all_ids(rows, touched),
    }
    return Finding(
        CODE,
        "present",
        f"{rows.name}: {n:,} of {of:,} rows ({percent(n / of)}) {_SAYING[mark.kind]}{told}.",
        THRESHOLD,
        severity,
        {"split": rows.name, "kind": mark.kind},
        evidence,
        _REMEDY.get(mark.kind, "Write these tokens as they are written elsewhere, in every split alike."),
    )
