"""What should hold of predictions under a change whose true labels nobody knows."""

from dataclasses import dataclass

EXPECTATIONS = ("invariant", "changes", "open", "toward LABEL", "away from LABEL")
"""They stay; they change; nobody can say; those that change become LABEL; those that change leave LABEL."""


@dataclass(frozen=True)
class Direction:
    """Predictions that change become the class `label`, or leave it where not `toward`."""

    label: str
    toward: bool


def direction_of(expectation: str) -> Direction | None:
    """The direction that an expectation states, None where it states none."""
    for start in ("toward ", "away from "):
        label = expectation.removeprefix(start).strip()
        if expectation.startswith(start) and label:
            return Direction(label, start == "toward ")
    return None


def is_expectation(text: object) -> bool:
    """Whether a text is one of the five."""
    return isinstance(text, str) and (text in EXPECTATIONS[:3] or direction_of(text) is not None)
