"""Options are read from signatures and docstrings: an option needs its parameter and its entry, and nothing else."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

from brittlestar.cli import declaring
from brittlestar.cli.commands import COMMANDS, read_option_group
from brittlestar.cli.declaring import Option, read_function

VERB = '''
"""A verb."""


def shake(
    data: str,
    out: str | None = None,
    *more: str,
    most: int = 3,
    columns: dict[str, str] | None = None,
    loud: bool = False,
    pilot: bool = True,
    remove: bool = False,
    progress: bool = True,
) -> int:
    """Shake it.

    Needs `data`, and `most` hands.

    Args:
        data ([DATA|STUDY]): What is shaken. In Python also a frame.
        out (DIR): Where it
            goes.
        more (FROM…): Others.
        most (N>=1): Times.
        columns (--renamed ROLE=COLUMN,…): Of `data`.
        loud: With noise.
        pilot: Try it first.
        remove (--yes): Remove it.
        progress: In Python: tell it.

    Returns:
        Nothing.

    Command:
        Prints what fell.

        Examples:
          brittlestar shake d

        Exit codes: 0 done;
        3 it broke.
    """
    return 0
'''


def test_an_option_is_what_signature_and_docstring_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "verb.py").write_text(VERB, encoding="utf-8")
    monkeypatch.setattr(declaring, "ROOM", tmp_path)
    found = read_function.__wrapped__("verb:shake")
    assert found.options == (
        Option("data", "", "DATA|STUDY", "What is shaken."),
        Option("out", "--out", "DIR", "Where it goes."),
        Option("more", "", "FROM…", "Others.", required=True),
        Option("most", "--most", "N>=1", "Times. Default: 3."),
        Option("columns", "--renamed", "ROLE=COLUMN,…", "Of `data`."),
        Option("loud", "--loud", "", "With noise."),
        Option("pilot", "--pilot/--no-pilot", "", "Try it first. Default: --pilot."),
        Option("remove", "--yes", "", "Remove it."),
    )
    assert found.summary == "Shake it." and found.exit_codes == "Exit codes: 0 done; 3 it broke."
    assert found.paragraphs == (
        "Needs `data`, and `most` hands.",
        "Prints what fell.",
        "Examples:\n  brittlestar shake d",
    )
    assert found.parameters[-1] == "progress"


def test_an_entry_stands_for_that_of_another_verb() -> None:
    own, other = (
        next(option for option in read_function(place).options if option.parameter == "columns")
        for place in ("verbs.audit:audit", "verbs.run:run")
    )
    assert own == other and own.form == "ROLE=COLUMN,…"


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_declared_is_what_is_called(name: str) -> None:
    """Every option goes somewhere; what takes no value is a switch; and no parameter of a verb is forgotten."""
    command = COMMANDS[name]
    takes = {parameter for part in command.option_groups for parameter in read_option_group(part).parameters}
    for form in command.forms:
        module, _, function = form.verb.partition(":")
        verb = getattr(importlib.import_module(f"brittlestar.verbs.{module}"), function)
        parameters = inspect.signature(verb).parameters
        assert list(parameters) == [*form.declared[0].parameters]
        section = str(inspect.getdoc(verb)).partition("Args:\n")[2].partition("\n\n")[0]
        assert re.findall(r"^    (\w+)(?: \(.+?\))?: ", section, re.MULTILINE) == list(parameters)
        switches = [option for option in form.declared[0].options if not option.form]
        assert [
            switch.parameter for switch in switches if "bool" not in str(parameters[switch.parameter].annotation)
        ] == []
        takes |= {parameter for declared in form.declared for parameter in declared.parameters}
    assert {option.parameter for option in command.options} <= takes | {"open"}
