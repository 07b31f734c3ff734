"""Answers of the headline that must be yes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from brittlestar.core.gating import GateOutcome, Requirement
from brittlestar.core.headline import Answer, Headline
from brittlestar.core.results import StudyRecord
from brittlestar.core.splits import is_shifted
from brittlestar.reports.gate.ask import Gated, ask
from brittlestar.study.gate_values import QUESTIONS, Answers

OUTCOME_OF_ANSWER: Mapping[Answer, GateOutcome] = {"yes": "pass", "no": "fail", "cannot-say": "cannot-say"}


@ask(key="require", form=Answers, must_be=f"some of {', '.join(QUESTIONS)}", example="real,sound", reads="headline")
def decide_answers(questions: Sequence[str], gated: Gated) -> Iterator[Requirement]:
    """These answers of the headline are yes: `real`, `holds`, `sound`, `fair`."""
    for question in questions:
        decided = decide_answer(gated.read_headline, question)
        yield hold_open(decided) if question == "real" and lacks_linear(gated.record) else decided


def decide_answer(headline: Headline, question: str) -> Requirement:
    """An answer of the headline that must be yes; one that is about nothing here is open."""
    decision = headline.answers.get(question)
    if decision is None:
        said = "not applicable: one variant alone, so nothing is compared."
        return Requirement(question, "cannot-say", said, "give predictions of a second variant, or leave it out.")
    outcome = OUTCOME_OF_ANSWER[decision.answer]
    return Requirement(question, outcome, decision.sentence, str(decision.next or ""))


def list_questions(gated: Gated) -> Sequence[str]:
    """Every answer that the input can give."""
    if gated.record is None:
        return ("sound",)
    shifted = any(is_shifted(name) for name in gated.record.splits)
    return ("real", *(("holds",) if shifted else ()), "sound", *(("fair",) if gated.read_headline.fair else ()))


def lacks_linear(record: StudyRecord | None) -> bool:
    """Whether somebody left out the trivial baseline that is hardest to beat."""
    settings = () if record is None else record.variants[record.main].settings
    return any(setting.path == "trivial.linear" and setting.value == "off" for setting in settings)


def hold_open(requirement: Requirement) -> Requirement:
    """A comparison with the best trivial baseline where linear, which may be the hardest to beat, was left out: it may
    fail, and cannot pass."""
    if requirement.outcome != "pass":
        return requirement
    why = "The trivial baseline linear was left out, and main may not exceed it."
    return replace(requirement, outcome="cannot-say", sentence=f"{requirement.sentence} {why}")


ASKS = (decide_answers,)
