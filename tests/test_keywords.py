"""What callers in Python read where the command reads of options."""

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import brittlestar
from brittlestar.cli.commands import COMMANDS
from brittlestar.core.errors import InputError, Problem
from brittlestar.keywords import list_arguments, name_arguments, speak_python


def verb(told: str, run: bool = False) -> None:
    """A verb that refuses everything."""
    raise InputError([Problem(told, told, "add --preds FILE")])


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("name it with --columns label=NAME", "name it with columns={'label': 'NAME'}"),
        ("--columns sequence=a,label=b; or", "columns={'sequence': 'a', 'label': 'b'}; or"),
        ("--set training.epochs=3", "settings={'training.epochs': '3'}"),
        ("--set training.epochs", "settings['training.epochs']"),
        ("--jobs must be 1 or more", "jobs must be 1 or more"),
        ("write --jobs 4, or add --run", "write jobs=4, or add run=True"),
        ("--exploratory applies to tables", "registered applies to tables"),
        ("--by=time needs --split", "by='time' needs splits"),
        ("place it with --out DIR.", "place it with out=DIR."),
        ("`brittlestar run STUDY --out DIR` and --set a.b", "`brittlestar run STUDY --out DIR` and settings['a.b']"),
        ("--preds-columns, --keep-near-copies", "predictions_columns, keep_near_copies"),
        ("again: brittlestar run s --jobs 4; or --jobs", "again: brittlestar run s --jobs 4; or jobs"),
    ],
)
def test_options_become_arguments_of_the_verb_and_commands_stay(told: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        speak_python(verb)(told)
    assert caught.value.problems == (Problem(expected, expected, "add predictions=FILE"),)


def test_an_argument_that_a_verb_lacks_is_answered_with_the_right_one() -> None:
    check: Any = brittlestar.check
    hints = {
        "preds": "did you mean 'predictions'?",
        "colums": "did you mean 'columns'?",
        "zz": "it has data, predictions",
    }
    for given, hint in hints.items():
        with pytest.raises(TypeError, match=rf"check\(\) has no argument '{given}'; ") as caught:
            check("data", **{given: 1})
        assert hint in str(caught.value)
    assert check is brittlestar.check and check.__module__ == "brittlestar.verbs.check"
    assert "predictions_columns" in inspect.signature(check).parameters


def list_messages() -> list[str]:
    """Every text of the package that names an option and is no part of a command."""
    root = Path(brittlestar.__file__).parent
    found: list[str] = []
    for place in sorted(root.rglob("*.py")):
        if place.relative_to(root).parts[0] == "cli":
            continue
        tree = ast.parse(place.read_text(encoding="utf-8"))
        texts = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}  # docstrings
        for one in ast.walk(tree):
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in texts:
                found += [one.value] if re.search(r"(?<!\w)--[a-z]", one.value) else []
    return found


def test_no_message_names_an_option_to_python() -> None:
    messages = list_messages()
    assert len(messages) > 150
    for text in messages:
        told = re.sub(r"`[^`]*`|brittlestar [a-z]+ [^;`]*|ray start --head", "", name_arguments(text, set()))
        assert "--" not in told or text.count("`") % 2, text


def test_an_option_is_one_argument_whatever_verb_has_it() -> None:
    for command in COMMANDS.values():
        for form in command.forms:
            for option in form.declared[0].options:
                flags = [flag for flag in option.flags.split("/") if flag]
                assert {list_arguments()[flag] for flag in flags} <= {option.parameter}, option
