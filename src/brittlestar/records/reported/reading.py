"""What somebody stated, as a file or a mapping has it, and what it is found to be."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from brittlestar.core.errors import InputError
from brittlestar.core.plain import plain
from brittlestar.core.texts import suggest_file
from brittlestar.study.yaml_reading import MAX_CHARACTERS, MAX_DEPTH, Location, read_yaml_of

Kind = Literal["misstated", "without-effect", "omitted", "not-compared", "cannot-tell", "omitted-default", "match"]
WORST: tuple[Kind, ...] = get_args(Kind)
UNTOLD: tuple[Kind, ...] = ("not-compared", "cannot-tell")
"""Of what is stated and not compared: no setting of the study has this name or value, or own code sets it and nobody
saw how."""
CODES: Mapping[Kind, str] = {
    "misstated": "report.misstated", "omitted": "report.omitted", "without-effect": "report.inert",
}  # fmt: skip
"""The findings that fields of a report are."""
MOST_STATED = 1000  # budget: a study has some eighty settings
LARGEST = 1e300  # budget
SCORES = "scores"
FORM = "write paths of the study file with values: `training.epochs: 20`"
REFUSED = (
    *(".md", ".markdown", ".tex", ".txt", ".html", ".htm", ".rst", ".log"),
    *(".sh", ".py", ".ini", ".cfg", ".conf", ".env", ".ipynb", ".pdf"),
)
"""Reports that people have, and that are not read: one clear error says so."""
HEADINGS = re.compile(r"\W*(?:(?:hyper-?)?parameters?|settings?|name|option|key)\W")
"""What stands above the names in a table of settings, and above no column of outcomes."""
OF_RUNS = {"seed", "id", "example", "prediction", "outcome"}
"""Columns of outcomes and predictions, which no report of means has."""
_NUMBER = re.compile(r"[^:]*:\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")


class WrittenNumber(float):
    """A number of a file that keeps how it was written: `0.80`."""

    def __init__(self, text: str) -> None:  # pyright: ignore[reportInconsistentConstructor]
        self.text = text

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Stated:
    """One value: the keys that lead to it, and the line of the file (0 where that is not known)."""

    keys: tuple[str, ...]
    value: Any
    line: int = 0

    @property
    def path(self) -> str:
        """The keys as a path: `training.epochs`."""
        return ".".join(self.keys)

    def judge(self, kind: Kind, actual: Any = None, why: str = "") -> Field:
        """The field of this setting."""
        return Field(self.path, kind, show_value(self.value), actual, why, self.line, self.value)


@dataclass(frozen=True)
class Field:
    """One setting: its path, what it is, what was stated, what is in effect, and why, in a sentence; the line of the
    file (0 where that is not known), and what was stated as a value."""

    name: str
    kind: Kind
    stated: str | None
    actual: Any
    why: str
    line: int = 0
    value: Any = None

    @property
    def words(self) -> str:
        """What was stated and why that is what it is, behind its name."""
        return describe_stated(self.name, self.stated, self.line, self.why)

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values, with the code of the finding that this is: None where nothing is wrong."""
        fields = {name: value for name, value in asdict(self).items() if name != "value"}
        return {**fields, "code": CODES.get(self.kind)}


def describe_stated(name: str, stated: str | None, line: int, why: str) -> str:
    """`training.epochs stated as 3 (line 4): 5 were in effect`."""
    sentence = "" if stated is None else f" stated as {stated}"
    return f"{name}{sentence}{f' (line {line})' if line else ''}{f': {why}' if why else ''}"


def show_value(value: Any) -> str:
    """A value as a file has it."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(show_value, cast('Sequence[Any]', value)))}]"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {show_value(one)}" for name, one in cast("Mapping[str, Any]", value).items())
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Report:
    """What a report states: settings, and scores by variant, split and metric."""

    settings: tuple[Stated, ...]
    scores: tuple[Stated, ...]


def is_reported(path: str | Path) -> bool:
    """Whether a file is a report, by its name, or of a CSV by its columns: names of settings, or scores of no runs."""
    place = Path(path)
    suffix = place.suffix.lower()
    if suffix not in (".csv", ".tsv") or not place.is_file():
        return suffix in (*READERS, *REFUSED) and place.is_file()
    with place.open(encoding="utf-8-sig", errors="replace") as handle:
        first = handle.readline(1000).lower()
    columns = {name.strip(' "') for name in re.split("[,;\t]", first.strip())}
    return HEADINGS.match(first) is not None or (columns >= {"variant", "metric"} and not columns & OF_RUNS)


def read_report(path: Path, example: str = "") -> Report:
    """What a file states. Raises InputError where it cannot be read, or states nothing; `example` is what a file of
    this study would be."""
    reader, sentence = READERS.get(path.suffix.lower()), f"read are YAML, JSON, TOML and CSV{example}"
    if reader is None:
        raise InputError("reports in this format are not read", str(path), sentence)
    try:
        if path.stat().st_size > MAX_CHARACTERS:
            raise InputError(f"it has more than {MAX_CHARACTERS:,} bytes", str(path), sentence)
        text = path.read_bytes().decode("utf-8-sig")
        return read_tree(*reader(text, path), place=str(path), lines=text.splitlines())
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", str(path), suggest_file(path, sentence)) from error
    except UnicodeDecodeError as error:
        raise InputError("it is no text in UTF-8", str(path), sentence) from error
    except (ValueError, RecursionError) as error:
        form = path.suffix[1:].upper()
        raise InputError(f"it is no {form}: {' '.join(str(error).split())[:200]}", str(path), FORM) from error


def read_tree(
    tree: Any, places: Mapping[Location, tuple[int, int]], *, place: str = "a mapping", lines: Sequence[str] = ()
) -> Report:
    """What nested mappings state, with the line and column of each value as far as they are known. Raises
    InputError."""
    if not isinstance(tree, Mapping):
        raise InputError("it holds no names with values", place, FORM)
    _check(tree, place)
    found = [*_flatten(plain(tree), places, lines)]
    if not found or len(found) > MOST_STATED:
        raise InputError(f"it states {len(found) or 'no'} values, and 1 to {MOST_STATED} are read", place, FORM)
    settings: dict[str, Stated] = {}
    for one in (one for one in found if one.keys[0] != SCORES):
        if one.path in settings:
            raise InputError(f"'{one.path}' is stated twice", f"{place}:{one.line}" if one.line else place, "keep one")
        settings[one.path] = one
    return Report(tuple(settings.values()), tuple(one for one in found if one.keys[0] == SCORES))


def _check(value: Any, place: str, left: int = MAX_DEPTH) -> None:
    """Raise InputError for what no report needs: too many levels, and numbers that are not finite, or too long."""
    if left < 0:
        raise InputError(f"more than {MAX_DEPTH} levels are nested here", place, FORM)
    if isinstance(value, int | float) and not abs(value) < LARGEST:
        raise InputError("a number is not finite, or too large", place, FORM)
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    for one in cast("Sequence[Any]", inner):
        _check(one, place, left - 1)


def _flatten(
    values: Mapping[str, Any],
    places: Mapping[Location, tuple[int, int]],
    lines: Sequence[str],
    before: tuple[str, ...] = (),
) -> Iterator[Stated]:
    for name, value in values.items():
        keys = (*before, name)
        if isinstance(value, Mapping):
            yield from _flatten(cast("Mapping[str, Any]", value), places, lines, keys)
            continue
        line, column = places.get(keys, (0, 0))
        found = (
            _NUMBER.match(lines[line - 1], column - 1) if 0 < line <= len(lines) and isinstance(value, float) else None
        )
        yield Stated(keys, WrittenNumber(found[1]) if found and float(found[1]) == value else value, line)


def _read_yaml(text: str, path: Path) -> tuple[Any, Mapping[Location, tuple[int, int]]]:
    document = read_yaml_of(text, path)
    return document.value, document.places


def _read_json(text: str, _: Path) -> tuple[Any, Mapping[Location, tuple[int, int]]]:
    tree = json.loads(text, object_pairs_hook=_name_once, parse_float=WrittenNumber, parse_constant=WrittenNumber)
    return tree, {}


def _name_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name!r} is stated twice")
        found[name] = value
    return found


def _read_toml(text: str, _: Path) -> tuple[Any, Mapping[Location, tuple[int, int]]]:
    return tomllib.loads(text, parse_float=WrittenNumber), {}


def _read_csv(text: str, path: Path) -> tuple[Any, Mapping[Location, tuple[int, int]]]:
    """Settings with their values, or scores: variant, split (else test), metric, and score, or mean with sd, se or
    range."""
    reader = csv.reader(text.splitlines(), delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    head, *rows = ([cell.strip() for cell in row] for row in reader)
    names, values, places = [name.lower() for name in head], list[tuple[str, Any]](), dict[Location, tuple[int, int]]()
    scores: dict[str, Any] = {}
    for line, row in enumerate(rows, 2):
        given = {name: cell for name, cell in zip(names, row, strict=False) if cell}
        if "variant" not in names and given:
            if len(names) != 2 or len(given) < 2:
                raise ValueError("columns are setting,value, or variant,split,metric,score")
            name, value = row[:2]
            values.append((name, _read_cell(value)))
            places[name,] = line, 1
        elif given:
            keys = given.pop("variant", ""), given.pop("split", "test"), given.pop("metric", "")
            of = scores.setdefault(keys[0], {}).setdefault(keys[1], {})
            if keys[2] in of:
                raise ValueError(f"{' '.join(keys)} is stated twice")
            of[keys[2]] = {("mean" if name == "score" else name): _read_cell(cell) for name, cell in given.items()}
            places |= {(SCORES, *keys, name): (line, 1) for name in of[keys[2]]}
    return {**_name_once(values), **({SCORES: scores} if scores else {})}, places


def _read_cell(text: str) -> Any:
    """The value of a cell, as YAML reads it; a number as it is written."""
    try:
        return json.loads(text, parse_float=WrittenNumber)
    except ValueError:
        return text


READERS = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".json": _read_json,
    ".toml": _read_toml,
}
