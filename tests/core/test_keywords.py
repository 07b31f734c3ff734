"""What callers in Python read where the command reads of options."""

import inspect
from typing import Any

import pytest

import brittlestar
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.keywords import name_arguments, speak_python


def verb(
    data: str, *, predictions: Any = (), columns: Any = None, settings: Any = None, jobs: int = 1, run: bool = False,
    registered: bool = True, out: str | None = None, model: Any = None, by: str = "random", splits: Any = (),
) -> None:  # fmt: skip
    """A verb that refuses everything."""
    raise InputError([Problem("--jobs must be 1", data, "add --preds FILE")])


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("name it with --columns label=NAME", "name it with columns={'label': 'NAME'}"),
        ("--columns sequence=a,label=b; or", "columns={'sequence': 'a', 'label': 'b'}; or"),
        ("--set training.epochs=3", "settings={'training.epochs': '3'}"),
        ("--jobs must be 1 or more", "jobs must be 1 or more"),
        ("write --jobs 4, or add --run", "write jobs=4, or add run=True"),
        ("--exploratory applies to tables", "registered applies to tables"),
        ("--by=time needs --split", "by='time' needs splits"),
        ("name it: --model package.module:function", "name it: model='package.module:function'"),
        ("place it with --out DIR.", "place it with out=DIR."),
        ("`brittlestar run STUDY --out DIR` and --yes", "`brittlestar run STUDY --out DIR` and --yes"),
        ("again: brittlestar run s --jobs 4; or --jobs", "again: brittlestar run s --jobs 4; or jobs"),
    ],
)
def test_options_become_arguments_of_the_verb_and_commands_stay(told: str, expected: str) -> None:
    assert name_arguments(told, inspect.signature(verb).parameters) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [("--preds", "predictions"), ("--set a.b", "settings['a.b']"), ("--by=time", "by='time'"), ("x.csv:3", "x.csv:3")],
)
def test_a_verb_tells_its_problems_in_its_own_arguments(where: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        speak_python(verb)(where)
    assert caught.value.problems == (Problem("jobs must be 1", expected, "add predictions=FILE"),)
    assert str(caught.value) == f"{expected}: jobs must be 1; add predictions=FILE"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("preds", "did you mean 'predictions'?"),
        ("colums", "did you mean 'columns'?"),
        ("zz", "it has data, predictions"),
    ],
)
def test_an_argument_that_a_verb_lacks_is_answered_with_the_right_one(given: str, meant: str) -> None:
    check: Any = brittlestar.check
    with pytest.raises(TypeError, match=rf"check\(\) has no argument '{given}'; ") as caught:
        check("data", **{given: 1})
    assert meant in str(caught.value)


def test_a_verb_stays_what_it_is_for_who_looks_at_it() -> None:
    assert brittlestar.check is brittlestar.check and brittlestar.check.__module__ == "brittlestar.verbs.check"
    assert "predictions_columns" in inspect.signature(brittlestar.check).parameters
