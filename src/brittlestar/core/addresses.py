"""Texts that are addresses, and no paths of this machine."""

import re
from pathlib import Path

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):/")


def find_scheme(text: str | Path) -> str | None:
    """What an address begins with (`s3`), also of one that was made a path, which loses a slash; None of a path."""
    found = _SCHEME.match(str(text))
    return None if found is None else found[1]
