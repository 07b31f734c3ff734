"""The pages that code decides alone: commands, findings, Python. `conf.py` writes them for each build."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import brittlestar
from brittlestar.cli.app import app
from brittlestar.cli.commands import ANSWERING, COMMANDS, CommandLine
from brittlestar.core.checks import family_of
from brittlestar.core.code_pages import FAMILIES, pages_of_codes
from brittlestar.reports.error_budget import error_budget, measured_at, sentences

DOCS = Path(__file__).parent
REFERENCE = DOCS / "reference"

FINDINGS_HEAD = """\
# Findings

A finding has a code, a status and, when it is present, a severity. `present` means that the effect exceeds the stated
threshold. `absent` means that it does not. `inconclusive` means that these data or records cannot tell, and the finding
names what is missing. `not-applicable` means that there is nothing for the check to look at: no such column, split or
run.

An `error` says that a score cannot be trusted, a `warning` that it can with a caveat, and `info` what a reader should
know. [Effects](../../explanation/effects.md) says how that follows from what a finding costs. An effect in data must
also not be chance: all p-values of an audit are corrected together (Holm). Findings on training use 95 % intervals over
seeds unless their page says otherwise. [How often findings are right](error-rates.md) has what was measured.

`brittlestar explain CODE` prints the page of a code where there is no browser.
"""
BUDGET_HEAD = """\
# How often findings are right

Measured by `python -m exam.benchmark clean|known|fifth --record`, in a clone of the repository; each interval is 95 %.
A figure speaks of the checks at the commit beside it. Checks have changed since. Planted faults are easier than real
ones.

The fourth and the fifth set were written by somebody who had not read the code of the checks, sealed by hash, and then
scored. Checks were tuned on the fourth afterwards. The fifth was new to the checks when it was first scored, though its
author had read what these pages say. The first to fourth set are last in the tree at commit fdcc0daa; 50 of their kinds
are `known` today. `exam/README.md` of the repository says what each set is, and `exam/LEDGER.md` lists every scoring.
"""
COMMANDS_HEAD = """\
# Commands

What `brittlestar COMMAND -h` says, a page a command. `NO_COLOR` is respected. Every command takes:
"""
PYTHON_HEAD = """\
# Python

Everything that `from brittlestar import …` gives; [stability](../stability.md) says what stays. Every command is a
function here, and an option its keyword.
"""


def reference_pages() -> dict[Path, str]:
    """Every page by the file that it is written into."""
    return {
        **_folder("findings", {**_findings(), "error-rates": "\n".join([BUDGET_HEAD, *_budget()])}),
        **_folder("commands", _commands()),
        **_folder("python", _python()),
    }


def _folder(name: str, pages: Mapping[str, str]) -> dict[Path, str]:
    return {REFERENCE / name / f"{page}.md": text for page, text in pages.items()}


def _toctree(pages: Iterable[str]) -> str:
    return "\n".join(["```{toctree}", ":hidden:", "", *pages, "```", ""])


def _findings() -> dict[str, str]:
    """The index of families, a page a family that lists its codes, and a page a code."""
    pages = pages_of_codes()
    named = re.compile(f"`({'|'.join(map(re.escape, pages))})`")
    written = {code: f"# {code}\n\n{named.sub(lambda found: _link(found[1]), page)}\n" for code, page in pages.items()}
    index: list[str] = [FINDINGS_HEAD]
    for family, about in FAMILIES.items():
        codes = {code: page for code, page in pages.items() if family_of(code) == family}
        listed = [f"- {_link(code)}: {page.splitlines()[0]}" for code, page in codes.items()]
        written[family] = "\n".join([f"# {family}: {about}", "", *listed, "", _toctree(codes)])
        index.append(f"- [{family}]({family}.md): {about}: {', '.join(map(_link, codes))}")
    return {"index": "\n".join([*index, "", _toctree([*FAMILIES, "error-rates"])]), **written}


def _link(code: str) -> str:
    return f"[`{code}`]({code}.md)"


def _budget() -> list[str]:
    """What the exams measured, with cases by code."""
    titles = {"planted": "first to third set", "fourth": "fourth set", "known": "known set", "fifth": "fifth set"}
    exams = {exam: title for exam, title in titles.items() if exam in error_budget()}
    by_exam = {exam: error_budget()[exam].get("faults", {}).get("codes", {}) for exam in exams}
    codes = sorted({code for of in by_exam.values() for code in of})
    shown = [
        f"| `{code}` | "
        + " | ".join("{} of {}".format(*of[code]) if code in of else "" for of in by_exam.values())
        + " |"
        for code in codes
    ]
    columns = [f"{title}, {measured_at(exam)}" for exam, title in exams.items()]
    head = [f"| code | {' | '.join(columns)} |", "| --- |" + " --- |" * len(columns)]
    return [*(f"- {sentence}" for sentence in sentences()), "", *head, *shown, ""]


def _commands() -> dict[str, str]:
    """The index by group, and a page a command: synopsis, what it does, examples, options and exit codes."""
    every = [f"- `{', '.join(option.flags.split())}`: {option.help}" for option in ANSWERING]
    index = [COMMANDS_HEAD, *every, ""]
    for group in dict.fromkeys(command.group for command in COMMANDS.values()):
        named = {name: command for name, command in COMMANDS.items() if command.group == group}
        index += [f"## {group}", ""]
        index += [f"- [`brittlestar {name}`]({_file(name)}.md): {one.summary}" for name, one in named.items()]
        index.append("")
    shell = "Of `brittlestar` itself: `--version`, `-V`, `--install-completion`, `--show-completion` and `--help`."
    written = {_file(name): _command(f"brittlestar {name}", command) for name, command in COMMANDS.items()}
    return {"index": "\n".join([*index, shell, "", str(app.info.epilog), "", _toctree(written)]), **written}


def _file(command: str) -> str:
    return command.replace(" ", "-")


def _command(name: str, command: CommandLine) -> str:
    placed = [option.form if option.required else f"[{option.form}]" for option in command.options if not option.flags]
    lines = [f"# {name}", "", "```text", " ".join([name, "[OPTIONS]", *placed]), "```", ""]
    for part in command.help.split("\n\n"):
        kept = part.removeprefix("\b\n")
        listed = kept.removeprefix("Examples:\n")
        lines += ["```text", inspect.cleandoc(listed), "```", ""] if kept != part else [part, ""]
    for option in command.options:
        written = f"{', '.join(option.flags.split('/'))} {option.form.partition('>=')[0]}"
        lines.append(f"- `{written.strip()}`: {option.help}")
    return "\n".join([*lines, "", command.exit_codes, ""])


def _python() -> dict[str, str]:
    """The index, and a page a function and a class; `check` and `Check` are one name to some file systems."""
    index, written = [PYTHON_HEAD], dict[str, str]()
    for title, folder, has in (
        ("Functions", "", inspect.isroutine),
        ("Results", "results/", _is_result),
        ("Errors", "errors/", _is_error),
    ):
        pages = {
            f"{folder}{name}": name
            for name in sorted(brittlestar.__all__, key=str.lower)
            if has(getattr(brittlestar, name))
        }
        index += [
            f"## {title}",
            "",
            *(f"- [`{name}`]({page}.md): {_first_line(name)}" for page, name in pages.items()),
            "",
        ]
        directive, members = ("autoclass", "   :members:\n") if folder else ("autofunction", "")
        body = "# {0}\n\n```{{eval-rst}}\n.. {1}:: brittlestar.{0}\n{2}```\n"
        written |= {page: body.format(name, directive, members) for page, name in pages.items()}
    return {"index": "\n".join([*index, _toctree(written)]), **written}


def _is_result(value: object) -> bool:
    return inspect.isclass(value) and not _is_error(value)


def _is_error(value: object) -> bool:
    return inspect.isclass(value) and issubclass(value, Exception)


def _first_line(name: str) -> str:
    return (inspect.getdoc(getattr(brittlestar, name)) or "").partition("\n")[0]
