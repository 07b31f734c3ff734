"""What verifying a record found, part by part, and what that says of the whole."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard, cast

CheckOutcome = Literal["identical", "equivalent", "differs", "cannot-tell"]
WORST: tuple[CheckOutcome, ...] = ("differs", "cannot-tell", "equivalent", "identical")
"""From what decides to what is left where nothing else was found."""
ROUNDING = 1e-6  # what storing numbers in float32 changes of a score: its last digits alone
MOST_DIFFERENCES = 20  # convention: differences of one part that are named; the others are counted


@dataclass(frozen=True)
class Checked:
    """One part of a record that was checked: what it is, the outcome, and a sentence for each difference, or for what
    is missing to tell."""

    what: str
    outcome: CheckOutcome
    details: tuple[str, ...] = ()


def judge(checked: Sequence[Checked]) -> CheckOutcome:
    """The outcome of the whole: that of the part that is worst; a difference counts before what cannot be told."""
    found: set[CheckOutcome] = {part.outcome for part in checked} or {"cannot-tell"}
    return min(found, key=WORST.index)


def conclude(what: str, differences: Sequence[str], rounded: int = 0) -> Checked:
    """A part with these differences; `rounded` numbers differ in their last digits, by a millionth at most."""
    if differences:
        more = len(differences) - MOST_DIFFERENCES
        told = (*differences[:MOST_DIFFERENCES], *([f"and {more:,} more"] if more > 0 else []))
        return Checked(what, "differs", told)
    told = f"{rounded:,} numbers differ in their last digits, by a millionth at most"
    return Checked(what, "equivalent", (told,)) if rounded else Checked(what, "identical")


def compare_documents(stored: Any, computed: Any, place: str = "") -> Iterator[tuple[str, bool]]:
    """Where two JSON documents differ, in words, with whether it is rounding alone. Paths are as in JSONPath, without
    the root."""
    if isinstance(stored, dict) and isinstance(computed, dict):
        for key in sorted({*stored, *computed}, key=str):
            here = f"{place}.{key}" if place else str(key)
            if key not in computed or key not in stored:
                yield f"{here} is only in what {'is stored' if key in stored else 'was computed again'}", False
            else:
                yield from compare_documents(stored[key], computed[key], here)
    elif (ours := _name_entries(stored)) is not None and (theirs := _name_entries(computed)) is not None:
        yield from compare_documents(ours, theirs, place)
    elif isinstance(stored, list) and isinstance(computed, list):
        if len(stored) != len(computed):
            yield f"{place} has {len(stored)} entries; computed again it has {len(computed)}", False
        for number, (one, other) in enumerate(zip(stored, computed, strict=False)):
            yield from compare_documents(one, other, f"{place}[{number}]")
    elif is_number(stored) and is_number(computed):
        if stored != computed:
            rounding = math.isclose(stored, computed, rel_tol=ROUNDING, abs_tol=ROUNDING)
            yield f"{place} is {stored!r}; computed again it is {computed!r}", rounding
    elif type(stored) is not type(computed) or stored != computed:
        yield f"{place} is {_shorten(stored)}; computed again it is {_shorten(computed)}", False


def _name_entries(value: Any) -> dict[str, Any] | None:
    """A list of findings by what each is about, so that one that is missing moves no other; None where it is none."""
    listed = cast("list[Any]", value) if isinstance(value, list) else []
    if not listed or not all(isinstance(one, dict) and {"code", "where"} <= one.keys() for one in listed):
        return None
    named: dict[str, Any] = {}
    for one in listed:
        about = ", ".join(f"{key} {one['where'][key]}" for key in sorted(one["where"])) if one["where"] else ""
        name = f"{one['code']} ({about})" if about else str(one["code"])
        while name in named:
            name += "*"
        named[name] = one
    return named


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether a JSON value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shorten(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:119]}…"
