"""The same text cut into other tokens or in another normal form: nothing of it is lost."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.data.written_rows import rows_of_strings
from brittlestar.probes.task import Task
from brittlestar.probes.tokenisation import (
    Form,
    characters,
    merge_pairs,
    normal_form,
    recut,
    split_factors,
    tokenisation_probes,
)

from .making import ODD, ROWS, SPR_ROWS, SPR_TASK, TASK, Rows, changed, sound

WORDS = st.lists(st.lists(st.text("abéÅ한 ﬁ", max_size=4), max_size=5), max_size=5)


@given(WORDS)
def test_characters(rows: Rows) -> None:
    assert changed(characters, rows) == [[piece for token in row for piece in (list(token) or [""])] for row in rows]


@given(SPR_ROWS)
def test_factored_tokens_are_their_values(rows: Rows) -> None:
    wanted = [[piece for token in row for piece in (["alien"] if token == "alien" else token)] for row in rows]
    assert changed(split_factors, rows, task=SPR_TASK) == wanted


def test_a_token_that_its_factors_do_not_make_up_stays() -> None:
    task = Task({"a-b": 1}, 1, factors="(?P<left>.)-(?P<right>.)")
    assert changed(split_factors, [["a-b", "c-d"]], task=task) == [["a-b", "c-d"]]


@given(ROWS)
def test_every_two_tokens_are_one(rows: Rows) -> None:
    assert changed(merge_pairs, rows) == [["".join(row[k : k + 2]) for k in range(0, len(row), 2)] for row in rows]


@given(WORDS, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_normal_forms(rows: Rows, form: Form) -> None:
    assert changed(normal_form(form).change, rows) == [
        [unicodedata.normalize(form, token) for token in row] for row in rows
    ]


@given(WORDS)
def test_the_composed_form_comes_back_from_the_decomposed_one(rows: Rows) -> None:
    composed = changed(normal_form("NFC").change, rows)
    assert changed(normal_form("NFC").change, changed(normal_form("NFD").change, composed)) == composed


@given(ROWS)
def test_recut(rows: Rows) -> None:
    pieces = {"a": ["x", "y", "x"], "b": ["b"], "c": []}
    made = rows_of_strings(rows)
    after = recut(made, [pieces.get(token, [token, token]) for token in made.lexicon])
    sound(after)
    wanted = [[p for token in row for p in (pieces.get(token, [token, token]) or [token])] for row in rows]
    assert after.strings() == wanted


def test_only_what_would_change_tokens_is_tried() -> None:
    names = {probe.name for probe in tokenisation_probes(TASK)}
    assert names == {"tokenisation.merged"}
    names = {probe.name for probe in tokenisation_probes(SPR_TASK)}
    assert names == {"tokenisation.merged", "tokenisation.characters"}, "▲r is its two characters and its two values"
    long = Task({"red-cat": 1}, 3, factors=r"(?P<colour>\w+)-(?P<beast>\w+)")
    assert "tokenisation.factored" in {probe.name for probe in tokenisation_probes(long)}
    names = {probe.name for probe in tokenisation_probes(Task({"é": 1}, 1))}
    assert names == {"tokenisation.merged", "tokenisation.nfd", "tokenisation.nfkd"}


@pytest.mark.parametrize("what", ODD)
def test_odd_rows_keep_their_text(what: str) -> None:
    for probe in (*tokenisation_probes(SPR_TASK), normal_form("NFKD")):
        assert probe.lossless and probe.expectation == "invariant"
        after = changed(probe.change, ODD[what], task=SPR_TASK)
        assert list(map("".join, after)) == list(map("".join, ODD[what]))
