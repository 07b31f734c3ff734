"""A confirmed cause is planted into a healthy training; overfitting must grow with fewer rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from brittlestar.core.experiments import Experiment
from brittlestar.diagnosis.arms import Arm, arms
from brittlestar.diagnosis.causes.confirming import confirm_findings, judge_experiments
from brittlestar.diagnosis.causes.interventions import Intervention
from brittlestar.diagnosis.causes.planting import HEALTHY, plant_causes
from tests.diagnosis.synthetic import cell, study, variant

RATE, CLIP = "training.learning_rate", "training.clip"
LOW = Intervention("lower-rate", {RATE: 0.1}, ("train.rate-high",))
NARROW = Intervention("narrower", {"model.hidden": 16}, ("train.overfit",), "overfit")


def main_of(**settings: object) -> Arm:
    values = {RATE: 1e-3, CLIP: 1.0, "training.epochs": 20, "model.dropout.encoder": 0.2} | settings
    return arms(study([cell("main")], {"main": variant("main", values)}))[0]


def said(one: Intervention, verdict: str = "confirmed") -> Experiment:
    return Experiment(
        one.name, dict(one.changes), one.of, one.measure, "accuracy", verdict, 0.2, (0.1, 0.3), 0.95, 5, 0.02
    )  # type: ignore[arg-type]


def test_where_main_differs_in_the_cause_alone_it_is_the_healthy_training_with_the_cause() -> None:
    healthy, planted = plant_causes(main_of(**{RATE: 1.0}), 500, [LOW], [said(LOW)])
    assert (healthy.name, dict(healthy.changes), healthy.runs) == (HEALTHY, {RATE: 1e-3}, True)
    assert (planted.beside, planted.shown_by, planted.brings, planted.runs) == (HEALTHY, "main", True, False)
    assert dict(planted.changes) == {RATE: 1.0}


def test_other_settings_are_the_defaults_where_a_cause_is_planted() -> None:
    healthy, planted = plant_causes(main_of(**{RATE: 1.0, CLIP: None}), 500, [LOW], [said(LOW)])
    assert dict(healthy.changes) == {RATE: 1e-3, CLIP: 1.0}
    assert planted.runs and planted.variant == {CLIP: 1.0}, "main's rate stays, everything else is a default"
    assert dict(planted.changes) == {RATE: 1.0}


def test_what_is_a_default_or_was_not_confirmed_is_not_planted() -> None:
    assert plant_causes(main_of(), 500, [LOW], [said(LOW)]) == ()
    assert plant_causes(main_of(**{RATE: 1.0}), 500, [LOW], [said(LOW, "open")]) == ()
    assert plant_causes(main_of(**{RATE: 1.0}), 500, [], []) == ()


def test_overfitting_is_planted_with_fewer_rows_and_without_regularisation() -> None:
    fewer, bare = plant_causes(main_of(), 500, [NARROW], [said(NARROW)])
    assert fewer.variant["data.train_rows"] == 250 and fewer.variant["training.epochs"] == 40
    assert "unequal_budget" in fewer.variant and fewer.measure == "overfit" and fewer.brings
    assert dict(bare.changes) == {"model.dropout.encoder": 0.0}
    (only,) = plant_causes(main_of(), 60, [NARROW], [said(NARROW)])
    assert only.name == "unregularised", "half of 60 rows trains nothing"


def test_a_planted_cause_is_judged_beside_the_healthy_training_and_told_by_the_finding() -> None:
    planted = Intervention("planted-lower-rate", {RATE: 1.0}, LOW.of, brings=True, beside=HEALTHY, shown_by="main")
    cells = []
    for seed in range(5):
        for name, level in (("main", 0.5), ("lower-rate", 0.8 + 0.01 * seed), (HEALTHY, 0.8)):
            cells.append(cell(name, 1000 + seed, dev=np.full(21, level)))
    removed, brought = judge_experiments(study(cells), [LOW, planted])
    assert (removed.verdict, brought.verdict, brought.brings) == ("confirmed", "confirmed", True)
    assert brought.estimate == pytest.approx(0.3) and brought.beside == HEALTHY
    from brittlestar.core.findings import Finding

    finding = Finding("train.rate-high", "present", "It is.", "A rule.", "warning", {"variant": "main"})
    (told,) = confirm_findings([finding], "main", [removed, brought])
    assert told.confirmed_by is not None and told.confirmed_by["brought_back_by"]["name"] == "planted-lower-rate"
    (alone,) = confirm_findings([finding], "main", [brought])
    assert alone.confirmed_by is None, "what brings a symptom is not what removes it"
    (other,) = confirm_findings([finding], "main", [removed, replace(brought, verdict="open")])
    assert other.confirmed_by is not None and other.confirmed_by["brought_back_by"] is None
