"""Rows whose tokens were written together, so that the whole row became one token."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.holding import chosen
from brittlestar.audits.rows.cutting import cut

LOOKED_AT = 200
LONGEST = 4096
FEWEST_PARTS = 4
COVERED = 0.5
PART = 0.75
MOST = 0.8
GAP = 4


def glued_rows(dataset: AuditDataset) -> dict[int, Sequence[str]]:
    """The tokens that are whole rows without their separators, by code, and what each is made of.

    Such a token is the only one of its row, stands in no other, and is longer than every token of train's other rows.
    At least half of its characters are spelt by four or more of their tokens, and the one that a letter stands in is on
    average three quarters as long as in train: an address can be spelt by letters, but not by words. Of more than
    200 such tokens 200 are looked at, and all are reported where four fifths of these are so (without parts for the
    others).
    """
    train = dataset.train
    several = np.repeat(train.lengths > 1, train.lengths)
    usual = np.unique(train.codes[several])
    sizes = np.fromiter(map(len, dataset.tokens), np.int64, len(dataset.tokens))
    if not len(usual):
        return {}
    alone = np.zeros(len(dataset.tokens), np.bool_)
    for rows in dataset.splits.values():
        alone[rows.codes[np.repeat(rows.lengths == 1, rows.lengths)]] = True
    for rows in dataset.splits.values():
        alone[rows.codes[np.repeat(rows.lengths > 1, rows.lengths)]] = False
    longest = int(sizes[usual].max())
    candidates = np.flatnonzero(alone & (sizes > longest) & (sizes <= LONGEST))
    if not len(candidates):
        return {}
    looked_at = candidates[np.unique(np.linspace(0, len(candidates) - 1, LOOKED_AT).astype(np.int64))]
    known = frozenset(dataset.tokens[code] for code in usual.tolist())
    usual_size = _of_a_letter(sizes[train.codes[several]])
    found: dict[int, Sequence[str]] = {}
    for code in looked_at.tolist():
        parts = _parts(dataset.tokens[code], known, longest)
        spelt = np.asarray([len(part) for part in parts if part in known], np.int64)
        covered = spelt.sum() >= COVERED * sizes[code]
        if covered and len(spelt) >= FEWEST_PARTS and _of_a_letter(spelt) >= PART * usual_size:
            found[code] = parts
    if len(found) < MOST * len(looked_at):
        return found
    rest = chosen(candidates, len(dataset.tokens))
    rest[looked_at] = False
    return found | dict.fromkeys(np.flatnonzero(rest).tolist(), ())


def _of_a_letter(sizes: np.ndarray) -> float:
    """The mean over letters, not tokens, of the size of the token that a letter stands in."""
    return float((sizes**2).sum() / max(sizes.sum(), 1))


def _parts(token: str, known: Collection[str], longest: int) -> list[str]:
    return cut(token, longest, lambda start, end: token[start:end] in known, GAP)
