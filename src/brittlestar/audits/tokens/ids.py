"""The ids that a vocabulary file gives to tokens, as they are written there: a token or an id may occur twice."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class VocabularyIds:
    """`pairs` are (token, id) in the order of the file; `stated` is False where the file lists tokens alone and the
    ids are their places."""

    pairs: tuple[tuple[str, int], ...]
    stated: bool


def ids_of(path: str | Path) -> VocabularyIds | None:
    """The ids of a vocabulary file that `read_vocabulary` accepts; None where they cannot be made out."""
    path = Path(path)
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix.lower() != ".json":
        lines = [line.removesuffix("\r").partition("\t")[0] for line in text.split("\n")]
        return _number_tokens([line for line in lines if line])
    # Tuples of pairs and not dicts: a key that is written twice is what is looked for.
    found: Any = json.loads(text, object_pairs_hook=tuple)
    for key in ("model", "vocab"):
        inner = next((value for name, value in found if name == key), None) if isinstance(found, tuple) else None
        found = inner if isinstance(inner, (list, tuple)) else found
    if isinstance(found, tuple):
        whole = all(isinstance(number, int) and not isinstance(number, bool) for _, number in found)
        return VocabularyIds(found, True) if whole else None
    if not isinstance(found, list):
        return None
    tokens: list[Any] = [entry[0] if isinstance(entry, list) and entry else entry for entry in found]
    return _number_tokens(tokens) if all(isinstance(token, str) for token in tokens) else None


def _number_tokens(tokens: Sequence[str]) -> VocabularyIds:
    return VocabularyIds(tuple(zip(tokens, range(len(tokens)), strict=True)), False)
