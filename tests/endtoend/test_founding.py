"""The story, small enough for every run of the suite: a study from generated data to its report."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from brittlestar import RunResult, generate, run

FACTORS = "(?P<shape>[▲■●◆])(?P<colour>[rgby])?"
SETTINGS = {
    "data.factors": FACTORS,
    "training.learning_rate": "1e-2",
    "training.epochs": "14",
    "training.batch_size": "32",
    "model.layers": "1",
    "model.hidden": "24",
    "model.dropout.encoder": "0",
    "model.dropout.head": "0",
    "variants": "{order-permuted: {data.order: permuted}, bag: {model.family: bag}}",
    "seeds": "5",
    "claims": '["main > bag by 0.01 on hwa"]',
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    folder = tmp_path_factory.mktemp("founding")
    generate(folder / "data", lengths="6-10", sizes="240/160/240", long="14-18")
    return run(folder / "data", out=folder / "s.study", settings=SETTINGS)


def findings(result: RunResult, code: str) -> dict[str, Any]:
    return {f["where"].get("variant"): f for f in result.document["findings"] if f["code"] == code}


def test_every_cell_is_done_and_the_report_is_there(study: RunResult) -> None:
    assert study.exit_code == 0
    assert [cell.state for cell in study.record.cells] == ["done"] * 15
    page = (study.store / "report" / "report.html").read_text(encoding="utf-8")
    assert "built-in reference, not yours" in page and len(page.encode()) < 5_000_000
    assert json.loads((study.store / "claims.json").read_bytes())[0]["registered"] is True


def test_overfitting_is_present_with_the_onset_a_brute_force_reading_gives(study: RunResult) -> None:
    finding = findings(study, "train.overfit")["main"]
    assert finding["status"] == "present"
    onsets: list[int] = []
    for cell in study.record.cells:
        if cell.variant == "main":
            curves = pl.read_parquet(study.store / "cells" / cell.hash / "curves.parquet")
            losses = dict(zip(curves["epoch"], curves["dev.log_loss"], strict=True))
            onsets.append(min(losses, key=lambda epoch: (losses[epoch], epoch)))
            assert cell.best_epoch == onsets[-1]
    assert abs(finding["evidence"]["onset"]["median"] - float(np.median(onsets))) <= 1


def test_scores_stand_beside_the_majority_rate_and_agree_with_the_stored_predictions(study: RunResult) -> None:
    entry = study.document["variants"]["main"]["splits"]["test"]["accuracy"]
    assert entry["interval"][0] < entry["mean"] < entry["interval"][1]
    rows = pl.read_parquet(study.store / "data" / "test" / "rows.parquet")
    for cell in study.record.cells:
        if cell.variant == "main":
            table = pl.read_parquet(study.store / "cells" / cell.hash / "predictions.parquet")
            best = table.filter((pl.col("split") == "test") & (pl.col("checkpoint") == "best")).sort("row")
            predicted = best["values"].to_numpy().argmax(1).astype(str)
            accuracy = float((predicted == rows["label"].to_numpy()).mean())
            assert accuracy == pytest.approx(entry["seeds"][str(cell.seed)])


def test_a_solved_twin_has_no_overfitting(tmp_path: Path) -> None:
    generate(tmp_path / "data", rule="at least 1 ▲", lengths="4-6", sizes="400/200/200")
    settings = {**SETTINGS, "variants": "{}", "claims": "[]", "model.family": "bag", "training.epochs": "12"}
    result = run(tmp_path / "data", out=tmp_path / "s.study", settings={**settings, "training.learning_rate": "0.1"})
    assert result.document["variants"]["main"]["splits"]["test"]["accuracy"]["mean"] > 0.97
    assert findings(result, "train.overfit")["main"]["status"] == "absent"
