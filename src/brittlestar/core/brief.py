"""Records in a few lines, as Python prints them: a notebook shows whatever stands last in a cell."""

import reprlib
from dataclasses import fields
from typing import Any

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 80  # a line that a person reads
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxdict = _SHORT.maxset = 3
_SHORT.maxlevel = 2
MOST_LINES = 12
"""Lines of any record or result in Python: half of what a terminal shows at once."""


def brief_repr(self: Any) -> str:
    """A dataclass as its name and fields, each cut to one line, 12 lines at most."""
    shown = [f"{field.name}={_on_one_line(getattr(self, field.name))}" for field in fields(self) if field.repr]
    if sum(map(len, shown)) < 100:  # one line that a person reads
        return f"{type(self).__name__}({', '.join(shown)})"
    more = len(shown) - (MOST_LINES - 3)
    kept = shown if more <= 1 else [*shown[: MOST_LINES - 3], f"… {more} more"]
    return "\n  ".join([f"{type(self).__name__}(", *kept]) + "\n)"


def _on_one_line(value: Any) -> str:
    if isinstance(value, dict | list | tuple) and len(value) > 3:  # pyright: ignore[reportUnknownArgumentType]
        return f"<{type(value).__name__} of {len(value):,}>"  # pyright: ignore[reportUnknownArgumentType]
    text = " ".join(_SHORT.repr(value).split())
    return text if len(text) <= 100 else f"{text[:99]}…"
