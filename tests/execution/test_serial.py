import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from brittlestar.core.errors import StoreError
from brittlestar.execution.interruption import Interrupted, Interruption
from brittlestar.execution.jobs import Event, Finished, Job, Lost, Progressed, Started
from brittlestar.execution.serial import Serial
from tests.execution.tiny import job, source

Work = Callable[[Job, Callable[[int, int], None]], Any]


@pytest.fixture
def performing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], None]:
    """Replace what a job does."""

    def replace(work: Work) -> None:
        monkeypatch.setattr("brittlestar.execution.work.perform", lambda job, progress, place: work(job, progress))

    return replace


def events_of(*jobs: Job, interruption: Interruption | None = None) -> list[Event]:
    events: list[Event] = []
    Serial().run(source(*jobs), events.append, interruption or Interruption())
    return events


def test_events_come_in_order_with_everything_printed(performing: Callable[[Work], None]) -> None:
    def work(job: Job, progress: Callable[[int, int], None]) -> str:
        print("to people")
        warnings.warn("and a warning", stacklevel=1)
        progress(0, 1)
        sys.stdout.buffer.write(b"\xff raw\r\n")
        return "value"

    performing(work)
    one, two = job(), job("bag")
    events = events_of(one, two)
    kinds = [Started, Progressed, Finished] * 2
    assert [type(event) for event in events] == kinds and [event.job for event in events] == [one] * 3 + [two] * 3
    end = events[2]
    assert isinstance(end, Finished) and end.value == "value"
    assert end.log.startswith("to people\n") and "UserWarning: and a warning" in end.log
    assert end.log.endswith("\N{REPLACEMENT CHARACTER} raw\r\n")
    assert isinstance(events[5], Finished) and events[5].log == end.log  # the second time the warning is shown too


def test_lack_of_memory_is_tried_three_times(performing: Callable[[Work], None]) -> None:
    def work(job: Job, progress: Callable[[int, int], None]) -> str:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1e15 bytes")

    performing(work)
    events = events_of(job())
    assert [event.attempt for event in events if isinstance(event, Started)] == [1, 2, 3]
    assert [event.final for event in events if isinstance(event, Lost)] == [False, False, True]


def test_ctrl_c_in_the_middle_of_an_epoch_is_no_failed_cell(performing: Callable[[Work], None]) -> None:
    def work(job: Job, progress: Callable[[int, int], None]) -> str:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(30)
        except Exception:  # own code that catches everything
            return "swallowed"
        return "not reached"

    performing(work)
    interruption, events = Interruption(), list[Event]()
    with interruption.listening(), pytest.raises(Interrupted, match="stopped by SIGINT"):
        Serial().run(source(job()), events.append, interruption)
    assert [type(event) for event in events] == [Started]


def test_a_budget_ends_at_the_next_epoch_in_any_thread(performing: Callable[[Work], None]) -> None:
    def work(job: Job, progress: Callable[[int, int], None]) -> str:
        for epoch in range(1000):
            time.sleep(0.01)
            progress(epoch, 1000)
        return "not reached"

    performing(work)
    caught: list[BaseException] = []

    def body() -> None:
        try:
            events_of(job(), interruption=Interruption(time.monotonic() + 0.05))
        except Interrupted as wish:
            caught.append(wish)

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    assert len(caught) == 1


def test_what_the_handler_raises_is_no_fault_of_own_code(performing: Callable[[Work], None]) -> None:
    def work(job: Job, progress: Callable[[int, int], None]) -> str:
        try:
            progress(0, 1)
        except Exception:
            return "swallowed"
        return "not reached"

    performing(work)

    def handle(event: Event) -> None:
        if isinstance(event, Progressed):
            raise StoreError("the disk is full")

    with pytest.raises(StoreError, match="the disk is full"):
        Serial().run(source(job()), handle, Interruption())
