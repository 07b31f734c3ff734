"""Names: the order in which splits stand everywhere, and names that no real token has."""

from collections.abc import Collection, Iterable

from brittlestar.core.splits import is_shifted, is_unlabelled

FIRST = ("train", "dev", "test")


def is_split(name: str) -> bool:
    """Whether a file or a key of this name is one of the splits that everybody knows."""
    return name in FIRST or is_shifted(name) or is_unlabelled(name)


def split_order(names: Iterable[str]) -> list[str]:
    """train, dev, test, then every other name in alphabetical order."""
    return sorted(names, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))


def distinct_name(name: str, taken: Collection[str]) -> str:
    """The name, in as many angle brackets as it takes to be none of those taken."""
    while name in taken:
        name = f"<{name}>"
    return name
