"""Tokens by which other tools write padding, an unknown token and pieces of words."""

import re
from collections.abc import Sequence

import numpy as np

_NAME = re.compile(
    r"(?:[<\[{(|@#$%⟨]|__?|<\||\u2581<)(?P<inner>[A-Za-z][A-Za-z _-]*)\d*(?:[>\]})|@#$%⟩]|__?|\|>)|(?P<bare>[A-Z]+)"
)
PADDING_NAMES = frozenset({"pad", "padding", "blank", "null"})
UNKNOWN_NAMES = frozenset({"unk", "unknown", "oov", "rare", "mask", "masked"})
_BARE_PADDING = frozenset({"PAD", "PADDING"})
_BARE_UNKNOWN = frozenset({"UNK", "OOV", "UNKNOWN"})
PIECES = ("▁", "##", "Ġ", "@@", "</w>", "<w>", "Ċ", "_")
"""Marks that say whether a piece starts or goes on with a word."""


def padding_codes(tokens: Sequence[str]) -> np.ndarray:
    """int64: the tokens that are written as padding: `<pad>`, `[PAD]`, `PAD`, `__padding__`, …"""
    return _codes(tokens, PADDING_NAMES, _BARE_PADDING)


def unknown_codes(tokens: Sequence[str]) -> np.ndarray:
    """int64: the tokens that are written as unknown or masked: `<unk>`, `[UNK]`, `UNK`, `<oov>`, `[MASK]`, …"""
    return _codes(tokens, UNKNOWN_NAMES, _BARE_UNKNOWN)


def _codes(tokens: Sequence[str], names: frozenset[str], bare: frozenset[str]) -> np.ndarray:
    found: list[int] = []
    for code, token in enumerate(tokens):
        match = _NAME.fullmatch(token) if 3 <= len(token) <= 16 else None
        if match and (match["inner"].strip("_- ").lower() in names if match["inner"] else token in bare):
            found.append(code)
    return np.asarray(found, np.int64)
