"""What somebody stated, as it is written in a file or a mapping, and what it is found to be."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, cast

import yaml

from brittlestar.core.errors import InputError
from brittlestar.core.texts import suggest_file

Kind = Literal["match", "misstated", "omitted-default", "omitted", "without-effect", "ambiguous", "cannot-tell"]
WORST: tuple[Kind, ...] = (
    "misstated", "without-effect", "omitted", "ambiguous", "cannot-tell", "omitted-default", "match",
)  # fmt: skip
UNTOLD: tuple[Kind, ...] = ("ambiguous", "cannot-tell")
"""Of a stated setting that is not compared: nobody can say which it is, or own code sets it and nobody saw how."""
CODES: Mapping[Kind, str] = {
    "misstated": "report.misstated", "omitted": "report.omitted", "without-effect": "report.inert",
}  # fmt: skip
"""The findings that fields of a report are."""
LARGEST_TABLE = 1 << 22  # budget: bytes; a table of settings has some thousand
NAMED = "write names with values: `lr: 1e-4`"
_CLASSES = ("class_path", "_target_", "class_name")
"""What classes are called in lists of objects."""
_CALLED = ("init_args", "config")
"""What an object of such a list is made with, where that has a section of its own."""


@dataclass(frozen=True)
class Stated:
    """One setting: its name and value as written, and the line of the file (0 where that is not known)."""

    name: str
    text: str
    line: int = 0

    def judge(self, name: str, kind: Kind, actual: Any = None, why: str = "") -> Field:
        """The field of the setting `name`, for which this was stated."""
        return Field(name, kind, self.text, actual, why, self.line, self.name)


@dataclass(frozen=True)
class Field:
    """One setting: its path (or the name as stated, where nobody can say which it is), what it is, what was stated,
    under which name and on which line (None, empty and 0 where nothing was), what is in effect, and why, in a
    sentence."""

    name: str
    kind: Kind
    stated: str | None
    actual: Any
    why: str
    line: int = 0
    said: str = ""

    @property
    def words(self) -> str:
        """What was stated and why that is what it is, behind its name."""
        return describe_stated(self.name, self.stated, self.line, self.why)

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values, with the code of the finding that this is: None where nothing is wrong."""
        return {**asdict(self), "code": CODES.get(self.kind)}


def describe_stated(name: str, stated: str | None, line: int, why: str) -> str:
    """`training.epochs stated as 3 (line 4): 5 were in effect`."""
    sentence = "" if stated is None else f" stated as {stated}"
    return f"{name}{sentence}{f' (line {line})' if line else ''}{f': {why}' if why else ''}"


@dataclass(frozen=True)
class ReportedFile:
    """What a file states: its settings, in the order of the file. `scores` is its own part of scores, where it has
    one."""

    stated: tuple[Stated, ...]
    scores: Any = None


class _Written(str):
    """A name or a value of a file, with its line."""

    line = 0


def _write_down(text: str, line: int) -> _Written:
    written = _Written(text)
    written.line = line
    return written


def read_stated(path: Path, example: str = "") -> ReportedFile:
    """What a file states. Raises InputError where it cannot be read, or states nothing; `example` is what a file of
    this study would be."""
    reader = READERS.get(path.suffix.lower())
    sentence = f"read are YAML, JSON and TOML{example}"
    if reader is None:
        raise InputError("reports in this format are not read", str(path), sentence)
    try:
        if path.stat().st_size > LARGEST_TABLE:
            raise InputError(f"it has more than {LARGEST_TABLE:,} bytes", str(path), sentence)
        tree = reader(path.read_bytes().decode("utf-8-sig"), str(path))
        if not isinstance(tree, dict):
            raise InputError("it holds no names with values", str(path), NAMED)
        found = read_tree(cast("dict[str, Any]", tree))
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", str(path), suggest_file(path, sentence)) from error
    except UnicodeDecodeError as error:
        raise InputError("it is no text in UTF-8", str(path), sentence) from error
    except (yaml.YAMLError, ValueError, ArithmeticError, RecursionError, AssertionError) as error:  # about odd files
        words = " ".join(str(error).split())[:200] or type(error).__name__
        form = path.suffix[1:].upper().replace("YML", "YAML")
        raise InputError(f"it is no {form}: {words}", str(path), NAMED) from error
    if not found.stated and found.scores is None:
        raise InputError("it states no setting", str(path), sentence)
    return found


def _read_yaml(text: str, where: str) -> Any:
    """Values as they are written (`1e-4` is text in YAML, and `1e-3` is 0.001), with lines; no part may refer to
    another, which may unfold without end."""
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
        raise InputError("names are taken from elsewhere (`*`)", where, "write each value where it belongs")
    return _read_node(yaml.compose(text, yaml.SafeLoader), where)


def _read_node(node: yaml.Node | None, where: str) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_read_node(one, where) for one in node.value]
    if isinstance(node, yaml.ScalarNode):
        none = node.tag == "tag:yaml.org,2002:null"
        return _write_down("none" if none else str(node.value).strip(), node.start_mark.line + 1)
    pairs: list[tuple[str, Any]] = []
    for key, value in () if node is None else node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
            raise InputError("a name is a list, a mapping or `<<`", f"{where}:{line}", NAMED)
        pairs.append((_write_down(key.value, line), _read_node(value, where)))
    return None if node is None else _name_once(pairs, where)


def _name_once(pairs: Iterable[tuple[str, Any]], where: str) -> dict[str, Any]:
    """A mapping. Raises InputError where a name stands twice."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            line = getattr(name, "line", 0)
            raise InputError(f"{name!r} is stated twice", f"{where}:{line}" if line else where, "keep one of them")
        found[name] = value
    return found


def _read_json(text: str, where: str) -> Any:
    return json.loads(text, object_pairs_hook=lambda one: _name_once(one, where), parse_float=str, parse_int=str)


def _read_toml(text: str, _: str) -> Any:
    return tomllib.loads(text, parse_float=str)


READERS = {".yaml": _read_yaml, ".yml": _read_yaml, ".json": _read_json, ".toml": _read_toml}


def read_tree(tree: Mapping[str, Any]) -> ReportedFile:
    """The settings of a mapping, without its scores."""
    name = next((name for name in tree if str(name).lower() in ("scores", "results")), None)
    return ReportedFile(tuple(flatten_stated({one: tree[one] for one in tree if one != name})), tree.get(name or ""))


def flatten_stated(values: Mapping[Any, Any], before: str = "") -> Iterator[Stated]:
    """Settings of nested mappings, as `outer.inner`; lists of objects are read as mappings by the names of their
    classes, and a mapping with a `value` as that value."""
    for name, value in values.items():
        path, inner = f"{before}.{name}" if before else str(name), value
        if isinstance(inner, Mapping) and "value" in inner:
            yield from flatten_stated({_write_down(path, getattr(name, "line", 0)): inner["value"]})
        elif isinstance(inner, Mapping) or (inner := _find_objects(value)):
            yield from flatten_stated(cast("Mapping[str, Any]", inner), path)
        else:
            yield Stated(path, _write(value) or "none", getattr(name, "line", 0))


def _find_objects(value: Any) -> dict[str, Any]:
    """What each object of a list is made with, by the last name of its class: `EarlyStopping` of callbacks."""
    found: dict[str, Any] = {}
    for one in cast("list[Any]", value) if isinstance(value, list) else ():
        key = next((key for key in _CLASSES if isinstance(one, Mapping) and isinstance(one.get(key), str)), None)
        if key is None:
            continue
        last = str(one[key]).rpartition(".")[2]
        if last in found:
            return {}  # nobody can say which of two is meant
        given = (one[name] for name in _CALLED if isinstance(one.get(name), Mapping))
        found[last] = next(given, {name: part for name, part in one.items() if name != key})
    return found


def _write(value: Any) -> str:
    if isinstance(value, list | tuple):
        parts = [_write(one) for one in cast("Sequence[Any]", value) if not isinstance(one, Mapping)]
        # A list of one keeps its brackets: `seeds: [42]` is a seed, and `seeds: 42` how many.
        return f"[{parts[0]}]" if len(parts) == 1 else ", ".join(parts)
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value).strip()
