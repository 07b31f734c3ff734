import json
from pathlib import Path
from typing import Any

import pytest

from brittlestar.cli.outputs.runs import dry_run_output
from brittlestar.core.errors import InputError
from brittlestar.reports.paragraphs import plain_words
from brittlestar.reports.showing import Document
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.verbs.run import run
from tests.command import brittlestar
from tests.execution.tiny import contents, write_study


@pytest.fixture(autouse=True)
def _no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brittlestar.pipeline.run.build_report", lambda store, reading: Document({}))


def test_it_counts_and_writes_nothing(tmp_path: Path) -> None:
    study = write_study(tmp_path)
    document = run(study, out=tmp_path / "store", jobs=3, dry_run=True)
    assert (document["study"], document["cells"], document["done"], document["jobs"]) == ("tiny", 9, 0, 3)
    assert document["store"] == str(tmp_path / "store") and document["seconds"] is None
    assert list(document["variants"]) == ["main", "bag", "lstm"]
    assert document["variants"]["lstm"]["title"] == "1-layer LSTM (built-in reference, not yours)"
    assert all(
        variant["cells"] == 3 and variant["seconds_per_cell"] is None for variant in document["variants"].values()
    )
    assert not (tmp_path / "store").exists()


def test_what_is_done_and_what_is_damaged_are_not_planned_again(tmp_path: Path) -> None:
    study = write_study(tmp_path)
    run(study, out=tmp_path / "store", executor="serial", seeds=1)
    for outcome in (tmp_path / "store").glob("cells/*/outcome.json"):
        outcome.write_bytes(b"{")
    document = run(study, out=tmp_path / "store", dry_run=True)
    assert document["done"] == 3 and {variant["done"] for variant in document["variants"].values()} == {1}


def test_disk_is_of_the_right_size(tmp_path: Path) -> None:
    study = write_study(tmp_path)
    told = run(study, out=tmp_path / "store", dry_run=True)["disk_bytes"]
    run(study, out=tmp_path / "store", executor="serial")
    taken = sum(path.stat().st_size for path in (tmp_path / "store" / "cells").rglob("*"))
    assert taken / 4 < told < 4 * taken


def test_it_says_what_finished_runs_took_and_what_is_left(tmp_path: Path) -> None:
    study, store = write_study(tmp_path, seeds=2, more="  again: {model.family: bag}\n"), tmp_path / "store"
    run(study, out=store, executor="serial")
    keep_times(store, {"main": (13.0, 15.0), "bag": (1.0, 1.0), "lstm": (20.0, 30.0)})
    document = run(study, out=store, seeds=4, jobs=2, dry_run=True)
    spans = {name: one["seconds_per_cell"] for name, one in document["variants"].items()}
    assert spans == {"main": (13, 15), "bag": (1, 1), "lstm": (20, 30), "again": (1, 1)}
    assert (document["timed"], document["seconds_per_cell"]) == (6, (1, 30)), "`again` shares its runs with `bag`"
    assert document["seconds"] == (34, 46 + 15), "two more of each: 68 to 92 s on two processes, and half the longest"
    said = show(document)
    assert "6 finished runs took 1 to 30 s each; 8 left to train: about 34 s to 1 min 1 s, 2 at once." in said
    assert "4 runs, 2 done in 13 to 15 s each: " in said
    assert run(study, out=store, seeds=3, jobs=64, dry_run=True)["seconds"][0] == 20, (
        "not less than the longest run takes"
    )
    assert show(run(study, out=store, dry_run=True)).count("6 finished runs took 1 to 30 s each; nothing is left.") == 1


def test_of_what_no_finished_run_tells_it_gives_no_time(tmp_path: Path) -> None:
    study, store = write_study(tmp_path, seeds=1), tmp_path / "store"
    said = show(run(study, out=store, dry_run=True))
    assert "Time no run has finished yet, so no time can be told; run one seed first (--seeds 1)" in said
    run(study, out=store, executor="serial")
    keep_times(store, {"main": (13.0,), "bag": (1.0,), "lstm": (2.0,)})
    changed = run(study, out=store, settings={"variants.bag.training.clip": "3"}, dry_run=True)
    assert changed["seconds"] is None and changed["worst"]["seconds"] is None and changed["timed"] == 2
    assert changed["weights_unknown"] == ["bag"]
    said = show(changed)
    assert "2 finished runs took 2 to 13 s each; none of bag is finished, so that the time left is not known." in said
    assert ", and the weights of bag" in said


def test_disk_of_what_is_open_is_that_of_finished_runs(tmp_path: Path) -> None:
    study, store = write_study(tmp_path, seeds=1), tmp_path / "store"
    run(study, out=store, executor="serial")
    (first,) = [cell for cell in read_cells(read_study(Store(store))) if cell.variant == "lstm"]
    (store / Store(store).cell(first.hash) / "weights-best.safetensors").write_bytes(bytes(10_000_000))
    document = run(study, out=store, seeds=2, dry_run=True)
    assert 10_000_000 < document["disk_bytes"] < 11_000_000 and document["weights_unknown"] == []


def test_a_study_s_folder_stands_for_its_data(tmp_path: Path) -> None:
    study, store = write_study(tmp_path, seeds=1), tmp_path / "store"
    run(study, out=store, executor="serial")
    before = contents(store)
    assert run(store, dry_run=True) == run(study, out=store, dry_run=True), "nothing is left"
    grown = run(store, seeds=3, dry_run=True)
    assert (grown["store"], grown["cells"], grown["done"]) == (str(store), 9, 3)
    changed = run(store, settings={"training.clip": "3"}, dry_run=True)
    assert (changed["store"], changed["cells"], changed["done"]) == (str(tmp_path / "store-2.study"), 3, 0)
    assert contents(store) == before and not (tmp_path / "store-2.study").exists()
    with pytest.raises(InputError, match="a study's folder has its model, predictions and columns"):
        run(store, columns={"label": "target"}, dry_run=True)


def test_what_it_does_not_read_is_refused(tmp_path: Path) -> None:
    study = write_study(tmp_path)
    for option in (["--budget", "2h"], ["--cell", "ab"], ["--anytime"], ["--open"]):
        said = brittlestar("run", study, "--dry-run", *option)
        assert said.code == 2 and f"--dry-run and {option[0]} exclude each other" in said.errors[0]
    assert "--share and --dry-run" in brittlestar("run", study, "--dry-run", "--share", "1/2").errors[0]
    with pytest.raises(InputError, match="--dry-run and --budget, --cell exclude each other"):
        run(study, dry_run=True, budget=5.0, cell="ab")


def keep_times(store: Path, seconds: dict[str, tuple[float, ...]]) -> None:
    """As if the runs of each variant had taken so long."""
    place = store / "attempts.jsonl"
    left = {name: list(times) for name, times in seconds.items()}
    lines = [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        if line["event"] == "done":
            line["seconds"] = left[line["variant"]].pop(0)
    place.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def show(document: dict[str, Any]) -> str:
    blocks = dry_run_output(document).blocks
    return "\n".join(f"{block.name} {plain_words(block.text)}" for block in blocks)
