"""`compare RECORD REPORTED --does-it-matter`: the configuration that a report describes, run and judged."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.execution.executors import ExecutorName, Workers
from brittlestar.execution.jobs import Watcher
from brittlestar.pipeline.request import Request
from brittlestar.pipeline.run import run_study
from brittlestar.pipeline.run_options import make_run_options
from brittlestar.records.opened_study import open_study
from brittlestar.records.reported_run import AGAIN, apply_reported, find_source, judge_stated
from brittlestar.records.reported_run import ReportedRun as ReportedRun
from brittlestar.records.rerunning import ALONE
from brittlestar.records.verify.replicating import compare_answers
from brittlestar.verbs.compare import compare
from brittlestar.verbs.reported import compare_reported


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
    and own checks do not run. Claims of which a score is stated otherwise are judged on what is stated, too.

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
        >>> done = run_reported("data.study", {"training.epochs": 2}, executor="serial")
        >>> done.configuration.settings["training.epochs"], done.matters in ("yes", "no", "cannot-say")
        (2, True)
    """
    found = compare_reported(study, reported)
    with open_study(study) as opened:
        configuration = apply_reported(opened.effect, found.fields)
        stated = tuple(judge_stated(opened.reading, found.scores))
        if not configuration.settings:
            return ReportedRun(found, configuration, stated)
        name = opened.path.resolve().name.removesuffix(".zip").removesuffix(".record").removesuffix(".study")
        place = Path(out) if out is not None else Path(f"{name}.reported.study")
        if place.resolve() == Path(str(opened.path)).resolve():
            raise InputError("this is the study that the report is of", "--out", "name another folder")
        given = {**configuration.settings, "name": place.name.removesuffix(".study")}
        given |= {} if seeds is None else {"seeds": list(range(seeds))}
        settings = {**ALONE, **{path: json.dumps(value) for path, value in given.items()}}
        data = find_source(opened, trust_code)
        order = make_run_options(Workers(executor, jobs), watcher=watcher, progress=False)
        done = run_study(Request(data, settings=settings, out=place), replace(order, settle="no"))
        verdicts = tuple(compare_answers(opened.reading, done, AGAIN))
    scores = compare(study, place).scores
    main = next((score for score in scores if score.variants[0] == done.record.main), None)
    return ReportedRun(found, configuration, (*stated, *verdicts), main, str(place))
