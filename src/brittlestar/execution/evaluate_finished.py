"""Finished cells are scored on new splits, and asked about probes, from their weights: nothing is trained again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.execution.interruption import Ended, Interrupted, Interruption
from brittlestar.execution.jobs import Event, Executor, Failed, Finished, Lost, ProbeJob, Run, ScoreJob
from brittlestar.execution.saving import save_end
from brittlestar.store.attempts import append_attempt
from brittlestar.store.cell_folder import read_outcomes
from brittlestar.store.cell_outputs import left_weights
from brittlestar.store.layout import Store, derived_folder, probed_folder
from brittlestar.store.suites import StoredSuite

Tell = Callable[[str, int, int], None]
"""Called with the name of each cell that is done, how many are, and of how many."""


@dataclass
class Rescoring:
    """What came of it: why it ended early (None: it did not), how many cells were scored, what went wrong."""

    ended: Ended | None = None
    scored: int = 0
    problems: list[str] = field(default_factory=list[str])


def score_new_splits(run: Run, cells: Sequence[Cell], executor: Executor, interruption: Interruption) -> Rescoring:
    """Score every finished cell on the splits that it has not seen; the caller holds the lock.

    Models that fitted themselves left no weights and have no scores there. What own code does wrong here leaves the
    cell as it is: it is told in `problems`, and tried again by the next run.
    """
    store, now = run.store, run.fingerprints
    unseen: list[tuple[Cell, list[str], bool]] = []
    for cell, outcome in read_outcomes(store, cells):
        new = [name for name, one in now.items() if outcome["splits"].get(name) != one] if left_weights(outcome) else []
        if new:
            unseen.append((cell, new, outcome["outcome"] == "diverged"))
    keys = {
        (cell.hash, name): derived_folder(store, cell.hash, name, now[name]) for cell, new, _ in unseen for name in new
    }
    there = store.backend.find_placed(keys.values())
    jobs: list[ScoreJob] = []
    for cell, new, diverged in unseen:
        if splits := tuple(name for name in new if keys[cell.hash, name] not in there):
            jobs.append(ScoreJob(run, cell, splits, diverged))
    return carry_out(run, jobs, "scored", executor, interruption)


def carry_out(
    run: Run,
    jobs: Sequence[ScoreJob | ProbeJob],
    done: str,
    executor: Executor,
    interruption: Interruption,
    tell: Tell = lambda name, done, total: None,
) -> Rescoring:
    """Do jobs on finished cells, keep what they give and `tell` of each; `done` is the word for what is done to a
    cell. What goes wrong is written down and told, and the cell stays as it is."""
    result, waiting = Rescoring(), iter(jobs)

    def handle(event: Event) -> None:
        cell = event.job.cell
        if isinstance(event, Finished):
            save_end(event)
            result.scored += 1
            tell(f"{cell.variant} seed {cell.seed}", result.scored, len(jobs))
        elif isinstance(event, Failed) or (isinstance(event, Lost) and event.final):
            reason = event.error if isinstance(event, Failed) else event.reason
            assert isinstance(event.job, ScoreJob | ProbeJob)
            append_attempt(run.store, f"not {done}", cell.hash, splits=list(event.job.splits), reason=reason)
            names = ", ".join(event.job.splits)
            result.problems.append(f"{cell.variant} seed {cell.seed} could not be {done} on {names}: {reason}")

    try:
        executor.run(lambda: next(waiting, None), handle, interruption)
    except Interrupted as wish:
        result.ended = Ended(wish.reason, not wish.by_budget)
    return result


def probe_cells(
    run: Run,
    cells: Sequence[Cell],
    suite: StoredSuite,
    executor: Executor,
    interruption: Interruption,
    tell: Tell = lambda name, done, total: None,
) -> Rescoring:
    """Run the suite on every finished cell that has weights and has not met it yet; the caller holds the lock."""
    store, splits = run.store, (suite.suite.split,)
    keys = {
        probed_folder(store, cell.hash, suite.id): cell
        for cell, outcome in read_outcomes(store, cells)
        if _has_weights(outcome)
    }
    there = store.backend.find_placed(keys)
    jobs = [ProbeJob(run, cell, splits, suite.id) for key, cell in keys.items() if key not in there]
    return carry_out(run, jobs, "probed", executor, interruption, tell)


def any_answers(store: Store, cells: Sequence[Cell], suite: StoredSuite | None) -> bool:
    """Whether any of the cells has met the suite; none has met one that is not there."""
    return suite is not None and bool(
        store.backend.find_placed(probed_folder(store, cell.hash, suite.id) for cell in cells)
    )


def any_weights(store: Store, cells: Sequence[Cell]) -> bool:
    """Whether any of the cells is finished and has weights."""
    return any(_has_weights(outcome) for _, outcome in read_outcomes(store, cells))


def _has_weights(outcome: Mapping[str, Any]) -> bool:
    return left_weights(outcome) and outcome["outcome"] == "trained"
