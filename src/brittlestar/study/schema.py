"""What the study file may hold: from plain values to `Study`, and every error of pydantic in the words of the file."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from pydantic import ValidationError

from brittlestar.core.errors import Problem
from brittlestar.core.texts import suggest
from brittlestar.study.paths import join_path, leaves, with_value
from brittlestar.study.settings import Study
from brittlestar.study.yaml_reading import Location

_PATTERNS = {
    "name": "letters, digits, '.', '_' and '-', not starting with a mark",
    "tokens": "whitespace, characters, list or regex:PATTERN",
    "own": "package.module:name",
    "metric": "the name of a metric",
}


@cache
def _schema() -> dict[str, Any]:
    return Study.model_json_schema()


def _resolve_reference(node: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in node:
        return _schema()["$defs"][str(node["$ref"]).rsplit("/", 1)[1]]
    return node


def _options(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [_resolve_reference(option) for option in node["anyOf"]] if "anyOf" in node else [_resolve_reference(node)]


def _below(node: Mapping[str, Any], part: str | int) -> Mapping[str, Any] | None:
    for option in _options(node):
        if part in option.get("properties", {}):
            return option["properties"][part]
        inner = option.get("additionalProperties")
        if isinstance(inner, Mapping):
            return inner
        if inner is True:
            return {"additionalProperties": True}
        if isinstance(part, int) and "items" in option:
            return option["items"]
    return None


def node_at(location: Iterable[str | int]) -> Mapping[str, Any] | None:
    """The JSON schema at a location, None where nothing is allowed."""
    node: Mapping[str, Any] | None = _schema()
    for part in location:
        node = _below(node, part)
        if node is None:
            return None
    return node


def _options_at(location: Iterable[str | int]) -> list[Mapping[str, Any]]:
    node = node_at(location)
    return [] if node is None else _options(node)


def keys_at(location: Iterable[str | int]) -> tuple[str, ...]:
    """The keys that a section may hold; empty where there is no section."""
    return tuple(key for option in _options_at(location) for key in option.get("properties", {}))


def list_choices(location: Iterable[str | int]) -> tuple[Any, ...]:
    """The words that a setting may be, in their order; empty where it is no choice of words."""
    return tuple(word for option in _options_at(location) for word in option.get("enum", ()))


def is_required_section(location: Iterable[str | int]) -> bool:
    """True where a mapping or list is expected and null is not, so that an emptied section may mean its defaults."""
    kinds = {option.get("type") for option in _options_at(location)}
    return bool(kinds) and kinds <= {"object", "array"}


@cache
def known_paths() -> tuple[str, ...]:
    """Every path of the study file: sections and settings."""
    found: list[str] = []

    def walk(location: tuple[str, ...]) -> None:
        for key in keys_at(location):
            found.append(".".join((*location, key)))
            walk((*location, key))

    walk(())
    return tuple(found)


def suggest_key(name: str, location: tuple[str | int, ...]) -> str:
    """What was probably meant by an unknown key at `location`: a key of that section, the same key of another
    section, or the list of what is known here."""
    here = keys_at(location)
    elsewhere = [path for path in known_paths() if path == name or path.endswith(f".{name}")]
    nested = f"the path is {elsewhere[0]}" if len(elsewhere) == 1 else ""
    return suggest(name, here) or nested or (f"known here: {', '.join(here)}" if here else "")


def suggest_path(path: str, roots: tuple[str, ...] = ()) -> str:
    """What was probably meant by an unknown path, among the paths below `roots` (all when empty)."""
    return suggest_among(path, [known for known in known_paths() if not roots or known.split(".")[0] in roots])


def suggest_among(path: str, known: Sequence[str]) -> str:
    """What was probably meant by an unknown path: the first of the known ones that ends in the same, else the
    nearest."""
    last = path.rsplit(".", 1)[-1]
    same = [known_path for known_path in known if known_path.rsplit(".", 1)[-1] == last]
    if same:
        return f"did you mean '{same[0]}'?"
    return suggest(path, known) or suggest(last, known)


def describe_allowed(location: tuple[str | int, ...]) -> str:
    """What is allowed at a location, in words: `a whole number of at least 1`; empty where anything is."""
    name = str(location[-1]) if location else ""
    return " or ".join(filter(None, (_words(option, name) for option in _options_at(location))))


def _words(node: Mapping[str, Any], name: str) -> str:
    if "enum" in node:
        return "one of " + ", ".join(str(value) for value in node["enum"])
    if "const" in node:
        return str(node["const"])
    if "pattern" in node:
        return _PATTERNS.get(name, f"text like {node['pattern']}")
    kinds = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "string": "text"}
    kinds |= {"null": "null", "array": "a list", "object": "a mapping"}
    kind = kinds.get(str(node.get("type", "")), "")
    if node.get("properties"):
        return "a mapping with " + ", ".join(node["properties"])
    if kind == "a mapping" and isinstance(node.get("additionalProperties"), Mapping):
        inner = _words(_resolve_reference(node["additionalProperties"]), "")
        return f"a mapping to {inner}" if inner else kind
    return kind + _range(node)


def _range(node: Mapping[str, Any]) -> str:
    words = {"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most", "exclusiveMaximum": "below"}
    limits = [f"{word} {node[key]:g}" for key, word in words.items() if key in node]
    return f" of {' and '.join(limits)}" if limits else ""


def validate(values: Mapping[str, Any], where: Callable[[Location], str | None]) -> tuple[Study | None, list[Problem]]:
    """The study, or every problem found. `where(location)` places a problem; None says that it is told elsewhere.

    Strict: text never passes for a number or a boolean, nor a fraction for a whole number.
    """
    study, found = _parse_study(values)
    problems: dict[tuple[str, str], Problem] = {}
    for location, details in found:
        what, hint = _describe_error(location, details)
        if (place := where(location)) is not None:
            problems.setdefault((place, what), Problem(what, place, hint))
    return study, list(problems.values())


def repair(values: Mapping[str, Any], sound: Sequence[str]) -> Study | None:
    """The study with defaults for what is wrong, so that the rest can be checked, too; None where something is missing,
    or wrong in one of the sections `sound`."""
    study, found = _parse_study(values)
    if study is not None:
        return study
    wrong = [location for location, _ in found]
    rest: dict[str, Any] = {}
    for place, value in leaves(values).items():
        if not any(place[: len(one)] == one[: len(place)] for one in wrong):
            rest = with_value(rest, place, value)
    return None if {(), *((name,) for name in sound)} & {one[:1] for one in wrong} else repair(rest, sound)


def _parse_study(values: Mapping[str, Any]) -> tuple[Study | None, list[tuple[Location, dict[str, Any]]]]:
    """The study, or errors by their location in `values`; of a union, which reports one for each branch, the
    furthest."""
    try:
        # JSON, because strict mode takes a list for a tuple there; not canonical, because the order of variants counts
        return Study.model_validate_json(json.dumps(values, allow_nan=False), strict=True), []
    except ValidationError as error:
        errors = cast(list[dict[str, Any]], error.errors(include_url=False, include_context=False))
    found: list[tuple[Location, dict[str, Any]]] = []
    for details in errors:
        location: list[str | int] = []
        value: Any = values
        for part in details["loc"]:
            inside = part in value if isinstance(value, dict) else isinstance(value, list) and isinstance(part, int)
            if inside:
                location.append(part)
                value = value[part]
        if details["type"] == "missing":
            details["key"] = details["loc"][-1]
        found.append((tuple(location), details))
    return None, [
        (place, details)
        for place, details in found
        if details["type"] in ("missing", "extra_forbidden")
        or not any(len(other) > len(place) and other[: len(place)] == place for other, _ in found)
    ]


def _describe_error(location: Location, details: Mapping[str, Any]) -> tuple[str, str]:
    if details["type"] == "extra_forbidden":
        return f"'{location[-1]}' is unknown", suggest_key(str(location[-1]), location[:-1])
    if details["type"] == "missing":
        place = f" in {join_path(location)}" if location else ""
        expected = describe_allowed((*location, details["key"]))
        return f"'{details['key']}' is missing{place}", f"give {expected}" if expected else ""
    expected = describe_allowed(location)
    if details["type"] == "too_short":
        return f"{join_path(location)} is empty", "give at least one"
    hint = f"allowed: {expected}" if expected else details["msg"]
    if details["type"] == "value_error":
        hint = str(details["msg"]).removeprefix("Value error, ")
    return f"{join_path(location)} is {_format_value(details['input'])}", hint


def _format_value(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "empty", True: "true", False: "false"}[value]
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
