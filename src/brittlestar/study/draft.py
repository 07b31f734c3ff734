"""A study before it is checked: plain values, and where each of them was written."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from brittlestar.core.errors import Problem
from brittlestar.study.paths import leaves, with_value
from brittlestar.study.schema import node_at, suggest_path
from brittlestar.study.yaml_reading import Document, Location, read_yaml


@dataclass(frozen=True)
class Mark:
    """Where a value was written: `where` in messages (`study.yaml:14:5`), `origin` in records (`study.yaml:14`)."""

    where: str
    origin: str


@dataclass(frozen=True)
class Draft:
    """Plain values and the mark of every key that somebody wrote."""

    values: Mapping[str, Any]
    marks: Mapping[Location, Mark] = field(default_factory=dict[Location, Mark])

    def mark(self, location: Location) -> Mark:
        """The mark of the nearest written key at or above `location`; an empty one where nothing was written."""
        for end in range(len(location), -1, -1):
            if location[:end] in self.marks:
                return self.marks[location[:end]]
        return Mark("", "our default")


def draft_of(document: Document, shown: str, name: str) -> Draft:
    """The draft of a file that messages call `shown` and records call `name`."""
    marks = {
        location: Mark(f"{shown}:{line}:{column}", f"{name}:{line}")
        for location, (line, column) in document.places.items()
    }
    return Draft(document.value or {}, {(): Mark(shown, name), **marks})


def apply_overrides(draft: Draft, overrides: Mapping[str, str], base: Path | None) -> tuple[Draft, list[Problem]]:
    """The draft with each `--set PATH=VALUE` put in. `base` is the folder of the study file, None for a bare folder."""
    problems: list[Problem] = []
    for path, text in overrides.items():
        where = f"--set {path}"
        location = tuple(path.split("."))
        document = read_yaml(text, lambda _line, _column, where=where: where)
        problems.extend(document.problems)
        if node_at(location) is None:
            problems.append(Problem(f"'{path}' is unknown", where, suggest_path(path)))
        elif document.complete:
            draft = override(draft, location, _relocate_path(path, document.value, base), Mark(where, "--set"))
    return draft, problems


def override(draft: Draft, location: tuple[str, ...], value: Any, mark: Mark) -> Draft:
    """The draft with `value` at `location`, in place of whatever stood there or below."""
    kept = {place: old for place, old in draft.marks.items() if place[: len(location)] != location}
    parts = [(*location, *inner[:end]) for inner in leaves(value) for end in range(len(inner) + 1)]
    above = [location[:end] for end in range(1, len(location)) if location[:end] not in kept]
    return Draft(with_value(draft.values, location, value), {**kept, **dict.fromkeys([*above, *parts], mark)})


def _relocate_path(path: str, value: Any, base: Path | None) -> Any:
    """A path typed at the prompt is relative to the working directory; in the study it is relative to the file."""
    if base is None:
        return value
    if path == "model.predictions" and isinstance(value, list):
        return [_relative(item, base) for item in value]
    if path in ("data.path", "model.embedding.table") or path.startswith("data.splits."):
        return _relative(value, base)
    return value


def _relative(value: Any, base: Path) -> Any:
    if not isinstance(value, str) or "://" in value or Path(value).is_absolute():
        return value
    return Path(os.path.relpath(Path.cwd() / value, base.absolute())).as_posix()
