"""Names: the order in which splits stand everywhere, and names that no real token has."""

from collections.abc import Collection, Iterable

FIRST = ("train", "dev", "test")


def split_order(names: Iterable[str]) -> list[str]:
    """train, dev, test, then every other name in alphabetical order."""
    return sorted(names, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))


def distinct_name(name: str, taken: Collection[str]) -> str:
    """The name, in as many angle brackets as it takes to be none of those taken."""
    while name in taken:
        name = f"<{name}>"
    return name
