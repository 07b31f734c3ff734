"""Stated scores, held against the stored mean and its interval; and the settings of a study as a file."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from brittlestar.claims.score_estimates import ScoreEstimate
from brittlestar.core.errors import InputError
from brittlestar.records.reported.classifying import classify_settings
from brittlestar.records.reported.effect import list_settings, write_example, write_settings
from brittlestar.records.reported.reading import read_stated, read_tree
from brittlestar.records.reported.scores import ReportedScore, compare_scores
from tests.diagnosis.synthetic import split
from tests.records.test_reported import effect_of, record_of

MEANS = {("main", "test", "accuracy"): 0.8312, ("main", "dev", "log_loss"): 1.2345}


def estimate(variant: str, split: str, metric: str) -> ScoreEstimate:
    if (variant, split, metric) not in MEANS:
        raise InputError(f"there is no split {split!r}", "claim")
    mean = MEANS[variant, split, metric]
    return ScoreEstimate(mean, (mean - 0.02, mean + 0.02), 0.95, "new-examples", 5, 100, (mean,) * 5)


def compare(scores: Any) -> list[ReportedScore]:
    return list(compare_scores(record_of(), read_tree({"scores": scores}), estimate))


@pytest.mark.parametrize(
    ("stated", "kind"),
    [
        ("0.83", "match"), ("0.831", "match"), (".8312", "match"), ("83.1", "match"), ("83 %", "match"),
        ("0.832", "inside"), ("0.84", "inside"), ("82.0", "inside"), ("0.86", "outside"),
        ("90.1 %", "outside"),
    ],
)  # fmt: skip
def test_a_score_is_right_as_far_as_it_is_written_out(stated: str, kind: str) -> None:
    (one,) = compare({"main": {"test": {"accuracy": stated}}})
    assert (one.kind, one.variant, one.split, one.metric) == (kind, "main", "test", "accuracy")
    assert one.actual == 0.8312 and one.interval is not None and (kind == "match") == (one.why == "")


RUNS = (0.80, 0.82, 0.84, 0.86)  # mean .83, SD .0258, with n .0224, standard error .0129, half of the interval .03
SPREADS: tuple[tuple[str, list[str], str], ...] = (
    ("83.0 ± 2.6", ["match", "match"], ""),
    ("83.0 ± 2.2", ["match", "match"], ""),
    ("83 (2.6)", ["match", "match"], ""),
    ("0.830 +/- 0.026", ["match", "match"], ""),
    ("83.0 % ± 2.6 %", ["match", "match"], ""),
    ("83.0 ± 0.1", ["match", "differs"], "the SD over 4 seeds is 2.58"),
    ("84.2 ± 2.6", ["inside", "match"], ""),
    ("83.0 ± 1.3", ["match", "match"], "it is the standard error; the SD over 4 seeds is 2.58"),
    ("83.0 ± 3.0", ["match", "match"], "it is the half of the 95 % interval; the SD over 4 seeds is 2.58"),
    ("83.0 (1.3)", ["match", "match"], "it is the standard error; the SD over 4 seeds is 2.58"),
    ("83.0 ± 2.6 (SE)", ["match", "not-compared"], "nobody can say what it is"),
    ("83.0 (SD 1.3)", ["match", "not-compared"], "nobody can say what it is"),
    ("83.0 ± 3.0 (95 % CI)", ["match", "not-compared"], "nobody can say what it is"),
    ("83.0 (5 seeds)", ["match", "not-compared"], "nobody can say what it is"),
    ("83.0 [80, 86]", ["match", "not-compared"], "nobody can say what it is"),
    ("83.0 ± .", ["match", "not-compared"], "nobody can say what it is"),
    ("about 83", ["not-compared"], "nobody can say which number of it is the score"),
    ("0.80, 0.86", ["not-compared"], "nobody can say which number of it is the score"),
    ("83,1", ["not-compared"], "nobody can say which number of it is the score"),
    (r"$83.0_{\pm 2.6}$", ["not-compared"], "nobody can say which number of it is the score"),
    ("86.0", ["outside"], "it is the best of 4 runs; the mean of 4 runs is 83.00 [80.00, 85.50] (95 % interval)"),
)


@pytest.mark.parametrize(("text", "kinds", "why"), SPREADS)
def test_a_spread_is_no_part_of_a_number_and_is_never_dropped(text: str, kinds: list[str], why: str) -> None:
    interval = (0.80, 0.86) if "86.0" not in text else (0.80, 0.855)
    known = ScoreEstimate(0.83, interval, 0.95, "new-examples", 4, 100, RUNS)
    found = compare_scores(record_of(), read_tree({"scores": {"test accuracy": text}}), lambda *_: known)
    assert [score.kind for score in found] == kinds and found[-1].why == why
    if kinds[-1] in ("match", "differs") and len(kinds) > 1:
        assert found[-1].name == "main test accuracy, SD over seeds" and "±" in found[-1].stated
        assert found[-1].actual == pytest.approx(0.02582, abs=1e-5)


def test_a_spread_of_its_own_name_is_one_and_one_run_has_none() -> None:
    known = ScoreEstimate(0.83, None, 0.95, "new-examples", 4, 100, RUNS)
    stated = {"scores": {"main": {"test": {"accuracy": {"mean": "83.0", "std": "2.6"}, "accuracy_std": "0.1"}}}}
    found = compare_scores(record_of(), read_tree(stated), lambda *_: known)
    assert [(score.of, score.kind) for score in found] == [
        ("mean", "match"),
        ("spread", "match"),
        ("spread", "differs"),
    ]
    alone = ScoreEstimate(0.83, None, 0.95, "this-model", 1, 100, (0.83,))
    found = compare_scores(record_of(), read_tree({"accuracy": "83.0 ± 1.0"}), lambda *_: alone)
    assert [score.why for score in found] == ["", "one run has no spread over seeds"]


SAME: tuple[Any, ...] = (
    {"scores": {"main": {"test": {"accuracy": "83.1"}}}},
    {"scores": {"test": {"ours": {"acc": 0.831}}}},
    {"scores": {"main test accuracy": "83.1"}},
    {"scores": {"main.test.accuracy": "83.1"}},
    {"results": [{"variant": "main", "split": "test", "metric": "accuracy", "score": "83.1"}]},
    {"results": [{"model": "main", "test accuracy": "83.1 %"}]},
    {"main/test/accuracy": "83.1"},
    {"Test accuracy (main)": "83.1"},
)


@pytest.mark.parametrize("stated", SAME)
def test_one_score_has_one_name_in_every_form(stated: Any, tmp_path: Path) -> None:
    place = tmp_path / "a.yaml"
    place.write_text(yaml.safe_dump(stated), encoding="utf-8")
    for reading in (read_tree(stated), read_stated(place)):
        (one,) = compare_scores(record_of(), reading, estimate)
        assert (one.name, one.kind) == ("main test accuracy", "match")


def test_a_score_without_a_split_is_that_of_the_headline_split() -> None:
    known = ScoreEstimate(0.83, None, 0.95, "new-examples", 4, 100, RUNS)
    splits = {name: split(name) for name in ("train", "dev", "test", "shift_x")}
    for without, meant in (("", "test"), ("test", "dev")):
        record = replace(record_of(), splits={name: one for name, one in splits.items() if name != without})
        (one,) = compare_scores(record, read_tree({"accuracy": "83.0"}), lambda *_: known)
        assert one.split == meant


def test_what_a_baseline_is_nobody_guesses_and_a_part_that_is_no_mapping_is_told() -> None:
    (one,) = compare({"baseline": {"test": {"accuracy": "83.1"}}})
    assert one.kind == "not-compared" and "'baseline' is no variant" in one.why
    assert [one.why for one in compare("83.1")] == ["it names no metric"]


def test_names_of_scores_are_read_in_any_order_and_what_they_are_of_is_told() -> None:
    found = compare({"accuracy": "0.83", "validation": {"ours": {"NLL": 1.235}}, "Test acc": "83.1"})
    assert [(one.name, one.kind) for one in found] == [
        ("main test accuracy", "match"),
        ("main dev log_loss", "match"),
        ("main test accuracy", "match"),
    ]
    others = compare({"main": {"test": {"BLEU": 31, "F1": 0.5}, "later": {"accuracy": 0.5}}, "theirs": {"acc": 0.9}})
    assert {one.kind for one in others} == {"not-compared"} and all(one.why and one.metric is None for one in others)
    assert others[0].why == "'BLEU' is no variant, split or metric of the study"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"training.class_weights.rare": 4.0, "training.early_stopping.metric": "macro_f1", "data.train_rows": 480},
        {"own": True, "model.own": "nets:build", "model.params.width": 3},
        {"model.family": "transformer", "model.heads": 4, "training.optimiser": "sgd", "training.momentum": 0.8},
    ],
)
def test_the_settings_of_a_study_as_a_file_are_all_right(changes: dict[str, Any], tmp_path: Path) -> None:
    effect = effect_of(**changes)
    place = tmp_path / "settings.yaml"
    place.write_text(write_settings(effect), encoding="utf-8")
    fields = classify_settings(effect, read_stated(place).stated)
    stated = {field.name: field.kind for field in fields if field.stated is not None}
    assert {*stated.values()} == {"match"} and {"training.epochs", "seeds"} & {*stated}
    assert not [field for field in fields if field.kind not in ("match", "omitted-default")]
    few = yaml.safe_load(write_example(effect))
    assert len(few) == 6 and {name: list_settings(effect)[name] for name in few} == few


def test_a_file_that_is_not_read_is_told_what_would_be(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("We trained for 12 epochs.")
    with pytest.raises(InputError, match="not read") as told:
        read_stated(tmp_path / "notes.txt", f". Write:{write_example(effect_of())}")
    assert "\n  training.epochs: 12\n" in str(told.value) and "YAML, JSON and TOML" in str(told.value)
