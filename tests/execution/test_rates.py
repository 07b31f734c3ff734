"""Epochs are counted only while all trainings are at work."""

from __future__ import annotations

import pytest

from brittlestar.execution.jobs import Failed, Finished, Lost, Progressed
from brittlestar.execution.rates import MeasuredEnough, RateMeter
from brittlestar.training.trained import Trained
from tests.execution.tiny import job


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def feed(meter: RateMeter, clock: Clock, times: list[tuple[float, int, int]]) -> bool:
    """Ends of epochs at (seconds, seed, epoch), in their order; whether the meter then knew enough."""
    for clock.now, seed, epoch in sorted(times):
        try:
            meter.handle(Progressed(job("main", seed), epoch, 100))
        except MeasuredEnough:
            return True
    return False


def test_the_rate_of_trainings_at_once_is_that_of_the_time_they_share() -> None:
    clock = Clock()
    meter = RateMeter(2, steps=10, clock=clock)
    alone = [(0.1 * epoch, 0, epoch) for epoch in range(31)]  # one is fast while the other still starts
    both = [(3.0 + 0.5 * epoch, seed, 30 + epoch if seed == 0 else epoch) for epoch in range(1, 30) for seed in (0, 1)]
    assert feed(meter, clock, [*alone, *both])
    assert meter.rate() == pytest.approx(2 * 10 / 0.5)
    assert clock.now < 3.0 + 5.0 + 3 * 0.5


def test_slow_epochs_are_waited_for() -> None:
    clock = Clock()
    meter = RateMeter(1, steps=3, clock=clock)
    assert feed(meter, clock, [(20.0 * epoch, 0, epoch) for epoch in range(9)])
    assert clock.now == 60.0 and meter.rate() == pytest.approx(3 / 20)


def test_too_little_and_failures_are_no_rate() -> None:
    clock = Clock()
    meter = RateMeter(2, steps=10, clock=clock)
    assert meter.rate() is None
    assert not feed(meter, clock, [(float(epoch), 0, epoch) for epoch in range(50)]) and meter.rate() is None
    for event in (Failed(job(), 1, "odd", ""), Lost(job(), 1, "short", "", True, on_gpu=True)):
        meter = RateMeter(1, steps=10, clock=clock)
        feed(meter, clock, [(float(epoch), 0, epoch) for epoch in range(4)])
        with pytest.raises(MeasuredEnough):
            meter.handle(event)
        assert meter.rate() is None


def test_models_that_fit_themselves_are_timed_whole() -> None:
    meter = RateMeter(2, steps=10)
    for seed, seconds in ((0, 2.0), (1, 4.0)):
        meter.handle(Finished(job("main", seed), 1, _fitted(seconds), ""))
    assert meter.rate() == pytest.approx(0.75)


def _fitted(seconds: float) -> Trained:
    return Trained("fitted", None, None, {}, {}, {}, {}, {}, {}, None, timing={"seconds": seconds})
