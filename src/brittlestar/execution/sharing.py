"""How many runs share a GPU: as the study says, or the most that fit and still train faster together."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

MEMORY_SHARE = 0.9
"""Of a GPU's free memory, what pilots may fill: longer rows than a pilot saw and fragments of the allocator need some.
Convention: vLLM takes the same share of a GPU by default."""
GAIN_PER_DOUBLING = 1.1
"""Twice the runs at once have to train so many times the steps in a second. Convention: a smaller gain is within what
pilots of some seconds vary by, and is not worth twice the memory."""

MeasureRate = Callable[[int], float | None]
"""Called with how many runs to train at once on one GPU. Returns the steps per second of all together; None where that
could not be told: one of them lacked memory or failed."""


@dataclass(frozen=True)
class Sharing:
    """How many runs may share a GPU, and `why`, in words. Of pilots: the bytes that one run takes and that are free,
    and the steps per second by how many trained at once."""

    cells_per_gpu: int
    why: str
    memory_per_run: int | None = None
    memory_free: int | None = None
    rates: Mapping[int, float] = field(default_factory=dict[int, float])

    def describe(self, gpus: int) -> str:
        """One line for people."""
        many, where = self.cells_per_gpu, "the GPU" if gpus == 1 else f"each of {gpus} GPUs"
        return f"{many} run{'s' if many > 1 else ''} at once on {where}: {self.why}"


def choose_sharing(free: int, memory: int, most: int, measure: MeasureRate) -> Sharing:
    """Try 1, 2, 4 … runs at once, while they fit into 90 % of the free memory and each doubling trains 1.1 times the
    steps in a second. Where the last step is less than a doubling it has to gain less, in proportion.

    Args:
        free: Bytes free on the GPU before any run.
        memory: Bytes that one run takes at the most.
        most: The largest number that is of use, 1 or more.
        measure: Trains so many at once.
    """
    fit = max(1, int(MEMORY_SHARE * free) // max(memory, 1))
    limit = min(most, fit)
    many, rate, why = 1, measure(1), ""
    if rate is None:
        return Sharing(1, "the pilot could not be timed", memory, free)
    rates = {1: rate}
    while many < limit:
        more = min(2 * many, limit)
        gained = measure(more)
        if gained is None:
            why = f"{more} at once lacked memory or failed"
            break
        rates[more] = gained
        if gained < rate * GAIN_PER_DOUBLING ** math.log2(more / many):
            why = f"{more} at once train {gained / rate:.2f} times the steps"
            break
        many, rate = more, gained
    if not why:
        why = _describe_limit(many, fit, memory, free)
    return Sharing(many, why, memory, free, rates)


def _describe_limit(many: int, fit: int, memory: int, free: int) -> str:
    """Why there are no more, where each doubling was worth it."""
    takes = f"a run takes {memory / 2**30:.1f} of {free / 2**30:.1f} GiB free"
    return takes if many == fit else f"{takes}, and no more are of use"
