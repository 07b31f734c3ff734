"""`run`: from data to a report, doing only what is missing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, overload

from brittlestar.core.errors import InputError
from brittlestar.execution.executors import ExecutorName, Workers
from brittlestar.execution.jobs import Watcher
from brittlestar.models.naming import name_model
from brittlestar.pipeline.plan_cost import plan_study
from brittlestar.pipeline.request import make_request
from brittlestar.pipeline.run import RunResult as RunResult
from brittlestar.pipeline.run import run_study
from brittlestar.pipeline.run_options import make_run_options


@overload
def run(
    data: str | Path | Mapping[str, Any],
    *,
    model: Any = None,
    predictions: Any = (),
    predictions_columns: Mapping[str, str] | None = None,
    abstain: str | None = None,
    out: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    slices: str | Sequence[str] | None = None,
    metric: str | Callable[..., Any] | None = None,
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
    dry_run: Literal[False] = False,
    name: str | None = None,
    watcher: Watcher | None = None,
    progress: bool = True,
) -> RunResult: ...
@overload
def run(
    data: str | Path | Mapping[str, Any],
    *,
    model: Any = None,
    predictions: Any = (),
    predictions_columns: Mapping[str, str] | None = None,
    abstain: str | None = None,
    out: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    slices: str | Sequence[str] | None = None,
    metric: str | Callable[..., Any] | None = None,
    settings: Mapping[str, str] | None = None,
    seeds: int | None = None,
    jobs: int | None = None,
    executor: ExecutorName = "processes",
    address: str | None = None,
    settle: str | None = None,
    name: str | None = None,
    dry_run: Literal[True],
) -> dict[str, Any]: ...
def run(
    data: str | Path | Mapping[str, Any],
    *,
    model: Any = None,
    predictions: Any = (),
    predictions_columns: Mapping[str, str] | None = None,
    abstain: str | None = None,
    out: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
    slices: str | Sequence[str] | None = None,
    metric: str | Callable[..., Any] | None = None,
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
    dry_run: bool = False,
    name: str | None = None,
    watcher: Watcher | None = None,
    progress: bool = True,
) -> RunResult | dict[str, Any]:
    """Train over several seeds, test, and write a report.

    Needs a folder of splits, a study file, or a study's folder, and PyTorch unless predictions are given. Without
    `model` or `predictions` it trains a built-in reference. A finished run is never done again: the same call goes on
    where it stopped.

    A predictions file has the columns id,split,variant,seed,prediction and, where you have them, p_CLASS for every
    class; id and prediction suffice. Its seeds are its own, so `predictions` take no `seeds`. A study file with claims
    and no number of seeds gets 5, then 10, 20 and 40 for the claims that are open.

    Args:
        data (DATA|STUDY.yaml|STUDY): A folder of splits, a study file, or a study's folder to go on with. In Python
            also splits in memory: a mapping from split names to pandas, Polars or Arrow frames, Hugging Face datasets
            (or a `DatasetDict`), pairs (sequences, labels), lists of dicts, or dicts of columns. With more `seeds` a
            study grows; with other `settings` the changed study goes into a folder of its own. Beside a study, `model`
            may only be the object of the session that set it up.
        model (PACKAGE.MODULE:NAME): Your model: a function or an estimator. A function is (info) -> nn.Module, or
            (train, dev, seed); an estimator is one of scikit-learn. In Python also the class, function or estimator
            itself. What processes cannot import (of a notebook, a closure, an estimator with its parameters) is copied
            to them by cloudpickle, or trained in this process without it; `notes` of the result say which.
        predictions: As in `check`.
        predictions_columns: As in `check`.
        abstain: As in `check`.
        out (DIR): The study's folder. Default: ./NAME.study
        columns: As in `audit`.
        slices: As in `check`.
        metric: As in `check`.
        settings: As in `audit`.
        seeds (N>=1): Use seeds 0 … N-1. Default: 5.
        budget (TIME): Stop in time: 90s, 20m, 2h. Cheapest open question first. In Python in seconds.
        jobs (N>=1): Runs at once, at most. Default: one per core. Of a cluster it is one per processor; on a GPU at
            most `execution.cells_per_gpu`.
        timeout (TIME): A single run that takes longer fails. In Python in seconds.
        cell (HASH): This run alone; again if failed or damaged.
        executor (processes|serial|ray): How runs are carried out: by processes here, in one process, or by nodes of a
            Ray cluster, which have the same versions and need not see the study's folder.
        address (auto|HOST:PORT): The Ray cluster. Default: that of RAY_ADDRESS, else one on this machine for this
            command alone.
        mix_environments: Go on with runs of another environment.
        settle (no|claim|relation): Add seeds until the claims are decided. `claim`: until each has its verdict;
            `relation`: its relation, too. Default: claim for a study file with claims and no number of seeds, else no.
        anytime: Judge claims after every seed. Their intervals allow for it.
        stated: In Python: a score that somebody reports of main, as a fraction: the headline answers it first.
        limits: In Python: also measure what the audit would have seen (up to 20,000 rows).
        report: Write the report now. Without it nothing is drawn, and `brittlestar report` writes it later.
        dry_run: Say what a run would do (runs, time, disk), and train nothing.
        name: In Python: the study's name, where `data` is in memory.
        watcher: In Python: is told what happens while it happens, instead of people.
        progress: In Python: tell people on standard error how far it is: a line that is rewritten, or replaced in a
            notebook.

    Returns:
        The document of `results.json`, the headline, the verdicts, and the study's folder; shown as text it is the
        headline. A run that fails is reported there, and raised only where none is done. A finished run is never done
        again.
        With `dry_run` it is the document of what a run would do, plain JSON values: `cells` (runs), `done`,
        `variants`, `disk_bytes` (without the weights of variants that are `weights_unknown`: none of their runs is
        finished), and `worst`, what more seeds for open claims may come to. `seconds_per_cell` is what the `timed`
        finished runs took, least and most, and `seconds` what the others take by that; None where a variant that is
        open has no finished run. Of a study for cuda, `cells_per_gpu` is how many runs share a GPU (else None). A run
        that two variants share counts for each of them, and costs once.

    Raises:
        RunError: No run is done, and some failed: what they raised, and where. A `watcher` is told instead.
        KeyboardInterrupt: It was interrupted; what is done is kept, and the same call goes on from there.
        InputError: The data, the study file, the model or an option cannot be used, with every mistake.
        StoreError: The study is busy or damaged, or cannot be written.

    Command:
        Prints the score of main beside the best trivial baseline, then the answers: Real? Holds? Sound? Fair? It says
        which finding to act on first, and which runs failed. The report is NAME.study/report/report.html.

        With --share K/N only the runs whose turn it is are trained, by their hashes: N jobs of a cluster may work on
        one store at once, or on stores of their own, whose folders `cells` and `derived` are copied into one. The run
        without --share then finds nothing to train, checks what was copied, judges and reports.

        With --dry-run it says how many runs there are (variants × seeds), how many are done and what they took, how
        long the others take by that, and the disk they need. Before the first run is finished no time can be told.

        Examples:
          brittlestar run demo/data --seeds 3
          brittlestar run demo/data --model my_code:build --out demo/mine.study
          brittlestar run demo/data --preds seed0.csv --out demo/given.study
          brittlestar run demo/study.yaml --dry-run
          brittlestar run demo/study.yaml --budget 2h --json
          brittlestar run demo/study.yaml --share 3/16

        Exit codes: 0 done; 1 a run failed or was lost, or the run was stopped; 2 wrong usage, or data, study file or
        model that cannot be read.

    Example:
        >>> from brittlestar import generate, run
        >>> _ = generate("data", sizes="60/20/20")
        >>> result = run("data", seeds=2, settings={"training.epochs": "1"}, executor="serial")
        >>> result.exit_code, sorted(result.document["variants"])
        (0, ['bag', 'main'])
        >>> result.headline.real.answer in ("yes", "no", "cannot-say")
        True
        >>> run("data.study", seeds=3, dry_run=True)["cells"]
        6
    """
    named, workers = name_model(model), Workers(executor, jobs, timeout, address)
    request = make_request(
        data, named, predictions, columns, settings, predictions_columns, out, name, seeds, abstain, slices, metric
    )
    if dry_run:
        unread = {"--budget": budget, "--timeout": timeout, "--cell": cell, "--mix-environments": mix_environments}
        unread |= {"--anytime": anytime, "stated": stated, "limits": limits}
        if given := [option for option, value in unread.items() if value not in (None, False)]:
            raise InputError(f"--dry-run and {', '.join(given)} exclude each other", "", "leave one of them out")
        return plan_study(request, workers, settle)
    order = make_run_options(workers, named, budget, watcher, progress)
    order = replace(
        order, only=cell, mix=mix_environments, settle=settle, anytime=anytime, stated=stated, limits=limits
    )
    result = run_study(request, order, report)
    if watcher is None:
        result.refuse_failed()
    return result
