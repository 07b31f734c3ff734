import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from brittlestar.core.documents import SCHEMA_VERSION
from brittlestar.core.errors import StoreError
from brittlestar.core.findings import Finding
from brittlestar.core.hashing import canonical_json
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.reports.answers.evidence import Evidence
from brittlestar.reports.document import document
from brittlestar.reports.headline import decide_headline

from .example import METRICS, example, findings


def documented(record: StudyRecord, found: tuple[Finding, ...]) -> dict[str, Any]:
    """The document of a record, whose headline nothing but the record decides."""
    return document(record, found, decide_headline(Evidence(record, None, found)))


def with_scores(record: StudyRecord, variant: str, metric: str, values: dict[int, float | None]) -> StudyRecord:
    """The record with one test metric of one variant replaced, best and last alike."""

    def changed(cell: CellRecord) -> CellRecord:
        if cell.variant != variant or cell.seed not in values:
            return cell
        scores = {split: {c: dict(m) for c, m in both.items()} for split, both in cell.scores.items()}
        for checkpoint in scores["test"].values():
            checkpoint[metric] = values[cell.seed]
        return replace(cell, scores=scores)

    return replace(record, cells=tuple(changed(cell) for cell in record.cells))


def test_the_keys_are_those_of_the_contract() -> None:
    found = documented(example(), findings())
    assert found["schema_version"] == SCHEMA_VERSION
    assert set(found["headline"]) >= {"score", "best_trivial", "act_first", "real", "holds", "sound", "fair"}
    assert set(found["headline"]["real"]) == {"answer", "sentence", "grounds", "next", "argv"}
    assert list(found) == [
        "schema_version", "headline", "study", "environment", "data", "variants", "slices", "trivial_baselines",
        "cells", "finding_counts", "findings", "claims", "timing",
    ]  # fmt: skip
    assert set(found["data"]["splits"]["test"]) >= {"rows", "classes", "mean_length", "max_length", "unseen_token_rate"}
    assert set(found["cells"][0]) == {"hash", "variant", "seed", "state", "outcome", "best_epoch", "error"}
    assert set(found["variants"]["main"]["splits"]["test"]) == set(METRICS)
    entry = found["variants"]["main"]["splits"]["test"]["hwa"]
    assert set(entry) == {"mean", "interval", "seeds", "last", "majority"}
    assert set(entry["last"]) == {"mean", "interval", "seeds"}
    assert json.loads(canonical_json(found)) == found


def test_every_interval_is_scipys() -> None:
    found = documented(example(), ())
    checked = 0
    for variant in found["variants"].values():
        for metrics in variant["splits"].values():
            for entry in metrics.values():
                values = list(entry["seeds"].values())
                if np.std(values) == 0:
                    continue
                expected = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
                assert entry["interval"] == pytest.approx(list(expected), abs=1e-12)
                checked += 1
    assert checked > 100


def test_no_interval_below_two_seeds_and_no_mean_below_one() -> None:
    one = documented(example(seeds=(7,), incidents=False), ())["variants"]["main"]["splits"]["test"]["hwa"]
    assert one["interval"] is None
    assert one["mean"] == one["seeds"]["7"]
    record = example()
    nothing = replace(record, cells=tuple(replace(cell, state="planned", outcome=None) for cell in record.cells))
    entry = documented(nothing, ())["variants"]["main"]["splits"]["test"]["hwa"]
    assert (entry["mean"], entry["interval"], entry["seeds"]) == (None, None, {})


def test_only_done_cells_count_and_a_diverged_cell_counts_at_its_stored_score() -> None:
    record = example()
    found = documented(record, ())["variants"]
    frozen = found["frozen"]["splits"]["test"]["accuracy"]
    assert frozen["seeds"]["3"] == record.splits["test"].majority["accuracy"]
    assert frozen["mean"] == pytest.approx(np.mean(list(frozen["seeds"].values())))
    assert found["frozen"]["seeds"] == {"done": 5, "failed": 0, "lost": 0, "planned": 0, "running": 0, "diverged": 1}
    assert set(found["shape-only"]["splits"]["test"]["accuracy"]["seeds"]) == {"0", "1", "3", "4"}
    assert found["shape-only"]["seeds"]["failed"] == 1
    assert found["bag"]["seeds"]["planned"] == 1


def test_a_metric_that_one_seed_lacks_has_no_mean_over_the_others() -> None:
    record = with_scores(example(), "main", "log_loss", {2: None})
    entry = documented(record, ())["variants"]["main"]["splits"]["test"]["log_loss"]
    assert entry["mean"] is None
    assert entry["interval"] is None
    assert entry["seeds"]["2"] is None
    assert entry["seeds"]["1"] is not None


def test_a_score_that_is_not_finite_is_refused_with_every_place() -> None:
    record = with_scores(example(), "main", "log_loss", {2: math.nan, 3: math.inf})
    with pytest.raises(StoreError) as caught:
        documented(record, ())
    assert len(caught.value.problems) == 4
    assert "the stored log_loss is not finite (nan)" in str(caught.value)
    assert "split test, best checkpoint" in str(caught.value)


def test_majority_stands_beside_every_metric_and_is_a_baselines_of_the_baselines() -> None:
    record = example()
    found = documented(record, ())
    for split, about in record.splits.items():
        for metric, value in about.majority.items():
            assert found["variants"]["bag"]["splits"][split][metric]["majority"] == value
            score = {"value": value, "interval": None, "rows": about.rows}
            assert found["trivial_baselines"]["rungs"][0]["scores"]["all"][split][metric] == score
    assert [baseline["kind"] for baseline in found["trivial_baselines"]["rungs"]] == ["majority"]
