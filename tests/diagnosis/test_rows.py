"""Experiments on the rows that main trains on, and on a few of them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from brittlestar import diagnose, run
from brittlestar.core.experiments import Experiment
from brittlestar.core.findings import Finding
from brittlestar.diagnosis.causes.interventions import FEW_ROWS, TrainRows, list_interventions, list_of_rows
from brittlestar.diagnosis.causes.symptoms import (
    choose_interventions,
    describe_experiment,
    find_symptoms,
    judge_experiments,
)
from brittlestar.diagnosis.variant_runs import VariantRuns, list_variant_runs
from tests.diagnosis.synthetic import cell, study, variant

ONLY = ["train", "eval", "leak", "data"]
"""Causes alone: what no setting changes is not asked about."""

SOME = TrainRows(500, leaks=100, conflicts=20, split="test")


def main_of(score: float = 0.5, own: bool = False, outcome: str = "completed", **settings: object) -> VariantRuns:
    values = {"training.batch_size": 64, "model.dropout.head": 0.2, "training.learning_rate": 0.1} | settings
    named = variant("main", values)
    scores = {"train": {"best": {"accuracy": score}}}
    named = replace(named, own=own)
    return list_variant_runs(study([cell("main", scores=scores, outcome=outcome)], {"main": named}))[0]


def names_of(variant: VariantRuns, rows: TrainRows = SOME) -> list[str]:
    return [intervention.name for intervention in list_of_rows(variant, rows, "accuracy")]


def finding(code: str, **where: str) -> Finding:
    return Finding(code, "present", "so it is", "from 1 on", "error", where)


def test_what_rows_allow_is_tried() -> None:
    assert names_of(main_of()) == ["as-many-rows", "without-leaks", "without-conflicts", "few-rows"]
    assert names_of(main_of(0.95)) == ["as-many-rows", "without-leaks", "without-conflicts"]
    assert names_of(main_of(outcome="fitted")) == ["as-many-rows", "without-leaks", "without-conflicts"]
    assert names_of(main_of(), TrainRows(500)) == ["few-rows"]
    assert names_of(main_of(), TrainRows(120, leaks=100)) == ["few-rows"]
    assert names_of(main_of(), TrainRows(2 * FEW_ROWS)) == []
    assert names_of(main_of(outcome="imported")) == []
    assert names_of(main_of(**{"data.train_without": "leaks"})) == ["few-rows"]


def test_leaks_are_measured_where_they_are_beside_as_many_rows() -> None:
    few, without, *_ = list_of_rows(main_of(), SOME, "accuracy")
    assert dict(few.changes) == {"data.train_rows": 400} and few.measure == without.measure == "test"
    assert without.beside == few.name and without.brings and without.of == ("leak.exact",)
    assert without.variant["unequal_budget"] and few.variant["unequal_budget"]
    on_dev = replace(SOME, split="dev")
    assert {intervention.measure for intervention in list_of_rows(main_of(0.95), on_dev, "accuracy")} == {"score"}


def test_a_leak_asks_for_its_experiment_and_for_what_it_is_held_against() -> None:
    every = tuple(list_of_rows(main_of(), SOME, "accuracy"))
    leak = finding("leak.exact", split="test")
    assert find_symptoms([leak], "main") == ("test",)
    assert find_symptoms([finding("leak.exact", split="dev")], "main") == ("score",)
    first = choose_interventions(every, [leak], "main", ("test",))
    assert [intervention.name for intervention in first] == ["as-many-rows", "without-leaks"]
    low = finding("eval.constant", variant="main")
    assert find_symptoms([low], "main") == ("score", "train")
    others = choose_interventions(every, [low], "main", ("score", "train"))
    assert [one.name for one in others] == ["without-conflicts", "few-rows"]
    named = choose_interventions(every, [low, finding("label.conflict", split="train")], "main", ("score",))
    assert [intervention.name for intervention in named] == ["without-conflicts"]


def test_few_rows_that_are_learned_confirm_no_cause() -> None:
    few = next(
        intervention for intervention in list_of_rows(main_of(), SOME, "accuracy") if intervention.name == "few-rows"
    )
    cells = []
    for name, base in (("main", 0.5), ("few-rows", 1.0)):
        scores = [{"train": {"best": {"accuracy": base - 0.01 * (seed % 2)}}} for seed in range(5)]
        cells += [cell(name, seed, scores=score) for seed, score in enumerate(scores)]
    (found,) = judge_experiments(study(cells), [few])
    assert found.verdict == "confirmed" and not found.removes and found.estimate == pytest.approx(0.5)
    sentence = describe_experiment(found)
    assert "+50.0 points on train" in sentence and "A few rows can be learned by heart" in sentence
    (found,) = judge_experiments(study([one for one in cells if one.variant == "main"]
        + [replace(one, variant="few-rows") for one in cells if one.variant == "main"]), [few])  # fmt: skip
    assert found.verdict == "refuted" and "Not even a few rows are learned" in describe_experiment(found)


def test_own_networks_have_their_start_and_their_statistics_changed() -> None:
    names = {intervention.name for intervention in list_interventions(main_of(own=True))}
    assert {"smaller-start", "larger-start"} <= names and "stored-statistics" not in names and "wider" not in names
    variant = main_of(own=True, **{"model.batch_statistics": "batch"})
    normalised = replace(
        variant,
        record=replace(
            variant.record,
            settings=tuple(replace(setting, read_back=setting.value) for setting in variant.record.settings),
        ),
    )
    stored = next(
        intervention for intervention in list_interventions(normalised) if intervention.name == "stored-statistics"
    )
    assert dict(stored.changes) == {"model.batch_statistics": "stored"}


REMEMBERING = """
from collections import Counter

def fit(train, dev, seed):
    known = {tuple(row): label for row, label in zip(train.tokens, train.labels)}
    classes = sorted(set(train.labels))
    most = Counter(train.labels).most_common()[0][0]
    def predict_proba(tokens):
        said = [known.get(tuple(row), most) for row in tokens]
        return [[float(label == one) for one in classes] for label in said]
    return predict_proba
"""


def test_what_copies_of_test_bring_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    random = np.random.default_rng(0)
    rows = [f"{' '.join(random.choice([*'abcdefgh'], 12))},{random.choice(['p', 'q'])}" for _ in range(420)]
    for name, some in {"train": rows[:240], "dev": rows[240:340], "test": rows[180:240] + rows[340:]}.items():
        (folder / f"{name}.csv").write_text("\n".join(["sequence,label", *some]) + "\n")
    (tmp_path / "remembering.py").write_text(REMEMBERING)
    monkeypatch.chdir(tmp_path)
    run("data", model="remembering:fit", seeds=2, out="a.study", executor="serial", progress=False)
    before = diagnose("a.study", progress=False)
    assert "as-many-rows, without-leaks" in before.untried
    found = diagnose("a.study", budget=600, only=ONLY, executor="serial", progress=False)
    tried: dict[str, Experiment] = {experiment.name: experiment for experiment in found.experiments}
    leak = tried["without-leaks"]
    assert leak.verdict == "confirmed" and leak.estimate > 0.1 and leak.measure == "test" and not leak.removes
    assert "points on test" in describe_experiment(leak)
    assert diagnose("a.study", budget=600, only=ONLY, executor="serial", progress=False).document == found.document
