import re

import polars as pl
import pytest

from brittlestar.data.infer_format import infer_format, proposed_factors, proposed_tokens
from brittlestar.study.template import DataLook

from .folders import read


def test_what_a_look_sees():
    frames = read(
        {
            "train": pl.DataFrame(
                {"sequence": ["▲r ■g ●", "▲g ■r", "●r ●g ▲", ""], "label": [1, 0, 1, 1], "group": ["a", "b", "a", "c"]}
            ),
            "shift_long": (["▲r"], [1]),
            "test": (["▲r", "x"], [1, 0]),
        }
    )
    assert infer_format(frames) == DataLook(
        tokens="whitespace",
        factors="(?P<shape>[■▲●])(?P<colour>[gr])?",
        factor_names=("shape", "colour"),
        classes={"0": 1, "1": 3},
        vocabulary_size=8,
        length_min=0,
        length_mean=2.0,
        length_max=3,
        has_group=True,
        splits={"train": 4, "test": 2, "shift_long": 1},
        unseen={"test": 2, "shift_long": 1},
        missing=("dev",),
    )


@pytest.mark.parametrize(
    ("sequences", "expected"),
    [
        (["a b", "c d", "e"], "whitespace"),
        (["jump"] * 94 + ["walk left"] * 6, "whitespace"),
        (["Smith"] * 96 + ["de Boer"] * 4, "characters"),
        (["ACGT", " CCG ", ""], "characters"),
        (["", " "], "whitespace"),
        ([["a b"], []], "list"),
    ],
)
def test_proposed_tokens(sequences: list[object], expected: str):
    assert proposed_tokens(pl.Series(sequences)) == expected


def cross(first: str, second: str) -> set[str]:
    return {a + b for a in first for b in second}


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (cross("▲■", "rg"), "(?P<shape>[■▲])(?P<colour>[gr])?"),
        (cross("▲■", "rg") - {"▲r"}, "(?P<shape>[■▲])(?P<colour>[gr])?"),
        (cross("▲■", "rz"), "(?P<factor1>[■▲])(?P<factor2>[rz])?"),
        (cross("AB", "12") | {"A"}, "(?P<factor1>[AB])(?P<factor2>[12])?"),
        (cross("^-", "ab"), r"(?P<factor1>[\-\^])(?P<factor2>[ab])?"),
        (cross("▲■", "rg") | {"xyz"}, None),
        (cross("▲■", "rg") | {"r"}, None),
        (cross("▲", "rg"), None),
        (cross("▲■●◆", "rgby") - cross("▲■●", "rgb"), None),
        (cross("ABCDEFGHI", "12345678"), None),
        (cross("ab", "bc"), None),
        ({"it", "is", "at", "as"}, None),
        (set("ab"), None),
        (set[str](), None),
    ],
)
def test_proposed_factors(tokens: set[str], expected: str | None):
    assert proposed_factors(tokens) == expected
    if expected:
        assert all(re.fullmatch(expected, token) for token in tokens)


def test_characters_have_no_factors():
    assert infer_format(read({"train": (["▲r", "■g", "▲g■r"], [0, 1, 1])})).factors is None
