"""`run`: from data to a report, doing only what is missing."""

import shlex
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.standing import refuse_stated
from brittlestar.core.findings import Finding
from brittlestar.core.headline import Headline
from brittlestar.core.results import StudyRecord
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Watcher
from brittlestar.execution.progress import end_progress, make_watcher
from brittlestar.models.naming import name_model
from brittlestar.reports.export_tables import Tables, list_findings, list_scores
from brittlestar.reports.figures.frame import Figure
from brittlestar.reports.headline_text import fill_headline, headline_lines
from brittlestar.reports.showing import Shown, main_figure, show_page
from brittlestar.store.address import Place
from brittlestar.store.layout import PAGE, Store
from brittlestar.store.stored_predictions import read_predictions_table, write_index
from brittlestar.store.study_document import keep_stated
from brittlestar.verbs import more_seeds
from brittlestar.verbs.assessing import Assessment, assess_study
from brittlestar.verbs.beginning import Request, begin
from brittlestar.verbs.executors import ExecutorName, closing_executor, order_executor
from brittlestar.verbs.gpu_places import place_on_gpus
from brittlestar.verbs.preparing import Prepared
from brittlestar.verbs.report import build_report, show_document
from brittlestar.verbs.stages import Order, Trained, train_cells

MOST_PROBLEMS = 3  # a screen that a person reads


@dataclass(frozen=True, repr=False)
class RunResult(Shown):
    """What `run` leaves: the document of the contract, all that is said of the study, where the store is, and why it
    ended early.

    `stopped` says that a signal ended it; `unscored` are finished runs that could not be scored on an added split, and
    files of the report that could not be made; `only` is the start of the hash of the single run that was asked for,
    None for all; `told` is what there is to say of how it ran.
    Shown as text or in a notebook it is the headline.
    """

    document: Mapping[str, Any]
    assessment: Assessment
    store: Place
    ended_early: str | None
    stopped: bool = False
    unscored: tuple[str, ...] = ()
    only: str | None = None
    told: tuple[str, ...] = ()

    @property
    def record(self) -> StudyRecord:
        """The study as it stands."""
        return self.assessment.record

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth knowing of data and models, and of how this run was carried out."""
        of_runs = (f"{cell.variant}: {note}" for cell in self.record.cells for note in cell.notes)
        return (*self.record.notes, *dict.fromkeys(of_runs), *self.told)

    @property
    def headline(self) -> Headline:
        """The answers, with commands that can be pasted here."""
        return fill_headline(self.assessment.headline, shlex.quote(str(self.store)))

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """The verdicts on the study's claims."""
        return self.assessment.judgements

    @property
    def problems(self) -> tuple[str, ...]:
        """Runs that failed or were lost, each with what it raised and where, and those that could not be scored."""
        gone = (cell for cell in self.record.cells if cell.state in ("failed", "lost"))
        told = (f"{cell.variant}, seed {cell.seed} {cell.state}: {cell.error or 'no reason is known'}" for cell in gone)
        return (*told, *self.unscored)

    def __fspath__(self) -> str:
        """The study's folder or address: a result is given wherever a study is."""
        return str(self.store)

    @property
    def _lines(self) -> list[tuple[str, str]]:
        shown, more = self.problems[:MOST_PROBLEMS], len(self.problems) - MOST_PROBLEMS
        failed = [("Failed", one) for one in shown] + ([("", f"and {more} more: .problems")] if more > 0 else [])
        return [*headline_lines(self.headline), *failed]

    @property
    def _figure(self) -> Figure | None:
        return main_figure(self.assessment.reading)

    @property
    def _found(self) -> tuple[Finding, ...]:
        return self.assessment.reading.findings

    def show(self) -> Path:
        """Open the study's report in a browser, and return where it lies. One that was not written is written."""
        store = Store(self.store)
        if not store.backend.exists(PAGE):
            build_report(store, self.assessment)
        return show_page(store.page, "report")

    open = show

    @property
    def _tables(self) -> Tables:
        store, splits = Store(self.store), tuple(self.record.splits)
        return {
            "scores": list_scores(self.record),
            "findings": list_findings(self._found),
            "predictions": lambda: read_predictions_table(store, self.record, splits).frame,
        }

    @property
    def exit_code(self) -> int:
        """0, or 1 when a run (of `only`: that one) failed, was lost or not scored, or a signal stopped it."""
        asked = [cell for cell in self.record.cells if self.only is None or cell.hash.startswith(self.only)]
        bad = any(cell.state in ("failed", "lost") for cell in asked)
        return 1 if bad or self.stopped or self.unscored else 0


def run(
    data: str | Path | Mapping[str, Any],
    *,
    model: Any = None,
    predictions: Any = (),
    predictions_columns: Mapping[str, str] | None = None,
    out: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    seeds: int | None = None,
    budget: float | None = None,
    jobs: int | None = None,
    timeout: float | None = None,
    cell: str | None = None,
    executor: ExecutorName = "processes",
    address: str | None = None,
    mix_environments: bool = False,
    settle: str | None = None,
    anytime: bool = False,
    stated: float | None = None,
    limits: bool = False,
    report: bool = True,
    name: str | None = None,
    watcher: Watcher | None = None,
    progress: bool = True,
) -> RunResult:
    """Train what is missing of a study, find what is wrong, and write the report.

    Args:
        data: A folder of splits, a study file, a study's folder, or splits in memory: a mapping from split names to
            pandas, Polars or Arrow frames, Hugging Face datasets (or a `DatasetDict`), pairs (sequences, labels), or
            lists of dicts. A study's folder is finished.
            With more `seeds` it grows; with other `settings` the changed study goes into a folder of its own. Beside
            it, `model` may only be the object of the session that set it up.
        model: A factory, a fit function or a scikit-learn estimator: the class, function or estimator itself, or its
            name `package.module:name`. What processes cannot import (of a notebook, a closure, an estimator with its
            parameters) is copied to them by cloudpickle, or trained in this process without it; `notes` of the result
            say which. Without a model the built-in reference is trained.
        predictions: Given predictions, instead of a model: a file, a frame, a list of dicts, a dict of columns, or an
            array of labels (rows,) or probabilities (rows, classes). A list of them is one for each seed, a dict one
            for each variant or split.
        predictions_columns: Names of their columns by what they mean: `{"prediction": "pred", "id": "uid"}`.
        out: The study's folder; `./NAME.study` without it.
        columns: Names of columns by what they mean: `{"sequence": "text"}`.
        settings: Overrides of any setting by its path, values as YAML text.
        seeds: Use the root seeds 0 to `seeds` - 1. Given predictions have their own.
        budget: Seconds after which no new run starts; the cheapest open question comes first.
        jobs: How many runs go on at once at most; one per core without it, of a cluster one per processor. On a GPU
            there are no more than `execution.cells_per_gpu`, by default one.
        timeout: Seconds after which a single run fails.
        cell: The start of a run's hash: that run alone, again if it failed or is damaged.
        executor: `processes`, `serial` for this process alone, or `ray` for the nodes of a Ray cluster, which all see
            the study's folder and have the same versions.
        address: HOST:PORT of the Ray cluster, or `auto` for the one that this machine belongs to. Without it that of
            the variable `RAY_ADDRESS`, else one on this machine that lives as long as the call.
        mix_environments: Go on although finished runs come from another environment.
        settle: How long to add seeds to open claims, at their looks: until each has its verdict (`claim`), its relation
            too (`relation`), or not at all (`no`). None is `claim` for a study file with claims and no number of seeds,
            else `no`.
        anytime: Register the claims with a look after every seed, and intervals that allow for it.
        stated: A score that somebody reports of main, as a fraction: the headline answers it first.
        limits: Also measure what the audit would have seen (up to 20,000 rows).
        report: Write the report; without it nothing is drawn, and `report` writes it later.
        name: The study's name, where `data` is in memory.
        watcher: Is told what happens while it happens, instead of people.
        progress: Tell people on standard error how far it is: a line that is rewritten, or replaced in a notebook.

    Returns:
        The document of `results.json`, the headline, the verdicts, and the study's folder; shown as text it is the
        headline. A run that fails is reported there, not raised. A finished run is never done again.

    Raises:
        KeyboardInterrupt: It was interrupted; what is done is kept, and the same call goes on from there.
        InputError: The data, the study file, the model or an option cannot be used, with every mistake.
        StoreError: The study is busy or damaged, or cannot be written.

    Example:
        >>> from brittlestar import generate, run
        >>> _ = generate("data", sizes="60/20/20")
        >>> result = run("data", seeds=2, settings={"training.epochs": "1"}, executor="serial")
        >>> result.exit_code, sorted(result.document["variants"])
        (0, ['bag', 'main'])
        >>> result.headline.real.answer in ("yes", "no", "cannot-say")
        True
    """
    named = name_model(model)
    runner, told = order_executor(executor, jobs, timeout, budget, named, address)
    deadline = None if budget is None else time.monotonic() + budget
    order = Order(
        runner,
        watcher or make_watcher(progress),
        Interruption(),
        deadline,
        cell,
        mix_environments,
        settle,
        anytime,
        stated,
        limits,
        told,
    )
    overrides = dict(settings or {}) | ({} if seeds is None else {"seeds": str(seeds)})
    request = Request(data, named, predictions, predictions_columns, columns, overrides, out, name)
    with closing_executor(runner), begin(request, order) as begun:
        order = replace(order, executor=place_on_gpus(order.executor, begun.workplace, begun.cells))
        done = train_cells(begun.workplace, begun.everything, begun.cells, order)
        prepared = begun.prepared
        while prepared is not None and done.ended is None:
            prepared = _more(prepared, done, begun.goal, order)
            if prepared is not None:
                begun.describe(prepared)
                done = train_cells(begun.workplace, prepared.cells, prepared.cells, order)
        result = _assess_run(begun.workplace.store, done, order, report)
    if result.stopped and watcher is None:
        raise KeyboardInterrupt(f"{result.ended_early}; what is done is kept, and the same call goes on from there")
    return result


def _more(prepared: Prepared, done: Trained, goal: more_seeds.Settle, order: Order) -> Prepared | None:
    """The study with the seeds that its open claims need, told to the watcher; None where nothing is open."""
    planned = Counter(cell.variant for cell in prepared.trainable)
    wanted = more_seeds.wanted_seeds(done.judgements, planned, goal)
    if not wanted:
        return None
    open_ = sum(more_seeds.is_open(one, goal) for one in done.judgements)
    arms = ", ".join(f"{arm} {planned[arm]} to {many} seeds" for arm, many in wanted.items())
    order.watcher.on_message(f"{open_} of {len(done.judgements)} claims are open: {arms}")
    return more_seeds.with_seeds(prepared, wanted)


def _assess_run(store: Store, done: Trained, order: Order, report: bool) -> RunResult:
    end_progress(order.watcher)
    write_index(store, done.record)
    if order.stated is not None:
        refuse_stated(order.stated, done.record.metric)
        keep_stated(store, order.stated)
    assessment = assess_study(store, done.record, answers=done.answers, judgements=done.judgements, stated=order.stated)
    document = build_report(store, assessment) if report else show_document(store, assessment)
    reason, stopped = (None, False) if done.ended is None else (done.ended.reason, done.ended.stopped)
    unscored = (*done.problems, *document.faults)
    return RunResult(document, assessment, store.root, reason, stopped, unscored, order.only, order.told)
