"""YAML as people mean it, from PyYAML's events: plain values, where each key stands, and everything that is wrong.

PyYAML's own constructor follows YAML 1.1 (`1e-4` is text, `no` is false) and expands aliases. Building from events
needs neither its resolvers nor its constructors, so nothing global is changed, and no tag can reach an object.
Values follow the core schema of YAML 1.2: null, true/false, whole numbers, finite numbers, else text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from brittlestar.core.errors import Problem

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
    builder, complete = _Builder(place), False
    try:
        if len(text) > MAX_CHARACTERS:
            builder.stop(f"{len(text):,} characters are too many", f"at most {MAX_CHARACTERS:,}")
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            builder.feed(event)
        complete = True
    except _TooMuch:
        pass  # which is reported
    except yaml.reader.ReaderError as error:
        before = text[: int(error.position)]
        builder.at = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        builder.report(f"the character U+{ord(text[int(error.position)]):04X} is not allowed in YAML")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        builder.at = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        builder.report(*_describe_syntax(error, text, builder.at[0]))
    return YamlDocument(builder.value, builder.places, tuple(builder.problems), complete)


def _describe_syntax(error: yaml.MarkedYAMLError, text: str, line: int) -> tuple[str, str]:
    lines = text.split("\n")
    written = lines[line - 1] if line <= len(lines) else ""
    if written[: len(written) - len(written.lstrip())].count("\t") or "'\\t'" in str(error.problem):
        return "a tab stands where YAML allows only spaces", "indent with spaces"
    context = f" ({error.context})" if error.context else ""
    return f"this is not valid YAML: {error.problem}{context}", "text with : # [ { needs quotes"


class _TooMuch(Exception):
    """Reading cannot go on."""


_NO_KEY = object()


@dataclass
class _Frame:
    container: dict[str, Any] | list[Any]
    location: Location
    key: Any = _NO_KEY
    seen: set[str] = field(default_factory=set[str])


@dataclass
class _Builder:
    """Takes events one by one; a stack instead of recursion, so that depth is ours to limit. `at` is the line and
    column of the present one."""

    place: Callable[[int, int], str]
    at: tuple[int, int] = (1, 1)
    value: Any = None
    places: dict[Location, tuple[int, int]] = field(default_factory=dict[Location, tuple[int, int]])
    problems: list[Problem] = field(default_factory=list[Problem])
    stack: list[_Frame] = field(default_factory=list[_Frame])
    documents: int = 0

    def report(self, what: str, hint: str = "") -> None:
        self.problems.append(Problem(what, self.place(*self.at), hint))

    def stop(self, what: str, hint: str) -> NoReturn:
        self.report(what, hint)
        raise _TooMuch

    def feed(self, event: Any) -> None:
        self.at = event.start_mark.line + 1, event.start_mark.column + 1
        if len(self.problems) >= MAX_PROBLEMS:
            self.stop("reading stopped here", "mend the problems above first")
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.stop("a second document starts here", "keep one document in a file")
        elif isinstance(event, yaml.AliasEvent):
            self.report(f"the alias *{event.anchor} is not allowed", "write the value out")
            self._drop()
        elif isinstance(event, yaml.NodeEvent):
            if event.anchor is not None:
                self.report(f"the anchor &{event.anchor} is not allowed", "write the value out")
            self._node(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.stack.pop()

    def _node(self, event: Any) -> None:
        if event.tag is not None:
            self.report(f"the tag {event.tag} is not allowed", "write the plain value")
        if isinstance(event, yaml.ScalarEvent):
            half = _SURROGATE.search(event.value)
            if half:
                what = f"half of a character (U+{ord(half[0]):04X}) stands here"
                self.report(what, "write the character itself")
            if self._awaits_key():
                self._take_key(str(event.value))
            else:
                plain = event.style is None and event.tag is None
                self._place(self._resolve(event.value) if plain else event.value)
            return
        if len(self.stack) >= MAX_DEPTH:
            self.stop(f"more than {MAX_DEPTH} levels are nested here", "flatten the file")
        container: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        if self._awaits_key():
            self.report("a key has to be text", "put the list or mapping on the right of a key")
            self._take_key("")
            self.stack.append(_Frame(container, ("",)))
        else:
            self.stack.append(_Frame(container, self._place(container)))

    def _awaits_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].container, dict) and self.stack[-1].key is _NO_KEY

    def _take_key(self, key: str) -> None:
        frame = self.stack[-1]
        if key in frame.seen:
            first = self.places.get((*frame.location, key), self.at)[0]
            self.report(f"'{key}' is given twice", f"the first is in line {first}")
            frame.key = None
        else:
            frame.seen.add(key)
            frame.key = key
            self.places.setdefault((*frame.location, key), self.at)

    def _drop(self) -> None:
        if self._awaits_key():
            self._take_key("")
            self.stack[-1].key = None
        elif self.stack and isinstance(self.stack[-1].container, dict):
            self.stack[-1].key = _NO_KEY

    def _place(self, value: Any) -> Location:
        """Put a value under the key or position that waits for it. A repeated key (None) keeps its first value."""
        if not self.stack:
            self.value = value
            return ()
        frame = self.stack[-1]
        if isinstance(frame.container, list):
            location = (*frame.location, len(frame.container))
            self.places.setdefault(location, self.at)
            frame.container.append(value)
            return location
        key, frame.key = frame.key, _NO_KEY
        if key is None:
            return (*frame.location, "")
        frame.container[key] = value
        return (*frame.location, key)

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
