from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.audits.tables.places import padding_side
from brittlestar.audits.tokens.padding import padding, sides_of, written_padding
from brittlestar.audits.vocabulary import GivenVocabulary
from brittlestar.core.findings import Finding
from tests.audits.making import Made, make_analysis

WIDTH = 14


def made(pad: str, left: dict[str, float] | None = None, n: int = 400) -> Made:
    """Rows of five to fourteen tokens, padded to fourteen; a share of a split's rows at the start."""
    random = np.random.default_rng(2)
    splits: Made = {}
    for name, size in (("train", n), ("dev", n // 4), ("test", n // 2)):
        rows = []
        for _ in range(size):
            tokens = [f"t{k}" for k in random.integers(0, 9, random.integers(5, WIDTH + 1))]
            fill = [pad] * (WIDTH - len(tokens))
            rows.append(" ".join([*fill, *tokens] if random.random() < (left or {}).get(name, 0) else [*tokens, *fill]))
        splits[name] = rows, [f"c{k % 2}" for k in range(size)]
    return splits


def by_split(found: list[Finding]) -> dict[str, Finding]:
    return {finding.where.get("split", ""): finding for finding in found}


def written(splits: Made) -> dict[str, Finding]:
    return by_split(list(padding.function(make_analysis(splits))))


def side(splits: Made) -> dict[str, Finding]:
    return by_split(list(padding_side.function(make_analysis(splits))))


@pytest.mark.parametrize("pad", ["<pad>", "[PAD]", "0"])
def test_padding_that_is_written_consistently_is_info(pad: str):
    found = written(made(pad))
    assert {one.severity for one in found.values()} == {"info"}
    assert set(found) == {"train", "dev", "test"}
    assert found["train"].evidence["at_start"] == 0
    assert found["train"].evidence["named"] == (pad != "0")


@pytest.mark.parametrize("pad", ["<pad>", "0"])
def test_rows_without_padding_have_none(pad: str):
    found = written({name: ([f"t{k}" for k in range(20)], ["a", "b"] * 10) for name in ("train", "test")})
    assert [one.status for one in found.values()] == ["absent"]


def test_a_token_that_pads_and_is_a_real_token_is_a_warning():
    assert written(made("t3"))["train"].severity == "warning"


@pytest.mark.parametrize("sticky", [0.0, 0.7])
def test_repeats_of_tokens_are_no_padding(sticky: float):
    random = np.random.default_rng(6)
    rows = random.integers(0, 3, (500, 12))
    for place in range(1, 12):
        again = random.random(500) < sticky
        rows[again, place] = rows[again, place - 1]
    texts = [" ".join(f"t{k}" for k in row) for row in rows]
    assert written_padding(make_analysis({"train": (texts, ["a", "b"] * 250)})) is None


def test_a_split_padded_on_the_other_side_is_found_with_its_rows():
    splits = made("<pad>", {"test": 1.0})
    found = side(splits)
    assert (found["test"].status, found["test"].severity) == ("present", "warning")
    assert [int(k) for k in found["test"].evidence["row_ids"]] == [
        k for k, row in enumerate(splits["test"][0]) if row.startswith("<pad>")
    ]
    assert (found["train"].status, found["dev"].status) == ("absent", "absent")


def test_rows_in_the_middle_of_their_padding_are_on_the_other_side_too():
    splits = made("<pad>")
    rows, labels = splits["test"]
    middle = [" ".join(["<pad>", *row.split()[:-1]]) if row.endswith("<pad> <pad>") else row for row in rows]
    found = side({**splits, "test": (middle, labels)})["test"]
    assert (found.status, found.severity) == ("present", "warning")
    assert "at both" in found.summary


def test_few_padded_rows_are_inconclusive_and_none_are_absent():
    splits = made("<pad>")
    few = [row for row in splits["test"][0] if "<pad>" in row][:5]
    splits["shift_few"] = few, ["c0"] * 5
    splits["shift_none"] = ["t1 t2"] * 30, ["c0", "c1"] * 15
    found = side(splits)
    assert found["shift_few"].status == "inconclusive"
    assert found["shift_none"].status == "absent"


@given(st.lists(st.lists(st.sampled_from("ab0"), max_size=6), min_size=1, max_size=8))
def test_sides_are_those_of_each_row(lists: list[list[str]]):
    rows = [[*row] for row in lists]
    texts = [" ".join(row) for row in [*rows, ["a", "0"], ["b"]]]
    made_of = make_analysis({"train": (texts, [f"c{k % 2}" for k in range(len(texts))])})
    wanted = np.asarray([token == "0" for token in made_of.tokens])
    sides = sides_of(made_of.train, wanted)
    for k, row in enumerate(rows):
        real = [place for place, token in enumerate(row) if token != "0"]
        start = bool(real) and real[0] > 0
        end = bool(row) and (not real or real[-1] < len(row) - 1)
        assert (sides.start[k], sides.end[k]) == (start, end)
        assert sides.inside[k] == (bool(real) and "0" in row[real[0] : real[-1] + 1])


def test_id_0_of_a_vocabulary_that_is_a_real_token_is_a_warning():
    one = make_analysis(made("x"))
    ids = GivenVocabulary((("t1", 0), ("t2", 1)), True)
    found = [f for f in padding.function(replace(one, vocabulary=ids)) if "vocabulary" in f.where]
    assert [(f.status, f.severity) for f in found] == [("present", "warning")]
    for fine in (GivenVocabulary((("<pad>", 0), ("t1", 1)), True), GivenVocabulary((("t1", 0), ("t2", 1)), False)):
        assert not [f for f in padding.function(replace(one, vocabulary=fine)) if "vocabulary" in f.where]


def filled(random: np.random.Generator, pad: str, share: float, n: int) -> list[str]:
    """Rows of 2 to 20 tokens in which the padding is a frequent word; a share of them filled up to 20."""
    rows = []
    for _ in range(n):
        tokens = [f"t{k}" for k in random.integers(0, 8, random.integers(2, 21))]
        if random.random() < share:
            tokens = [*tokens, *[pad] * 20][:20]
        rows.append(" ".join(tokens))
    return rows


@pytest.mark.parametrize("share", [0.5, 0.8, 1.0])
def test_padding_without_a_name_is_found_where_only_some_rows_are_filled_up(share: float):
    random = np.random.default_rng(3)
    found = written_padding(make_analysis({"train": (filled(random, "t2", share, 600), ["a", "b"] * 300)}))
    assert found is not None
    sides = found.splits["train"]
    assert not found.named and sides.end.mean() > 0.3 * share > sides.start.mean()


def test_a_word_that_ends_rows_of_every_length_is_no_padding():
    random = np.random.default_rng(4)
    rows = [" ".join([row, *["t2"] * random.integers(0, 6)]) for row in filled(random, "t2", 0.0, 600)]
    assert written_padding(make_analysis({"train": (rows, ["a", "b"] * 300)})) is None


def test_rows_of_another_length_are_not_padded_however_they_end():
    random = np.random.default_rng(5)
    rows = [*filled(random, "t2", 1.0, 590), *["t0 t1 t2 t2 t2 t2"] * 10]
    found = written_padding(make_analysis({"train": (rows, ["a", "b"] * 300)}))
    assert found is not None
    sides = found.splits["train"]
    assert not sides.end[590:].any()
    assert sides.inside[590:].all()


def test_padding_and_unknown_under_one_id_are_a_warning():
    ids = GivenVocabulary((("<pad>", 0), ("<unk>", 0), ("t1", 1)), True)
    found = list(padding.function(replace(make_analysis(made("x")), vocabulary=ids)))
    assert any("share the id 0" in finding.summary for finding in found)
