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
    """Jobs as tasks of a Ray cluster: `limit` at once (None: as many as it has processors, or GPUs for cuda), one
    thread each; `timeout` in seconds per job, None for no limit. Nodes write to the store, which all of them see.

    Connects when it is first asked for anything, and stays connected until `close`.
    """

    limit: int | None = None
    timeout: float | None = None
    connection: Connection = field(default_factory=Connection, repr=False, compare=False)

    @property
    def width(self) -> int:
        """How many jobs run at once now: clusters grow and shrink."""
        places = self.connection.places()
        return places if self.limit is None else min(self.limit, places)

    def close(self) -> None:
        """End the connection, and the cluster where it was started for this."""
        self.connection.close()

    def run(self, source: jobs.Source, handle: jobs.Handler, interruption: Interruption) -> None:
        """Run every job of `source`. Raises Interrupted; InputError where the cluster or its nodes cannot be used;
        StoreError when the head of the cluster is gone."""
        tasks = RayTasks(self.connection, self.timeout)
        again: list[tuple[jobs.Job, int]] = []
        more = True
        try:
            while True:
                while (again or more) and len(tasks.running) < self._room(interruption):
                    job, attempt = again.pop(0) if again else (source(), 1)
                    if job is None:
                        more = False
                        continue
                    interruption.check()
                    tasks.submit(job, attempt, interruption)
                if not tasks.running and not again and not more:
                    return
                left = interruption.remaining
                ready = tasks.wait(_LOOK_EVERY if left is None else min(_LOOK_EVERY, left))
                interruption.check()
                for one in ready:
                    for event in tasks.read(one):
                        handle(event)
                        if isinstance(event, jobs.Lost) and not event.final:
                            again.append((event.job, event.attempt + 1))
        finally:
            tasks.end()

    def _room(self, interruption: Interruption) -> int:
        """How many tasks Ray is given at once. Under a budget none waits: which is next is then decided late."""
        places = self.connection.places()
        ahead = 0 if interruption.remaining is not None else -(-places // _AHEAD)
        return places + ahead if self.limit is None else min(self.limit, places + ahead)
