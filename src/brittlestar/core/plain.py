"""Values of any origin as JSON types."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np


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
