"""Every command that this package writes into a remedy, a headline, a hint or a page works where it is pasted."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import brittlestar
from brittlestar import cli

SOURCE = Path(brittlestar.__file__).parent
MADE_UP = "1"
"""What stands for a value that is known when the text is written: seeds, epochs, a cell, a claim."""
VERBS = "audit|check|diagnose|generate|judge|new|probe|report|run|split|status"
COMMAND = re.compile(rf"brittlestar (?:{VERBS})\b[^`\n]*")
BLANK = re.compile(r"\b(?:STUDY|DATA|DIR|FILE|TABLE|NAME|HASH|FOLDER|PROBE|STRENGTH|[TN])\b|…|module:function")


def texts_of(path: Path) -> Iterator[str]:
    """Texts of a module that are no docstrings, and commands that are data; values in them made up."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    inside = {id(part) for one in ast.walk(tree) if isinstance(one, ast.JoinedStr) for part in one.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else MADE_UP for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (docstrings | inside):
            yield node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "command":
            verb, *place = (ast.unparse(one).strip("'") for one in node.args)
            options = [f"--{one.arg.replace('_', '-')} {MADE_UP}" for one in node.keywords if one.arg]
            written = " ".join(options).replace("--settings", "--set")
            yield f"brittlestar {verb} {place[0] if place == ['spr'] else chr(39) + 'a study' + chr(39)} {written}"


def printed() -> Iterator[tuple[str, str]]:
    """(file, command) of every command in the source, as a reader of the study `a study` gets it; help texts and
    examples of the command line itself, and what takes the place of what left, are left out."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if name in ("cli/app.py", "cli/gone.py"):
            continue
        for text in texts_of(path):
            for command in COMMAND.findall(text):
                yield name, command.strip().rstrip(".")
    for path in sorted((SOURCE / "reports" / "templates").glob("*.j2")):
        text = path.read_text("utf-8").replace("{{ place }}", "'a study'")
        for command in re.findall(rf"brittlestar (?:{VERBS})\b[^<\n]*", text):
            yield f"reports/templates/{path.name}", command.partition("#")[0].rstrip(" )")


PRINTED = sorted(set(printed()))


def test_the_search_finds_remedies_headlines_and_pages() -> None:
    files = {name for name, _ in PRINTED}
    assert {"diagnosis/variant_runs.py", "reports/answers/evidence.py", "reports/templates/appendix.html.j2"} <= files
    assert {"claims/trivial_findings.py", "core/commands.py", "reports/result_text.py"} <= files


@pytest.mark.parametrize(("name", "command"), PRINTED)
def test_a_printed_command_names_what_is_there_and_options_that_exist(name: str, command: str) -> None:
    assert not BLANK.search(command), "a placeholder cannot be pasted"
    program, verb, *arguments = shlex.split(command)
    known: Any = typer.main.get_command(cli.app)
    assert program == "brittlestar" and arguments, f"{verb} needs something to work on"
    if verb == "generate":
        return
    options = {option for param in known.commands[verb].params for option in param.opts}
    assert {argument for argument in arguments if argument.startswith("-")} <= options
    assert arguments[0] in ("a study", "clean-data", MADE_UP) or arguments[0].startswith("--")
