"""`diagnose`: names the cause of what is wrong with main, and confirms it by changing one thing."""

from collections.abc import Sequence
from pathlib import Path

from brittlestar.core.errors import InputError
from brittlestar.execution.executors import ExecutorName, Workers
from brittlestar.execution.jobs import Watcher
from brittlestar.execution.progress import make_watcher
from brittlestar.pipeline.diagnose_result import DiagnoseResult
from brittlestar.pipeline.experiments import diagnose_study
from brittlestar.pipeline.run_options import RunOptions, make_run_options
from brittlestar.store.layout import open_store

SEEDS = 5  # as many as a verdict on a method needs


def diagnose(
    study: str | Path,
    *,
    budget: float | None = None,
    only: Sequence[str] = (),
    seeds: int = SEEDS,
    jobs: int | None = None,
    executor: ExecutorName = "processes",
    address: str | None = None,
    watcher: Watcher | None = None,
    progress: bool = True,
) -> DiagnoseResult:
    """Find the cause of a poor result, and confirm it.

    Needs a study with finished runs, or curves. Without `budget` it reads what was seen while main trained, its scores
    and its answers to probes, trains nothing, and says what experiments would take.

    With `budget` it changes one setting at a time, trains main with each change and unchanged on fresh
    seeds, and says which change removes the symptom. Holm's correction is for all changes together. These runs are kept
    in NAME-diagnosis.study beside the study; the same call goes on where it stopped. Of models that train themselves it
    changes the parameters that they declare (lr, epochs, dropout, hidden, …).

    Then it repeats main's first run on a few rows, with one thing changed at a time, and compares every weight and
    answer, bit by bit. A setting whose other value changes nothing, in the whole training neither, does nothing. What
    changes the run under another hash seed, with more threads, in another folder or time zone, or with rows in another
    order, is an influence that nobody states.

    Args:
        study ([STUDY]): A study's folder.
        budget (TIME): Train experiments, and start none after this: 10m. Default: train nothing. In Python in seconds.
        only (CODE,…): These findings or families alone: train.overfit,eval.
        seeds (N): Fresh seeds of each experiment; fewer than five confirm nothing. Default: 5.
        jobs: As in `run`.
        executor: As in `run`.
        address: As in `run`.
        watcher: In Python: is told what happens while it happens, instead of people.
        progress: In Python: tell people on standard error how far it is, or not.

    Returns:
        The causes, ranked, with `confirmed_by` where an experiment confirms one; the experiments; what was not seen;
        and what was `traced`: each thing that was changed alone, and whether that changed anything. The study keeps
        them, and its report is written anew with them.

    Raises:
        InputError: The study or an option cannot be used.
        StoreError: The study is busy or damaged, or cannot be written.

    Command:
        With --history it reads learning curves made elsewhere: columns such as epoch, train_loss, val_loss,
        val_accuracy and seed. Runs that differ in the seed alone stand in one file, told apart by that column.

        Examples:
          brittlestar diagnose demo/data.study
          brittlestar diagnose demo/data.study --budget 10m
          brittlestar diagnose demo/data.study --budget 10m --only train.overfit
          brittlestar diagnose demo/data.study --budget 10m --only report
          brittlestar diagnose --history curves.csv

        Exit codes: 0 done; 1 a run of an experiment failed; 2 wrong usage, or a study or a log that cannot be read.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import diagnose
        >>> found = diagnose("data.study")
        >>> {one.status for one in found.causes} <= {"present"}
        True
    """
    if budget is not None and budget <= 0:
        raise InputError("is no time to train in", "--budget", "write a number of seconds, or 10m")
    if seeds < 2:
        raise InputError("one seed tells no difference from chance", "--seeds", f"{SEEDS} confirm a cause")
    workers = Workers(executor, jobs, address=address)

    def order(seconds: float) -> RunOptions:
        return make_run_options(workers, budget=seconds, watcher=watcher, progress=progress)

    return diagnose_study(open_store(study), only, seeds, budget, jobs, watcher or make_watcher(progress), order)
