"""Vocabulary files: which tokens somebody's vocabulary knows, and under which ids."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.core.texts import suggest_file


@dataclass(frozen=True)
class GivenVocabulary:
    """`pairs` are (token, id) in the order of the file, where a token may stand twice; `stated` is False where the file
    has no whole numbers for ids, which are then the tokens' places."""

    pairs: tuple[tuple[str, int], ...]
    stated: bool

    @staticmethod
    def number(tokens: Iterable[str]) -> "GivenVocabulary":
        """Tokens whose ids are their places."""
        return GivenVocabulary(tuple((token, place) for place, token in enumerate(tokens)), False)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The distinct tokens."""
        return tuple(dict.fromkeys(token for token, _ in self.pairs))


_HINT = "one token a line, a JSON list of tokens, or a JSON object {token: id}"


def read_vocabulary(path: str | Path) -> GivenVocabulary:
    """The tokens and ids of a vocabulary file.

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
    lines = (line.removesuffix("\r").partition("\t")[0] for line in text.split("\n"))
    found = _of_json(path, text) if path.suffix.lower() == ".json" else GivenVocabulary.number(filter(None, lines))
    if not found.pairs:
        raise InputError("the vocabulary is empty", str(path), _HINT)
    return found


def _of_json(path: Path, text: str) -> GivenVocabulary:
    try:
        # Objects become tuples of pairs and not dicts: a key that is written twice is what is looked for.
        found: Any = json.loads(text, object_pairs_hook=tuple)
    except ValueError as error:
        raise InputError(f"the vocabulary is not JSON ({error})", str(path), _HINT) from error
    for key in ("model", "vocab"):
        inner = next((value for name, value in found if name == key), None) if isinstance(found, tuple) else None
        found = inner if isinstance(inner, (list, tuple)) else found
    if isinstance(found, tuple):
        whole = all(isinstance(number, int) and not isinstance(number, bool) for _, number in found)
        return GivenVocabulary(found, True) if whole else GivenVocabulary.number(token for token, _ in found)
    # Some tokenizers list pairs of token and score.
    entries: list[Any] = found if isinstance(found, list) else [found]
    tokens: list[Any] = [entry[0] if isinstance(entry, list) and entry else entry for entry in entries]
    if not isinstance(found, list) or not all(isinstance(token, str) for token in tokens):
        raise InputError("the vocabulary holds something else than tokens", str(path), _HINT)
    return GivenVocabulary.number(tokens)
