"""The executor `ray`: one task per job on a Ray cluster, in a process of its own on whatever node has room."""

from dataclasses import dataclass, field

from brittlestar.execution import jobs
from brittlestar.execution.interruption import Interruption
from brittlestar.execution.ray_connection import Connection
from brittlestar.execution.ray_tasks import RayTasks

_LOOK_EVERY = 0.2  # seconds: quicker than a person notices
_AHEAD = 4  # one task waits for every so many that run: places are filled at once, and autoscalers see demand


@dataclass(frozen=True)
class Cluster:
    """Jobs as tasks of a Ray cluster: `limit` at once (None: as many as it has places), one thread each; `timeout` in
    seconds per job, None for no limit. Nodes share no folder with the run: files go there, and come back. With
    `cells_per_gpu` its places are those of its GPUs, as far as it has a processor for each, else its processors; a job
    for cuda asks for its part of a GPU.

    Connects when it is first asked for anything, and stays connected until `close`.
    """

    limit: int | None = None
    timeout: float | None = None
    connection: Connection = field(default_factory=Connection, repr=False, compare=False)
    cells_per_gpu: int | None = None

    @property
    def width(self) -> int:
        """How many jobs run at once now: clusters grow and shrink."""
        places = self._places()
        return places if self.limit is None else min(self.limit, places)

    @property
    def gpus(self) -> int:
        """How many GPUs the cluster has now, at least 1: a job for cuda waits for the first."""
        return max(1, self.connection.count("GPU"))

    def _places(self) -> int:
        processors = max(1, self.connection.count("CPU"))
        return processors if self.cells_per_gpu is None else min(processors, self.gpus * self.cells_per_gpu)

    def close(self) -> None:
        """End the connection, and the cluster where it was started for this."""
        self.connection.close()

    def run(self, source: jobs.Source, handle: jobs.Handler, interruption: Interruption) -> None:
        """Run every job of `source`. Raises Interrupted; InputError where the cluster or its nodes cannot be used;
        StoreError when the head of the cluster is gone."""
        tasks = RayTasks(self.connection, self.timeout, self.cells_per_gpu or 1)
        again: list[jobs.Waiting] = []
        more = True
        try:
            while True:
                while (again or more) and not tasks.one_waits_alone and len(tasks.running) < self._room(interruption):
                    one = again.pop(0) if again else source()
                    if isinstance(one, jobs.Later):
                        break
                    if one is None:
                        more = False
                        continue
                    one = one if isinstance(one, jobs.Waiting) else jobs.Waiting(one)
                    interruption.check()
                    tasks.submit(one, interruption)
                if not tasks.running and not again and not more:
                    return
                left = interruption.remaining
                ready = tasks.wait(_LOOK_EVERY if left is None else min(_LOOK_EVERY, left))
                interruption.check()
                for one in ready:
                    for event in tasks.read(one):
                        handle(event)
                        if isinstance(event, jobs.Lost) and not event.final:
                            again.append(one.waiting.try_again(event))
        finally:
            tasks.end()

    def _room(self, interruption: Interruption) -> int:
        """How many tasks Ray is given at once. Under a budget none waits: which is next is then decided late."""
        places = self._places()
        ahead = 0 if interruption.remaining is not None else -(-places // _AHEAD)
        return places + ahead if self.limit is None else min(self.limit, places + ahead)
