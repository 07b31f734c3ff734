import re

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.data import tokenise as module
from brittlestar.data.tokenise import tokenise

# The White_Space property of Unicode 15, written out: `str.split` also splits at U+001C to U+001F, which lack it.
WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
WHITE_SPACE += "\u2028\u2029\u202f\u205f\u3000"
text = st.text(alphabet=st.characters(codec="utf-8"), max_size=12) | st.text(alphabet=f"ab▲{WHITE_SPACE}", max_size=12)
rows_of_text = st.lists(text, min_size=1, max_size=8)


def rows(sequences: pl.Series, how: str) -> list[list[str]]:
    found: list[list[str]] = []
    for chunk in tokenise(sequences, how):
        assert chunk.codes.dtype == np.int32
        assert chunk.lengths.dtype == np.int64
        assert list(chunk.tokens) == sorted(set(chunk.tokens)), "else codes would change from run to run"
        words = [chunk.tokens[code] for code in chunk.codes]
        ends = np.cumsum(chunk.lengths)
        found += [words[end - length : end] for end, length in zip(ends, chunk.lengths, strict=True)]
    return found


def series(texts: list[str]) -> pl.Series:
    return pl.Series(texts, dtype=pl.String)


@given(rows_of_text)
def test_whitespace_is_any_run_of_unicode_white_space(texts: list[str]):
    expected = [[word for word in re.split(f"[{WHITE_SPACE}]+", line) if word] for line in texts]
    assert rows(series(texts), "whitespace") == expected


@given(rows_of_text)
def test_characters_are_every_character(texts: list[str]):
    assert rows(series(texts), "characters") == [list(line) for line in texts]


@given(rows_of_text, st.sampled_from([r"\w+", r"a*", r"(a)|(▲)", r"(?<=a)b", r"."]))
def test_every_match_of_the_pattern_is_a_token(texts: list[str], pattern: str):
    expected = [[m.group() for m in re.finditer(pattern, line) if m.group()] for line in texts]
    assert rows(series(texts), f"regex:{pattern}") == expected


@given(st.lists(st.lists(text, max_size=5), min_size=1, max_size=6), st.sampled_from(["list", "whitespace"]))
def test_lists_are_never_split_again(lists: list[list[str]], how: str):
    assert rows(pl.Series(lists, dtype=pl.List(pl.String)), how) == lists


@pytest.mark.parametrize("how", ["whitespace", "characters", r"regex:\S+"])
def test_chunks_do_not_show(monkeypatch: pytest.MonkeyPatch, how: str):
    texts = [f"w{i} " * (i % 7) for i in range(200)]
    whole = rows(series(texts), how)
    monkeypatch.setattr(module, "CHUNK_BYTES", 64)
    assert len(list(tokenise(series(texts), how))) > 20
    assert rows(series(texts), how) == whole


def test_long_rows_and_long_tokens_are_tokens_like_others():
    found = rows(series(["a " * 100_000, "b" * 10_000]), "whitespace")
    assert [len(row) for row in found] == [100_000, 1]
    assert found[1] == ["b" * 10_000]


@pytest.mark.parametrize(
    ("sequences", "how", "said"),
    [
        (["a"], "regex:(a", r"data.tokens: the pattern '(a' does not compile: missing ), unterminated subpattern"),
        (["a"], "list", "data.tokens: the sequence column holds text, not lists"),
        ([["a"]], "characters", "data.tokens: a list column is never split again"),
        ([["a"]], "regex:a", "data.tokens: a list column is never split again"),
    ],
)
def test_what_does_not_fit_is_refused(sequences: list[object], how: str, said: str):
    with pytest.raises(InputError, match=re.escape(said)):
        rows(pl.Series(sequences), how)
