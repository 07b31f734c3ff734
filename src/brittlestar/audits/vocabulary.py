"""Vocabulary files: which tokens somebody's vocabulary knows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.texts import suggest_file


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
        return _number_tokens(_of_lines(text))
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


_HINT = "one token a line, a JSON list of tokens, or a JSON object {token: id}"


def read_vocabulary(path: str | Path) -> tuple[str, ...]:
    """The distinct tokens of a vocabulary file, in its order.

    A name that ends in `.json` holds a list of tokens or an object {token: id} (also under the key `vocab`, or
    `model.vocab` as Hugging Face's tokenizers write it); anything else has one token a line, what follows a tab being
    a count or an id. Raises InputError.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError("the vocabulary does not exist", str(path), suggest_file(path, "check --vocab"))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("the vocabulary is not UTF-8", str(path), _HINT) from error
    tokens = _of_json(path, text) if path.suffix.lower() == ".json" else _of_lines(text)
    distinct = tuple(dict.fromkeys(tokens))
    if not distinct:
        raise InputError("the vocabulary is empty", str(path), _HINT)
    return distinct


def _of_lines(text: str) -> list[str]:
    lines = (line.removesuffix("\r").partition("\t")[0] for line in text.split("\n"))
    return [token for token in lines if token]


def _of_json(path: Path, text: str) -> list[str]:
    try:
        found: Any = json.loads(text)
    except ValueError as error:
        raise InputError(f"the vocabulary is not JSON ({error})", str(path), _HINT) from error
    for key in ("model", "vocab"):
        if isinstance(found, dict) and isinstance(found.get(key), (dict, list)):
            found = found[key]
    entries: list[Any] = list(found) if isinstance(found, (dict, list)) else [found]
    # Some tokenizers list pairs of token and score.
    tokens: list[Any] = [entry[0] if isinstance(entry, list) and entry else entry for entry in entries]
    if not isinstance(found, (dict, list)) or not all(isinstance(token, str) for token in tokens):
        raise InputError("the vocabulary holds something else than tokens", str(path), _HINT)
    return tokens
