"""Probes of the user's: refused when they are made, or when their function returns other things than rows."""

from typing import Any

import numpy as np
import pytest

import brittlestar
from brittlestar.core.errors import InputError
from brittlestar.probes.own import FAMILIES, own_probe
from brittlestar.probes.probe import Probe
from tests.conformance.probe_conformance import probe_conformance

from .making import ODD, Rows, changed

GOOD: dict[str, Any] = {"unit": "share of tokens", "strengths": [0.2, 1], "expectation": "invariant"}


def made(function: Any, name: str = "own.mine", **options: Any) -> Probe:
    return own_probe(name, **(GOOD | options))(function)


def test_a_function_on_token_lists_is_a_probe() -> None:
    @brittlestar.own_probe("order.backwards", unit="share of tokens", strengths=(1,), expectation="changes")
    def backwards(rows: Rows, strength: float, random: np.random.Generator) -> Rows:
        """Read from the end.

        More is not shown.
        """
        return [row[::-1] for row in rows]

    assert isinstance(backwards, Probe) and backwards.family == "order" and not backwards.lossless
    assert (backwards.strengths, backwards.expectation, backwards.about) == ((1.0,), "changes", "Read from the end.")
    for rows in ODD.values():
        assert changed(backwards.change, rows) == [row[::-1] for row in rows]


def test_rows_may_be_any_ordered_collection_of_text() -> None:
    for kind in (list, tuple, reversed, iter, np.array):
        probe = made(lambda rows, strength, random, kind=kind: (kind(row) for row in rows))
        found = changed(probe.change, [["a", "b"], ["c"]])
        assert found == ([["b", "a"], ["c"]] if kind is reversed else [["a", "b"], ["c"]])


def test_strength_and_randomness_are_handed_on_and_the_rows_are_the_functions_own() -> None:
    def lose(rows: Rows, strength: float, random: np.random.Generator) -> Rows:
        for row in rows:
            row[:] = [token for token in row if random.random() >= strength]
        return rows

    rows = [list("abcdefgh")] * 100
    assert changed(made(lose).change, rows, 1.0) == [[]] * 100
    once = changed(made(lose).change, rows, 0.5, seed=1)
    assert once == changed(made(lose).change, rows, 0.5, seed=1) != changed(made(lose).change, rows, 0.5, seed=2)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("mine", {}, "'mine' is no name of a probe; name it family.what"),
        ("own.Mine", {}, "'own.Mine' is no name of a probe"),
        ("own.mine@2", {}, "is no name of a probe"),
        (None, {}, "None is no name of a probe"),
        ("ordr.mine", {}, f"'ordr' is no family of probes; families are {', '.join(FAMILIES)}"),
        ("own.mine", {"unit": " "}, "a probe needs a unit; say what a strength counts"),
        ("own.mine", {"strengths": []}, "a probe needs strengths; give a list of one or more distinct numbers above 0"),
        ("own.mine", {"strengths": 0.5}, "a probe needs strengths"),
        ("own.mine", {"strengths": [float("inf")]}, "a probe needs strengths"),
        ("own.mine", {"strengths": [0]}, "a probe needs strengths"),
        ("own.mine", {"strengths": [1, 1.0]}, "a probe needs strengths"),
        ("own.mine", {"expectation": "stays"}, "'stays' is no expectation; it is one of invariant, changes, open"),
    ],
)
def test_what_is_no_probe_is_refused_when_it_is_made(name: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        own_probe(name, **(GOOD | options))
    assert message in str(caught.value) and str(caught.value).startswith(f"probe {name}:")


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        own_probe("X", unit="", strengths=(), expectation="never")  # pyright: ignore[reportArgumentType]
    assert len(caught.value.problems) == 5


def leave(*_: Any) -> Any:
    raise SystemExit("bye")


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda *_: 1 / 0, "probe own.mine at 0.2: it raised ZeroDivisionError: division by zero"),
        (lambda *_: None, "it raised TypeError"),
        (leave, "it raised SystemExit: bye"),
        (lambda rows, *_: rows[:-1], "it gave 1 rows for 2; return one list of strings for each row"),
        (lambda rows, *_: [" ".join(row) for row in rows], "'a b' is no row of tokens: it is a str"),
        (lambda rows, *_: [set(row) for row in rows], "is no row of tokens: it is a set"),
        (lambda rows, *_: [[1] for _ in rows], "1 is no token: it is a int"),
        (lambda rows, *_: [["\ud800"] for _ in rows], "is no token: it holds half a character"),
    ],
)
def test_functions_that_return_other_things(function: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        changed(made(function).change, [["a", "b"], ["c"]], 0.2)
    assert message in str(caught.value)


def test_a_probe_of_one_strength_needs_no_unit() -> None:
    @own_probe("own.backwards", strengths=[1.0], expectation="changes")
    def backwards(rows: list[list[str]], strength: float, random: np.random.Generator) -> list[list[str]]:
        return [row[::-1] for row in rows]

    assert (backwards.unit, backwards.strengths) == ("", (1.0,))
    probe_conformance(backwards)
