"""Match one pattern against many texts, and give up on a text that takes for ever.

A timer counts the process's computing time and looks whether the same text is still at hand; Python's `re` lets a
signal interrupt a match. Signals reach the main thread only: in another one, and where the system has no such timer
(Windows), nobody watches, and a pattern that backtracks for ever does so.
"""

import re
import signal
import threading
import time
from collections.abc import Sequence
from functools import partial
from types import FrameType
from typing import Any

SECONDS = 10.0  # a wait that a person bears
SECONDS_PER_CHARACTER = 1e-5  # budget: slow but linear patterns; chosen, not measured
TICKS = 20  # the limit is kept to a twentieth


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
    find = partial(_find_groups if whole else _find_tokens, pattern)
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        return [find(text) for text in texts]
    position, seen, since = 0, -1, 0.0

    def look(number: int, frame: FrameType | None) -> None:
        nonlocal seen, since
        now = time.thread_time()
        if position != seen:
            seen, since = position, now
        elif now - since > SECONDS + SECONDS_PER_CHARACTER * len(texts[position]):
            raise StuckError(position, now - since)

    found: list[Any] = []
    handler = signal.signal(signal.SIGVTALRM, look)
    timer = signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS / TICKS, SECONDS / TICKS)
    try:
        for position, text in enumerate(texts):  # noqa: B007 (`look` reads it)
            found.append(find(text))
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, *timer)
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL if handler is None else handler)
    return found


def _find_tokens(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match.group() for match in pattern.finditer(text) if match.group()]


def _find_groups(pattern: re.Pattern[str], text: str) -> tuple[str, ...] | None:
    match = pattern.fullmatch(text)
    return None if match is None else tuple(match[name] or "" for name in pattern.groupindex)
