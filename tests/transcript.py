"""Pages as transcripts: a `text` block right below commands, or below code, is what the last of them prints.

Lines are compared as they are, save three things. A line `…` stands for any lines, and `…` within a line for any text.
A text that begins with `brittlestar:` is an error: exit code 2, on standard error.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from brittlestar.core.gating import GATE_EXITS
from tests.command import brittlestar

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(
    r"^(?P<shown><!-- \S+ -->\n)?```(?P<language>sh|python)\n(?P<source>.*?)^```$(?:\n\n```text\n(?P<said>.*?)^```$)?",
    re.DOTALL | re.MULTILINE,
)
LEFT_OUT = "…"
ERROR = "brittlestar: "
HERE = ("--executor", "serial")
"""Studies of a page are trained in this process: the same results, and no other process to start."""


@dataclass(frozen=True)
class Step:
    """Commands (`sh`) or code (`python`) of a page, and what it says that they print; None where it says nothing."""

    language: str
    source: str
    said: str | None


def read_steps(page: Path) -> list[Step]:
    """What a page does, in its order. A block that shows a file of examples is none."""
    found = BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [Step(one["language"], one["source"], one["said"]) for one in found if not one["shown"]]


def as_pattern(said: str) -> str:
    """The text of a page as a pattern of what is printed."""
    return "".join(
        r"(?:.*\n)*?" if line == LEFT_OUT else f"{re.escape(line).replace(LEFT_OUT, '.*')} *\n"
        for line in said.splitlines()
    )


def refresh_text(said: str, printed: str) -> str:
    """What is printed, with the lines left out that the page leaves out now."""
    lines, new = said.splitlines(), printed.rstrip("\n").splitlines()
    found: list[str] = []
    for what, a, b, c, d in SequenceMatcher(None, lines, new, autojunk=False).get_opcodes():
        old, fresh = lines[a:b], new[c:d]
        if what == "equal" or LEFT_OUT not in old:
            near = LEFT_OUT in (lines[a - 1 : a] + lines[b : b + 1]) and what == "insert"
            found += [] if near else fresh
            continue
        after = len(old) - 1 - old.index(LEFT_OUT)
        found += [*fresh[: old.index(LEFT_OUT)], LEFT_OUT, *fresh[max(len(fresh) - after, old.index(LEFT_OUT)) :]]
    return "\n".join(line.rstrip() for line in found) + "\n"


def check_step(step: Step, folder: Path, page: Path | None = None) -> None:
    """Do a step in a folder, which is the working directory too, and compare what it prints; with UPDATE_PAGES=1 write
    it into `page` instead."""
    fails = (step.said or "").startswith(ERROR)
    printed = ""
    if step.language == "python":
        printed = run_python("-W", "error", "-c", step.source, folder=folder)
    else:
        commands = [shlex.split(line) for line in step.source.splitlines()]
        for number, command in enumerate(commands, start=1):
            printed = run_command(command, folder, fails and number == len(commands))
    if step.said is not None:
        if page is not None and "UPDATE_PAGES" in os.environ and not re.fullmatch(as_pattern(step.said), printed):
            text = page.read_text(encoding="utf-8")
            page.write_text(text.replace(step.said, refresh_text(step.said, printed), 1), encoding="utf-8")
            return
        assert re.fullmatch(as_pattern(step.said), printed), f"{step.source}prints\n{printed}\nand not\n{step.said}"


def run_command(command: Sequence[str], folder: Path, fails: bool = False) -> str:
    """What a command of a page prints: `brittlestar`, `python` with a script, `cat` or `cp` with files."""
    program, *arguments = command
    if program == "python":
        return run_python(*arguments, folder=folder)
    if program == "cat":
        return "".join((folder / name).read_text(encoding="utf-8") for name in arguments)
    if program == "cp":
        subprocess.run(command, cwd=folder, check=True)
        return ""
    assert program == "brittlestar", f"a page cannot run {program}"
    said = brittlestar(*arguments, *(HERE if arguments[0] == "run" and "--executor" not in arguments else ()))
    answers = {2} if fails else {*GATE_EXITS.values()} if arguments[0] == "gate" else {0}
    assert said.code in answers, f"{shlex.join(command)}\n{said}"
    return "".join(f"{line}\n" for line in said.errors) if fails else said.output


def run_python(*arguments: str, folder: Path) -> str:
    """What an interpreter of its own prints; a warning beside it is no part of that."""
    done = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
