"""What stands on one side of a claim: a variant, a variant on another split, a difference of two, or several to choose
from.

`VARIANT`; `VARIANT@SPLIT`; `VARIANT - VARIANT`, what one variant has more than another; `VARIANT or VARIANT or
VARIANT`, at least one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SPLIT_MARK = "@"
LESS = " - "
OR = " or "
NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*(?:@[^\s@]+)?"
_TERM = rf"{NAME}(?:\s+-\s+{NAME})?"
SIDE = rf"{_TERM}(?:\s+or\s+{_TERM})*"


@dataclass(frozen=True)
class Term:
    """A variant that is added (`sign` 1) or taken away (-1), on a split of its own, or on the claim's where `split` is
    empty."""

    sign: int
    arm: str
    split: str

    @property
    def label(self) -> str:
        """As it is written: VARIANT or VARIANT@SPLIT."""
        return f"{self.arm}{SPLIT_MARK}{self.split}" if self.split else self.arm


def written(side: str) -> str:
    """A side with single spaces."""
    return " ".join(side.split())


def with_names(side: str, names: Mapping[str, str]) -> str:
    """A side with other names for some of its variants."""

    def renamed(term: str) -> str:
        variant, mark, split = term.partition(SPLIT_MARK)
        return f"{names.get(variant, variant)}{mark}{split}"

    return OR.join(LESS.join(map(renamed, one.split(LESS))) for one in side.split(OR))


def alternatives(side: str) -> tuple[str, ...]:
    """The sides that a side offers to choose from, itself alone where it is one."""
    return tuple(side.split(OR))


def terms(side: str) -> tuple[Term, ...]:
    """The variants that one alternative is made of."""
    found: list[Term] = []
    for place, name in enumerate(side.split(LESS)):
        arm, _, split = name.partition(SPLIT_MARK)
        found.append(Term(-1 if place else 1, arm, split))
    return tuple(found)


def all_terms(*sides: str) -> tuple[Term, ...]:
    """Every variant that sides name, in their order; the sign is that within its side."""
    return tuple(term for side in sides for one in alternatives(side) for term in terms(one))


def splits_of(*sides: str) -> tuple[str, ...]:
    """Splits that sides name, each once."""
    return tuple(dict.fromkeys(term.split for term in all_terms(*sides) if term.split))


def arms_of(*sides: str) -> tuple[str, ...]:
    """Variants that sides name, each once."""
    return tuple(dict.fromkeys(term.arm for term in all_terms(*sides)))
