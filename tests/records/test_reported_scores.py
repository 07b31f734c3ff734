"""Stated scores, held against the stored mean and its interval; and the settings of a study as a file."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from brittlestar.claims.headline_numbers import ScoreEstimate
from brittlestar.core.errors import InputError
from brittlestar.records.reported.applying import list_settings, write_example, write_settings
from brittlestar.records.reported.classifying import classify_settings
from brittlestar.records.reported.reading import read_stated, read_tree
from brittlestar.records.reported.scores import ReportedScore, compare_scores, states_scores
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
        ("83.12 ± 1.1", "match"), ("0.832", "inside"), ("0.84", "inside"), ("82.0", "inside"), ("0.86", "outside"),
        ("90.1 %", "outside"),
    ],
)  # fmt: skip
def test_a_score_is_right_as_far_as_it_is_written_out(stated: str, kind: str) -> None:
    (one,) = compare({"main": {"test": {"accuracy": stated}}})
    assert (one.kind, one.variant, one.split, one.metric) == (kind, "main", "test", "accuracy")
    assert one.actual == 0.8312 and one.interval is not None and (kind == "match") == (one.why == "")


def test_names_of_scores_are_read_in_any_order_and_what_they_are_of_is_told() -> None:
    found = compare({"accuracy": "0.83", "validation": {"ours": {"NLL": 1.235}}, "Test acc": "83.1"})
    assert [(one.name, one.kind) for one in found] == [
        ("main test accuracy", "match"),
        ("main dev log_loss", "match"),
        ("main test accuracy", "match"),
    ]
    others = compare({"main": {"test": {"BLEU": 31, "F1": 0.5}, "later": {"accuracy": 0.5}}, "theirs": {"acc": 0.9}})
    assert {one.kind for one in others} == {"not-compared"} and all(one.why and one.metric is None for one in others)


TABLES = {
    ".md": "We got 0.9.\n\n| model | Test accuracy | dev loss |\n| - | - | - |\n| ours | **83.1** | 1.23 |\n"
    "| B | 1 | 2 |\n",
    ".csv": "variant,split,metric,score\nmain,test,accuracy,83.1\nmain,val,log loss,1.23\nB,test,accuracy,0.5\n"
    "B,dev,ece,1\n",
}


@pytest.mark.parametrize("suffix", TABLES)
def test_tables_of_scores_are_read_and_state_no_setting(suffix: str, tmp_path: Path) -> None:
    place = tmp_path / f"scores{suffix}"
    place.write_text(TABLES[suffix], encoding="utf-8")
    reading = read_stated(place)
    found = compare_scores(record_of(), reading, estimate)
    assert [one.name for one in found if one.kind == "match"] == ["main test accuracy", "main dev log_loss"]
    assert [one.kind for one in found].count("not-compared") == len(found) - 2 == 2 and not reading.stated


def test_a_table_of_outcomes_has_seeds_and_is_no_report_of_scores() -> None:
    assert states_scores(["variant", "split", "metric", "score"]) and states_scores(["model", "test accuracy"])
    for columns in (["variant", "seed", "score"], ["id", "prediction"], ["variant", "lr"], ["a", "b"]):
        assert not states_scores(columns)


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
    stated = {one.name: one.kind for one in fields if one.stated is not None}
    assert {*stated.values()} == {"match"} and {"training.epochs", "seeds"} & {*stated}
    assert not [one for one in fields if one.kind not in ("match", "omitted-default")]
    few = yaml.safe_load(write_example(effect))
    assert len(few) == 6 and {name: list_settings(effect)[name] for name in few} == few


def test_a_file_that_is_not_read_is_told_what_would_be(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("We trained for 12 epochs.")
    with pytest.raises(InputError, match="not read") as told:
        read_stated(tmp_path / "notes.txt", f". Write:{write_example(effect_of())}")
    assert "\n  training.epochs: 12\n" in str(told.value) and "LaTeX (.tex)" in str(told.value)
