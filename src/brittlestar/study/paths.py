"""Settings by path (`training.learning_rate`), over plain nested mappings. Nothing here changes its input."""

from collections.abc import Mapping
from typing import Any, cast


def join_path(location: tuple[str | int, ...]) -> str:
    """`("training", "epochs")` as `training.epochs`."""
    return ".".join(str(part) for part in location)


def leaves(value: Any, location: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Every value that is not a non-empty mapping, by its location; lists are values."""
    if not isinstance(value, Mapping) or not value:
        return {location: value}
    found: dict[tuple[str, ...], Any] = {}
    for key, inner in cast(Mapping[str, Any], value).items():
        found.update(leaves(inner, (*location, str(key))))
    return found


def with_value(values: Mapping[str, Any], location: tuple[str, ...], value: Any) -> dict[str, Any]:
    """A copy of `values` with `value` at `location`; what stands in the way and is no mapping is replaced."""
    head, rest = location[0], location[1:]
    if not rest:
        return {**values, head: value}
    inner = values.get(head)
    below = cast(Mapping[str, Any], inner) if isinstance(inner, Mapping) else {}
    return {**values, head: with_value(below, rest, value)}


def find_setting(settings: Any, path: str) -> Any:
    """The value at `path`; None where there is none."""
    for name in path.split("."):
        settings = settings.get(name) if isinstance(settings, Mapping) else None
    return settings
