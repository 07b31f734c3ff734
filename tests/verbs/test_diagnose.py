"""Causes are named from what was stored, and confirmed on fresh seeds by changing one thing."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from brittlestar import diagnose, report, run
from brittlestar.core.errors import InputError, StoreError
from brittlestar.core.experiments import read_experiment
from brittlestar.core.seeds import FRESH
from brittlestar.diagnosis.causes.interventions import Intervention, list_interventions
from brittlestar.diagnosis.causes.symptoms import (
    choose_interventions,
    confirm_findings,
    find_symptoms,
    judge_experiments,
)
from brittlestar.diagnosis.variant_runs import VariantRuns, list_variant_runs
from brittlestar.statistics.proportions import bound_share
from tests.command import brittlestar
from tests.diagnosis.synthetic import cell, falling, study, turning, variant
from tests.execution.tiny import attempts, write_split

ONLY = ["train"]
RATE = "training.learning_rate"
LOW = Intervention("lower-rate", {RATE: 0.05}, ("train.rate-high",))


@pytest.fixture(scope="module")
def thrown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study whose rate throws the weights about, and which learns at a tenth of it."""
    here = tmp_path_factory.mktemp("diagnose")
    for name, rows in (("train", 300), ("dev", 200), ("test", 100)):
        write_split(here / "data", name, rows)
    settings = {RATE: "3.0", "training.epochs": "8", "training.clip": "null", "variants": "{}", "claims": "[]",
                "model.family": "mean", "probes.suite": "none", "training.batch_size": "16"}  # fmt: skip
    run(here / "data", out=here / "a.study", seeds=2, settings=settings, executor="serial", progress=False)
    return here / "a.study"


def test_a_cause_is_named_and_then_confirmed_and_nothing_is_trained_twice(thrown: Path) -> None:
    before = diagnose(thrown, progress=False)
    assert before.causes[0].code == "train.rate-high" and before.causes[0].confirmed_by is None
    assert before.experiments == () and "no time" in before.untried
    assert before.plan.seconds is not None and re.search(r"would take \d+ runs, about .+ one after", before.untried)
    found = diagnose(thrown, budget=600, only=ONLY, executor="serial", progress=False)
    tried = {experiment.name: experiment for experiment in found.experiments}
    first = next(experiment for experiment in found.experiments if experiment.removes)
    assert first.changes == {RATE: {"lower-rate": 0.3, "far-lower-rate": 0.03}[first.name]}
    by = found.causes[0].confirmed_by
    assert by is not None and read_experiment(by) == first
    other = thrown.with_name("a-diagnosis.study")
    assert found.study == str(other) and {attempt["seed"] for attempt in attempts(other) if "seed" in attempt} <= {
        *range(FRESH, FRESH + 5)
    }
    trained = len(list((other / "cells").iterdir()))
    assert trained == 5 * (len(tried) + 1) and all(one.seeds == 5 for one in tried.values())
    again = diagnose(thrown, budget=600, only=ONLY, executor="serial", progress=False)
    assert again.document == found.document and len(list((other / "cells").iterdir())) == trained
    (kept,) = [one for one in report(thrown)["findings"] if one["code"] == "train.rate-high"]
    assert kept["confirmed_by"]["estimate"] == pytest.approx(by["estimate"])


def test_the_command_says_what_python_does(thrown: Path) -> None:
    said = brittlestar("diagnose", str(thrown), "--json", "--quiet")
    assert said.code == 0 and json.loads(said.output) == json.loads(
        json.dumps(diagnose(thrown, progress=False).document)
    )
    ending = brittlestar("diagnose", str(thrown))
    assert ending.output.startswith("error") and "train.rate-high" in ending.output.splitlines()[0]
    assert "Cause: train.rate-high" in brittlestar("diagnose", str(thrown), "--quiet").output


def test_what_cannot_be_asked_is_told(thrown: Path, tmp_path: Path) -> None:
    for options, words in (
        ({"only": ["train.typo"]}, "nothing was looked for by the name train.typo"),
        ({"budget": 0.0}, "no time to train in"),
        ({"seeds": 1}, "one seed tells no difference"),
    ):
        with pytest.raises(InputError, match=words):
            diagnose(thrown, progress=False, **options)
    with pytest.raises(InputError, match="no such folder"):
        diagnose(tmp_path / "none.study", progress=False)
    assert {finding.code for finding in diagnose(thrown, only=["train"], progress=False).findings} >= {
        "train.rate-high"
    }
    assert {finding.code for finding in diagnose(thrown, only=["train.short"], progress=False).findings} == {
        "train.short"
    }


def test_a_damaged_diagnosis_is_told(thrown: Path) -> None:
    diagnose(thrown, budget=600, only=ONLY, executor="serial", progress=False)
    place = thrown / "diagnosis.json"
    whole = place.read_bytes()
    place.write_bytes(whole.replace(b'"confirmed"', b'"refuted"'))
    try:
        with pytest.raises(StoreError, match=r"diagnosis.json: is damaged"):
            diagnose(thrown, progress=False)
    finally:
        place.write_bytes(whole)


def main_of(**settings: object) -> VariantRuns:
    values = {"training.learning_rate": 1e-3, "training.batch_size": 64, "training.optimiser": "adam",
              "training.clip": 1.0, "model.hidden": 64, "model.dropout.encoder": 0.2} | settings  # fmt: skip
    return list_variant_runs(study([cell("main")], {"main": variant("main", values)}))[0]


def test_every_intervention_can_be_planned(tmp_path: Path) -> None:
    for name in ("train", "dev", "test"):
        write_split(tmp_path / "data", name)
    seen: set[str] = set()
    table = tmp_path / "vectors.txt"
    words = sorted({word for line in (tmp_path / "data" / "train.csv").read_text().split() for word in line.split(",")})
    table.write_text("".join(f"{word} {number}.5 1\n" for number, word in enumerate(words)), encoding="utf-8")
    for settings in (
        {"training.weight_decay": 0.1, "training.label_smoothing": 0.1, "model.embedding.mode": "frozen-random"},
        {"training.optimiser": "sgd", "training.clip": None, "training.momentum": 0.9},
        {"data.order": "permuted", "training.class_weights": "balanced", "model.embedding.scale": 9.0},
        {"model.family": "transformer", "model.positions": False, "model.pooling": "last"},
        {"model.embedding.mode": "frozen-pretrained", "model.embedding.table": str(table), "model.embedding.dim": 2},
    ):
        wanted = list_interventions(main_of(**settings))
        seen |= {intervention.name for intervention in wanted}
        changed = {intervention.name: intervention.variant for intervention in wanted}
        given = {path: json.dumps(value) for path, value in {**settings, "variants": changed}.items()}
        planned = run(tmp_path / "data", settings=given, dry_run=True)
        assert {*planned["variants"]} == {"main", *changed}
    assert len(seen) == 21, "every intervention was planned"


def test_what_trains_itself_has_no_interventions() -> None:
    record = study([cell("main", outcome="fitted", curves={})])
    assert list_interventions(list_variant_runs(record)[0]) == ()


def test_findings_choose_what_is_tried() -> None:
    variant = main_of()
    (short,) = _present("train.short")
    assert find_symptoms([short], "main") == ("score", "train")
    named = choose_interventions(list_interventions(variant), [short], "main", ("score",))
    assert {intervention.name for intervention in named} == {"more-epochs", "smaller-batches"}
    (low,) = _present("eval.below-trivial")
    every = choose_interventions(list_interventions(variant), [low], "main", ("score",))
    assert {intervention.name for intervention in every} >= {"lower-rate", "higher-rate", "wider"}
    (overfit,) = _present("train.overfit")
    assert find_symptoms([overfit], "main") == ("overfit",)
    assert find_symptoms([replace(overfit, where={"variant": "bag"})], "main") == ()
    both = choose_interventions(list_interventions(variant), [overfit], "main", ("overfit",))
    assert {intervention.name for intervention in both} == {"more-regularisation", "narrower", "early-stopping"}


def _present(code: str):
    from brittlestar.core.findings import Finding

    return [Finding(code, "present", "It is.", "A rule.", "warning", {"variant": "main"})]


def tried(gains: np.ndarray, names: list[Intervention]):
    """A study of experiments: main scores about .6 on dev, and each intervention `gains[k]` more, seed by seed."""
    cells = []
    for seed in range(gains.shape[1]):
        cells.append(cell("main", FRESH + seed, dev=np.full(21, 0.6)))
        cells += [
            cell(name.name, FRESH + seed, dev=np.full(21, 0.6 + gain))
            for name, gain in zip(names, gains[:, seed], strict=True)
        ]
    return study(cells)


def test_an_effect_is_confirmed_and_none_is_refuted() -> None:
    other = Intervention("higher-rate", {RATE: 5.0}, ("train.rate-low",))
    gains = np.array([[0.2, 0.22, 0.19, 0.21, 0.2], [0.0, 0.001, -0.001, 0.0, 0.0]])
    best, worst = judge_experiments(tried(gains, [LOW, other]), [LOW, other])
    assert (best.name, best.verdict, worst.verdict) == ("lower-rate", "confirmed", "refuted")
    assert best.estimate == pytest.approx(0.204)
    assert sorted((best.level, worst.level)) == pytest.approx([0.95, 0.975]), "Holm's levels"
    (few,) = judge_experiments(tried(gains[:1, :3], [LOW]), [LOW])
    assert few.verdict == "open" and "2 more seeds" in few.missing
    (finding,) = confirm_findings(_present("train.rate-high"), "main", [best])
    assert finding.confirmed_by is not None and read_experiment(finding.confirmed_by) == best
    assert confirm_findings(_present("train.rate-low"), "main", [best])[0].confirmed_by is None
    assert read_experiment(json.loads(json.dumps(best.as_json()))) == best


def test_overfitting_is_measured_by_how_far_dev_loss_rises() -> None:
    one = Intervention("narrower", {"model.hidden": 16}, ("train.overfit",), "overfit")
    rising, calm = turning(0.7, 0.4, 6, 0.03), falling(0.7, 0.4)
    cells = [cell("main", FRESH + k, dev_loss=rising) for k in range(5)] + [
        cell("narrower", FRESH + k, dev_loss=calm) for k in range(5)
    ]
    (found,) = judge_experiments(study(cells), [one])
    assert found.verdict == "confirmed" and found.estimate == pytest.approx(0.03 * 13, abs=0.05)


def test_chance_confirms_few_of_many_null_interventions() -> None:
    random, names = np.random.default_rng(0), [replace(LOW, name=f"null-{k}") for k in range(10)]
    fooled = sum(
        any(
            experiment.verdict == "confirmed"
            for experiment in judge_experiments(tried(random.normal(0, 0.03, (10, 5)), names), names)
        )
        for _ in range(200)
    )
    assert bound_share(fooled, 200)[0] <= 0.05


def test_a_change_behind_one_that_is_open_has_its_level() -> None:
    names = [replace(LOW, name=f"change-{k}") for k in range(3)]
    sure, unsure = [0.2, 0.22, 0.19, 0.21, 0.2], [0.1, 0.0, 0.12, -0.02, 0.09]
    levels = {
        experiment.name: (experiment.verdict, experiment.level)
        for experiment in judge_experiments(tried(np.array([sure, unsure, unsure]), names), names)
    }
    assert levels == {"change-0": ("confirmed", 1 - 0.05 / 3), "change-1": ("open", 0.975), "change-2": ("open", 0.975)}
    (first, *_) = judge_experiments(tried(np.array([sure, unsure, unsure]), names), names, earlier=2)
    assert (first.verdict, first.level) == ("confirmed", pytest.approx(1 - 0.05 / 5)), "those tried before count, too"
