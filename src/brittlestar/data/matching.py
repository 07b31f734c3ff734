"""Match one pattern against many texts, and give up on a text that takes for ever.

A timer counts the process's computing time and looks whether the same text is still at hand; Python's `re` lets a
signal interrupt a match. Signals reach the main thread only: elsewhere, another process matches. That process runs
this very file as a script, which is why it needs nothing but the standard library. Where the system has no such timer
(Windows), nobody watches, and a pattern that backtracks for ever does so.
"""

import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from functools import partial
from types import FrameType
from typing import Any

SECONDS = 10.0  # a wait that a person bears
SECONDS_PER_CHARACTER = 1e-5  # budget: slow but linear patterns; chosen, not measured
TICKS = 20  # the limit is kept to a twentieth
_HAS_TIMER = hasattr(signal, "SIGVTALRM") and hasattr(signal, "setitimer")


class StuckError(Exception):
    """Matching was given up: `position` says on which text, `seconds` after how much computing time."""

    def __init__(self, position: int, seconds: float) -> None:
        super().__init__(position, seconds)
        self.position = position
        self.seconds = seconds


def matches(pattern: re.Pattern[str], texts: Sequence[str], whole: bool) -> list[Any]:
    """What the pattern finds in each text.

    `whole`: the values of the named groups where it fits the whole text ("" for a group that took no part), None where
    it does not. Otherwise a list of all matches that are not empty. Raises StuckError where one text takes more than
    10 s of computing, and 10 s more per million characters.
    """
    if threading.current_thread() is threading.main_thread() or not _HAS_TIMER:
        return _Watch(pattern, texts, whole, SECONDS).run()
    return _elsewhere(pattern, texts, whole)


class _Watch:
    """One run over the texts, and the handler of the timer that watches it."""

    def __init__(self, pattern: re.Pattern[str], texts: Sequence[str], whole: bool, seconds: float) -> None:
        self.find = partial(_find_groups if whole else _find_tokens, pattern)
        self.texts, self.seconds = texts, seconds
        self.position, self.seen, self.since = 0, -1, 0.0

    def run(self) -> list[Any]:
        if not _HAS_TIMER:
            return self._match()
        handler = signal.signal(signal.SIGVTALRM, self._look)
        tick = self.seconds / TICKS
        timer = signal.setitimer(signal.ITIMER_VIRTUAL, tick, tick)
        try:
            return self._match()
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, *timer)
            signal.signal(signal.SIGVTALRM, signal.SIG_DFL if handler is None else handler)

    def _match(self) -> list[Any]:
        found: list[Any] = []
        for self.position, text in enumerate(self.texts):  # noqa: B020 (the handler reads it)
            found.append(self.find(text))
        return found

    def _look(self, number: int, frame: FrameType | None) -> None:
        now = time.thread_time()
        if self.position != self.seen:
            self.seen, self.since = self.position, now
        elif now - self.since > self.seconds + SECONDS_PER_CHARACTER * len(self.texts[self.position]):
            raise StuckError(self.position, now - self.since)


def _find_tokens(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match.group() for match in pattern.finditer(text) if match.group()]


def _find_groups(pattern: re.Pattern[str], text: str) -> tuple[str, ...] | None:
    match = pattern.fullmatch(text)
    return None if match is None else tuple(match[name] or "" for name in pattern.groupindex)


def _elsewhere(pattern: re.Pattern[str], texts: Sequence[str], whole: bool) -> list[Any]:
    """The same in another process, whose main thread a signal can reach."""
    order = pickle.dumps((pattern.pattern, list(texts), whole, SECONDS))
    done = subprocess.run([sys.executable, "-I", "-S", __file__], input=order, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the process that matches {pattern.pattern!r} failed: {done.stderr.decode()[-500:]}")
    found, stuck = pickle.loads(done.stdout)
    if stuck is not None:
        raise StuckError(*stuck)
    return found


def _serve() -> None:
    pattern, texts, whole, seconds = pickle.load(sys.stdin.buffer)
    found: list[Any] = []
    stuck: tuple[int, float] | None = None
    try:
        found = _Watch(re.compile(pattern), texts, whole, seconds).run()
    except StuckError as error:
        stuck = (error.position, error.seconds)
    sys.stdout.buffer.write(pickle.dumps((found, stuck)))


if __name__ == "__main__":
    _serve()
