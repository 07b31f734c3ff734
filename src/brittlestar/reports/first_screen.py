"""The first screen: what its template needs beside the headline, and where the grounds of an answer are on the page."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from brittlestar.core.headline import Decision, Ground, Headline
from brittlestar.core.splits import is_unlabelled
from brittlestar.reports.headline_text import QUESTIONS, answer_with_act, score_words, worst_words

NUMBERS = {
    "best-trivial": ("Trivial baselines", "baselines"),
    "settings": ("Settings", "settings"),
    "runs": ("Runs", "runs"),
    "stated": ("Variants", "variants"),
}
"""Where numbers stand that answers rest on: what a reader sees, and the id."""
SECTIONS = {"stated": "variants", "real": "claims", "holds": "variants", "sound": "data", "fair": "settings"}
"""Where an answer without grounds of its own is read further."""
Link = tuple[str, str]
"""A text, and the id that it leads to."""


def list_screen_words(
    headline: Headline, claims: Mapping[str, str], anchor: Callable[[str], str | None]
) -> dict[str, Any]:
    """What the template reads. `claims` has the id of each claim's card, by the claim as a sentence; `anchor` gives the
    id of a code's card, None where it has none."""
    return {
        "headline": headline,
        "questions": QUESTIONS,
        "score_words": score_words,
        "worst_words": worst_words,
        "told": answer_with_act(headline),
        "anchor": anchor,
        "links": partial(link_grounds, claims, anchor),
    }


def link_grounds(
    claims: Mapping[str, str], anchor: Callable[[str], str | None], question: str, decision: Decision
) -> tuple[Link, ...]:
    """Links to the grounds of an answer, each once; to the section of the question where none has a place."""
    links = [link for ground in decision.grounds if (link := _link(ground, claims, anchor)) is not None]
    section = SECTIONS[question]
    return tuple(dict.fromkeys(links)) or ((section.capitalize(), section),)


def _link(ground: Ground, claims: Mapping[str, str], anchor: Callable[[str], str | None]) -> Link | None:
    if ground.kind == "number":
        return ("Forecasts", "forecasts") if is_unlabelled(ground.ref) else NUMBERS.get(ground.ref)
    place = claims.get(ground.ref) if ground.kind == "claim" else anchor(ground.ref)
    place = "probes" if place is None and ground.kind == "probe" else place
    return None if place is None else (ground.ref, place)
