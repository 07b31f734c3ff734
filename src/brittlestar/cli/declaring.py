"""What a function declares of the command line, read from the text of its file, so that help loads nothing heavy.

The signature says names and defaults. An entry of `Args:` says the rest, `name (--option FORM): help`: FORM is how a
value is written (`values.py` reads it), and `…` behind it says that the option may be repeated; without a form it is a
switch. An option is named as its parameter unless its entry says otherwise. What follows `In Python` is not for the
command line; an entry that begins so is no option. ``As in `verb`.`` stands for the entry of that verb. The section
`Command:` is what help adds: paragraphs, examples, and exit codes at its end.
"""

import ast
import functools
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOM = Path(__file__).parents[1]
PYTHON = "In Python"
_SECTION = re.compile(r"^(Args|Returns|Raises|Command|Example):\n", re.MULTILINE)
_SHARED = re.compile(r"As in `(\w+)`\.")
_ENTRY = re.compile(r"^    (\w+)(?: \((.+?)\))?: (.+(?:\n {5,}.+)*)", re.MULTILINE)


@dataclass(frozen=True)
class Option:
    """An option or, without `flags`, an argument: the parameter that takes it, the form of its value (none: a switch),
    its help, and whether it must be given."""

    parameter: str
    flags: str
    form: str
    help: str
    required: bool = False

    def name_given(self, value: Any = True) -> str:
        """How a refusal names what was given: `--preds`, `--no-report`, `STUDY`."""
        return self.flags.split("/")[value is False and "/" in self.flags] or self.form


@dataclass(frozen=True)
class Declared:
    """What a function declares: one line, paragraphs, exit codes, options, and the names of all its parameters."""

    summary: str
    paragraphs: tuple[str, ...]
    exit_codes: str
    options: tuple[Option, ...]
    parameters: tuple[str, ...]


@functools.cache
def read_function(place: str) -> Declared:
    """What the function at `verbs.run:run` declares."""
    of, before, sections = _read_docstring(place)
    summary, *prose = before.strip().split("\n\n")
    more = textwrap.dedent(sections.get("Command", "")).strip().split("\n\n")
    paragraphs = [one for one in (*prose, *more) if one and not one.startswith((PYTHON, "Exit codes:"))]
    exit_codes = more[-1] if more[-1].startswith("Exit codes:") else ""
    names = [one.arg for one in (*of.posonlyargs, *of.args, *([of.vararg] if of.vararg else []), *of.kwonlyargs)]
    options = tuple(_read_options(of, sections.get("Args", "")))
    return Declared(summary, tuple(paragraphs), " ".join(exit_codes.split()), options, tuple(names))


@functools.cache
def _read_docstring(place: str) -> tuple[ast.arguments, str, dict[str, str]]:
    """The arguments of a function, and its docstring: what stands before the first section, and the sections."""
    module, _, name = place.partition(":")
    text = (ROOM / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    start = text.rindex(f"\ndef {name}(")
    end = text.index('"""', text.index('"""', start) + 3) + 3
    function = ast.parse(text[start:end]).body[0]
    assert isinstance(function, ast.FunctionDef)
    before, *parts = _SECTION.split(ast.get_docstring(function) or "")
    return function.args, before, dict(zip(parts[::2], parts[1::2], strict=True))


def _list_entries(entries: str) -> Iterator[tuple[str, str, str]]:
    """Parameter, what stands in parentheses, and text of each entry."""
    for name, written, text in _ENTRY.findall(entries):
        text = " ".join(text.split())
        if shared := _SHARED.fullmatch(text):
            _, _, theirs = _read_docstring(f"verbs.{shared[1]}:{shared[1]}")
            yield next(entry for entry in _list_entries(theirs["Args"]) if entry[0] == name)
        else:
            yield name, written, text


def _read_options(of: ast.arguments, entries: str) -> Iterator[Option]:
    optional = of.args[len(of.args) - len(of.defaults) :]
    defaults: dict[str, ast.expr | None] = {one.arg: node for one, node in zip(optional, of.defaults, strict=True)}
    defaults |= {one.arg: node for one, node in zip(of.kwonlyargs, of.kw_defaults, strict=True)}
    placed = {one.arg for k, one in enumerate(of.args) if k == 0 or one.arg not in defaults}
    placed |= {of.vararg.arg} if of.vararg else set()
    for name, written, text in _list_entries(entries):
        if text.startswith(PYTHON):
            continue
        flags, _, form = written.partition(" ") if written.startswith("--") else ("", "", written)
        if name in placed and not flags:
            required = not form.startswith("[")
            yield Option(name, "", form.strip("[]"), _shorten(text), required)
            continue
        node = defaults.get(name)
        default = node.value if isinstance(node, ast.Constant) else None
        flags = flags or f"--{name.replace('_', '-')}"
        if not form and default is not False and "/" not in flags:
            flags += f"/--no-{flags[2:]}"
        yield Option(name, flags, form, _shorten(text, flags.split("/")[0] if default is True else default))


def _shorten(text: str, default: Any = None) -> str:
    """The help of an option for the command line, with its default where the text does not say it."""
    text = text.partition(f" {PYTHON}")[0]
    return text if default is None or default is False or "efault" in text else f"{text} Default: {default}."
