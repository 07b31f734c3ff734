"""How often tokens occur, and which rows hold them."""

import numpy as np

from brittlestar.audits.dataset import AuditDataset
from brittlestar.baselines.rows import LabelledRows
from brittlestar.core.large_arrays import AT_ONCE, blocks, count
from brittlestar.core.token_rows import TokenRows


def occurrences(dataset: AuditDataset) -> dict[str, np.ndarray]:
    """int64 (n_tokens,) by split: how often each token of the lexicon occurs."""
    n = len(dataset.tokens)
    return {name: count(rows.codes, n) for name, rows in dataset.splits.items()}


def row_at(rows: LabelledRows, places: np.ndarray) -> np.ndarray:
    """int64: the row of each place in `rows.codes`."""
    return np.searchsorted(rows.offsets, places, side="right") - 1


def places_of(rows: TokenRows, wanted: np.ndarray) -> np.ndarray:
    """int64, ascending: the places in `rows.codes` of tokens with `wanted[code]`; `wanted` bool (n_tokens,)."""
    if not wanted.any():
        return np.zeros(0, np.int64)
    found = (part.start + np.flatnonzero(wanted[rows.codes[part]]) for part in blocks(len(rows.codes), AT_ONCE))
    return np.concatenate([np.zeros(0, np.int64), *found])


def holding(rows: LabelledRows, wanted: np.ndarray) -> np.ndarray:
    """int64, ascending: the rows that hold any token with `wanted[code]`; `wanted` bool (n_tokens,)."""
    return np.unique(row_at(rows, places_of(rows, wanted)))


def chosen(codes: np.ndarray, n_tokens: int) -> np.ndarray:
    """bool (n_tokens,): true for the given codes."""
    wanted = np.zeros(n_tokens, np.bool_)
    wanted[codes] = True
    return wanted


def order_codes(dataset: AuditDataset, codes: np.ndarray) -> np.ndarray:
    """The codes, the most frequent over all splits first; ties by the token, since codes have no order of their own."""
    total: list[int] = np.sum(list(occurrences(dataset).values()), axis=0).tolist()
    listed: list[int] = codes.tolist()
    return np.asarray(sorted(listed, key=lambda code: (-total[code], dataset.tokens[code])), np.int64)


def format_tokens(dataset: AuditDataset, codes: np.ndarray | list[int]) -> str:
    """Five tokens, 30 characters each, as a sentence shows them, with invisible ones spelt out: `'a'`, `'\\u200b'`."""
    words = [dataset.tokens[int(code)] for code in codes[:5]]
    shown = ", ".join(repr(word if len(word) <= 30 else word[:29] + "…") for word in words)
    return shown + (" …" if len(codes) > 5 else "")
