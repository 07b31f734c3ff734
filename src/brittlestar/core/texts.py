"""Short texts: sizes, lengths of time, what somebody probably meant by a name, and which texts are addresses."""

import difflib
import os
import re
from collections.abc import Iterable
from pathlib import Path

MOST_SUGGESTED = 2  # a sentence that a person reads
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):/")


def suggest(name: str, known: Iterable[str], most: int = 1) -> str:
    """`did you mean 'X'?`, or so many names at `most`, or the empty text when nothing known is near."""
    near = difflib.get_close_matches(name, list(known), n=most)
    return f"did you mean {' or '.join(map(repr, near))}?" if near else ""


def suggest_file(path: str | Path, instead: str = "") -> str:
    """`did you mean X or Y?`: what has nearly the same name beside a path that is not there; else `instead`."""
    path = Path(path)
    try:
        beside = [] if path.exists() else sorted(path.parent.iterdir())
    except OSError:
        return instead
    stems = {one: one.stem for one in beside if one.suffix == path.suffix or one.stem == path.name}
    near = difflib.get_close_matches(path.stem, dict.fromkeys(stems.values()), n=MOST_SUGGESTED)
    found = [os.path.normpath(one) for stem in near for one in stems if stems[one] == stem][:MOST_SUGGESTED]
    return f"did you mean {' or '.join(found)}?" if found else instead


def format_duration(seconds: float) -> str:
    """`8 s`, `3 min 20 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def find_scheme(text: str | Path) -> str | None:
    """What an address begins with (`s3`), also of one that was made a path, which loses a slash; None of a path."""
    found = _SCHEME.match(str(text))
    return None if found is None else found[1]


def show_size(size: int) -> str:
    """`312 B`, `4.1 kB`, `1.2 GB`."""
    units = ("B", "kB", "MB", "GB")
    power = 0
    value = float(size)
    while value >= 999.95 and power < len(units) - 1:
        value, power = value / 1000, power + 1
    return f"{value:,.0f} B" if power == 0 else f"{value:,.1f} {units[power]}"
