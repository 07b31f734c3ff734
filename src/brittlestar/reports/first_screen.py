"""The first screen: the score, the answers with links to what they rest on, and what to act on first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from brittlestar.core.headline import ActFirst, Decision, Ground, Headline
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


@dataclass(frozen=True)
class Link:
    """A text and the id that it leads to."""

    text: str
    anchor: str


@dataclass(frozen=True)
class AnswerView:
    """One question with its answer; `links` lead to the grounds, `next` is the command that can change it."""

    question: str
    decision: Decision
    links: tuple[Link, ...]


@dataclass(frozen=True)
class FirstScreen:
    """Texts of the first screen. `number` and `basis` are the score, empty where there is none; `trivial` names the
    best trivial baseline with its score; `act` is None where nothing is to be done, and `act_told` is the
    question whose answer says it already, or empty."""

    stated: AnswerView | None
    number: str
    basis: str
    trivial: str
    answers: tuple[AnswerView, ...]
    act: ActFirst | None
    act_told: str
    act_anchor: str | None


def first_screen(
    headline: Headline,
    claims: Mapping[str, str],
    finding: Callable[[str], str | None],
    order: Sequence[str] = tuple(QUESTIONS),
) -> FirstScreen:
    """The first screen of a headline: its answers in this order; `claims` and `finding` say where grounds stand, as in
    `link_grounds`."""

    def view(name: str, question: str, decision: Decision) -> AnswerView:
        return AnswerView(question, decision, link_grounds(name, decision, claims, finding))

    score, best, act = headline.score, headline.best_trivial, headline.act_first
    told = answer_with_act(headline) or ""
    number, _, basis = ("", "", "") if score is None else score_words(score).partition(" ")
    trivial = ""
    if score is not None and best is not None and best.score is not None:
        trivial = f"{best.name}, {unit_of(score.metric).number(best.score)}"
    return FirstScreen(
        None if headline.stated is None else view("stated", "Stated", headline.stated),
        number,
        basis,
        trivial,
        tuple(view(name, QUESTIONS[name], headline.answers[name]) for name in order if name in headline.answers),
        act,
        told,
        None if act is None else finding(act.code),
    )


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
