import re
import signal
import threading

import numpy as np
import polars as pl
import pytest

from brittlestar.core.errors import InputError
from brittlestar.data import matching
from brittlestar.data.factors import decompose
from brittlestar.data.tokenise import tokenise

ENDLESS = "a" * 40 + "b"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(matching, "SECONDS", 0.2)


def test_a_pattern_that_backtracks_for_ever_is_stopped():
    with pytest.raises(InputError) as raised:
        list(tokenise(pl.Series(["aa", "ab", ENDLESS, "a"]), r"regex:(a+)+$"))
    (problem,) = raised.value.problems
    assert problem.where == "data.tokens"
    assert "'(a+)+$' was stopped" in problem.what
    assert "row 3, 'aaaa" in problem.what
    assert "(a+)+" in problem.hint
    with pytest.raises(InputError, match=r"data.factors: the pattern .* still trying a token, 'aaaa"):
        decompose(["aa", ENDLESS], r"(?P<part>(a+)+)$")


@pytest.mark.parametrize("pattern", [r"\w+", r"a*", r"(?i)AB|.", r"(?<=a)b"])
def test_other_patterns_find_what_they_always_found_in_a_thread_too(pattern: str):
    texts = ["", "ab ba", "▲a b", "aab"] * 50
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(matching.matches(re.compile(pattern), texts, whole=False)))
    thread.start()
    thread.join()
    expected = [[m.group() for m in re.finditer(pattern, text) if m.group()] for text in texts]
    assert matching.matches(re.compile(pattern), texts, whole=False) == expected == found[0]


def test_groups_are_empty_where_they_took_no_part_and_none_where_nothing_fits():
    pattern = re.compile("(?P<x>a)(?P<y>b)?")
    assert matching.matches(pattern, ["ab", "a", "c"], whole=True) == [("a", "b"), ("a", ""), None]
    parts = decompose(["ab", "a", "c"], pattern.pattern)
    assert parts.values == {"x": ["a", "a", ""], "y": ["b", "", ""]}
    assert np.array_equal(parts.unmatched, [False, False, True])


def test_rows_that_are_slow_together_are_not_stopped():
    texts = ["a" * 17 + "b"] * 60  # each takes a few milliseconds, all of them more than the limit
    assert matching.matches(re.compile(r"(a+)+$"), texts, whole=True) == [None] * 60


def test_timer_and_handler_of_the_caller_come_back():
    calls: list[int] = []
    before = signal.signal(signal.SIGVTALRM, lambda number, frame: calls.append(number))
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, 1000.0)
        mine = signal.getsignal(signal.SIGVTALRM)
        matching.matches(re.compile("a"), ["a"], whole=False)
        assert signal.getsignal(signal.SIGVTALRM) is mine
        assert 0 < signal.getitimer(signal.ITIMER_VIRTUAL)[0] < 1001.0
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
