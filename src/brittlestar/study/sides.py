"""What stands on one side of a claim: an arm, an arm on another split, a difference of two, or several to choose from.

`ARM`; `ARM@SPLIT`; `ARM - ARM`, what one arm has more than another; `ARM or ARM or ARM`, at least one of them.
"""

from __future__ import annotations

from dataclasses import dataclass

SPLIT_MARK = "@"
LESS = " - "
OR = " or "
NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*(?:@[^\s@]+)?"
_TERM = rf"{NAME}(?:\s+-\s+{NAME})?"
SIDE = rf"{_TERM}(?:\s+or\s+{_TERM})*"


@dataclass(frozen=True)
class Term:
    """An arm that is added (`sign` 1) or taken away (-1), on a split of its own, or on the claim's where `split` is
    empty."""

    sign: int
    arm: str
    split: str

    @property
    def label(self) -> str:
        """As it is written: ARM or ARM@SPLIT."""
        return f"{self.arm}{SPLIT_MARK}{self.split}" if self.split else self.arm


def written(side: str) -> str:
    """A side with single spaces."""
    return " ".join(side.split())


def alternatives(side: str) -> tuple[str, ...]:
    """The sides that a side offers to choose from, itself alone where it is one."""
    return tuple(side.split(OR))


def terms(side: str) -> tuple[Term, ...]:
    """The arms that one alternative is made of."""
    found: list[Term] = []
    for place, name in enumerate(side.split(LESS)):
        arm, _, split = name.partition(SPLIT_MARK)
        found.append(Term(-1 if place else 1, arm, split))
    return tuple(found)


def all_terms(*sides: str) -> tuple[Term, ...]:
    """Every arm that sides name, in their order; the sign is that within its side."""
    return tuple(term for side in sides for one in alternatives(side) for term in terms(one))


def splits_of(*sides: str) -> tuple[str, ...]:
    """Splits that sides name, each once."""
    return tuple(dict.fromkeys(term.split for term in all_terms(*sides) if term.split))


def arms_of(*sides: str) -> tuple[str, ...]:
    """Arms that sides name, each once."""
    return tuple(dict.fromkeys(term.arm for term in all_terms(*sides)))
