"""Which names files of a record may have: the same file on every system, inside the record's folder, and no other."""

import unicodedata
from collections.abc import Iterable

from brittlestar.core.errors import InputError

LONGEST = 400  # budget: characters of a name; a split's name, a hash and folders need a quarter
_RESERVED = {"con", "prn", "aux", "nul", *(f"{kind}{k}" for kind in ("com", "lpt") for k in range(1, 10))}
_FORBIDDEN = frozenset('\\:*?"<>|')


def find_fault(name: str) -> str | None:
    """What is wrong with the name of a file of a record, as the end of a sentence; None where nothing is."""
    if not name or len(name) > LONGEST:
        return "is empty" if not name else f"has more than {LONGEST} characters"
    if any(ord(one) < 32 or ord(one) == 127 or unicodedata.category(one) in ("Cs", "Cf", "Cc") for one in name):
        return "has invisible characters"
    if name.startswith("/") or "\\" in name or ":" in name:
        return "leads out of the record: it is absolute"
    parts = name.split("/")
    if ".." in parts:
        return "leads out of the record: it has '..'"
    if any(part in ("", ".") or part.endswith((".", " ")) or part.startswith(" ") for part in parts):
        return "is written in more than one way"
    if _FORBIDDEN & {*name} or any(part.partition(".")[0].lower() in _RESERVED for part in parts):
        return "means something else on some systems"
    if unicodedata.normalize("NFC", name) != name:
        return "is not in Unicode's composed form (NFC)"
    return None


def check_names(names: Iterable[str], where: str) -> None:
    """Raise InputError where a name cannot be one of a file of a record, where two are one file on some system, or
    where one is the folder of another."""
    seen: dict[str, str] = {}
    every = list(names)
    for name in every:
        if (fault := find_fault(name)) is not None:
            raise InputError(f"the name {name!r} {fault}", where, "this is no record that `seal` wrote")
        folded = name.casefold()
        if folded in seen:
            what = f"{seen[folded]!r} and {name!r} are one file on some systems"
            raise InputError(what, where, "this is no record that `seal` wrote")
        seen[folded] = name
    for name in every:
        parts = name.casefold().split("/")
        for depth in range(1, len(parts)):
            if (folder := "/".join(parts[:depth])) in seen:
                what = f"{seen[folder]!r} is a file and a folder of {name!r}"
                raise InputError(what, where, "this is no record that `seal` wrote")
