"""Finished cells are scored on new splits, and asked about probes, from their weights: nothing is trained again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.probing import ProbedCell
from brittlestar.execution.interruption import Ended, Interrupted, Interruption
from brittlestar.execution.jobs import Event, Executor, Failed, Finished, Lost, ProbeJob, Scored, ScoreJob, Workplace
from brittlestar.store.attempts import append_attempt
from brittlestar.store.cell_folder import stands
from brittlestar.store.cell_outputs import read_trained, write_scored
from brittlestar.store.layout import Store, derived_folder, probed_folder
from brittlestar.store.probe_answers import write_probed
from brittlestar.store.suites import StoredSuite


@dataclass
class Rescoring:
    """What came of it: why it ended early (None: it did not), how many cells were scored, what went wrong."""

    ended: Ended | None = None
    scored: int = 0
    problems: list[str] = field(default_factory=list[str])


def score_new_splits(
    workplace: Workplace, cells: Sequence[Cell], executor: Executor, interruption: Interruption
) -> Rescoring:
    """Score every finished cell on the splits that it has not seen; the caller holds the lock.

    Models that fitted themselves left no weights and have no scores there. What own code does wrong here leaves the
    cell as it is: it is told in `problems`, and tried again by the next run.
    """

    def keep(cell: Cell, value: Scored) -> None:
        for split, scores in value.scores.items():
            write_scored(workplace.store, cell, split, workplace.fingerprints[split], value.outputs[split], scores)

    return carry_out(workplace, _jobs(workplace, cells), keep, "scored", executor, interruption)


def carry_out(
    workplace: Workplace,
    jobs: Iterator[ScoreJob | ProbeJob],
    keep: Callable[[Cell, Any], None],
    done: str,
    executor: Executor,
    interruption: Interruption,
    tell: Callable[[str, int], None] = lambda name, number: None,
) -> Rescoring:
    """Do jobs on finished cells, `keep` what they give and `tell` each name and how many are `done`, the word for what
    is done to a cell. What goes wrong is written down and told, and the cell stays as it is."""
    result = Rescoring()

    def handle(event: Event) -> None:
        cell = event.job.cell
        if isinstance(event, Finished):
            keep(cell, event.value)
            result.scored += 1
            tell(f"{cell.variant} seed {cell.seed}", result.scored)
        elif isinstance(event, Failed) or (isinstance(event, Lost) and event.final):
            reason = event.error if isinstance(event, Failed) else event.reason
            assert isinstance(event.job, ScoreJob | ProbeJob)
            append_attempt(workplace.store, f"not {done}", cell.hash, splits=list(event.job.splits), reason=reason)
            names = ", ".join(event.job.splits)
            result.problems.append(f"{cell.variant} seed {cell.seed} could not be {done} on {names}: {reason}")

    try:
        executor.run(lambda: next(jobs, None), handle, interruption)
    except Interrupted as wish:
        result.ended = Ended(wish.reason, not wish.by_budget)
    return result


def _jobs(workplace: Workplace, cells: Sequence[Cell]) -> Iterator[ScoreJob]:
    store = workplace.store
    for cell in {cell.hash: cell for cell in cells}.values():
        outcome = read_trained(store, cell.hash)
        if outcome is None:
            continue
        splits = tuple(
            name
            for name, fingerprint in workplace.fingerprints.items()
            if outcome["splits"].get(name) != fingerprint
            and not stands(store, derived_folder(store, cell.hash, name, fingerprint))
        )
        if splits:
            yield ScoreJob(workplace.site, cell, splits, outcome["outcome"] == "diverged")


def probe_cells(
    workplace: Workplace,
    cells: Sequence[Cell],
    suite: StoredSuite,
    executor: Executor,
    interruption: Interruption,
    tell: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> Rescoring:
    """Run the suite on every finished cell that has weights and has not met it yet; the caller holds the lock. `tell`
    is called with each cell that is done, how many are, and of how many."""
    store, splits = workplace.store, (suite.suite.split,)
    asked = [cell for cell in {cell.hash: cell for cell in cells}.values() if _has_weights(store, cell)]
    asked = [cell for cell in asked if not stands(store, probed_folder(store, cell.hash, suite.id))]
    jobs = [ProbeJob(workplace.site, cell, splits, suite.id) for cell in asked]

    def keep(cell: Cell, value: ProbedCell) -> None:
        write_probed(store, cell.hash, suite.id, value)

    def tell_progress(name: str, done: int) -> None:
        tell(name, done, len(jobs))

    return carry_out(workplace, iter(jobs), keep, "probed", executor, interruption, tell_progress)


def any_weights(store: Store, cells: Sequence[Cell]) -> bool:
    """Whether any of the cells is finished and has weights."""
    return any(_has_weights(store, cell) for cell in cells)


def _has_weights(store: Store, cell: Cell) -> bool:
    outcome = read_trained(store, cell.hash)
    return outcome is not None and outcome["outcome"] == "trained"
