"""Docstrings of the verbs have one form, name every parameter, and their examples run."""

import doctest
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import brittlestar
from tests.zoo import Zoo

VERBS = sorted(name for name in brittlestar.__all__ if inspect.isfunction(getattr(brittlestar, name)))
MADE = "data.study"
"""What `run("data", seeds=2)` leaves: some examples go on from there."""


def sections(function: Callable[..., Any]) -> dict[str, str]:
    """The parts of a docstring by their headings; what comes before the first one under an empty name."""
    text = inspect.getdoc(function) or ""
    parts = re.split(r"^(\w+):\n", text, flags=re.MULTILINE)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def entries(section: str) -> list[str]:
    """Names of the entries of `Args`, some with their form on the command line in parentheses, or of `Raises`."""
    return re.findall(r"^    (\w+)(?: \([^)]+\))?: \S", section, flags=re.MULTILINE)


@pytest.mark.parametrize("name", VERBS)
def test_a_docstring_has_the_form_of_a_contract(name: str) -> None:
    function = getattr(brittlestar, name)
    parts = sections(function)
    first = parts[""].splitlines()[0]
    assert re.match(r"[A-Z][a-z]+ ", first) and first.endswith("."), "one line that says what it does"
    assert entries(parts["Args"]) == list(inspect.signature(function).parameters)
    assert parts["Returns"].strip()
    assert "InputError" in entries(parts["Raises"])


@pytest.mark.parametrize("name", VERBS)
def test_the_example_of_a_verb_runs(name: str, zoo: Zoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = sections(getattr(brittlestar, name))["Example"]
    example = doctest.DocTestParser().get_doctest(text, {}, name, None, None)
    assert any(f"{name}(" in line.source for line in example.examples), "it calls the verb"
    assert any(line.want for line in example.examples), "it shows what comes out"
    monkeypatch.chdir(tmp_path)
    if MADE in text and "generate(" not in text:
        zoo.copy("trained", tmp_path)
    said: list[str] = []
    doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    assert "".join(said) == ""
