"""Names of splits and the order in which they stand everywhere."""

from __future__ import annotations

from collections.abc import Iterable

FIRST = ("train", "dev", "test")


def split_order(names: Iterable[str]) -> list[str]:
    """train, dev, test, then every other name in alphabetical order."""
    return sorted(names, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
