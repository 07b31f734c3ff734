"""How a study is carried out: by whom, told to whom, until when, and what of it."""

import time
from dataclasses import dataclass

from brittlestar.core.shares import Share
from brittlestar.execution.executors import Workers, order_executor
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.jobs import Executor, Watcher
from brittlestar.execution.progress import make_watcher
from brittlestar.models.naming import NamedModel
from brittlestar.store.lock import RUN


@dataclass(frozen=True)
class Order:
    """How to run: by whom, told to whom, until when (of `time.monotonic`), one cell alone, whether environments may
    mix, what claims are registered with: what settles them, and looks at any time; the score that somebody states, and
    whether limits of the audit are measured; `told`, what there is to say of who trains; the share of the runs that is
    trained here, None for all; and whether somebody watches, who is told that a signal stopped it."""

    executor: Executor
    watcher: Watcher
    interruption: Interruption
    deadline: float | None
    only: str | None = None
    mix: bool = False
    settle: str | None = None
    anytime: bool = False
    stated: float | None = None
    limits: bool = False
    told: tuple[str, ...] = ()
    share: Share | None = None
    watched: bool = False

    @property
    def holder(self) -> str:
        """The name that the store is held by."""
        return RUN if self.share is None else self.share.name


def make_order(
    workers: Workers | None = None,
    *,
    model: NamedModel | None = None,
    budget: float | None = None,
    watcher: Watcher | None = None,
    progress: bool = True,
    only: str | None = None,
    mix: bool = False,
    settle: str | None = None,
    anytime: bool = False,
    stated: float | None = None,
    limits: bool = False,
    share: Share | None = None,
) -> Order:
    """An order as a user gives it, for `model` where one is given: `budget` in seconds from now on; without a `watcher`
    people are told, with `progress`. Raises InputError with every mistake of these options, StoreError where the system
    has no locks."""
    runner, told = order_executor(workers or Workers(), budget, model or NamedModel())
    return Order(
        runner,
        watcher or make_watcher(progress),
        Interruption(),
        None if budget is None else time.monotonic() + budget,
        only=only,
        mix=mix,
        settle=settle,
        anytime=anytime,
        stated=stated,
        limits=limits,
        told=told,
        share=share,
        watched=watcher is not None,
    )
