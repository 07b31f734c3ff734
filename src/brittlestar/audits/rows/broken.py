"""Rows with text that was damaged: read in the wrong encoding, in two normal forms, with characters nobody sees."""

from collections.abc import Callable
from functools import cache
from unicodedata import combining, is_normalized

import numpy as np
import polars as pl

from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.holding import chosen, places_of, row_at

INVISIBLE = "\u00ad\u034f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
"""Characters without a picture that no script needs between letters (Unicode, Default_Ignorable_Code_Point)."""
JOINERS = "\u200c\u200d"
_LOOSE = f"[!-/:-~\\p{{Latin}}\\p{{Greek}}\\p{{Cyrillic}}][{JOINERS}]"
"""Joiners behind letters that are never joined; elsewhere they are spelling (The Unicode Standard, 23.2)."""
HIDDEN = rf"[[\p{{Cc}}\p{{Zs}}{INVISIBLE}]--[ \t\n\r]]|{_LOOSE}"
LEADS = frozenset("ÂÃÎÏÐÑ")
"""How the first byte of an accented Latin, Greek or Cyrillic letter in UTF-8 looks in a Western encoding."""
LATER = frozenset("".join(bytes(range(0x80, 0xC0)).decode(encoding, "ignore") for encoding in ("cp1252", "latin-1")))
"""How any other byte of it looks."""


def find_hidden(dataset: AuditDataset) -> dict[str, dict[str, np.ndarray]]:
    """{split: {character: int64 rows}} of invisible characters, control characters and blanks other than a space."""
    found: dict[str, dict[str, np.ndarray]] = {}
    for name, rows in dataset.splits.items():
        texts = rows.texts.list.join("\n") if isinstance(rows.texts.dtype, pl.List) else rows.texts
        touched = texts.str.contains(HIDDEN).arg_true()
        holders: dict[str, list[int]] = {}
        for row, matches in zip(touched, texts.gather(touched).str.extract_all(HIDDEN), strict=True):
            for character in {match[-1] for match in matches}:
                holders.setdefault(character, []).append(row)
        most = sorted(holders, key=lambda one: -len(holders[one]))
        found[name] = {one: np.asarray(holders[one], np.int64) for one in most}
    return found


def find_text(dataset: AuditDataset, fits: Callable[[str], bool]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Tokens that fit, int64, and {split: int64 rows} with one, or where a token that goes on makes it fit: the last
    character before it, and it."""
    tokens, fits = dataset.tokens, cache(fits)
    codes = np.asarray([code for code, one in enumerate(tokens) if not one.isascii() and fits(one)], np.int64)
    whole = chosen(codes, len(tokens))
    goes_on = np.asarray([one in LATER or (len(one) == 1 and combining(one) > 0) for one in tokens], np.bool_)
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
