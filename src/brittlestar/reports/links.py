"""Where on the page an answer's grounds stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from brittlestar.core.headline import Decision, Ground

NUMBERS = {
    "best-trivial": ("Trivial baselines", "baselines"),
    "settings": ("Settings", "settings"),
    "runs": ("Runs", "runs"),
    "stated": ("Variants", "variants"),
}
"""Where numbers stand that answers rest on: what a reader sees, and the id."""
SECTIONS = {"stated": "variants", "real": "claims", "holds": "variants", "sound": "data", "fair": "settings"}
"""Where an answer without grounds of its own is read further."""


@dataclass(frozen=True)
class Link:
    """A text and the id that it leads to."""

    text: str
    anchor: str


def link_grounds(
    question: str, decision: Decision, claims: Mapping[str, str], finding: Callable[[str], str | None]
) -> tuple[Link, ...]:
    """Links to the grounds of an answer, each once; to the section of the question where none has a place.

    Args:
        question: `real`, `holds`, `sound`, `fair` or `stated`.
        decision: The answer.
        claims: Id of each claim's card, by the claim as a sentence.
        finding: Gives the id of a code's card, None where it has none.
    """
    links = [link for ground in decision.grounds if (link := _link(ground, claims, finding)) is not None]
    section = SECTIONS[question]
    return tuple(dict.fromkeys(links)) or (Link(section.capitalize(), section),)


def _link(ground: Ground, claims: Mapping[str, str], finding: Callable[[str], str | None]) -> Link | None:
    text = ground.ref
    match ground.kind:
        case "claim":
            anchor = claims.get(ground.ref)
        case "finding":
            anchor = finding(ground.ref)
        case "probe":
            anchor = finding(ground.ref) or "probes"
        case "number":
            text, anchor = NUMBERS.get(ground.ref, (text, None))
    return None if anchor is None else Link(text, anchor)
