import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.core.splits import PAD_ID, UNKNOWN_ID
from brittlestar.data.encode import Encoded, encode
from brittlestar.study.settings import DataSettings

from .folders import encoded, read, write

SHAPES = "(?P<shape>[▲■●])(?P<colour>[rgb])?"


def words(data: Encoded, name: str) -> list[list[str]]:
    """Rows as the vocabulary names them."""
    split = data.splits[name]
    names = [data.vocabulary.tokens[token] for token in split.codes]
    return [names[start:end] for start, end in zip(split.offsets[:-1], split.offsets[1:], strict=True)]


def test_ids_follow_train_in_code_point_order():
    data = encoded(train=[("b ▲ a", 1), ("Z a", 0)], dev=[("a q", 1)])
    assert data.vocabulary.tokens == ("<pad>", "<unknown>", "Z", "a", "b", "▲")
    assert data.splits["train"].codes.tolist() == [4, 5, 3, 2, 3]
    assert data.splits["train"].offsets.tolist() == [0, 3, 5]
    assert data.splits["dev"].codes.tolist() == [3, UNKNOWN_ID]
    types = {a.dtype for a in (data.splits["train"].codes, data.splits["train"].labels)}
    assert types == {np.dtype(np.int32)}
    assert data.splits["train"].offsets.dtype == np.int64
    assert [data.raw_tokens[code] for code in data.raw_codes["dev"]] == ["a", "q"]
    data = encoded(train=[("a", 10), ("b", 9)], test=[("a", 9), ("a", 8), ("a", 10)])
    assert data.classes == ("10", "9")
    assert data.splits["test"].labels.tolist() == [1, -1, 0], "a label that train lacks"


def test_special_names_are_no_real_token():
    data = encoded(train=[("<pad> <<pad>> <unknown> x", 1), ("x", 0)])
    assert data.vocabulary.tokens[:2] == ("<<<pad>>>", "<<unknown>>")
    assert words(data, "train")[0] == ["<pad>", "<<pad>>", "<unknown>", "x"]
    assert not {PAD_ID, UNKNOWN_ID} & set(data.splits["train"].codes.tolist())


def test_groups_share_codes_and_a_missing_group_stands_alone():
    rows = [("a", 0, "x"), ("a", 1, None), ("b", 0, "w")]
    data = encoded(train=rows, dev=[("a", 0, "x"), ("b", 1, None)], test=[("a", 0)])
    assert data.splits["train"].groups.tolist() == [1, 2, 0]
    assert data.splits["dev"].groups.tolist() == [1, 3]
    assert data.splits["test"].groups is None


def test_factors_come_from_named_groups_and_weights_count_raw_tokens():
    train = [("▲r ▲r ■", 1), ("■g ?", 0), ("", 1)]
    data = encoded(factors=SHAPES, train=train, test=[("●b ●r ▲r", 1)])
    vocabulary = data.vocabulary
    assert vocabulary.factor_values == {"shape": ("", "■", "▲"), "colour": ("", "g", "r")}
    named = {
        token: tuple(vocabulary.factor_values[f][vocabulary.factors[f][k]] for f in ("shape", "colour"))
        for k, token in enumerate(vocabulary.tokens)
    }
    assert named == {
        "<pad>": ("", ""), "<unknown>": ("", ""), "?": ("", ""), "■": ("■", ""), "■g": ("■", "g"), "▲r": ("▲", "r"),
    }  # fmt: skip
    assert data.splits["train"].factor_weights["shape"].tolist() == [2, 1, 0]
    assert data.splits["train"].factor_weights["colour"].tolist() == [1, 1, 0]
    # ●b and ●r are unknown to the vocabulary, and count all the same.
    assert data.splits["test"].factor_weights["shape"].tolist() == [2]
    assert data.splits["test"].factor_weights["colour"].tolist() == [2]
    assert data.notes == (
        "the factor pattern does not fit 1 distinct token of 6 ('?'); tokens so affected: 1 of 5 in train",
    )


@given(
    st.lists(st.text(alphabet="▲■●rgb ", max_size=12), min_size=2, max_size=6),
    st.lists(st.text(alphabet="▲■●rgbx ", max_size=12), min_size=1, max_size=4),
)
def test_rows_and_weights_agree_with_a_plain_loop(train: list[str], test: list[str]):
    data = encoded(factors=SHAPES, train=[(t, i % 2) for i, t in enumerate(train)], test=[(t, 0) for t in test])
    known = {token for row in train for token in row.split()}
    for name, rows in (("train", train), ("test", test)):
        assert words(data, name) == [[t if t in known else "<unknown>" for t in row.split()] for row in rows]
        matches = [[re.fullmatch(SHAPES, token) for token in row.split()] for row in rows]
        for factor in ("shape", "colour"):
            expected = [len({m[factor] for m in row if m and m[factor]}) for row in matches]
            assert data.splits[name].factor_weights[factor].tolist() == expected


def test_fingerprints_do_not_depend_on_format_settings_of_factors_or_other_splits(tmp_path: Path):
    rows = [("x y", 1), ("y", 0)]
    frame = pl.DataFrame({"id": ["0", "1"], "sequence": [r[0] for r in rows], "label": [r[1] for r in rows]})
    frame.write_parquet(tmp_path / "train.parquet")
    write(tmp_path, dev_csv="sequence,label\nx y,1\ny,0\n", test_csv="id,sequence,label\n0,x  y,1\n1, y,0\n")
    data = encode(read(tmp_path), DataSettings(factors="(?P<letter>.)"))
    prints = {split.fingerprint for split in data.splits.values()}
    prints.add(encoded(train=rows).splits["train"].fingerprint)
    prints.add(encoded(train=[("a b c", 0), ("x", 1)], dev=rows).splits["dev"].fingerprint)
    assert len(prints) == 1
    assert len(prints.pop()) == 64


@pytest.mark.parametrize(
    "rows",
    [
        [("x y", 1, "g"), ("y", 0, "h"), ("", 1, "g")],
        [("y x", 1, "g"), ("y", 0, "h"), ("", 0, "g")],
        [("x y", 1, "g"), ("y", 0, "g"), ("", 0, "g")],
        [("x", 1, "g"), ("y y", 0, "h"), ("", 0, "g")],
        [("x y", 1, "g"), ("z", 0, "h"), ("", 0, "g")],
        [("y", 0, "h"), ("x y", 1, "g"), ("", 0, "g")],
        [("x y", 1), ("y", 0), ("", 0)],
    ],
)
def test_fingerprints_change_with_anything_in_a_row(rows: list[tuple[object, ...]]):
    base = encoded(train=[("x y", 1, "g"), ("y", 0, "h"), ("", 0, "g")])
    assert encoded(train=rows).splits["train"].fingerprint != base.splits["train"].fingerprint


def test_only_empty_sequences_leave_two_ids():
    data = encoded(train=[("", 1), (" ", 0)], dev=[("a", 1)])
    assert data.vocabulary.size == 2
    assert data.splits["train"].offsets.tolist() == [0, 0, 0]
    assert data.splits["dev"].codes.tolist() == [UNKNOWN_ID]


@pytest.mark.parametrize(
    ("factors", "said"),
    [("(?P<a>", "data.factors: the pattern '(?P<a>' does not compile"), ("(a)", "has no named group; name the parts")],
)
def test_a_factor_pattern_must_compile_and_name_its_parts(factors: str, said: str):
    with pytest.raises(InputError) as caught:
        encoded(factors=factors, train=[("a", 1), ("b", 0)])
    assert said in str(caught.value)


def test_a_split_of_another_kind_is_named():
    with pytest.raises(InputError, match=r"data\.tokens \(split dev\): the sequence column holds text, not lists"):
        encoded(tokens="list", train=[(["a"], 1), (["b"], 0)], dev=[("a", 1)])
