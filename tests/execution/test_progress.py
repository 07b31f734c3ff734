"""Progress for people who call from Python: one line that goes away, or a line now and then."""

import io
import sys

import pytest

from brittlestar import audit
from brittlestar.execution import progress
from brittlestar.execution.jobs import SilentWatcher
from brittlestar.execution.progress import AUDIT, LineWatcher, ProgressLine, make_watcher, tell_progress

DATA = {"train": (["a b", "b c", "c", "d a"] * 5, ["x", "y"] * 10)}


class Screen(io.StringIO):
    """A stream that is a terminal: `line` is what a person sees in its last line."""

    def isatty(self) -> bool:
        return True

    @property
    def line(self) -> str:
        return self.getvalue().rsplit("\r", 1)[-1].removesuffix("\033[K")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_a_terminal_has_one_line_that_is_rewritten_and_goes_away(clock: list[float]) -> None:
    screen = Screen()
    watcher = LineWatcher(ProgressLine(screen))
    watcher.on_stage(AUDIT, "leak.exact", 0, 28)
    assert screen.line == "audit of the data: 0 of 28 done; leak.exact"
    watcher.on_stage(AUDIT, "leak.near", 1, 28)
    assert "leak.near" not in screen.getvalue(), "not more often than a person sees"
    clock[0] += 1
    watcher.on_stage(AUDIT, "leak.near", 2, 28)
    assert screen.line == "audit of the data: 2 of 28 done; leak.near" and "\n" not in screen.getvalue()
    watcher.on_stage(AUDIT, "", 28, 28)
    assert screen.line == ""
    clock[0] += 1
    watcher.on_stage(AUDIT, "leak.near", 3, 28)
    watcher.on_message("2 claims are open")
    assert screen.getvalue().endswith("\r\033[K2 claims are open\n"), "sentences stay"


def test_a_notebook_keeps_how_long_it_took_and_hears_a_warning_once(clock: list[float]) -> None:
    drawn: list[str] = []
    watcher = LineWatcher(ProgressLine(screen := Screen(), drawn.append))
    watcher.on_stage(AUDIT, "leak.exact", 0, 28)
    watcher.close()
    assert not drawn, "short work shows nothing"
    clock[0] += 3
    watcher.on_stage(AUDIT, "leak.near", 1, 28)
    watcher.on_message("a warning of this session")
    watcher.close()
    assert drawn[0] == "audit of the data: 1 of 28 done; leak.near" and drawn[-1] == "done in 3 s"
    LineWatcher(ProgressLine(screen)).on_message("a warning of this session")
    assert screen.getvalue().count("a warning of this session") == 1


def test_elsewhere_a_line_comes_every_ten_seconds(clock: list[float]) -> None:
    stream = io.StringIO()
    watcher = LineWatcher(ProgressLine(stream))
    watcher.on_stage(AUDIT, "leak.exact", 0, 28)
    assert stream.getvalue() == "", "short work says nothing"
    for second in range(1, 26):
        clock[0] += 1
        watcher.on_stage(AUDIT, f"check {second}", second, 28)
    watcher.on_stage(AUDIT, "", 28, 28)
    assert stream.getvalue() == (
        "audit of the data: 10 of 28 done; check 10\naudit of the data: 20 of 28 done; check 20\n"
    )


def test_false_is_silent_and_a_function_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    assert isinstance(make_watcher(False), SilentWatcher)
    audit(DATA, progress=False)
    assert screen.getvalue() == ""
    audit(DATA)
    assert "audit of the data: 0 done; reading" in screen.getvalue() and screen.line == ""
    notes: list[tuple[str, int, int]] = []
    screen.truncate(0)
    audit(DATA, progress=lambda name, done, total: notes.append((name, done, total)))
    assert len(notes) > 10 and notes[-1][1] == notes[-1][2]


def test_no_standard_error_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert audit(DATA).findings


def test_the_line_goes_away_after_an_error(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with pytest.raises(ZeroDivisionError), tell_progress(True, AUDIT) as tell:
        tell("leak.exact", 0, 28)
        raise ZeroDivisionError
    assert screen.line == ""
