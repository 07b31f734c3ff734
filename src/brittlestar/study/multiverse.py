"""The choices of a study that a reader could defend otherwise, as a file states them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from brittlestar.core.errors import InputError, Problem

MOST = 16
"""Universes that are run unless the file says otherwise (convention): three choices of two, doubled."""
LARGEST = 256
KEYS = ("choices", "most")
HINT = "write `choices:` with a setting and its other values a line: `training.epochs: [10, 20]`"


@dataclass(frozen=True)
class Choices:
    """{setting: values that a reader could defend}, beside the study's own, and how many universes are run at most."""

    values: Mapping[str, tuple[Any, ...]]
    most: int = MOST


def read_choices(source: str | Path | Mapping[str, Any]) -> Choices:
    """The choices in a YAML file or a mapping. Raises InputError with every mistake."""
    where = "choices" if isinstance(source, Mapping) else str(source)
    document = source if isinstance(source, Mapping) else _read_file(Path(source))
    problems = [Problem(f"there is no key {key!r}", where, HINT) for key in document if key not in KEYS]
    choices: Any = document.get("choices")
    if not isinstance(choices, Mapping) or not choices:
        raise InputError([*problems, Problem("no choice is stated", where, HINT)])
    found: dict[str, tuple[Any, ...]] = {}
    for path, values in cast("Mapping[Any, Any]", choices).items():
        listed = cast("list[Any]", values) if isinstance(values, list | tuple) else [values]
        if not listed or path in ("seeds", "name"):
            problems.append(Problem(f"{path} is no choice between values", where, HINT))
        found[str(path)] = tuple(one for place, one in enumerate(listed) if one not in listed[:place])
    most: Any = document.get("most", MOST)
    if isinstance(most, bool) or not isinstance(most, int) or not 2 <= most <= LARGEST:
        problems.append(Problem(f"most is {most!r}", where, f"a number of universes from 2 to {LARGEST}"))
    if problems:
        raise InputError(problems)
    return Choices(found, most)


def _read_file(path: Path) -> Mapping[str, Any]:
    try:
        document: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", str(path), HINT) from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"it is no YAML: {' '.join(str(error).split())}", str(path), HINT) from error
    if not isinstance(document, Mapping):
        raise InputError("it holds no choices", str(path), HINT)
    return cast("Mapping[str, Any]", document)
