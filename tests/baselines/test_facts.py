"""What shallow models may read of tokens: their characters, where all tokens are short."""

from typing import Any

import numpy as np
import pytest

from brittlestar.baselines.facts import list_alphabets

SHORT = tuple(f"{shape}{colour}" for shape in "▲■●" for colour in "rgb")


def test_characters_are_looked_at_only_where_every_token_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    unique: Any = np.unique

    def count(values: Any, **more: Any) -> Any:
        looks.append(len(values))
        return unique(values, **more)

    monkeypatch.setattr(np, "unique", count)
    assert [alphabet.name for alphabet in list_alphabets(SHORT, {}, {})] == ["token", "character 1", "character 2"]
    assert looks == [9, 9]
    looks.clear()
    assert [alphabet.name for alphabet in list_alphabets((*SHORT, "x" * 100_000), {}, {})] == ["token"]
    assert looks == [], "work grew with the characters of one token times all tokens"
