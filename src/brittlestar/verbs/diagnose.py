"""`diagnose`: names the cause of what is wrong with main, and confirms it by changing one thing."""

import time
from collections.abc import Mapping, Sequence
from math import inf
from pathlib import Path

from brittlestar.core.errors import InputError
from brittlestar.core.experiments import Experiments
from brittlestar.core.seeds import find_fresh
from brittlestar.diagnosis.variant_runs import list_variant_runs
from brittlestar.execution.executors import ExecutorName, Workers
from brittlestar.execution.jobs import Watcher
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.diagnose_result import DiagnoseResult
from brittlestar.pipeline.experiment_plan import SEEDS, choose_findings, make_result, name_beside, plan_experiments
from brittlestar.pipeline.experiments import LEVELS, Train, Tried, measure_sources, try_interventions
from brittlestar.pipeline.hold import hold_store
from brittlestar.pipeline.order import make_order
from brittlestar.pipeline.report import build_report
from brittlestar.pipeline.request import Request
from brittlestar.pipeline.run import RunResult, run_study
from brittlestar.store.address import Place, name_place
from brittlestar.store.kept_document import DIAGNOSIS, read_experiments, write_kept
from brittlestar.store.layout import open_store
from brittlestar.store.study_record import read_record


def diagnose(
    study: str | Path,
    *,
    budget: float | None = None,
    most_runs: int | None = None,
    only: Sequence[str] = (),
    seeds: int = SEEDS,
    jobs: int | None = None,
    executor: ExecutorName = "processes",
    address: str | None = None,
    watcher: Watcher | None = None,
    progress: bool = True,
) -> DiagnoseResult:
    """Name the cause of a poor result, and confirm it.

    Needs a study with finished runs, or curves. Without `budget` it reads what was seen while main trained, its scores
    and its answers to probes, trains nothing, and says what experiments would take.

    With `budget`, or `most_runs`, it changes one setting at a time, trains main with each change and unchanged on fresh
    seeds, and says which change removes the symptom. Holm's correction is for all changes together. These runs are kept
    in NAME-diagnosis.study beside the study; the same call goes on where it stopped. Of models that train themselves it
    changes the parameters that they declare (lr, epochs, dropout, hidden, …). With `only` seed it says whether seeds
    differ by their weights or by the order of batches (NAME-sources.study).

    Args:
        study ([STUDY]): A study's folder.
        budget (TIME): Train experiments, and start none after this: 10m. Default: train nothing. In Python in seconds.
        most_runs (N>=1): Train experiments of at most so many runs, main's included.
        only (CODE,…): These findings or families alone: train.overfit,eval.
        seeds (N): Fresh seeds of each experiment; fewer than five confirm nothing. Default: 5.
        jobs (N>=1): Runs at once, at most. Default: one per core.
        executor (processes|serial|ray): How runs are carried out: by processes here, in one process, or by nodes of a
            Ray cluster.
        address (auto|HOST:PORT): The Ray cluster. Default: that of RAY_ADDRESS, else one on this machine for this
            command alone.
        watcher: In Python: is told what happens while it happens, instead of people.
        progress: In Python: tell people on standard error how far it is, or not.

    Returns:
        The causes, ranked, with `confirmed_by` where an experiment confirms one; the experiments; what was not seen.
        The study keeps the experiments, and its report is written anew with them.

    Raises:
        InputError: The study or an option cannot be used.
        StoreError: The study is busy or damaged, or cannot be written.

    Command:
        With --history it reads learning curves made elsewhere: columns such as epoch, train_loss, val_loss,
        val_accuracy and seed. Runs that differ in the seed alone stand in one file, told apart by that column.

        Examples:
          brittlestar diagnose demo/data.study
          brittlestar diagnose demo/data.study --budget 10m
          brittlestar diagnose demo/data.study --most-runs 20 --only train.overfit
          brittlestar diagnose --history curves.csv

        Exit codes: 0 done; 1 a run of an experiment failed; 2 wrong usage, or a study or a log that cannot be read.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import diagnose
        >>> found = diagnose("data.study")
        >>> {one.status for one in found.causes} <= {"present"}
        True
    """
    store = open_store(study)
    if budget is not None and budget <= 0:
        raise InputError("is no time to train in", "--budget", "write a number of seconds, or 10m")
    if seeds < 2:
        raise InputError("one seed tells no difference from chance", "--seeds", f"{SEEDS} confirm a cause")
    if most_runs is not None and most_runs < 2 * seeds:
        what = f"one experiment takes {2 * seeds} runs: {seeds} seeds of main, changed and unchanged"
        raise InputError(what, "--most-runs", f"allow {2 * seeds}")
    record = read_record(store)
    findings = choose_findings(assess_study(store, record).reading.findings, only)
    variant = next(one for one in list_variant_runs(record) if one.name == record.main)
    plan = plan_experiments(store, record, variant, findings, only)
    kept = read_experiments(store)
    if (budget is None and most_runs is None) or plan.why_none:
        return make_result(store, record, findings, kept, plan, seeds, only)
    fresh = find_fresh(one.seed for one in record.cells)
    budget, runs = (inf if limit is None else limit for limit in (budget, most_runs))
    deadline = time.monotonic() + budget

    def train_in(place: Place) -> Train:
        def train(settings: Mapping[str, str], seconds: float) -> RunResult:
            left, workers = None if seconds == inf else seconds, Workers(executor, jobs, address=address)
            order = make_order(workers, budget=left, watcher=watcher, progress=progress)
            return run_study(Request(str(store.root), settings=settings, out=str(place)), order)

        return train

    found = Tried((), ())
    place = name_beside(store.root, "diagnosis")
    if plan.interventions:
        fresh_seeds = [fresh + k for k in range(seeds)]
        found = try_interventions(plan.interventions, fresh_seeds, kept.tried, train_in(place), budget, runs)
    sources = kept.sources
    levels = [fresh + k for k in range(seeds if seeds > SEEDS else LEVELS)]
    affordable = len(levels) ** 2 <= runs - seeds * (1 + len(found.experiments)) * bool(found.experiments)
    if plan.sources and affordable and not found.stopped and (left := deadline - time.monotonic()) > 0:
        measured = measure_sources(levels, train_in(name_beside(store.root, "sources")), left)
        sources = sources if measured is None else measured.as_json()
    names = {one.name for one in found.experiments}
    tried = (*found.experiments, *(one for one in kept.tried if one.name not in names))
    kept = Experiments(tried, name_place(place), sources)
    with hold_store(store):
        write_kept(store, DIAGNOSIS, kept.as_json())
        assessment = assess_study(store, record)
        build_report(store, assessment)
    findings = choose_findings(assessment.reading.findings, only)
    return make_result(store, record, findings, kept, plan, seeds, only, found.problems)
