"""Who may work on a store now: a whole run alone, or shares of one beside each other, which take turns to set it up."""

import os
import shutil
import tempfile
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError, StoreError
from brittlestar.execution.executors import Workers, choose_executor, closing_executor, executor_problems
from brittlestar.execution.interruption import Interrupted, Interruption
from brittlestar.execution.jobs import Executor
from brittlestar.models.naming import NamedModel
from brittlestar.pipeline.run_options import RunOptions
from brittlestar.store.cell_folder import sweep
from brittlestar.store.layout import Store, telling_failures
from brittlestar.store.lock import lock_alone, lock_share, others_at_work, set_up_turn


def lock_for_run(store: Store, order: RunOptions) -> AbstractContextManager[None]:
    """Hold a store for a run, alone, or beside other shares of one. Raises StoreError."""
    return lock_store(store) if order.share is None else lock_share(store, order.share.name)


@contextmanager
def lock_store(store: Store) -> Generator[None]:
    """Hold a store for one who works alone. What nodes of a cluster left half-written when they died meanwhile is swept
    at the end; what was there before, by whoever sets up. Raises StoreError."""
    with lock_alone(store):
        yield
        sweep(store)


@contextmanager
def asking_runs(store: Store, workers: Workers) -> Generator[tuple[Executor, Interruption]]:
    """Hold a store whose finished runs are asked more, with who carries that out. Raises InputError, StoreError, and
    KeyboardInterrupt after a signal."""
    if wrong := executor_problems(workers.executor, None, workers.address):
        raise InputError(wrong)
    runner, _ = choose_executor(workers.executor, workers.jobs, None, NamedModel(), workers.address)
    interruption = Interruption()
    with lock_store(store), interruption.listening(), closing_executor(runner):
        sweep(store)
        try:
            yield runner, interruption
            interruption.check()
        except Interrupted as wish:
            raise KeyboardInterrupt(
                f"{wish.reason}; what is done is kept, and the same call goes on from there"
            ) from None


@contextmanager
def open_to_ask(store: Store) -> Generator[tuple[Store, bool]]:
    """A study whose runs are asked more, and whether it keeps what they say: of one that nobody may write to a copy,
    which is thrown away. Raises StoreError."""
    if os.access(store.root, os.W_OK):
        yield store, True
        return
    with tempfile.TemporaryDirectory(prefix="brittlestar-") as scratch:
        copy = Path(scratch) / store.root.resolve().name
        with telling_failures(store.root):
            shutil.copytree(store.root, copy, copy_function=shutil.copyfile)
            for folder in (copy, *(one for one in copy.rglob("*") if one.is_dir())):
                folder.chmod(0o700)
        yield Store(copy), False


@contextmanager
def lock_for_setup(store: Store, order: RunOptions) -> Generator[None]:
    """Of shares that begin at once, one sets the study up after the other: a moment for all but the first. What a kill
    left is swept where nobody else is at work. Raises StoreError where the wait is ended by a signal."""
    told = False

    def wait() -> None:
        nonlocal told
        if not told:
            order.watcher.on_message("another share of this run is setting the study up; this one waits")
            told = True
        order.interruption.check()

    with ExitStack() as held:
        try:
            held.enter_context(set_up_turn(store, wait))
        except Interrupted as wish:
            raise StoreError(f"{wish.reason} before the first run", "", "the same command starts again") from None
        if not others_at_work(store, order.holder):
            sweep(store)
        yield


def refuse_other_study(store: Store, stored: Sequence[Cell], cells: Sequence[Cell], order: RunOptions) -> None:
    """Raise StoreError where shares of a study with other runs are at work on the store: its study.json is theirs."""
    if (
        stored
        and {cell.hash for cell in stored} != {cell.hash for cell in cells}
        and others_at_work(store, order.holder)
    ):
        what = "other shares are at work on this store, on a study with other settings, seeds or data"
        raise StoreError(what, str(store.root), "wait until they are done, or choose another place with --out DIR")
