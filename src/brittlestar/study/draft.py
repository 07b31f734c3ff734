"""A study before it is checked: plain values, and where each of them was written."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from brittlestar.core.errors import Problem
from brittlestar.core.texts import suggest_file
from brittlestar.study.paths import join_path, leaves, with_value
from brittlestar.study.schema import node_at, suggest_path
from brittlestar.study.yaml_reading import Location, YamlDocument, read_yaml

NAME_FILES = ("data.path", "model.predictions", "model.embedding.table", "probes.pairs")
"""Settings that name files, beside those of `data.splits`; as in a study file, relative to its folder."""


@dataclass(frozen=True)
class Mark:
    """Where a value was written: `where` in messages (`study.yaml:14:5`), `origin` in records (`study.yaml:14`)."""

    where: str
    origin: str


@dataclass(frozen=True)
class Draft:
    """Plain values, the mark of every key that somebody wrote, and what was wrong so far."""

    values: Mapping[str, Any]
    marks: Mapping[Location, Mark] = field(default_factory=dict[Location, Mark])
    problems: tuple[Problem, ...] = ()

    def mark(self, location: Location) -> Mark:
        """The mark of the nearest written key at or above `location`; an empty one where nothing was written."""
        for end in range(len(location), -1, -1):
            if location[:end] in self.marks:
                return self.marks[location[:end]]
        return Mark("", "our default")

    def add(self, problems: Iterable[Problem]) -> "Draft":
        """The draft with more that is wrong."""
        return replace(self, problems=(*self.problems, *problems))


def draft_of(document: YamlDocument, shown: str, name: str) -> Draft:
    """The draft of a file that messages call `shown` and records call `name`."""
    marks = {
        location: Mark(f"{shown}:{line}:{column}", f"{name}:{line}")
        for location, (line, column) in document.places.items()
    }
    return Draft(document.value or {}, {(): Mark(shown, name), **marks}, document.problems)


def apply_overrides(draft: Draft, overrides: Mapping[str, str], base: Path | None) -> Draft:
    """The draft with each `--set PATH=VALUE` put in. `base` is the folder of the study file, None for a bare folder."""
    for path, text in overrides.items():
        location, mark = tuple(path.split(".")), Mark(f"--set {path}", "--set")
        document = read_yaml(text, lambda _line, _column, mark=mark: mark.where)
        draft = draft.add(document.problems)
        if node_at(location) is None:
            draft = draft.add([Problem(f"'{path}' is unknown", mark.where, suggest_path(path))])
        elif document.complete:
            draft = override(draft, location, _relocate_path(path, document.value, base), mark)
    return draft


def override(draft: Draft, location: tuple[str, ...], value: Any, mark: Mark) -> Draft:
    """The draft with `value` at `location`, in place of whatever stood there or below."""
    kept = {place: old for place, old in draft.marks.items() if place[: len(location)] != location}
    parts = [(*location, *inner[:end]) for inner in leaves(value) for end in range(len(inner) + 1)]
    above = [location[:end] for end in range(1, len(location)) if location[:end] not in kept]
    marks = {**kept, **dict.fromkeys([*above, *parts], mark)}
    return replace(draft, values=with_value(draft.values, location, value), marks=marks)


def _relocate_path(path: str, value: Any, base: Path | None) -> Any:
    """A path typed at the prompt is relative to the working directory; in the study it is relative to the file."""
    if base is None or not _names_files(path):
        return value
    return [_relative(item, base) for item in value] if isinstance(value, list) else _relative(value, base)


def _names_files(path: str) -> bool:
    """Whether a setting is the path of a file or folder, or a list of such."""
    return path in NAME_FILES or path.startswith("data.splits.")


def place_files(draft: Draft, base: Path) -> tuple[Draft, dict[Location, Problem]]:
    """The draft of a file in the folder `base`, with what is not beside the file, but in the working directory, as
    that; and what is in neither, by its setting."""
    values, missing = draft.values, dict[Location, Problem]()
    for location, value in leaves(draft.values).items():
        named: Any = value if isinstance(value, list) else [value]
        path = location[-1] if location[:1] == ("variants",) else join_path(location)
        if not _names_files(path) or not all(isinstance(one, str) for one in named):
            continue
        away = [one for one in named if "://" not in one and not (base / one).exists()]
        moved = [_relative(one, base) if one in away and Path(one).exists() else one for one in named]
        values = with_value(values, location, moved if isinstance(value, list) else moved[0]) if away else values
        if gone := [one for one in away if not Path(one).exists()]:
            looked = f"looked in {' and '.join(map(str, dict.fromkeys((base.resolve(), Path.cwd()))))}"
            hint = "; ".join(filter(None, (suggest_file(base / gone[0]), looked)))
            missing[location] = Problem(f"there is no {', '.join(gone)}", draft.mark(location).where, hint)
    return replace(draft, values=values), missing


def _relative(value: Any, base: Path) -> Any:
    if not isinstance(value, str) or "://" in value or Path(value).is_absolute():
        return value
    return Path(os.path.relpath(Path.cwd() / value, base.absolute())).as_posix()
