"""Grades: each answer against what was measured, what to act on first, and surfaces against each other."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from exam.answers.fault import Fault
from exam.answers.following import QUESTIONS
from exam.answers.measuring import Measured, find_best

POINT, MOVED, HALF = 0.01, 0.03, 0.5
"""The margin of an answer, what a mend must move to be acted on, and how much of the best mend is enough."""
TITLES = {"real": "Real?", "holds": "Holds?", "sound": "Sound?"}
OUTCOMES = {"yes": "pass", "no": "fail", "cannot-say": "cannot-say"}
ROUNDED = 0.0006
LOW = "eval.below-trivial"
"""What is true of an honest model, too."""


@dataclass(frozen=True)
class Truth:
    """What was measured: main beside the best trivial baseline on fresh rows, what it loses on fresh shifted rows (None
    without a shift), its score on fresh rows; and what mends move the score by: that of the fault (None without one),
    and that of taking copies of train out of test."""

    gain: Measured
    loss: Measured | None
    fresh: Measured
    mend: Measured | None
    copies: Measured

    @property
    def moves(self) -> list[Measured]:
        """What each mend moves."""
        return [one for one in (self.mend, self.copies) if one is not None]


def grade_answer(answer: str, wanted: bool | None) -> str:
    """`right`, `wrong`, `cannot-say`, or `undecided` where the measured truth is within its error of the threshold."""
    if answer == "cannot-say":
        return answer
    return "undecided" if wanted is None else "right" if (answer == "yes") is wanted else "wrong"


def know_answers(truth: Truth, fault: Fault | None) -> dict[str, bool | None]:
    """{question: is `yes` true}, None where these rows cannot tell. Holds is asked where there is a shift; Sound
    is about mends of data alone."""
    loss = None if truth.loss is None else truth.loss.beyond(POINT)
    of_data = [truth.copies, *([truth.mend] if truth.mend and fault and fault.unsound else [])]
    moved = [Measured(abs(one.value), one.error).beyond(POINT) for one in of_data]
    sound = False if True in moved else None if None in moved else True
    holds = {} if truth.loss is None else {"holds": None if loss is None else not loss}
    return {"real": truth.gain.beyond(POINT), **holds, "sound": sound}


def grade_first(code: str | None, truth: Truth, fault: Fault | None) -> str | None:
    """`right`, `wrong` or `nothing said` where some mend moves the score by three points; None where none does."""
    best = find_best(truth.moves)
    if best < MOVED:
        return None
    if code is None:
        return "nothing said"
    own = [truth.mend] if truth.mend and fault and fault.names(code) else []
    copied = [truth.copies] if code in ("leak.exact", "leak.near") else []
    return "right" if find_best([*own, *copied]) >= HALF * best else "wrong"


def grade_gate(outcome: str | None, least: float | None, fresh: Measured) -> str | None:
    """A least score, against that on fresh rows; None where none was asked for."""
    if outcome is None or least is None:
        return None
    answer = {said: word for word, said in OUTCOMES.items()}[outcome]
    return grade_answer(answer, fresh.beyond(least))


def read_text(text: str) -> dict[str, str]:
    """{question: answer} of a terminal, with the score and what to act on first."""
    return _read(text, r"^{}\s+(Yes|No|Cannot\s+say):", r"^Score\s+([\d.−]+)", r"^Act first\s+([a-z]+\.[a-z-]+)")


def read_page(page: str) -> dict[str, str]:
    """The same of a page."""
    answer = r"<h2>{}</h2>\s*<p[^>]*>\s*(?:<[^>]+>)*(Yes|No|Cannot say)"
    first = r"<h3>Act first</h3>(?:\s*<[^>]+>)*\s*([a-z]+\.[a-z-]+)"
    return _read(unescape(page), answer, r'<p class="score"><strong>([\d.−]+)', first)


def _read(text: str, answer: str, score: str, first: str) -> dict[str, str]:
    patterns = {name: answer.format(re.escape(title)) for name, title in TITLES.items()}
    patterns |= {"score": score, "act_first": first}
    found = {name: re.search(pattern, text, re.MULTILINE) for name, pattern in patterns.items()}
    return {name: "-".join(one[1].lower().split()) for name, one in found.items() if one}


def read_document(document: Mapping[str, Any]) -> dict[str, str]:
    """The same of the JSON."""
    headline = document["headline"]
    told = {name: headline[name]["answer"] for name in QUESTIONS}
    score, act = headline["score"], headline["act_first"]
    told |= {} if score is None else {"score": f"{100 * score['mean']:.1f}"}
    return told | ({} if act is None else {"act_first": act["code"]})


def compare_surfaces(
    document: Mapping[str, Any], text: str, page: str, required: Mapping[str, str], recomputed: float
) -> list[str]:
    """Where terminal, page, gate and the score computed by hand differ from the JSON."""
    wanted, found = read_document(document), list[str]()
    for surface, told in (("text", read_text(text)), ("page", read_page(page))):
        names = sorted({*wanted, *told})
        found += [
            f"{surface}: {name} is {told.get(name)}, JSON {wanted.get(name)}"
            for name in names
            if told.get(name) != wanted.get(name)
        ]
    gated = {name: (required[name], OUTCOMES[wanted[name]]) for name in QUESTIONS if name in required}
    found += [f"gate: {name} is {was}, JSON {asked}" for name, (was, asked) in gated.items() if was != asked]
    score = document["headline"]["score"]
    if score and score["split"] == "test" and abs(score["mean"] - recomputed) > ROUNDED:
        found.append(f"score: {score['mean']:.4f}, by hand {recomputed:.4f}")
    return found


def summarise(results: Sequence[Mapping[str, Any]]) -> dict[str, tuple[int, int]]:
    """{what: (how many, of how many)} over scenarios that were examined."""
    answers = [grade for one in results for grade in [*one["answers"].values(), one["gate"]] if grade]
    said = [grade for one in results for grade in one["answers"].values()]
    first = [one["first"] for one in results if one["first"]]
    followed = [step for one in results for step in one["next"]]
    return {
        "answers wrong": (answers.count("wrong"), len(answers)),
        "cannot say": (said.count("cannot-say"), len(said)),
        "Act first right": (first.count("right"), len(first)),
        "next steps that lead astray": (sum(step["wrong"] for step in followed), len(followed)),
        "scenarios whose surfaces disagree": (sum(bool(one["surfaces"]) for one in results), len(results)),
        "honest scenarios told of more than a low score": (
            sum((one["said"]["act_first"] or {"code": LOW})["code"] != LOW for one in results if one["fault"] is None),
            sum(one["fault"] is None for one in results),
        ),
    }
