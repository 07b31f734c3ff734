"""Grade the headline on made studies whose truth is known.

    python -m tests.headline.grading 400

makes as many studies, one after the other and always the same ones, and prints a table: for each kind how many answers
were right and wrong where the truth lies two standard errors or more from the border, how many were left open, how
often two surfaces contradicted each other, and how many printed commands were pasted and failed. It exits 1 where fewer
than 98 % of the yes or of the no are right, where surfaces contradict each other, and where a command fails.
"""

import argparse
import contextlib
import os
import sys
import tempfile
import traceback
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from unittest import mock

from brittlestar.cli.outputs.answers import judge_output
from brittlestar.core.headline import Answer
from brittlestar.execution.jobs import SilentWatcher
from brittlestar.study.claims import DEFAULT_MARGIN
from brittlestar.verbs.check import CheckResult, check
from brittlestar.verbs.judge import judge
from brittlestar.verbs.run import RunResult, run
from tests.headline.made import Made, make_study, true_difference, true_loss
from tests.headline.pasting import Pasted, paste_all, printed_commands
from tests.headline.surfaces import contradictions, ending_of, printed
from tests.headline.writing import Written, write_study

CLEAR = 2.0
"""Standard errors from the border at which an answer is graded."""
RIGHT = 0.98
"""The share of yes, and of no, that has to be right."""
STORE = "made.study"
FIGURES_EVERY = 20
"""Every so many studies the figures of the page are drawn: they take half of the time and hold no answer."""


@dataclass
class Tally:
    """Counts of one kind. `unclear` are answers where the truth lies too near to the border to be graded, and
    `unclear_wrong` those of them that are wrong all the same."""

    n: int = 0
    yes_right: int = 0
    yes_wrong: int = 0
    no_right: int = 0
    no_wrong: int = 0
    open: int = 0
    unclear: int = 0
    unclear_wrong: int = 0
    contradictions: int = 0
    pasted: int = 0
    pasted_wrong: int = 0

    def count(self, answer: Answer, truth: bool, clear: bool) -> bool:
        """Count one answer; whether it is a mistake."""
        right = (answer == "yes") is truth
        if answer == "cannot-say":
            self.open += 1
        elif not clear:
            self.unclear += 1
            self.unclear_wrong += not right
        else:
            name = f"{answer}_{'right' if right else 'wrong'}"
            setattr(self, name, getattr(self, name) + 1)
            return not right
        return False


@dataclass
class Grades:
    """What came out: counts by kind, every wrong answer and every contradiction in words, and what pasting gave."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    pasted: Pasted = field(default_factory=Pasted)

    def of(self, kind: str) -> Tally:
        """The counts of a kind."""
        return self.tallies.setdefault(kind, Tally())

    def share_right(self, answer: Answer) -> float:
        """The share of yes or of no that is right, over all kinds; 1 where there is none."""
        right = sum(getattr(tally, f"{answer}_right") for tally in self.tallies.values())
        wrong = sum(getattr(tally, f"{answer}_wrong") for tally in self.tallies.values())
        return right / (right + wrong) if right + wrong else 1.0

    @property
    def passed(self) -> bool:
        """Whether everything is as it has to be."""
        right = min(self.share_right("yes"), self.share_right("no")) >= RIGHT
        return right and not self.contradictions and not self.pasted.faults


def grade(number: int, grades: Grades) -> None:
    """Make one study, grade its answers, compare its surfaces, and paste its commands."""
    made = make_study(number)
    kind = f"{made.source}: {made.kind}"
    tally = grades.of(kind)
    tally.n += 1
    with _folder(), _figures(number % FIGURES_EVERY == 0):
        written = write_study(made, Path())
        result = _result(made, written)
        store = None if made.kind == "no predictions" else Path(STORE)
        faults = contradictions(result, store)
        texts = [printed(ending_of(result), "verbose"), printed(ending_of(result))]
        pages: list[str] = []
        if store is not None:
            texts.append(printed(judge_output(judge(store)), "verbose"))
            pages.append((store / "report" / "report.html").read_text("utf-8"))
        commands = printed_commands(result.headline, texts, pages)
        many, wrong = paste_all(commands, Path(), kind, number, grades.pasted)
    tally.pasted += many
    tally.pasted_wrong += wrong
    tally.contradictions += len(faults)
    grades.contradictions += [f"{number} ({kind}): {fault}" for fault in faults]
    grades.mistakes += [
        f"{number} ({kind}): {mistake}\n    {made}" for mistake in _mistakes(made, written, result, grades)
    ]


def _result(made: Made, written: Written) -> CheckResult | RunResult:
    """What the verb gives."""
    if made.source == "predictions":
        out = None if made.kind == "no predictions" else STORE
        files = f"[{', '.join(written.predictions)}]"
        other = f"{{model.variant: other, model.predictions: {files}}}"
        two = {"variants": f"{{other: {other}}}", "model.variant": "mine"}
        settings = two if made.kind == "two variants" else {}
        stated = _stated(made, written)
        return check("data", predictions=written.predictions, out=out, limits=False, settings=settings, stated=stated)
    settings = {"variants": "{}"}
    executor = "processes" if made.kind == "lost" else "serial"
    return run(
        "data",
        model=written.model,
        seeds=made.seeds,
        settings=settings,
        out=STORE,
        executor=executor,
        watcher=SilentWatcher(),  # studies of which every run fails are graded, too
    )


def _stated(made: Made, written: Written) -> float | None:
    if not made.stated:
        return None
    low, high = min(written.scores), max(written.scores)
    mean = sum(written.scores) / len(written.scores)
    chosen = {"a run": written.scores[0], "the mean": mean}
    return round(chosen.get(made.stated, high + 0.1 if high < 0.9 else low - 0.1), 4)


def _mistakes(made: Made, written: Written, result: CheckResult | RunResult, grades: Grades) -> Iterator[str]:
    """Grade the answers of a study by its truth."""
    headline, score = result.headline, result.headline.score
    kind = f"{made.source}: {made.kind}"
    if made.kind != "no predictions":
        population = "new-examples" if score is None else score.population
        difference, error = true_difference(made, population)
        clear = abs(difference - DEFAULT_MARGIN) >= CLEAR * error
        if grades.of(kind).count(headline.real.answer, difference >= DEFAULT_MARGIN, clear):
            yield f"Real? {headline.real.words}"
    if made.shifted is not None:
        loss, error = true_loss(made)
        clear = abs(loss + DEFAULT_MARGIN) >= CLEAR * error
        if grades.of(f"{kind} (Holds?)").count(headline.holds.answer, loss >= -DEFAULT_MARGIN, clear):
            yield f"Holds? {headline.holds.words}"
    if headline.stated is not None:
        stated, mean = _stated(made, written), sum(written.scores) / len(written.scores)
        digits = len(repr(stated).partition(".")[2])
        is_mean = stated is not None and abs(stated - mean) <= 0.5 * 10.0**-digits + 1e-9
        if grades.of("stated scores").count(headline.stated.answer, is_mean, True):
            yield f"Stated {headline.stated.words}"


@contextlib.contextmanager
def _folder() -> Generator[None]:
    """A folder that is thrown away, as the working directory: commands name what lies there."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="made-") as scratch:
        os.chdir(scratch)
        try:
            yield
        finally:
            os.chdir(before)


@contextlib.contextmanager
def _figures(drawn: bool) -> Generator[None]:
    """Pages with figures, or with empty ones."""
    if drawn:
        yield
        return
    with mock.patch("brittlestar.reports.render.svg", return_value="<svg ></svg>"):
        yield


def grade_studies(numbers: Iterable[int], show: bool = False, pastes: int = 2) -> Grades:
    """Grade several studies; like commands of a kind are pasted up to `pastes` times."""
    grades = Grades(pasted=Pasted(limit=pastes))
    for done, number in enumerate(numbers, start=1):
        try:
            grade(number, grades)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            sentence = f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
            grades.contradictions.append(f"{number} ({make_study(number).source}): raised {sentence}")
        if show and done % 10 == 0:
            wrong = f"{len(grades.mistakes)} wrong, {len(grades.contradictions)} contradictions"
            print(f"{done}: {wrong}, {len(grades.pasted.faults)} commands at fault", file=sys.stderr, flush=True)
    return grades


def table_text(grades: Grades) -> str:
    """The counts by kind, and their sums."""
    names = [one.name for one in fields(Tally)]
    total = Tally(**{name: sum(getattr(tally, name) for tally in grades.tallies.values()) for name in names})
    rows = [*sorted(grades.tallies.items()), ("all", total)]
    wide = max(len(kind) for kind, _ in rows)
    lines = [" ".join(["kind".ljust(wide), *names])]
    for kind, one in rows:
        lines.append(" ".join([kind.ljust(wide), *(str(getattr(one, name)).rjust(len(name)) for name in names)]))
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """The command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.headline.grading")
    parser.add_argument("studies", type=int, help="how many")
    parser.add_argument("--start", type=int, default=0, help="the number of the first")
    options = parser.parse_args(arguments)
    grades = grade_studies(range(options.start, options.start + options.studies), show=True)
    print(table_text(grades))
    for answer in ("yes", "no"):
        print(f"{100 * grades.share_right(answer):.1f} % of {answer} are right where the truth is clear")
    for title, lines in (
        ("wrong answers", grades.mistakes),
        ("contradictions", grades.contradictions),
        ("commands at fault", grades.pasted.faults),
    ):
        print(f"\n{title}: {len(lines)}", *lines, sep="\n")
    return 0 if grades.passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
