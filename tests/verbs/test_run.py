"""A run as people meet it: interrupted, watched from a second terminal, on a budget, from a script or a thread."""

import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from brittlestar.cli.watching import Terminal
from brittlestar.core.errors import BrittlestarError, InputError, RunError, StoreError
from brittlestar.execution.executors import ExecutorName
from brittlestar.execution.jobs import Event, SilentWatcher, Started
from brittlestar.reports.showing import Document
from brittlestar.reports.write import FILES
from brittlestar.verbs.report import report
from brittlestar.verbs.run import RunResult, run
from brittlestar.verbs.status import status
from tests.command import brittlestar
from tests.execution.killing import left_of
from tests.execution.tiny import attempts, contents, finished, forget, write_study
from tests.zoo import Zoo

WAITING = """
import pathlib, time

def fit(train, dev, seed):
    while seed > 0 and not pathlib.Path(__file__).with_name("go").exists():
        time.sleep(0.02)
    return lambda rows: [[0.3, 0.7] for _ in rows]
"""


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    forget("own")


@pytest.fixture
def no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brittlestar.pipeline.run.build_report", lambda store, reading: Document({}))


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    """A study of four cells: that of seed 0 is done at once, the others wait for a file `go`. Its folder has a name
    that a shell would trip over."""
    folder = tmp_path / "größe & mehr"
    write_study(folder)
    text = "name: waiting\ndata: {path: data}\nmodel: {own: 'own:fit'}\nseeds: 4\nprobes: {suite: none}\n"
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    (folder / "own.py").write_text(WAITING, encoding="utf-8")
    return folder


def until(happened: Callable[[], bool], seconds: float = 300) -> None:
    latest = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < latest, "it never happened"
        time.sleep(0.05)


def running(store: Path) -> int:
    try:
        return len(status(store)["running"]) if len(finished(store)) == 1 else 0
    except (BrittlestarError, OSError):
        return 0  # it is being set up


@contextmanager
def started(command: list[str], folder: Path, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A process in a session of its own, which a test that fails does not wait for."""
    with subprocess.Popen(command, cwd=folder, start_new_session=True, **options) as process:
        try:
            yield process
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise


@pytest.mark.parametrize("how", ["Ctrl-C in the terminal", "a polite kill"])
def test_a_run_is_watched_not_doubled_and_stopped_cleanly(waiting: Path, how: str) -> None:
    store = waiting / "the store"
    command = [sys.executable, "-m", "brittlestar.cli", "run", "study.yaml", "--out", "the store", "--jobs", "2"]
    drawn = how == "a polite kill"
    command += [] if drawn else ["--no-report"]
    with started(command, waiting, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        until(lambda: running(store) == 2)
        document = status(store)
        assert document["at_work"] and document["states"] == {"done": 1, "running": 2, "planned": 1}
        assert {cell["seed"] for cell in document["running"]} == {1, 2}
        with pytest.raises(StoreError, match="another run is at work on this store; watch it with: brittlestar status"):
            run(waiting / "study.yaml", out=store)
        with pytest.raises(StoreError, match="another run is at work"):
            run(store)
        began = time.monotonic()
        if how == "a polite kill":
            os.kill(process.pid, signal.SIGTERM)
        else:
            os.killpg(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=300)
        name = "SIGTERM" if how == "a polite kill" else "SIGINT"
        assert process.returncode == 1, errors
        assert time.monotonic() - began < 120
        assert f"stopped by {name}" in output and "Traceback" not in errors
        assert (store / "report" / "report.html").is_file() is ("report.html" in output) is drawn
    assert left_of(process.pid) == []
    assert len(finished(store)) == 1 and not list(store.rglob("*.part")) and not (store / "progress.json").exists()
    assert status(store)["states"] == {"done": 1, "planned": 3}
    if drawn:
        (waiting / "go").touch()
        assert run(store, executor="serial", report=False).exit_code == 0
        assert status(store)["states"] == {"done": 4}
        assert sum(line["event"] == "started" for line in attempts(store)) == 1 + 2 + 3


def test_workers_do_not_outlive_a_parent_that_was_killed(waiting: Path) -> None:
    store = waiting / "store"
    code = "import sys, brittlestar; brittlestar.run(sys.argv[1], out=sys.argv[2], jobs=2)"
    command = [sys.executable, "-c", code, str(waiting / "study.yaml"), str(store)]
    with started(command, waiting) as process:
        until(lambda: running(store) == 2)
        process.kill()
    assert left_of(process.pid) == []
    document = status(store)
    assert not document["at_work"] and document["states"] == {"done": 1, "planned": 3}


def test_runs_in_two_threads_do_not_disturb_each_other(waiting: Path, no_report: None) -> None:
    (waiting / "go").touch()
    study, main = write_study(waiting / "two", seeds=1), sys.modules["__main__"]
    run(study, out=waiting / "two" / "alone", executor="serial")
    executors: dict[str, ExecutorName] = {"a": "serial", "b": "processes"}

    def work(name: str) -> None:
        run(study, out=waiting / "two" / name, executor=executors[name], jobs=2)

    threads = [threading.Thread(target=work, args=(name,)) for name in executors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sys.modules["__main__"] is main
    for name in executors:
        assert contents(waiting / "two" / name) == contents(waiting / "two" / "alone")


def test_a_spent_budget_is_no_failure_and_the_rest_is_done_later(
    waiting: Path, no_report: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, leap = time.monotonic, [0.0]

    class Spending(SilentWatcher):
        """The budget is spent when the second cell begins, the first being done, however long that takes."""

        def on_event(self, event: Event, done: int, total: int, seconds_left: float | None) -> None:
            leap[0] += 3600.0 * (isinstance(event, Started) and event.job.cell.seed == 1)

    with monkeypatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: clock() + leap[0])
        result = run(waiting / "study.yaml", out=waiting / "store", jobs=2, budget=3600.0, watcher=Spending())
    assert result.exit_code == 0 and result.ended_early == "the budget is spent" and not result.stopped
    assert {cell.seed: cell.state for cell in result.record.cells}[0] == "done"
    assert sum(cell.state == "planned" for cell in result.record.cells) == 3
    (waiting / "go").touch()
    result = run(waiting / "study.yaml", out=waiting / "store", jobs=2, budget=3600.0)
    assert result.exit_code == 0 and result.ended_early is None


def test_without_a_report_nothing_is_drawn_and_it_is_written_when_it_is_shown(
    zoo: Zoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(zoo.copy("own", tmp_path))
    study, page = Path("data.study"), Path("data.study/report/report.html")
    page.unlink()
    drawn: list[object] = []
    monkeypatch.setitem(FILES, "report.html", lambda reading: drawn.append(reading) or "drawn")
    result = run(study, executor="serial", report=False, progress=False)
    assert not page.exists() and not drawn
    monkeypatch.setattr("brittlestar.reports.showing.webbrowser.open", lambda address: True)
    assert result.show() == page.resolve() and len(drawn) == 1
    assert result.document == report(study) and len(drawn) == 2
    said = brittlestar("run", study, "--executor", "serial", "--no-report")
    assert said.code == 0 and f"brittlestar report {study}" in " ".join(said.output.split())
    assert "exclude each other" in brittlestar("run", study, "--no-report", "--open").errors[0]


def test_a_budget_begins_nothing_that_would_not_end_in_time(waiting: Path, no_report: None) -> None:
    (waiting / "go").touch()
    run(waiting / "study.yaml", out=waiting / "store", executor="serial", seeds=1)
    attempts = waiting / "store" / "attempts.jsonl"
    attempts.write_bytes(re.sub(rb'"seconds":[0-9.]+', b'"seconds":9000', attempts.read_bytes()))
    result = run(waiting / "study.yaml", out=waiting / "store", executor="serial", budget=100.0)
    assert result.ended_early == "the budget leaves no time for 3 more cells" and result.exit_code == 0
    assert len(finished(waiting / "store")) == 1


def test_a_script_needs_no_main_guard_and_runs_once(waiting: Path) -> None:
    (waiting / "go").touch()
    (waiting / "script.py").write_text(
        "import pathlib, brittlestar\n"
        "with open('ran', 'a') as ran: ran.write('once ')\n"
        "import brittlestar.pipeline.run as flow\n"
        "flow.build_report = flow.show_document\n"
        "result = brittlestar.run('study.yaml', out='store')\n"
        "print(result.exit_code, len(result.record.cells))\n",
        encoding="utf-8",
    )
    said = subprocess.run([sys.executable, "script.py"], cwd=waiting, capture_output=True, text=True, check=True)
    assert said.stdout == "0 4\n" and said.stderr == ""
    assert (waiting / "ran").read_text() == "once "


def test_it_runs_in_a_thread_and_from_any_folder(
    waiting: Path, no_report: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (waiting / "go").touch()
    results: list[RunResult] = []
    thread = threading.Thread(target=lambda: results.append(run(waiting / "study.yaml", out=waiting / "one", jobs=2)))
    thread.start()
    thread.join()
    assert [result.exit_code for result in results] == [0]
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    run("../größe & mehr/study.yaml", out="../größe & mehr/other", executor="serial")
    assert contents(waiting / "other") == contents(waiting / "one")


FAILING = """
def fit(train, dev, seed):
    if not seed:
        return lambda rows: [[0.5, 0.5] for _ in rows]
    print("about to fail")
    raise ValueError(f"seed {seed} [is] odd")
"""


def test_the_first_failure_is_shown_at_once_with_the_command_that_runs_it_alone(waiting: Path, no_report: None) -> None:
    (waiting / "own.py").write_text(FAILING, encoding="utf-8")
    text = io.StringIO()
    result = run(waiting / "study.yaml", out=waiting / "store", executor="serial", watcher=Terminal(text))
    lines = text.getvalue().splitlines()
    lines = lines[next(place for place, line in enumerate(lines) if line.startswith("failed")) :]
    assert result.exit_code == 1
    first = result.record.cells[1]
    assert lines[0].startswith("failed main seed 1: ") and "ValueError: seed 1 [is] odd" in lines[0]
    assert any(line.strip() == "about to fail" for line in lines[1:9])
    commands = [line.strip() for line in lines if "this run alone" in line]
    assert commands == [f"this run alone: brittlestar run '{waiting / 'store'}' --cell {first.hash[:12]}"]
    assert sum(line.startswith("failed") for line in lines) == 3, "the others are told in a line each"


def test_a_cell_is_named_by_the_start_of_its_hash(waiting: Path, no_report: None) -> None:
    (waiting / "go").touch()
    result = run(waiting / "study.yaml", out=waiting / "store", executor="serial")
    store = waiting / "store"
    with pytest.raises(
        InputError, match=r"no run has a hash that starts with 'zz'; `brittlestar status .*` lists the runs"
    ):
        run(store, cell="zz", executor="serial")
    with pytest.raises(InputError, match=r"runs have a hash that starts with ''|no run has a hash that starts with ''"):
        run(store, cell="", executor="serial")
    before = contents(store)
    again = run(store, cell=result.record.cells[2].hash[:12], executor="serial")
    assert again.exit_code == 0 and contents(store) == before, "what is done is not done again"


def test_one_run_alone_ends_well_whatever_became_of_others(tmp_path: Path, no_report: None) -> None:
    write_study(tmp_path, seeds=1)
    text = "name: broken\ndata: {path: data}\nmodel: {own: 'own:fit'}\nseeds: 2\n"
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    stops = (
        "from pathlib import Path\n\n\ndef fit(train, dev, seed):\n    if Path(__file__).with_name('stop').exists():\n"
    )
    ends = "        raise ValueError('stop')\n    return lambda rows: [[0.5, 0.5] for _ in rows]\n"
    (tmp_path / "own.py").write_text(stops + ends, encoding="utf-8")
    (tmp_path / "stop").write_text("")
    with pytest.raises(RunError) as caught:
        run(tmp_path / "study.yaml", out=tmp_path / "store", executor="serial")
    first, why = caught.value.problems
    assert first.what.startswith("no run is done: ") and first.where == str(tmp_path / "store")
    assert why.where == "main, seed 0" and "ValueError: stop" in why.what and "own.py:6" in why.what
    result = run(tmp_path / "store", executor="serial", watcher=SilentWatcher())
    assert result.exit_code == 1 and {cell.state for cell in result.record.cells} == {"failed"}, "a watcher was told"
    (tmp_path / "stop").unlink()
    again = run(tmp_path / "store", cell=result.record.cells[0].hash[:12], executor="serial")
    assert [cell.state for cell in again.record.cells] == ["done", "failed"] and again.exit_code == 0
    assert run(tmp_path / "store", executor="serial").exit_code == 1, "of all runs one is still failed"
