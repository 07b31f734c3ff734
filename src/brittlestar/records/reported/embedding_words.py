"""What a sentence says of embeddings: where they come from, and whether training changes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_EMBEDDING = re.compile(
    r"\b(?:word |token )?embeddings?\b|\bembedding (?:layer|matrix|table)|\b(?:word|token) vectors?\b"
)
_NEAR = 90
"""Letters around the word in which others are about it."""
_RANDOM = re.compile(r"\brandom(?:ly)?\b(?! (?:seed|search|forest|state|order))")
_GIVEN = re.compile(r"\bpre-?trained\b|\bglove\b|\bword2vec\b|\bfasttext\b")
_KEPT = re.compile(
    r"(?<!not )(?<!not kept )(?<!n't )(?<!no embeddings are )\bfrozen\b|\bfroze\b|\bfreez\w+|\bkept constant\b|"
    r"\b(?:kept|stay\w*|remain\w*|held|and|,) fixed\b|"
    r"\bfixed(?= (?:random|embeddings?|word|token|vectors?|pre-?trained))|"
    r"\bembeddings? (?:are|were|is|was) fixed\b|"
    r"\b(?:not|never|n't|without being) (?:be |been |being |further )*"
    r"(?:updated|trained|tuned|fine-?tuned|learn(?:ed|t)|changed|optimi[sz]ed)"
)
_CHANGED = re.compile(r"\bfine-?tun\w+|\btrainable\b|\bupdated\b")


def find_embedding(sentence: str) -> Iterator[tuple[str, str]]:
    """(`embeddings`, what they are), where the words around them say both."""
    plain = sentence.lower()
    for found in _EMBEDDING.finditer(plain):
        begun = max(plain.rfind("; ", 0, found.start()), found.start() - _NEAR, 0)
        around = plain[begun : found.end() + _NEAR].split("; ")[0] if begun == 0 else plain[begun : found.end() + _NEAR]
        kept, given = _KEPT.search(around), _GIVEN.search(around)
        if given and (kept or _CHANGED.search(around)):
            yield "embeddings", "frozen pre-trained" if kept else "fine-tuned pre-trained"
            return
        if kept and _RANDOM.search(around):
            yield "embeddings", "frozen random"
            return
