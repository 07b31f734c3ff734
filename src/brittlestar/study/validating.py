"""From plain values to `Study`, with pydantic's errors told in the words of the study file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from pydantic import ValidationError

from brittlestar.core.errors import Problem
from brittlestar.study.paths import join_path
from brittlestar.study.schema import describe_allowed, suggest_key
from brittlestar.study.settings import Study
from brittlestar.study.yaml_reading import Location


def validate(values: Mapping[str, Any], where: Callable[[Location], str | None]) -> tuple[Study | None, list[Problem]]:
    """The study, or every problem found. `where(location)` places a problem; None says that it is told elsewhere.

    Strict: text never passes for a number or a boolean, nor a fraction for a whole number.
    """
    try:
        # JSON, because strict mode takes a list for a tuple there; not canonical, because the order of variants counts
        return Study.model_validate_json(json.dumps(values, allow_nan=False), strict=True), []
    except ValidationError as error:
        found = [(location, _problem(location, details)) for location, details in _locate_errors(error, values)]
    problems: dict[tuple[str, str], Problem] = {}
    for location, (what, hint) in found:
        place = where(location)
        if place is not None:
            problems.setdefault((place, what), Problem(what, place, hint))
    return None, list(problems.values())


def _locate_errors(error: ValidationError, values: Any) -> list[tuple[Location, dict[str, Any]]]:
    """Errors by the location in `values`. A union reports once for each of its branches, under names of its own:
    the one that came furthest tells the person most."""
    found: list[tuple[Location, dict[str, Any]]] = []
    for details in cast(list[dict[str, Any]], error.errors(include_url=False, include_context=False)):
        location: list[str | int] = []
        value = values
        for part in details["loc"]:
            inside = part in value if isinstance(value, dict) else isinstance(value, list) and isinstance(part, int)
            if inside:
                location.append(part)
                value = value[part]
        if details["type"] == "missing":
            details["key"] = details["loc"][-1]
        found.append((tuple(location), details))
    deepest = [place for place, _ in found]
    return [
        (place, details)
        for place, details in found
        if details["type"] in ("missing", "extra_forbidden")
        or not any(len(other) > len(place) and other[: len(place)] == place for other in deepest)
    ]


def _problem(location: Location, details: Mapping[str, Any]) -> tuple[str, str]:
    if details["type"] == "extra_forbidden":
        return f"'{location[-1]}' is unknown", suggest_key(str(location[-1]), location[:-1])
    if details["type"] == "missing":
        place = f" in {join_path(location)}" if location else ""
        expected = describe_allowed((*location, details["key"]))
        return f"'{details['key']}' is missing{place}", f"give {expected}" if expected else ""
    expected = describe_allowed(location)
    if details["type"] == "too_short":
        return f"{join_path(location)} is empty", "give at least one"
    if details["type"] == "value_error":
        return f"{join_path(location)} is {_format_value(details['input'])}", str(details["msg"]).removeprefix(
            "Value error, "
        )
    return (
        f"{join_path(location)} is {_format_value(details['input'])}",
        f"allowed: {expected}" if expected else details["msg"],
    )


def _format_value(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "empty", True: "true", False: "false"}[value]
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
