"""How a study is carried out: by whom, told to whom, until when, and what of it."""

import time
from dataclasses import dataclass

from brittlestar.claims.stated_scores import StatedAs
from brittlestar.core.shares import Share
from brittlestar.execution.executors import Workers, order_executor
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Executor, Watcher
from brittlestar.execution.progress import make_watcher
from brittlestar.models.naming import NamedModel
from brittlestar.store.lock import RUN


@dataclass(frozen=True)
class RunOptions:
    """How to run: by whom, told to whom, until when (of `time.monotonic`); `told`, what there is to say of who trains;
    whether somebody watches, who is told that a signal stopped it. Then, as a verb adds them: one cell alone, whether
    environments may mix, what claims are registered with (what settles them, and looks at any time), the score that
    somebody states, whether the data are audited, and limits of that measured, and the share of the runs that is
    trained here, None for all."""

    executor: Executor
    watcher: Watcher
    interruption: Interruption
    deadline: float | None
    told: tuple[str, ...]
    watched: bool
    only: str | None = None
    mix: bool = False
    settle: str | None = None
    anytime: bool = False
    stated: float | None = None
    stated_is: StatedAs = "mean"
    audit: bool = True
    limits: bool = False
    share: Share | None = None

    @property
    def holder(self) -> str:
        """The name that the store is held by."""
        return RUN if self.share is None else self.share.name


def make_run_options(
    workers: Workers | None = None,
    model: NamedModel | None = None,
    budget: float | None = None,
    watcher: Watcher | None = None,
    progress: bool = True,
) -> RunOptions:
    """An order of a whole run of `model`: `budget` in seconds from now on; without a `watcher` people are told, with
    `progress`. Raises InputError with every mistake of these options."""
    runner, told = order_executor(workers or Workers(), budget, model or NamedModel())
    deadline = None if budget is None else time.monotonic() + budget
    return RunOptions(runner, watcher or make_watcher(progress), Interruption(), deadline, told, watcher is not None)
