"""Grade the headline on made studies whose truth is known.

    python -m tests.headline.grading 400

runs as many studies and prints, for each question, how many answers are right among those whose truth lies two standard
errors or more from the border.
"""

from __future__ import annotations

import html
import json
import re
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from brittlestar.core.headline import Decision, Headline
from brittlestar.execution.layout import open_store
from brittlestar.execution.record import read_record
from brittlestar.reports.headline_text import headline_lines
from brittlestar.study.claims import DEFAULT_MARGIN
from brittlestar.verbs.assessing import assess_study
from brittlestar.verbs.check import CheckResult, check
from tests.headline.made import Made, make_study, true_difference, write_study

CLEAR = 2.0
"""Standard errors from the border at which an answer is graded."""


@dataclass
class Grades:
    """What came out: for each question how many clear cases were answered rightly and wrongly, how many were left open,
    and every contradiction between surfaces."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    mistakes: list[str] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)


def grade(number: int, grades: Grades) -> CheckResult:
    """Make one study, check it, and grade its answers and its surfaces."""
    made = make_study(number)
    with tempfile.TemporaryDirectory() as scratch:
        data, files = write_study(made, Path(scratch))
        store = Path(scratch) / "made.study"
        result = check(data, predictions=files, out=store, limits=False)
        grades.contradictions += [f"{number}: {one}" for one in contradictions(result, store)]
    _grade_real(made, result, grades)
    if made.shifted is not None and made.seeds >= 5:
        falls = made.shifted < made.skill - 0.1
        _count(grades, made, "holds", result.headline.holds, not falls)
    return result


def _grade_real(made: Made, result: CheckResult, grades: Grades) -> None:
    score = result.headline.score
    population = "new-examples" if score is None else score.population
    difference, error = true_difference(made, population)
    if abs(difference - DEFAULT_MARGIN) >= CLEAR * error:
        _count(grades, made, "real", result.headline.real, difference >= DEFAULT_MARGIN)


def _count(grades: Grades, made: Made, question: str, decision: Decision, truth: bool) -> None:
    if decision.answer == "cannot-say":
        grades.open[question] += 1
    elif (decision.answer == "yes") is truth:
        grades.right[question] += 1
    else:
        grades.wrong[question] += 1
        grades.mistakes.append(f"{made}: {question} {decision.words}")


def contradictions(result: CheckResult, store: Path) -> list[str]:
    """Where two surfaces of one study say different things."""
    found: list[str] = []
    headline = result.headline
    written = json.loads((store / "report" / "results.json").read_bytes())["headline"]
    page = " ".join(
        re.sub(r"<[^>]+>", " ", html.unescape((store / "report" / "report.html").read_text("utf-8"))).split()
    )
    again = assess_study(open_store(store), read_record(open_store(store))).headline
    for name, decision in headline.answers.items():
        if (written[name]["answer"], written[name]["sentence"]) != (decision.answer, decision.sentence):
            found.append(f"results.json on {name}: {written[name]}, not {decision.words}")
        if again.answers[name].words != decision.words:
            found.append(f"judged again on {name}: {again.answers[name].words}, not {decision.words}")
        if _squeezed(decision.sentence) not in _squeezed(page):
            found.append(f"the page lacks: {decision.words}")
    if repr(result) != "\n".join(f"{n:9}  {t}".rstrip() for n, t in headline_lines(headline)):
        found.append("repr is not the headline")
    rows = "test" if headline.score is None else headline.score.split
    refuted = [one for one in result.judgements if one.verdict == "refuted" and one.claim.split == rows]
    against = [one for one in refuted if "@" not in one.claim.arm + one.claim.other]
    if headline.real.answer == "yes" and against:
        found.append("Real? yes beside a refuted claim on the same rows")
    return found


def _squeezed(text: str) -> str:
    """Text without spaces and without the marks of code, which a page writes otherwise."""
    return re.sub(r"[\s`]", "", text)


def grade_studies(numbers: range, show: bool = False) -> Grades:
    """Grade several studies."""
    grades = Grades()
    for number in numbers:
        result: CheckResult = grade(number, grades)
        if show and number % 20 == 0:
            print(number, _line(result.headline), dict(grades.right), dict(grades.wrong), file=sys.stderr, flush=True)
    return grades


def _line(headline: Headline) -> str:
    return ", ".join(f"{name} {one.answer}" for name, one in headline.answers.items())


if __name__ == "__main__":
    start = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    found = grade_studies(range(start, start + int(sys.argv[1])), show=True)
    for question in ("real", "holds"):
        right, wrong = found.right[question], found.wrong[question]
        share = f"{100 * right / max(right + wrong, 1):.1f} %"
        print(f"{question}: {right} right, {wrong} wrong ({share}), {found.open[question]} left open")
    print(f"{len(found.contradictions)} contradictions between surfaces")
    for line in [*found.mistakes, *found.contradictions]:
        print(line)
