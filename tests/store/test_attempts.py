from pathlib import Path

from brittlestar.store.attempts import append_attempt, read_attempts, read_history
from brittlestar.store.layout import ATTEMPTS, create_store


def test_lines_are_added_and_read_back(tmp_path: Path) -> None:
    store = create_store(tmp_path)
    append_attempt(store, "started", "aa", attempt=1)
    append_attempt(store, "done", "aa", seconds=2.5)
    lines = list(read_attempts(store))
    assert [line["event"] for line in lines] == ["started", "done"]
    assert all(line["host"] and line["pid"] and line["at"] > 1e9 for line in lines)


def test_a_line_cut_short_costs_itself_alone(tmp_path: Path) -> None:
    store = create_store(tmp_path)
    append_attempt(store, "done", "aa", seconds=1.0)
    with store.path(ATTEMPTS).open("ab") as handle:
        handle.write(b'{"event":"done","cell":"b')
    append_attempt(store, "done", "cc", seconds=3.0)
    with store.path(ATTEMPTS).open("ab") as handle:
        handle.write(b'[1]\n"text"\n\xff\xfe\n{"event": 1}\n')
    assert dict(read_history(store).seconds) == {"aa": 1.0, "cc": 3.0}


def test_a_cell_is_lost_when_that_is_its_last_word(tmp_path: Path) -> None:
    store = create_store(tmp_path)
    for name, events in {
        "aa": ["started", "lost"],
        "bb": ["lost", "started", "done"],
        "cc": ["lost", "failed"],
    }.items():
        for event in events:
            append_attempt(store, event, name)
    assert set(read_history(store).lost) == {"aa"}


def test_a_store_without_attempts_has_no_history(tmp_path: Path) -> None:
    store = create_store(tmp_path)
    store.path(ATTEMPTS).unlink()
    assert read_history(store).lost == {} and list(read_attempts(store)) == []
