import json
from pathlib import Path

import pytest

from brittlestar.execution.jobs import Event, Finished, Lost, Progressed, Started
from brittlestar.execution.order import MANY, RunningCells
from brittlestar.store.layout import PROGRESS, create_store
from brittlestar.store.lock import lock_alone, read_progress
from tests.execution.tiny import job


def test_it_follows_beginnings_and_ends_at_once_and_epochs_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr("brittlestar.execution.session.time.monotonic", lambda: clock[0])
    store = create_store(tmp_path)
    progress = RunningCells(store)

    def told(event: Event) -> list[tuple[int, int | None]]:
        progress.follow(event, 7.5)
        document = json.loads(store.path(PROGRESS).read_bytes())
        assert document["seconds_left"] == 7.5
        return [(one["seed"], one["epoch"]) for one in document["running"]]

    assert told(Started(job(seed=0), 1, 11)) == [(0, None)]
    assert told(Started(job(seed=1), 1, 12)) == [(0, None), (1, None)]
    assert told(Progressed(job(seed=0), 3, 20)) == [(0, None), (1, None)], "half a second has not passed"
    clock[0] += 0.6
    assert told(Progressed(job(seed=1), 1, 20)) == [(0, 3), (1, 1)]
    assert told(Lost(job(seed=1), 1, "", "", final=False)) == [(0, 3)]
    assert told(Finished(job(seed=0), 1, None, "")) == []
    progress.remove()
    progress.remove()
    assert not store.path(PROGRESS).exists() and not list(tmp_path.glob("*.part"))


def test_of_many_runs_it_tells_twice_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("brittlestar.execution.session.time.monotonic", lambda: clock[0])
    store = create_store(tmp_path)
    progress = RunningCells(store)

    def count_told(event: Event) -> int:
        progress.follow(event, None)
        return len(json.loads(store.path(PROGRESS).read_bytes())["running"])

    begun = [count_told(Started(job(seed=seed), 1, 11)) for seed in range(MANY + 2)]
    assert begun == [*range(1, MANY + 1), MANY, MANY]
    assert count_told(Finished(job(seed=0), 1, None, "")) == MANY, "half a second has not passed"
    clock[0] += 0.6
    assert count_told(Started(job(seed=MANY + 2), 1, 11)) == MANY + 2


def test_it_counts_only_while_a_run_is_at_work(tmp_path: Path) -> None:
    store = create_store(tmp_path)
    RunningCells(store).follow(Started(job(), 1, 11), None)
    nothing = {"running": [], "seconds_left": None}
    assert read_progress(store) == nothing
    with lock_alone(store):
        assert [one["variant"] for one in read_progress(store)["running"]] == ["main"]
        store.path(PROGRESS).write_bytes(b"{")
        assert read_progress(store) == nothing
        store.path(PROGRESS).unlink()
        assert read_progress(store) == nothing
