"""A study before it is checked: plain values, and where each of them was written."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from brittlestar.core.errors import Problem
from brittlestar.study.paths import join_path, leaves, value_at, with_value
from brittlestar.study.schema import node_at, suggest_path
from brittlestar.study.yaml_reading import Document, Location, read_yaml

NAME_FILES = ("data.path", "model.predictions", "model.embedding.table", "probes.pairs")
"""Settings that name files, beside those of `data.splits`; as in a study file, relative to its folder."""


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
    if base is None or not _names_files(path):
        return value
    return [_relative(item, base) for item in value] if isinstance(value, list) else _relative(value, base)


def _names_files(path: str) -> bool:
    """Whether a setting is the path of a file or folder, or a list of such."""
    return path in NAME_FILES or path.startswith("data.splits.")


def list_files(draft: Draft) -> dict[Location, list[str]]:
    """What a draft names of files and folders, also in a variant, by the place of the setting."""
    found: dict[Location, list[str]] = {}
    for location, value in leaves(draft.values).items():
        path = location[-1] if location[:1] == ("variants",) else join_path(location)
        named: Any = value if isinstance(value, list) else [value]
        if _names_files(path) and all(isinstance(one, str) for one in named):
            found[location] = named
    return found


def relocate_files(draft: Draft, base: Path) -> Draft:
    """The draft of a file in the folder `base`, with what is not beside the file, but in the working directory, as
    that."""
    values = draft.values
    for location, written in list_files(draft).items():
        moved = [_relative(one, base) if is_missing(base, one) and Path(one).exists() else one for one in written]
        if moved != written:
            values = with_value(values, location, moved if isinstance(value_at(values, location), list) else moved[0])
    return Draft(values, draft.marks)


def is_missing(base: Path, written: str) -> bool:
    """Whether a path of a file in the folder `base` leads to nothing; an address is never looked for."""
    return "://" not in written and not (base / written).exists()


def _relative(value: Any, base: Path) -> Any:
    if not isinstance(value, str) or "://" in value or Path(value).is_absolute():
        return value
    return Path(os.path.relpath(Path.cwd() / value, base.absolute())).as_posix()
