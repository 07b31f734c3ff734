"""The cells of a run: which is next, nearest to an answer on the cheapest open question, and what runs right now."""

import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.hashing import pretty_json
from brittlestar.execution.jobs import Event, Progressed, Started
from brittlestar.store.layout import Store
from brittlestar.store.lock import RUN, progress_key

_Heaps = dict[str, list[tuple[int, int]]]
"""For each variant cells by what comes first: (place or seed, place)."""
EVERY = 0.5  # seconds: quicker than a person notices
MANY = 64  # runs at once: of more, what is told of all of them together is told every half second


@dataclass
class RunningCells:
    """Follows the events of a run, or a share of one, by the name that it holds the store by, and keeps its progress.

    It is written at once when a cell begins or ends, else twice a second; twice a second, too, where so many run that
    another one soon begins or ends.
    """

    store: Store
    holder: str = RUN
    running: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    _told: float = 0.0

    def follow(self, event: Event, seconds_left: float | None) -> None:
        """Note an event. Raises StoreError when the disk is full or read-only."""
        cell = event.job.cell
        if isinstance(event, Progressed):
            self.running[cell.hash] |= {"epoch": event.epoch, "epochs": event.epochs}
        elif isinstance(event, Started):
            self.running[cell.hash] = {
                "variant": cell.variant, "seed": cell.seed, "hash": cell.hash, "epoch": None, "epochs": None,
            }  # fmt: skip
        else:
            self.running.pop(cell.hash, None)
        at_once = len(self.running) <= MANY and not isinstance(event, Progressed)
        if not at_once and time.monotonic() - self._told < EVERY:
            return
        self._told = time.monotonic()
        told = {"running": list(self.running.values()), "seconds_left": seconds_left}
        self.store.write(
            progress_key(self.holder), pretty_json(told), lasting=False
        )  # nothing depends on it once the run has ended

    def remove(self) -> None:
        """Take the file away."""
        self.store.backend.remove(progress_key(self.holder))


class WaitingCells:
    """Cells that have not begun, of which one after the other is taken. How long that takes grows with the number of
    variants, not of cells.

    A question is "how does this variant compare with main". Its cost is what its missing cells and those of main
    take: `seconds[variant]` per cell as measured so far, the mean of the known variants for a variant without a
    measurement. Within the cheapest question cells go by seed, main first, so that whole pairs exist whenever the run
    ends; then the other variants' cells in the order of `cells`. A variant's cell waits while main's of the same seed
    has not begun: alone it answers nothing. Ties go by the order of `cells`.
    """

    def __init__(self, cells: Sequence[Cell], main: str) -> None:
        self._cells, self._main = tuple(cells), main
        self._taken: set[int] = set()
        self._unpaired = Counter(cell.seed for cell in self._cells if cell.variant == main)
        self._blocked: dict[int, list[int]] = {}
        self._every, self._free, self._free_by_seed = _Heaps(), _Heaps(), _Heaps()
        for place, cell in enumerate(self._cells):
            self._every.setdefault(cell.variant, []).append((place, place))
            if cell.variant != main and self._unpaired[cell.seed]:
                self._blocked.setdefault(cell.seed, []).append(place)
            else:
                self._release(place)
        self.counts = Counter(cell.variant for cell in self._cells)
        """How many cells of each variant wait."""

    def __len__(self) -> int:
        return len(self._cells) - len(self._taken)

    def take(self, seconds: Mapping[str, float], remaining: float | None, held: Collection[str] = ()) -> Cell | None:
        """The next cell, which waits no more, of a variant that is not `held`; None when none of them fits into the
        `remaining` seconds (None: no limit)."""
        usual = sum(seconds.values()) / len(seconds) if seconds else 1.0
        free = [one for one in self.counts if one not in held]
        fitting = [one for one in free if remaining is None or seconds.get(one, 0.0) <= remaining]
        costs = {
            variant: (count * seconds.get(variant, usual), self._first(self._every, variant))
            for variant, count in self.counts.items()
            if variant != self._main
        }
        cheapest = min(costs, key=lambda variant: costs[variant], default=self._main)
        pairs = [
            (best[0], variant != self._main, best[1])
            for variant in {cheapest, self._main}.intersection(fitting)
            if (best := self._first(self._free_by_seed, variant)) is not None
        ]
        if pairs:
            return self._begin(min(pairs)[2])
        others = [best for variant in fitting if (best := self._first(self._free, variant)) is not None]
        return self._begin(min(others)[1]) if others else None

    def drop(self, variant: str) -> int:
        """Let no cell of a variant wait any more; how many did."""
        places = [k for k, cell in enumerate(self._cells) if cell.variant == variant and k not in self._taken]
        for place in places:
            self._begin(place)
        return len(places)

    def _first(self, heaps: _Heaps, variant: str) -> tuple[int, int] | None:
        """The least entry of a variant whose cell was not taken by another way."""
        heap = heaps.get(variant, [])
        while heap and heap[0][1] in self._taken:
            heappop(heap)
        return heap[0] if heap else None

    def _release(self, place: int) -> None:
        cell = self._cells[place]
        heappush(self._free.setdefault(cell.variant, []), (place, place))
        heappush(self._free_by_seed.setdefault(cell.variant, []), (cell.seed, place))

    def _begin(self, place: int) -> Cell:
        cell = self._cells[place]
        self._taken.add(place)
        self.counts[cell.variant] -= 1
        if not self.counts[cell.variant]:
            del self.counts[cell.variant]
        if cell.variant == self._main:
            self._unpaired[cell.seed] -= 1
            for free in self._blocked.pop(cell.seed, ()) if not self._unpaired[cell.seed] else ():
                self._release(free)
        return cell
