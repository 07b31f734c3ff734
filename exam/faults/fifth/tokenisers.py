"""Splits whose text went through another tokeniser: case, pieces, separators, letters, forms and pairs."""

from __future__ import annotations

import re
import unicodedata

from exam.cases import Row
from exam.faults.fifth.codes import lines, openings, pages
from exam.faults.fifth.planting import fifth, retokenised
from exam.faults.fifth.texts import announcements, bulletins, verses

_POINTS = frozenset(".,:;!?»—")


def _lowered(row: Row) -> Row:
    return tuple(token.lower() for token in row)


def _spaced(row: Row) -> Row:
    """Words with the mark of a piece that stands behind a blank."""
    return tuple(f"▁{token}" for token in row)


def _pieces(row: Row) -> Row:
    """Words of more than five letters, in pieces of four, of which later ones are marked."""
    return tuple(
        piece if k == 0 else f"##{piece}"
        for token in row
        for k, piece in enumerate(re.findall("..?.?.?", token) if len(token) > 5 else [token])
    )


def _taken_apart(row: Row) -> Row:
    """Keys, signs of equality and values as tokens of their own."""
    return tuple(part for token in row for part in re.split("(=)", token))


def _letters(row: Row) -> Row:
    return tuple(letter for token in row for letter in token)


def _glued(row: Row) -> Row:
    """Punctuation with the word before it."""
    made: list[str] = []
    for token in row:
        if made and token in _POINTS:
            made[-1] += token
        else:
            made.append(token)
    return tuple(made)


def _decomposed(row: Row) -> Row:
    return tuple(unicodedata.normalize("NFD", token) for token in row)


def _paired(row: Row) -> Row:
    """Two neighbours as one token, with a sign between them."""
    return tuple("_".join(row[k : k + 2]) for k in range(0, len(row), 2))


def _unmarked(row: Row) -> Row:
    """Numbers of moves written on to the move."""
    return tuple(f"{row[k]}{row[k + 1]}" if j == 0 else row[k + 2] for k in range(0, len(row), 3) for j in (0, 1))


def _bare_tags(row: Row) -> Row:
    """Brackets of tags and the signs of entities are taken off."""
    return tuple(token.strip("<>&;") or token for token in row)


_TEST, _DEV = "share of test rows", "share of dev rows"

TOKENISERS = (
    fifth("token.mismatch", "small letters", _TEST, (0.4, 1.0), retokenised("test", _lowered), announcements),
    fifth("token.mismatch", "marks of a blank", _DEV, (0.4, 1.0), retokenised("dev", _spaced), bulletins),
    fifth("token.mismatch", "pieces of four", _TEST, (0.4, 1.0), retokenised("test", _pieces), verses),
    fifth("token.mismatch", "keys apart from values", _DEV, (0.4, 1.0), retokenised("dev", _taken_apart), lines),
    fifth("token.mismatch", "letters for words", _TEST, (0.4, 1.0), retokenised("test", _letters), bulletins),
    fifth("token.mismatch", "points glued to words", _TEST, (0.5, 1.0), retokenised("test", _glued), announcements),
    fifth("token.mismatch", "a split decomposed", _DEV, (0.7, 1.0), retokenised("dev", _decomposed), bulletins),
    fifth("token.mismatch", "words in pairs", _DEV, (0.4, 1.0), retokenised("dev", _paired), pages),
    fifth("token.mismatch", "numbers written on to moves", _TEST, (0.4, 1.0), retokenised("test", _unmarked), openings),
    fifth("token.mismatch", "brackets taken off", _TEST, (0.4, 1.0), retokenised("test", _bare_tags), pages),
)
