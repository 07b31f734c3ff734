"""How a command ends: an exit code, lines for a person on standard error, or one JSON document on standard output."""

import contextlib
import io
import json
import os
import re
import sys
import traceback
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import typer

from brittlestar.core.documents import begin_document
from brittlestar.core.errors import BrittlestarError, InputError, Problem

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class OutputOptions:
    """What the options `--json`, `--quiet` and `--verbose` ask for; without any, the output of a command."""

    json: bool = False
    quiet: bool = False
    verbose: bool = False

    def __post_init__(self) -> None:
        if self.quiet and self.verbose:
            raise InputError("--quiet and --verbose exclude each other", "--quiet, --verbose", "give one of the two")


@contextlib.contextmanager
def guard_work(json_: bool) -> Generator[None]:
    """Around what a command does. An error meant for a person becomes its lines, never a traceback; under `json_` also
    a document `{"error": [{"what", "where", "hint"}]}`. Raises typer's Exit with the code."""
    try:
        yield
        sys.stdout.flush()
        return
    except BrittlestarError as error:
        for problem in error.problems:
            print(show_controls(f"brittlestar: {problem}"), file=sys.stderr)
        code, problems = error.exit_code, error.problems
    except KeyboardInterrupt as stop:
        code, problems = 1, (Problem(str(stop) or "stopped"),)
        print(f"brittlestar: {problems[0]}", file=sys.stderr)
    except BrokenPipeError:
        abandon_output()
        raise typer.Exit(1) from None
    except Exception as error:
        traceback.print_exc()
        fault = Problem(f"{type(error).__name__}: {error}", "", "a fault of brittlestar: please report the lines above")
        code, problems = 1, (fault,)
        print(show_controls(f"brittlestar: {fault}"), file=sys.stderr)
    if json_:
        print_error(problems)
    raise typer.Exit(code)


def print_error(problems: Sequence[Problem]) -> None:
    """What is wrong, as the one document on standard output."""
    print_json({**begin_document(), "error": [{"what": p.what, "where": p.where, "hint": p.hint} for p in problems]})


def print_json(document: Any) -> None:
    """Print a document; characters that the stream cannot encode are written as escapes."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    print(json.dumps(document, ensure_ascii=encoding != "utf8", indent=2))


def escape_unprintable() -> None:
    """Let standard output and error write what their encoding lacks as `\\u25b2`: a token is never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def abandon_output() -> None:
    """Nobody reads standard output any more: send what is left nowhere, so that the end of Python does not complain."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def show_controls(text: str) -> str:
    """The text with each control character as Python writes it, `\\x1b`; line feeds and tabs stay."""
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
