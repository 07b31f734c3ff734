import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from brittlestar.execution.interruption import Interrupted, Interruption


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """SIGHUP as in a terminal: `nohup` starts all that it starts deaf to it, and product and test leave it so."""
    kept = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, kept)


def send(number: int) -> None:
    os.kill(os.getpid(), number)
    time.sleep(0.001)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_waits_until_somebody_asks(number: signal.Signals) -> None:
    interruption = Interruption()
    done = False
    with interruption.listening():
        interruption.check()
        send(number)
        done = True
        with pytest.raises(Interrupted, match=f"stopped by {number.name}") as caught:
            interruption.check()
    assert done and not caught.value.by_budget


def test_a_process_that_own_code_forks_ends_when_it_is_asked_to() -> None:
    interruption = Interruption()
    with interruption.listening(), interruption.at_once():
        if (child := os.fork()) == 0:
            while True:
                try:
                    time.sleep(60)
                except BaseException:  # as own code that catches everything
                    continue
        os.kill(child, signal.SIGTERM)
        time.sleep(0.5)
        os.kill(child, signal.SIGKILL)  # nothing where it has ended
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGTERM
        interruption.check()


def test_within_at_once_it_does_not_wait_and_afterwards_it_does() -> None:
    interruption = Interruption()
    with interruption.listening():
        with interruption.at_once():
            pass
        with pytest.raises(Interrupted), interruption.at_once():
            send(signal.SIGINT)
            time.sleep(5)
            pytest.fail("not reached")
        with pytest.raises(Interrupted), interruption.at_once():
            pytest.fail("the wish stands")


def test_an_echo_is_not_a_second_wish_but_an_impatient_person_is(monkeypatch: pytest.MonkeyPatch) -> None:
    interruption = Interruption()
    with interruption.listening():
        monkeypatch.setattr(time, "monotonic", lambda: 10.0)
        send(signal.SIGTERM)
        send(signal.SIGTERM)
        monkeypatch.setattr(time, "monotonic", lambda: 12.0)
        with pytest.raises(KeyboardInterrupt):
            send(signal.SIGINT)


def test_handlers_are_put_back_and_ignored_signals_stay_ignored() -> None:
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interruption = Interruption()
    with interruption.listening():
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        send(signal.SIGHUP)
        interruption.check()
    assert signal.getsignal(signal.SIGINT) is before
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_a_deadline_needs_no_signal_and_works_in_any_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, leap = time.monotonic, [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock() + leap[0])
    caught: list[Interrupted] = []

    def work() -> None:
        interruption = Interruption(time.monotonic() + 3600)
        with interruption.listening():
            assert 0 < (interruption.remaining or 0) <= 3600
            interruption.check()
            leap[0] = 3600.0
            assert interruption.remaining == 0.0
            try:
                interruption.check()
            except Interrupted as wish:
                caught.append(wish)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert [wish.by_budget for wish in caught] == [True]
    assert Interruption().remaining is None
