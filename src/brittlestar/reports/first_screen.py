"""The first screen: the score, the answers with links to what they rest on, and what to act on first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from brittlestar.core.headline import ActFirst, Decision, Headline
from brittlestar.reports.headline_text import QUESTIONS, answer_with_act, score_words
from brittlestar.reports.links import Link, link_grounds
from brittlestar.study.units import unit_of


@dataclass(frozen=True)
class AnswerView:
    """One question with its answer; `links` lead to the grounds, `next` is the command that can change it."""

    question: str
    decision: Decision
    links: tuple[Link, ...]

    @property
    def state(self) -> str:
        """The name of the answer's style."""
        return self.decision.answer


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
