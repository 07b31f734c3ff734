"""Values of any origin as JSON types and back, and whether a built object carries the value that was stated."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

Record = TypeVar("Record")
_find_kinds = functools.cache(get_type_hints)

RESOLVED = ("auto", "balanced")
"""Values of settings that name a rule for the value."""


def plain(value: Any) -> Any:
    """The value as JSON types: string keys, lists for tuples and arrays, null for a number that is not finite."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, str | bool | int) or value is None:
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return str(value)


def read_record(kind: type[Record], written: Mapping[str, Any]) -> Record:
    """A record of the JSON values of its fields: records, tuples and mappings within as its annotations say, and null
    for a float as not a number. What is no field is left out; raises TypeError where one is missing that has no
    default."""
    kinds, named = _find_kinds(kind), [field.name for field in fields(kind)]  # pyright: ignore[reportArgumentType]
    return kind(**{name: _read_value(kinds[name], written[name]) for name in named if name in written})


def _read_value(kind: Any, written: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return read_record(kind, written)  # pyright: ignore[reportArgumentType]
    if origin is UnionType:  # something, or None
        return None if written is None else _read_value(inner[0], written)
    if origin is tuple:
        return tuple(map(_read_value, inner[:1] * len(written) if inner[-1] is ... else inner, written))
    if origin is Mapping:
        return {key: _read_value(inner[1], value) for key, value in written.items()}
    if kind is float:
        return float("nan") if written is None else float(written)
    return written


def order_keys(value: Any) -> Any:
    """Plain values with keys in order, as a document has them."""
    if isinstance(value, dict):
        return {key: order_keys(value[key]) for key in sorted(value)}
    return [order_keys(item) for item in value] if isinstance(value, list) else value


def round_floats(value: Any, digits: int = 10) -> Any:
    """Plain values with floats cut to so many significant digits: more than anybody reads, and less than what the
    number of threads of a linear algebra library changes."""
    if isinstance(value, dict):
        return {key: round_floats(item, digits) for key, item in value.items()}
    if isinstance(value, list):
        return [round_floats(item, digits) for item in value]
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


def differs(value: object, read_back: object) -> bool:
    """Whether a built object carries another value than the stated one; None read back means that nothing carries it.

    Numbers may differ by float32 rounding (1e-6, relative). `auto` and `balanced` leave the value to be worked out, and
    weights by class name are read back as a list, in which those that are not 1 must stand.
    """
    if read_back is None or value in RESOLVED:
        return False
    if isinstance(value, Mapping) and isinstance(read_back, list | tuple):
        stated, built = (sorted(float(w) for w in weights if w != 1) for weights in (value.values(), read_back))
        return differs(stated, built)
    if isinstance(value, bool) or isinstance(read_back, bool):
        return value is not read_back
    if isinstance(value, int | float) and isinstance(read_back, int | float):
        return abs(value - read_back) > 1e-6 * max(abs(value), abs(read_back))
    if isinstance(value, list | tuple) and isinstance(read_back, list | tuple):
        return len(value) != len(read_back) or any(differs(a, b) for a, b in zip(value, read_back, strict=True))
    return value != read_back
