"""The first screen: the score, the answers with links to what they rest on, and what to act on first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from brittlestar.core.headline import Decision, Ground, Headline
from brittlestar.reports.headline_text import QUESTIONS, answer_with_act, score_words
from brittlestar.study.units import unit_of

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


@dataclass(frozen=True)
class FirstScreen:
    """Texts of the first screen. `answers` are (question, decision, links to its grounds), `stated` that of a stated
    score, if any; `number` and `basis` are the score, empty where there is none; `trivial` names the best trivial
    baseline with its score; `act_told` is the question whose answer says already what to act on first, or empty."""

    headline: Headline
    stated: tuple[str, Decision, tuple[Link, ...]] | None
    answers: tuple[tuple[str, Decision, tuple[Link, ...]], ...]
    number: str
    basis: str
    trivial: str
    act_told: str
    act_anchor: str | None


def first_screen(
    headline: Headline,
    claims: Mapping[str, str],
    finding: Callable[[str], str | None],
    order: Sequence[str] = tuple(QUESTIONS),
) -> FirstScreen:
    """The first screen of a headline.

    Args:
        headline: The answers.
        claims: Id of each claim's card, by the claim as a sentence.
        finding: Gives the id of a code's card, None where it has none.
        order: The questions in the order of the page.
    """
    score, best, act, asked = headline.score, headline.best_trivial, headline.act_first, headline.answers
    number, _, basis = ("", "", "") if score is None else score_words(score).partition(" ")
    trivial = ""
    if score is not None and best is not None and best.score is not None:
        trivial = f"{best.name}, {unit_of(score.metric).number(best.score)}"
    stated = headline.stated
    return FirstScreen(
        headline,
        None if stated is None else ("Stated", stated, link_grounds("stated", stated, claims, finding)),
        tuple(
            (QUESTIONS[name], asked[name], link_grounds(name, asked[name], claims, finding))
            for name in order
            if name in asked
        ),
        number,
        basis,
        trivial,
        answer_with_act(headline) or "",
        None if act is None else finding(act.code),
    )


def link_grounds(
    question: str, decision: Decision, claims: Mapping[str, str], finding: Callable[[str], str | None]
) -> tuple[Link, ...]:
    """Links to the grounds of an answer, each once; to the section of the question where none has a place."""
    links = [link for ground in decision.grounds if (link := _link(ground, claims, finding)) is not None]
    section = SECTIONS[question]
    return tuple(dict.fromkeys(links)) or ((section.capitalize(), section),)


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
    return None if anchor is None else (text, anchor)
