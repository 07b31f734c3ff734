"""Letters that stand where the same tokens have digits, as text read by a camera has them."""

from __future__ import annotations

import numpy as np

from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.holding import occurrences
from brittlestar.audits.rows.variants import Variants

LOOKS = str.maketrans("OoQDlIZSGbBgq|", "00001125668991")
FEWEST = 3
RARER = 0.5
AT_HOME = 0.1


def letters_for_digits(dataset: AuditDataset) -> list[Variants]:
    """Tokens that become another, more frequent one when letters are read as the digits they look like (O as 0, l and
    I as 1, S as 5, B as 8 …); at least three different ones, together at most half as frequent as those, since names
    such as `B2` and `82` look alike by accident. Both have a digit besides. Where letters win over digits as well, one
    pair for ten of the others, they are at home, as in hexadecimal numbers."""
    total = np.sum(list(occurrences(dataset).values()), axis=0).tolist()
    by_skeleton: dict[str, list[int]] = {}
    for code, token in enumerate(dataset.tokens):
        if len(token) > 1 and token.isascii() and any(map(str.isdigit, token)):
            by_skeleton.setdefault(token.translate(LOOKS), []).append(code)
    found: dict[int, str] = {}
    at_home = 0
    for codes in by_skeleton.values():
        usual = max(codes, key=lambda code: (total[code], _digits(dataset.tokens[code]), dataset.tokens[code]))
        for code in codes:
            if total[code] < total[usual] and _read_as(dataset.tokens[code], dataset.tokens[usual]):
                found[code] = dataset.tokens[usual]
            elif code != usual and _read_as(dataset.tokens[usual], dataset.tokens[code]):
                at_home += 1
    usual_names = set(found.values())
    usual_places = sum(total[code] for code, token in enumerate(dataset.tokens) if token in usual_names)
    rare = sum(total[code] for code in found) <= RARER * usual_places
    misread = len(found) >= FEWEST and rare and at_home <= AT_HOME * len(found)
    return [Variants("digits", found)] if misread else []


def _digits(token: str) -> int:
    return sum(map(str.isdigit, token))


def _read_as(token: str, usual: str) -> bool:
    """Whether every character that differs is a letter here and a digit there."""
    return all(one == other or (not one.isdigit() and other.isdigit()) for one, other in zip(token, usual, strict=True))
