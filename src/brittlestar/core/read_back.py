"""Whether a built object carries the value that was stated."""

from collections.abc import Mapping

RESOLVED = ("auto", "balanced")
"""Values of settings that name a rule for the value."""


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
