"""Probes on finished cells: from their weights, nothing is trained."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from brittlestar.core.cells import Cell
from brittlestar.core.probing import ProbedCell
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Executor, ProbeJob
from brittlestar.execution.rescoring import Rescoring, carry_out
from brittlestar.execution.workplace import Workplace
from brittlestar.store.cell_folder import stands
from brittlestar.store.cell_outputs import read_trained
from brittlestar.store.layout import Store, probed_folder
from brittlestar.store.probe_answers import write_probed
from brittlestar.store.suites import StoredSuite


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
    store = workplace.store
    jobs: list[ProbeJob] = []
    for cell in {cell.hash: cell for cell in cells}.values():
        if _has_weights(store, cell) and not stands(store, probed_folder(store, cell.hash, suite.id)):
            jobs.append(ProbeJob(workplace.site, cell, (suite.suite.split,), suite.id))

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
