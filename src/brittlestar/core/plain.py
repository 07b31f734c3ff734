"""Values of any origin as JSON types, and whether a built object carries the value that was stated."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

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
