"""`compare RECORD REPORTED --does-it-matter`: the configuration that a report describes, run and judged."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from brittlestar.core.errors import InputError, Problem
from brittlestar.execution.executors import ExecutorName, Workers
from brittlestar.execution.jobs import Watcher
from brittlestar.models.naming import NamedModel
from brittlestar.pipeline.order import make_order
from brittlestar.pipeline.request import Request
from brittlestar.pipeline.run import run_study
from brittlestar.records.opened_study import OpenedRecord, OpenedStudy, open_study
from brittlestar.records.reported.applying import AsReported, apply_reported
from brittlestar.records.reported.effect import find_effect
from brittlestar.records.rerunning import ALONE, RERUN
from brittlestar.records.verify.replicating import VerdictAgain, compare_answers
from brittlestar.reports.comparison import ScorePair
from brittlestar.reports.document import SCHEMA_VERSION
from brittlestar.reports.export_tables import Tables, list_rows
from brittlestar.reports.showing import Shown
from brittlestar.store.address import name_place
from brittlestar.verbs.compare import compare
from brittlestar.verbs.reported import ReportedResult, compare_reported

Matters = Literal["yes", "no", "cannot-say"]
AGAIN = "as reported"
MATTERS: Mapping[Matters, str] = {
    "yes": "a verdict is another one with the settings as reported.",
    "no": "every verdict is the same with the settings as reported.",
    "cannot-say": "verdicts are open, with the settings as they were or as reported.",
}
NOTHING_RAN = "nothing that can be run is stated otherwise or left out, so nothing was run."


@dataclass(frozen=True, repr=False)
class ReportedRun(Shown):
    """A study that was run as a report describes it: what the report states (`reported`), what was run for it
    (`configuration`), each verdict of the study beside the one as reported (`verdicts`), the score of main beside the
    one as reported (None where they cannot be compared), and the `study` that was made (None where the report states
    what was run)."""

    reported: ReportedResult
    configuration: AsReported
    verdicts: tuple[VerdictAgain, ...] = ()
    score: ScorePair | None = None
    study: str | None = None

    @property
    def matters(self) -> Matters:
        """Whether a verdict comes out otherwise as reported: `cannot-say` where none does, and one is open."""
        if any(one.outcome == "differs" for one in self.verdicts):
            return "yes"
        return "cannot-say" if any(one.is_open for one in self.verdicts) else "no"

    @property
    def answer(self) -> str:
        """The same in words."""
        words = MATTERS[self.matters] if self.study is not None else NOTHING_RAN
        return f"{self.matters.replace('-', ' ').capitalize()}: {words}"

    @property
    def _lines(self) -> list[tuple[str, str]]:
        verdicts = [("", one.words) for one in self.verdicts]
        return [("Matters?", self.answer), *verdicts, ("As run?", f"{self.reported.answer}.")]

    @property
    def _tables(self) -> Tables:
        rows = ((one.what, one.before, one.after, one.outcome) for one in self.verdicts)
        return {"verdicts": list_rows(("what", "before", "after", "outcome"), rows)}

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb: that of the comparison, with what was run."""
        return {
            **self.reported.document,
            "schema_version": SCHEMA_VERSION,
            "matters": self.matters,
            "ran": {
                "study": self.study,
                "settings": dict(self.configuration.settings),
                "kept": list(self.configuration.kept),
                "verdicts": [one.as_json() for one in self.verdicts],
                "score": None if self.score is None else self.score.as_json(),
            },
        }


def run_reported(
    study: str | Path,
    reported: str | Path | Mapping[str, Any],
    *,
    out: str | Path | None = None,
    seeds: int | None = None,
    jobs: int | None = None,
    trust_code: bool = False,
    executor: ExecutorName = "processes",
    watcher: Watcher | None = None,
) -> ReportedRun:
    """Run the configuration that a report states, and judge whether that makes a difference.

    It is what a reader would run who has the report alone. Misstated settings are run as stated, settings that were
    chosen and left out as they are by default. Everything else is as it was: data, variants, claims and seeds. Probes
    and own checks do not run.

    Args:
        study: In Python: a study's folder, or a record of it that was sealed with data.
        reported: In Python: what `compare_reported` takes.
        out (DIR): Where it goes. Default: NAME.reported.study.
        seeds (N>=1): Seeds to run it with. Default: those of the study.
        jobs: In Python: how many runs go on at once at most.
        trust_code: Run own models of a record's author.
        executor: In Python: as in `run`.
        watcher: In Python: is told what happens while it happens, instead of people.

    Returns:
        Whether a verdict comes out otherwise (`matters`), with each verdict and the score of main beside its own.

    Raises:
        InputError: As `compare_reported`; or the data cannot be read again, or the report states what cannot be run.
        StoreError: The new study cannot be written.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import run_reported
        >>> done = run_reported("data.study", {"epochs": 2, "lr": 0.001}, executor="serial")
        >>> done.configuration.settings["training.epochs"], done.matters in ("yes", "no", "cannot-say")
        (2, True)
    """
    found = compare_reported(study, reported)
    with open_study(study) as opened:
        configuration = apply_reported(find_effect(opened.record, opened.declared), found.fields)
        if not configuration.settings:
            return ReportedRun(found, configuration)
        name = name_place(opened.path).removesuffix(".zip").removesuffix(".record").removesuffix(".study")
        place = Path(out) if out is not None else Path(f"{name}.reported.study")
        if place.resolve() == Path(str(opened.path)).resolve():
            raise InputError("this is the study that the report is of", "--out", "name another folder")
        settings = {**ALONE, **configuration.overrides, "name": json.dumps(place.name.removesuffix(".study"))}
        settings |= {} if seeds is None else {"seeds": json.dumps(list(range(seeds)))}
        data = _find_source(opened, trust_code)
        try:
            order = make_order(NamedModel(), Workers(executor, jobs), settle="no", watcher=watcher, progress=False)
            done = run_study(Request(data, settings=settings, out=place), order)
        except InputError as error:
            raise InputError([_place_problem(one, found) for one in error.problems]) from error
        verdicts = tuple(compare_answers(opened.assessment.reading, done, AGAIN))
    scores = compare(study, place).scores
    main = next((one for one in scores if one.variants[0] == done.record.main), None)
    return ReportedRun(found, configuration, verdicts, main, str(place))


def _place_problem(problem: Problem, found: ReportedResult) -> Problem:
    """A setting that cannot be run is named by where the report states it."""
    path = problem.where.removeprefix("--set").strip()
    stated = next((one for one in found.fields if path and one.name == path), None)
    if stated is None or not problem.where.startswith("--set"):
        return problem
    return replace(problem, where=f"{found.reported}{f':{stated.line}' if stated.line else ''}")


def _find_source(opened: OpenedStudy, trusted: bool) -> Path:
    """What `run` reads. Raises InputError where a record has no study file, or code that nobody trusts."""
    if not isinstance(opened, OpenedRecord):
        return Path(str(opened.path))
    _ = opened.unpacked.opened  # refuses what names files elsewhere
    if not trusted and any(one.own for one in opened.record.variants.values()):
        raise InputError("own code of a record is run only with --trust-code", str(opened.path), "read code/ first")
    return opened.unpacked.folder / RERUN
