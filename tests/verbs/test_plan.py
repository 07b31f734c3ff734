from pathlib import Path

import pytest

from brittlestar.reports.showing import Document
from brittlestar.verbs.plan import plan
from brittlestar.verbs.run import run
from tests.execution.tiny import forget, write_study


@pytest.fixture(autouse=True)
def _no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brittlestar.pipeline.run.build_report", lambda store, assessment: Document({}))


def test_without_a_pilot_it_counts_and_writes_nothing(tmp_path: Path) -> None:
    study = write_study(tmp_path)
    document = plan(study, out=tmp_path / "store", pilot=False, jobs=3)
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
    document = plan(study, out=tmp_path / "store", pilot=False)
    assert document["done"] == 3 and {variant["done"] for variant in document["variants"].values()} == {1}
    whole = plan(study, out=tmp_path / "other", pilot=False)
    rows = 12 * 100
    assert document["disk_bytes"] - rows == pytest.approx((whole["disk_bytes"] - rows) * 2 / 3)


def test_disk_is_of_the_right_size(tmp_path: Path) -> None:
    study = write_study(tmp_path)
    told = plan(study, out=tmp_path / "store", pilot=False)["disk_bytes"]
    run(study, out=tmp_path / "store", executor="serial")
    taken = sum(path.stat().st_size for path in (tmp_path / "store" / "cells").rglob("*"))
    assert taken / 4 < told < 4 * taken


def test_the_pilot_times_every_variant_that_can_be_timed(tmp_path: Path) -> None:
    more = "  own: {model.own: 'own:fit'}\n  again: {model.family: bag}\n"
    study = write_study(tmp_path, seeds=2, more=more)
    (tmp_path / "own.py").write_text("def fit(train, dev, seed):\n    raise ValueError\n", encoding="utf-8")
    document = plan(study, out=tmp_path / "store", jobs=2)
    forget("own")
    timed = {name: variant["seconds_per_cell"] for name, variant in document["variants"].items()}
    assert timed.pop("own") is None, "what fails in the pilot fails in the run, where it is recorded"
    assert all(seconds > 0 for seconds in timed.values())
    assert {name: variant["parameters"] for name, variant in document["variants"].items()}["bag"] == 2 * (8 + 2) + 2
    once = timed["main"] + timed["lstm"] + timed["bag"]  # two seeds, two processes; `again` is the same cells
    assert document["seconds"] == pytest.approx(once)


def test_time_is_never_less_than_that_of_the_longest_cell(tmp_path: Path) -> None:
    document = plan(write_study(tmp_path, seeds=1), out=tmp_path / "store", jobs=64)
    assert document["seconds"] == max(variant["seconds_per_cell"] for variant in document["variants"].values())
