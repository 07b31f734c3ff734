"""How fast runs train beside each other: epochs are counted while all of them are at work."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from brittlestar.execution.jobs import Event, Failed, Finished, Lost, Progressed

_WINDOW = 5.0  # budget: seconds in which all of them train; shorter ones vary by more than the gain that is asked for
_FEWEST = 2  # whole epochs of each of them in that time


class MeasuredEnough(Exception):
    """Leaves an executor's run, which ends what still trains."""


@dataclass
class _Span:
    """Epochs of one training from the end of one to the end of another, in seconds of the clock."""

    first: float
    last: float
    epochs: int = 0

    @property
    def is_enough(self) -> bool:
        return self.epochs >= _FEWEST and self.last - self.first >= _WINDOW


@dataclass
class RateMeter:
    """Takes the events of `many` trainings at once, of `steps` steps an epoch each."""

    many: int
    steps: int
    clock: Callable[[], float] = time.monotonic
    _begun: set[str] = field(default_factory=set[str])
    _spans: dict[str, _Span] = field(default_factory=dict[str, _Span])
    _whole: list[float] = field(default_factory=list[float])
    _failed: bool = False

    def handle(self, event: Event) -> None:
        """Note an event. Raises MeasuredEnough when there is no more to learn."""
        if isinstance(event, Failed | Lost):
            self._failed = True
            raise MeasuredEnough
        if isinstance(event, Finished):
            self._whole.append(event.value.timing["seconds"])
        elif isinstance(event, Progressed) and event.epoch >= 1:
            self._note_epoch(event.job.cell.hash, self.clock())

    def _note_epoch(self, name: str, now: float) -> None:
        """An epoch ended; it counts where all trainings had ended one before it began."""
        self._begun.add(name)
        if len(self._begun) < self.many:
            return
        span = self._spans.setdefault(name, _Span(now, now, -1))
        span.last, span.epochs = now, span.epochs + 1
        if len(self._spans) == self.many and all(one.is_enough for one in self._spans.values()):
            raise MeasuredEnough

    def rate(self) -> float | None:
        """Steps per second of all trainings together. Of models that fit themselves, which tell no epochs, trainings
        per second. None where one did not end well, or they did not train at the same time."""
        if self._failed:
            return None
        whole = [span for span in self._spans.values() if span.epochs]
        if len(whole) == self.many:
            return sum(self.steps * span.epochs / max(span.last - span.first, 1e-9) for span in whole)
        if len(self._whole) == self.many and not self._begun:
            return sum(1 / max(seconds, 1e-9) for seconds in self._whole)
        return None
