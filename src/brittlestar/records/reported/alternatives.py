"""Patterns that are lists of ways to say one thing, a line each."""

from __future__ import annotations

import re


def compile_any(*ways: str, cased: bool = False) -> re.Pattern[str]:
    """What matches any of these, whatever their case unless it is `cased`."""
    return re.compile("|".join(ways), 0 if cased else re.IGNORECASE)
