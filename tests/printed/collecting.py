"""What people see of a study, and every command and every call in it."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import Result
from typer.testing import CliRunner

from brittlestar.cli import app

COMMAND = re.compile(r"`(brittlestar [^`]+)`")
CALL = re.compile(r"(?:the same call of `(run)\(…\)`|`(run|audit)\(…\)` of the same data)(?: with `([^`]+)`)?")
BLOCK = re.compile(r"<(code|pre)[^>]*>(.*?)</\1>", re.DOTALL)
OURS = re.compile(r"brittlestar (?:[a-z]+ )")


@dataclass(frozen=True)
class Printed:
    """A command (`brittlestar …`) or a call (`run(seeds=5)`), where it was printed, and the folder in which to give it:
    the one that the study's folder is in for what stands in a file of the study."""

    text: str
    surface: str
    folder: Path = Path()

    @property
    def is_call(self) -> bool:
        return not self.text.startswith("brittlestar ")


def find_commands(text: str) -> Iterator[str]:
    """Commands of a terminal, a repr or JSON: on lines of their own, or in backticks, however they are broken; and
    calls, as `run(seeds=5)`."""
    for line in re.sub(r" \\\n\s*", " ", text).splitlines():
        whole = re.sub(r"^(?:→|[A-Z][a-z]+)\s+", "", line.strip())
        if OURS.match(whole):
            yield whole
    joined = " ".join(text.split())
    yield from COMMAND.findall(joined)
    yield from find_calls(joined)


def find_calls(text: str) -> Iterator[str]:
    for run, audit, arguments in CALL.findall(text):
        yield f"{run or audit}({arguments})"


def find_in_page(page: str) -> Iterator[str]:
    """Commands of a page: in `code` and `pre`, a line each; and calls in its words."""
    for _, inside in BLOCK.findall(page):
        for line in html.unescape(re.sub(r"<[^>]+>", "", inside)).splitlines():
            if OURS.match(line.strip()):
                yield line.partition("  #")[0].strip()
    words = html.unescape(re.sub(r"</?code[^>]*>", "`", page))
    yield from find_calls(" ".join(re.sub(r"<[^>]+>", " ", words).split()))


def texts_in(document: Any) -> Iterator[str]:
    """Every text of a JSON document."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, Mapping):
        for value in document.values():
            yield from texts_in(value)
    elif isinstance(document, Iterable):
        for value in document:
            yield from texts_in(value)


def give(*arguments: str) -> Result:
    """The command in this process; it must not crash."""
    said = CliRunner().invoke(app, list(arguments))
    assert said.exception is None or isinstance(said.exception, SystemExit), said.exception
    return said


class Collector:
    """What was printed so far, each command of a place once."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, Path], Printed] = {}

    def add(self, surface: str, commands: Iterable[str], folder: Path = Path()) -> None:
        for text in commands:
            self.found.setdefault((text, folder), Printed(text, surface, folder))

    def give(self, *arguments: str) -> None:
        """Give a command and keep all that it prints."""
        said = give(*arguments, "-v")
        self.add(" ".join(arguments), [*find_commands(said.stdout), *find_commands(said.stderr)])

    def read(self, study: Path) -> None:
        """Keep what the page and the document of a study have."""
        report = study / "report"
        self.add(f"{study} page", find_in_page((report / "report.html").read_text("utf-8")), study.parent)
        document = json.loads((report / "results.json").read_bytes())
        texts = [command for text in texts_in(document) for command in find_commands(text)]
        self.add(f"{study} results.json", texts, study.parent)

    def show(self, result: Any) -> None:
        """Keep what a result in Python shows, and what its findings and headline say."""
        name = type(result).__name__
        self.add(f"repr of {name}", find_commands(repr(result)))
        self.add(f"HTML of {name}", find_in_page(result._repr_html_()))
        self.add(
            f"headline of {name}",
            [command for t in texts_in(result.headline.as_json()) for command in find_commands(t)],
        )
