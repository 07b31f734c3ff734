"""Which GPU a job is given: how many may run on each, how many do, and who has one to itself."""

from dataclasses import dataclass, replace

MOST_CELLS_PER_GPU = 64  # budget: beyond it the processes themselves are what costs


@dataclass(frozen=True)
class Places:
    """The places of a machine's GPUs: `gpus` of them, `cells_per_gpu` on each. `running` has the GPU of every job that
    runs now; `lone` are GPUs whose one job is to have no other beside it. Jobs of the CPU take none of these places."""

    gpus: int = 1
    cells_per_gpu: int = MOST_CELLS_PER_GPU
    running: tuple[int, ...] = ()
    lone: frozenset[int] = frozenset()

    @property
    def total(self) -> int:
        """How many jobs run at once when all places are taken."""
        return self.gpus * self.cells_per_gpu

    def choose(self, alone: bool = False, one_waits: bool = False) -> int | None:
        """The GPU for a job that begins now, the one with the fewest jobs; None where none has a place.

        A job that runs `alone` needs an empty GPU. Where `one_waits` to be alone, other jobs leave the GPU with the
        fewest jobs to it: that number never grows meanwhile, so the one that waits gets its turn.
        """
        by_load = sorted(range(self.gpus), key=self.running.count)
        if alone:
            return None if by_load[0] in self.running else by_load[0]
        open_ = (gpu for gpu in by_load[one_waits:] if gpu not in self.lone)
        return next((gpu for gpu in open_ if self.running.count(gpu) < self.cells_per_gpu), None)

    def take(self, gpu: int, alone: bool = False) -> "Places":
        """A job began on a GPU that `choose` named."""
        return replace(self, running=(*self.running, gpu), lone=self.lone | {gpu} if alone else self.lone)


FIRST_GPU = Places()
"""All jobs for cuda on the first GPU: where nobody has counted them."""


def describe_shortage(gpu: str) -> str:
    """Why a try was lost for want of a GPU's memory, and what helps."""
    return f"out of memory on {gpu}: a smaller training.batch_size or execution.cells_per_gpu needs less"
