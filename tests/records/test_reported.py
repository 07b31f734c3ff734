"""What a report states of settings, by their exact paths, against what was in effect."""

import json
from dataclasses import replace
from typing import Any

import pytest

from brittlestar.core.results import Setting, StudyRecord
from brittlestar.core.tracing import Traced, Tracing
from brittlestar.records.reported.comparing import compare_settings
from brittlestar.records.reported.effect import InEffect, find_effect, list_settings, write_example, write_settings
from brittlestar.records.reported.reading import Field, Stated, read_tree
from brittlestar.study.paths import leaves
from brittlestar.study.settings import Study
from brittlestar.study.yaml_reading import read_yaml
from tests.diagnosis.synthetic import cell, split, study, variant

CHOSEN: dict[str, Any] = {
    "training.epochs": 12,
    "training.learning_rate": 3e-4,
    "training.weight_decay": 0.01,
    "training.optimiser": "adamw",
    "training.batch_size": 32,
    "model.hidden": 128,
    "model.bidirectional": True,
    "training.schedule.kind": "cosine",
    "training.schedule.warmup": 1.2,
}


def record_of(own: bool = False, outcome: str = "trained", **changes: Any) -> StudyRecord:
    """A study of 1,600 rows with the defaults, `CHOSEN` and `changes`, of five seeds and two classes."""
    plain = Study.model_validate({"name": "a", "data": {"path": "data"}}).model_dump(
        mode="json", exclude={"variants", "claims", "execution"}
    )
    values = {".".join(map(str, path)): value for path, value in leaves(plain).items()}
    chosen = {**CHOSEN, **changes}
    settings = [
        Setting(path, chosen.get(path, value), "--set" if path in chosen else "our default")
        for path, value in values.items()
    ]
    settings += [Setting(path, value, "--set") for path, value in chosen.items() if path not in values]
    main = replace(variant("main"), own=own, settings=tuple(settings))
    cells = [cell("main", seed, outcome=outcome) for seed in range(5)]
    made = study(cells, {"main": main}, splits={"train": split("train", rows=1600), "test": split("test")})
    return replace(made, classes=("common", "rare"))


def effect_of(**changes: Any) -> InEffect:
    return find_effect(record_of(**changes))


def compare(effect: InEffect, stated: dict[str, Any]) -> dict[str, Field]:
    """The fields of what is stated, by path."""
    found = compare_settings(effect, read_tree(stated, {}).settings)
    return {field.name: field for field in found if field.stated is not None}


def kinds(effect: InEffect, stated: dict[str, Any]) -> dict[str, str]:
    return {name: field.kind for name, field in compare(effect, stated).items()}


MATCH, WRONG, NOTHING, NOT, UNTOLD = "match", "misstated", "without-effect", "not-compared", "cannot-tell"
RATE, WEIGHT, STOP = "training.learning_rate", "training.class_weights", "training.early_stopping"
LEAKS, OWN = {"data.train_without": "leaks"}, {"own": True, "model.own": "a:build"}
ITSELF = {"own": True, "outcome": "fitted", "model.own": "a:fit", "model.params.lr": 0.5}
KINDS: tuple[tuple[dict[str, Any], dict[str, Any], dict[str, str]], ...] = (
    ({}, {RATE: 3e-4, "training": {"epochs": 12.0, "clip": 1}}, {RATE: MATCH, "training.epochs": MATCH,
                                                                "training.clip": MATCH}),
    ({}, {RATE: 3.1e-4, "training.epochs": 13, "training.clip": None},
     {RATE: WRONG, "training.epochs": WRONG, "training.clip": WRONG}),
    ({}, {"training.optimiser": "adamw", "model.bidirectional": True},
     {"training.optimiser": MATCH, "model.bidirectional": MATCH}),
    ({}, {"training.optimiser": "AdamW", "model.bidirectional": False},
     {"training.optimiser": WRONG, "model.bidirectional": WRONG}),
    ({}, {RATE: "3e-4", "training.clip": "none", "model.bidirectional": "yes", "training.epochs": [12]},
     dict.fromkeys((RATE, "training.clip", "model.bidirectional", "training.epochs"), NOT)),
    ({}, {"seeds": 5}, {"seeds": MATCH}), ({}, {"seeds": [4, 3, 2, 1, 0]}, {"seeds": MATCH}),
    ({}, {"seeds": 3}, {"seeds": WRONG}), ({}, {"seeds": [0, 1, 2, 3, 5]}, {"seeds": WRONG}),
    ({}, {"seeds": "0-4"}, {"seeds": NOT}), ({}, {"seeds": True}, {"seeds": NOT}),
    ({}, {"data.train_rows": 1600}, {"data.train_rows": MATCH}),
    ({}, {"data.train_rows": 2000}, {"data.train_rows": WRONG}),
    ({}, {"data.train_rows": None}, {"data.train_rows": MATCH}),
    (LEAKS, {"data.train_without": "leaks"}, {"data.train_without": MATCH}),
    (LEAKS, {"data.train_without": "none"}, {"data.train_without": WRONG}),
    ({f"{WEIGHT}.rare": 4.0}, {WEIGHT: {"rare": 4, "common": 1}}, {f"{WEIGHT}.rare": MATCH, f"{WEIGHT}.common": MATCH}),
    ({f"{WEIGHT}.rare": 4.0}, {WEIGHT: {"common": 2, "raer": 4}}, {f"{WEIGHT}.common": WRONG, f"{WEIGHT}.raer": NOT}),
    ({WEIGHT: "balanced"}, {f"{WEIGHT}.rare": 2}, {f"{WEIGHT}.rare": NOT}),
    ({}, {f"{STOP}.patience": 3}, {f"{STOP}.patience": WRONG}), ({}, {STOP: None}, {STOP: MATCH}),
    ({f"{STOP}.patience": 3, STOP: None}, {f"{STOP}.patience": 3}, {f"{STOP}.patience": MATCH}),
    ({}, {"training": 3, "claims": 2, "model.dropout": 0.2},
     {"training": NOT, "claims": NOT, "model.dropout": NOT}),
    ({}, {"model.heads": 4, "training.momentum": 0.9, "training.schedule.gamma": 0.1},
     dict.fromkeys(("model.heads", "training.momentum", "training.schedule.gamma"), NOTHING)),
    ({"model.layers": 1}, {"model.dropout.encoder": 0.2}, {"model.dropout.encoder": NOTHING}),
    (ITSELF, {"model.params.lr": 0.5, "training.epochs": 12, "model.hidden": 128, f"{WEIGHT}.rare": 2},
     {"model.params.lr": MATCH, "training.epochs": UNTOLD, "model.hidden": UNTOLD, f"{WEIGHT}.rare": UNTOLD}),
    (ITSELF, {"model.params.lr": "0.5", "model.params.wide": 3},
     {"model.params.lr": NOT, "model.params.wide": NOT}),
    (OWN, {"model.own": "a:build", "model.hidden": 128, "training.epochs": 12, "training.schedule.gamma": 0.1},
     {"model.own": MATCH, "model.hidden": UNTOLD, "training.epochs": MATCH, "training.schedule.gamma": NOTHING}),
    ({"outcome": "imported"}, {"training.epochs": 12, "model.layers": 3, "seeds": 5},
     {"training.epochs": UNTOLD, "model.layers": UNTOLD, "seeds": MATCH}),
    ({}, {"name": "b", "data.path": "elsewhere", "training.epochs": 12}, {"training.epochs": MATCH}),
)  # fmt: skip


@pytest.mark.parametrize(("changes", "stated", "expected"), KINDS)
def test_what_stated_settings_are(changes: dict[str, Any], stated: dict[str, Any], expected: dict[str, str]) -> None:
    assert kinds(effect_of(**changes), stated) == expected


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("batch_size", "no setting of this study; did you mean 'training.batch_size'?"),
        ("hparams.batch_size", "no setting of this study; did you mean 'training.batch_size'?"),
        ("training.bacth_size", "no setting of this study; did you mean 'training.batch_size'?"),
        ("training.optimizer", "no setting of this study; did you mean 'training.optimiser'?"),
        ("max_epochs_of_all_trials_and_more", "no setting of this study"),
        ("lr", "no setting of this study"),
        ("C" * 500_000, "no setting of this study"),
    ],
)
def test_another_name_is_never_guessed_and_the_nearest_path_is_told(name: str, words: str) -> None:
    (field,) = compare(effect_of(), {name: 32}).values()
    assert (field.kind, field.why) == ("not-compared", words)


def test_a_value_of_another_kind_is_told_with_what_to_write() -> None:
    found = compare(effect_of(), {RATE: "3e-4", "training.clip": "off", "model.bidirectional": 1, "seeds": "five"})
    assert {name: field.why for name, field in found.items()} == {
        RATE: "it is text: write a number of more than 0",
        "training.clip": "it is text: write a number of more than 0 or null",
        "model.bidirectional": "it is a number: write true or false",
        "seeds": "write how many, or a list: [0, 1, 2]",
    }


def test_what_was_traced_to_do_nothing_has_no_effect_and_is_not_missed() -> None:
    idle = ("training.weight_decay", "model.params.temperature", "seeds")
    traced = Tracing("c", 128, tuple(Traced("setting", name, "1 → 2", "none") for name in idle))
    own: dict[str, Any] = {"model.params.temperature": 2.0, "model.own": "a:build"}
    effect = find_effect(replace(record_of(own=True, **own), traced=traced))
    assert kinds(effect, dict.fromkeys(idle, 5)) == dict.fromkeys(idle, "without-effect")
    left = {field.name for field in compare_settings(effect, [Stated(("training", "epochs"), 12)])}
    assert not left & {*idle} and "training.batch_size" in left


def left_out(effect: InEffect) -> dict[str, Field]:
    stated = [Stated(("training", "learning_rate"), 3e-4)]
    return {field.name: field for field in compare_settings(effect, stated) if field.stated is None}


def test_what_is_left_out_is_told_by_whether_somebody_chose_it() -> None:
    left = left_out(effect_of())
    assert {name for name, one in left.items() if one.kind == "omitted"} == CHOSEN.keys() - {RATE}
    default = ("training.clip", "model.layers", "seeds", "training.precision", "training.device", "model.initial_scale")
    assert {left[name].kind for name in default} == {"omitted-default"}
    assert not {"model.heads", "training.momentum", "data.path"} & left.keys()
    assert left["training.epochs"].why == "it was set to 12, and is not what it would be by default"
    assert "nobody chose it" in left["training.clip"].why
    chosen = left_out(effect_of(**{"training.clip": 1.0}))["training.clip"]
    assert chosen.kind == "omitted-default" and "the study sets it" in chosen.why
    nothing = compare_settings(effect_of(), [Stated(("lr",), 3e-4)])
    assert [field.kind for field in nothing] == ["not-compared"], "of what nobody read, nothing is left out"


def test_what_an_own_function_declares_is_known() -> None:
    own: dict[str, Any] = {"model.own": "a:fit", "model.params.rate": 0.8, "model.params.wide": 3}
    record = record_of(own=True, **own)
    effect = find_effect(record, {"rate": 0.5, "span": 2})
    path = "model.params."
    stated = {f"{path}span": 3, f"{path}rate": 0.8}
    assert kinds(effect, stated) == {f"{path}span": "misstated", f"{path}rate": "match"}
    left = {name.removeprefix(path): field for name, field in left_out(effect).items()}
    assert left["span"].kind == "omitted-default" and left["rate"].kind == left["wide"].kind == "omitted"
    assert left["rate"].why == "it was set to 0.8, and is not what it would be by default"
    assert left["wide"].why == "it was set to 3", "what it would be by default nobody knows"
    assert left_out(find_effect(record, {"rate": 0.8}))[f"{path}rate"].kind == "omitted-default"


UNLIKE_DEFAULTS: list[dict[str, Any]] = [
    {},
    {"data.tokens": "regex:[a-g][1248]", "data.factors": "(?P<pitch>[a-g])(?P<l>[1248])", "streams.order": "fixed"},
    {"data.order": "permuted", "data.spelling": "characters", "data.train_without": "leaks", "data.train_rows": 480},
    {"model.embedding.composition": "factor-concat", "model.embedding.mode": "frozen-random", "model.pooling": "last"},
    {"model.family": "transformer", "model.heads": 4, "model.positions": False, "training.precision": "bf16"},
    {"training.optimiser": "sgd", "training.momentum": 0.8, "training.selection.metric": "balanced_accuracy"},
    {"training.schedule.kind": "step", "training.schedule.every": 3, "training.schedule.gamma": 0.3},
    {"training.class_weights.rare": 4.0, "training.selection.split": "train", "model.initial_scale": 0.5},
    {"training.early_stopping.metric": "hwa", "training.early_stopping.patience": 2, "training.clip": None},
    {"own": True, "model.own": "nets:build", "model.params.w": 3, "model.params.n": "null", "model.params.b": "a: #b"},
]  # fmt: skip


@pytest.mark.parametrize("changes", UNLIKE_DEFAULTS)
def test_the_settings_of_a_study_as_a_file_are_all_right(changes: dict[str, Any]) -> None:
    effect = effect_of(**changes)
    document = read_yaml(write_settings(effect), "{}:{}".format)
    assert not document.problems and document.value == list_settings(effect)
    fields = compare_settings(effect, read_tree(document.value, document.places).settings)
    stated = {field.name: field.kind for field in fields if field.stated is not None}
    assert {*stated.values()} == {"match"} and len(stated) > 20
    assert not [field for field in fields if field.kind not in ("match", "omitted-default")]
    few = read_yaml(write_example(effect), "{}:{}".format).value
    assert len(few) == 6 and {name: list_settings(effect)[name] for name in few} == few
    stated = {path: value for path, value in changes.items() if path not in ("own", "outcome")}
    assert not stated or {*kinds(effect, stated).values()} == {"match"}


def test_fields_are_told_as_json() -> None:
    (one, *_) = compare_settings(effect_of(), [Stated(("training", "learning_rate"), 1, 7)])
    assert one == Field(RATE, "misstated", "1", 3e-4, "in effect is 0.0003", 7, 1)
    told = json.loads(json.dumps(one.as_json()))
    assert told["line"] == 7 and told["code"] == "report.misstated" and "value" not in told


def test_rows_and_parameters_are_compared_and_a_suggestion_is_of_the_same_kind() -> None:
    record = record_of()
    sized = replace(record, variants={"main": replace(record.variants["main"], parameters=59_074)})
    stated = {"rows": {"test": 479, "train": 1600}, "parameters": 59_074, "parameters.main": 5, "rows.tset": "many"}
    found = compare(find_effect(sized), stated)
    kinds_of = {name: field.kind for name, field in found.items()}
    assert kinds_of.pop("rows.tset") == "not-compared" and found["rows.tset"].why == "no setting of this study"
    right = {"rows.train": "match", "parameters": "match"}
    assert kinds_of == {**right, "rows.test": "misstated", "parameters.main": "misstated"}
    told = [compare(find_effect(sized), {"model.bidirect": value})["model.bidirect"].why for value in (True, 3)]
    assert ["model.bidirectional" in one for one in told] == [True, False]
