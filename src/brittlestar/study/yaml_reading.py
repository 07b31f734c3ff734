"""YAML as people mean it, from PyYAML's events: plain values, where each key stands, and everything that is wrong.

PyYAML's own constructor follows YAML 1.1 (`1e-4` is text, `no` is false) and expands aliases. Building from events
needs neither its resolvers nor its constructors, so nothing global is changed, and no tag can reach an object.
Values follow the core schema of YAML 1.2: null, true/false, whole numbers, finite numbers, else text.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import yaml

from brittlestar.core.errors import InputError, Problem

Location = tuple[str | int, ...]  # keys and list positions from the top of the document to one value

MAX_CHARACTERS = 1_000_000  # budget: no study that a person wrote is a megabyte
MAX_DEPTH = 20  # budget: no setting lies deeper than five
MAX_PROBLEMS = 20  # a list that a person reads

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True)
class YamlDocument:
    """`value` as plain Python values with text keys; `places[location]` = (line, column) of the key or the list item,
    counted from 1; `complete` is False when reading stopped early, so that what is absent says nothing."""

    value: Any
    places: Mapping[Location, tuple[int, int]]
    problems: tuple[Problem, ...]
    complete: bool


def read_yaml(text: str, place: Callable[[int, int], str]) -> YamlDocument:
    """Read one document. `place(line, column)` says where a problem is, in the words of the caller."""
    reader, complete = _Reader(place, yaml.parse(text, Loader=yaml.SafeLoader)), False
    try:
        if len(text) > MAX_CHARACTERS:
            reader.stop(f"{len(text):,} characters are too many", f"at most {MAX_CHARACTERS:,}")
        reader.read_document()
        complete = True
    except _TooMuch:
        pass  # which is reported
    except yaml.reader.ReaderError as error:
        before = text[: int(error.position)]
        reader.at = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        reader.report(f"the character U+{ord(text[int(error.position)]):04X} is not allowed in YAML")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reader.at = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        reader.report(*_describe_syntax(error, text, reader.at[0]))
    return YamlDocument(reader.value, reader.places, tuple(reader.problems), complete)


def read_yaml_of(text: str, path: Path) -> YamlDocument:
    """The document that the text of a file is. Raises InputError with every problem, by line and column."""
    document = read_yaml(text, lambda line, column: f"{path}:{line}:{column}")
    if document.problems:
        raise InputError(document.problems)
    return document


def _describe_syntax(error: yaml.MarkedYAMLError, text: str, line: int) -> tuple[str, str]:
    lines = text.split("\n")
    written = lines[line - 1] if line <= len(lines) else ""
    if written[: len(written) - len(written.lstrip())].count("\t") or "'\\t'" in str(error.problem):
        return "a tab stands where YAML allows only spaces", "indent with spaces"
    context = f" ({error.context})" if error.context else ""
    return f"this is not valid YAML: {error.problem}{context}", "text with : # [ { needs quotes"


class _TooMuch(Exception):
    """Reading cannot go on."""


@dataclass
class _Reader:
    """Takes events one by one; containers stand in their place before what is in them is read, so that a document that
    is broken off keeps what was read. `at` is the line and column of the present event, `depth` counts containers."""

    place: Callable[[int, int], str]
    events: Iterator[Any]
    at: tuple[int, int] = (1, 1)
    depth: int = 0
    value: Any = None
    places: dict[Location, tuple[int, int]] = field(default_factory=dict[Location, tuple[int, int]])
    problems: list[Problem] = field(default_factory=list[Problem])

    def report(self, what: str, hint: str = "") -> None:
        self.problems.append(Problem(what, self.place(*self.at), hint))

    def stop(self, what: str, hint: str) -> NoReturn:
        self.report(what, hint)
        raise _TooMuch

    def read_document(self) -> None:
        documents = 0
        while not isinstance(event := self._next(), yaml.StreamEndEvent):
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                self.stop("a second document starts here", "keep one document in a file")
            if isinstance(event, yaml.NodeEvent):
                self._read_node(event, (), partial(setattr, self, "value"))

    def _next(self) -> Any:
        event = next(self.events)
        self.at = event.start_mark.line + 1, event.start_mark.column + 1
        if len(self.problems) >= MAX_PROBLEMS:
            self.stop("reading stopped here", "mend the problems above first")
        return event

    def _list_inside(self) -> Iterator[Any]:
        """The events that begin what stands in a container."""
        self.depth += 1
        while not isinstance(event := self._next(), yaml.CollectionEndEvent):
            yield event
        self.depth -= 1

    def _read_node(self, event: Any, location: Location, put: Callable[[Any], object]) -> None:
        """`put` the value that begins with this event; an alias has none."""
        self._check(event)
        if isinstance(event, yaml.ScalarEvent):
            put(self._resolve(event.value) if event.style is None and event.tag is None else event.value)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._read_container(event, location, put)

    def _read_container(self, event: Any, location: Location, put: Callable[[Any], object]) -> None:
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            put(items)
            for inner in self._list_inside():
                here = (*location, len(items))
                if not isinstance(inner, yaml.AliasEvent):
                    self.places.setdefault(here, self.at)
                self._read_node(inner, here, items.append)
            return
        found: dict[str, Any] = {}
        seen: set[str] = set()
        put(found)
        for inner in self._list_inside():
            key = self._read_key(inner, location, seen)
            keep = _leave_out if key is None else partial(found.__setitem__, key)
            self._read_node(self._next(), (*location, key or ""), keep)

    def _read_key(self, event: Any, location: Location, seen: set[str]) -> str | None:
        """The key that begins with this event; None for an alias, and for one that stands here already."""
        self._check(event)
        name = str(event.value) if isinstance(event, yaml.ScalarEvent) else ""
        if isinstance(event, yaml.CollectionStartEvent):
            self.report("a key has to be text", "put the list or mapping on the right of a key")
        repeated = name in seen
        if repeated:
            first = self.places.get((*location, name), self.at)[0]
            self.report(f"'{name}' is given twice", f"the first is in line {first}")
        seen.add(name)
        self.places.setdefault((*location, name), self.at)
        if isinstance(event, yaml.CollectionStartEvent):
            self._read_container(event, ("",), _leave_out)
        return None if repeated or isinstance(event, yaml.AliasEvent) else name

    def _check(self, event: Any) -> None:
        """Report what no study needs: aliases, anchors, tags, halves of characters, and too many levels."""
        if isinstance(event, yaml.AliasEvent):
            self.report(f"the alias *{event.anchor} is not allowed", "write the value out")
            return
        if event.anchor is not None:
            self.report(f"the anchor &{event.anchor} is not allowed", "write the value out")
        if event.tag is not None:
            self.report(f"the tag {event.tag} is not allowed", "write the plain value")
        if not isinstance(event, yaml.ScalarEvent):
            if self.depth >= MAX_DEPTH:
                self.stop(f"more than {MAX_DEPTH} levels are nested here", "flatten the file")
        elif half := _SURROGATE.search(event.value):
            self.report(f"half of a character (U+{ord(half[0]):04X}) stands here", "write the character itself")

    def _resolve(self, written: str) -> Any:
        if written in _WORDS:
            return _WORDS[written]
        if _INTEGER.fullmatch(written) and len(written) <= 400:
            return int(written, 0) if written[:2] in ("0o", "0x") else int(written)
        if _NOT_FINITE.fullmatch(written):
            self.report(f"{written} is not a finite number", "give a finite number, or text in quotes")
        elif _NUMBER.fullmatch(written):
            number = float(written)
            if number not in (float("inf"), float("-inf")):
                return number
            self.report(f"{written[:40]} is too large a number", "give a finite number")
        return written


def _leave_out(_value: Any) -> None:
    """Of a key that cannot be, no value is kept."""
