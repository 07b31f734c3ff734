"""What a report states of settings, against what was in effect."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brittlestar.core.errors import InputError
from brittlestar.core.foreign_names import load_names
from brittlestar.core.metrics import METRICS
from brittlestar.core.results import Setting, StudyRecord
from brittlestar.core.tracing import Traced, Tracing
from brittlestar.records.reported.classifying import classify_settings, states_nothing
from brittlestar.records.reported.effect import SILENT, InEffect, find_effect
from brittlestar.records.reported.naming import find_paths
from brittlestar.records.reported.reading import Field, Stated, flatten_stated
from brittlestar.records.reported.reading import read_stated as read_file
from brittlestar.records.reported.values import read_choice, read_number, read_numbers, read_seeds, read_whether
from brittlestar.records.reported_result import is_reported
from brittlestar.study.paths import leaves
from brittlestar.study.settings import Study
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
    """A study of 1,600 rows with the defaults, `CHOSEN` and `changes`, of five seeds."""
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
    return study(cells, {"main": main}, splits={"train": split("train", rows=1600), "test": split("test")})


def effect_of(**changes: Any) -> InEffect:
    return find_effect(record_of(**changes))


def read_stated(place: Path) -> tuple[Stated, ...]:
    return read_file(place).stated


def kinds(effect: InEffect, **stated: str) -> dict[str, str]:
    fields = classify_settings(effect, [Stated(name, text) for name, text in stated.items()])
    return {field.name: field.kind for field in fields if field.stated is not None}


@pytest.mark.parametrize(
    ("name", "text", "path"),
    [
        ("learning rate", "0.0003", "training.learning_rate"), ("lr", "3e-4", "training.learning_rate"),
        ("Learning rate (peak)", "3 × 10⁻⁴", "training.learning_rate"), ("lr (×10⁻⁵)", "30", "training.learning_rate"),
        ("optimizer.lr", "$3 \\times 10^{-4}$", "training.learning_rate"),
        ("training_args.learning_rate", "3e−4", "training.learning_rate"), ("wd", "1e-2", "training.weight_decay"),
        ("weight decay", "1 %", "training.weight_decay"), ("optim", "adamw_torch_fused", "training.optimiser"),
        ("Optimizer", "AdamW (Loshchilov & Hutter)", "training.optimiser"),
        ("batch size", "32 examples/step", "training.batch_size"), ("max_epochs", "12", "training.epochs"),
        ("scheduler", "CosineAnnealingLR", "training.schedule.kind"),
        ("warmup_ratio", "0.1", "training.schedule.warmup"), ("warmup", "10 %", "training.schedule.warmup"),
        ("num_warmup_steps", "60", "training.schedule.warmup"), ("warmup", "1.2 epochs", "training.schedule.warmup"),
        ("gradient_clip_val", "1.0", "training.clip"), ("hidden size", "128D", "model.hidden"),
        ("bidirectional", "Yes.", "model.bidirectional"), ("freeze_embeddings", "false", "model.embedding.mode"),
        ("hidden_dropout_prob (%)", "20", "model.dropout.encoder"), ("classifier_dropout", ".2", "model.dropout.head"),
        ("metric_for_best_model", "eval_loss", "training.selection.metric"),
        ("early stopping", "none", "training.early_stopping.patience"), ("fp16", "false", "training.precision"),
        ("label smoothing", "not used", "training.label_smoothing"), ("seeds", "0–4", "seeds"),
        ("random seeds", "0, 1, 2, 3 and 4", "seeds"), ("number of runs", "5", "seeds"),
        ("training examples", "1,600", "data.train_rows"), ("class weights", "none", "training.class_weights"),
    ],
)  # fmt: skip
def test_other_spellings_of_what_was_run_match(name: str, text: str, path: str) -> None:
    assert kinds(effect_of(), **{name: text}) == {path: "match"}


@pytest.mark.parametrize(
    ("name", "text", "path"),
    [
        ("lr", "3e-3", "training.learning_rate"), ("lr", "4e-4", "training.learning_rate"),
        ("optim", "adam", "training.optimiser"), ("batch_size", "30", "training.batch_size"),
        ("weight_decay", "none", "training.weight_decay"), ("clip", "none", "training.clip"),
        ("schedule", "constant", "training.schedule.kind"), ("warmup_ratio", "1.2", "training.schedule.warmup"),
        ("warmup_steps", "0", "training.schedule.warmup"), ("bidirectional", "no", "model.bidirectional"),
        ("architecture", "GRU", "model.family"), ("freeze_embeddings", "true", "model.embedding.mode"),
        ("dropout", "0.5", "model.dropout.head"), ("classifier dropout (%)", "0.2", "model.dropout.head"),
        ("seed", "42", "seeds"), ("seeds", "3", "seeds"), ("seeds", "0-9", "seeds"),
        ("early_stopping_patience", "5", "training.early_stopping.patience"), ("bf16", "true", "training.precision"),
        ("train_size", "2000", "data.train_rows"), ("metric_for_best_model", "accuracy", "training.selection.metric"),
    ],
)  # fmt: skip
def test_what_was_not_run_is_misstated(name: str, text: str, path: str) -> None:
    assert kinds(effect_of(), **{name: text})[path] == "misstated"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("decay", "0.1"), ("regularization", "0.2"), ("lr", "small"), ("lr", "3e-4, constant"),
        ("epochs", "10 to 20"), ("epochs", "at most 12"), ("seeds", "mean of 5"), ("hidden size", "2 × 128"),
        ("batch size", "16, **32**"), ("class_weights", "{'rare': 4.0}"), ("precision", "mixed"),
        ("early_stopping", "true"), ("training set", "data/train.csv"), ("lr", "3 x 10-4"), ("epochs", "twelve"),
        ("seeds", "five"), ("seeds", "5 (0–4)"), ("classifier_dropout", "1/5"), ("lr", "0,0003"),
        ("class weights", "no weighting"),
    ],
)  # fmt: skip
def test_what_nobody_can_tell_is_ambiguous(name: str, text: str) -> None:
    assert {*kinds(effect_of(), **{name: text}).values()} == {"ambiguous"}


MATCH, WRONG, NOTHING, OPEN, UNTOLD = "match", "misstated", "without-effect", "ambiguous", "cannot-tell"
ENCODER, HEAD, EMBEDDING = "model.dropout.encoder", "model.dropout.head", "model.dropout.embedding"
FAMILY, BOTH, WEIGHT = "model.family", "model.bidirectional", "training.class_weights"
LEAKS, PATTERN = {"data.train_without": "leaks"}, {"data.tokens": "regex:[a-g][1248]"}
ITSELF = {"own": True, "outcome": "fitted", "model.own": "a:fit", "model.params.lr": 0.5}
KINDS: tuple[tuple[dict[str, Any], dict[str, str], dict[str, str]], ...] = (
    ({}, {"dropout": "0.2"}, {ENCODER: MATCH, HEAD: MATCH}),
    ({HEAD: 0.5}, {"dropout": "0.2"}, {ENCODER: OPEN, HEAD: OPEN}),
    ({HEAD: 0.0, ENCODER: 0.0}, {"dropout": "0.1"}, {ENCODER: WRONG, HEAD: WRONG, EMBEDDING: WRONG}),
    (LEAKS, {"train_without": "leaking rows"}, {"data.train_without": MATCH}),
    (LEAKS, {"train_without": "none"}, {"data.train_without": WRONG}),
    ({}, {"model": "BiLSTM"}, {FAMILY: MATCH, BOTH: MATCH}),
    ({BOTH: False}, {"model": "bidirectional LSTM"}, {FAMILY: MATCH, BOTH: WRONG}),
    ({BOTH: False}, {"model": "BiLSTM", "bidirectional": "no"}, {FAMILY: MATCH, BOTH: MATCH}),
    ({}, {"epochs": "12", "max_steps": "-1", "warmup_ratio": "0.1", "warmup_steps": "0"},
     {"training.epochs": MATCH, "training.schedule.warmup": MATCH}),
    ({f"{WEIGHT}.rare": 4.0}, {"class weights.rare": "4", "class_weights[common]": "1"},
     {f"{WEIGHT}.rare": MATCH, f"{WEIGHT}.common": MATCH}),
    ({f"{WEIGHT}.rare": 4.0}, {"class_weight.common": "2"}, {f"{WEIGHT}.common": WRONG}),
    ({WEIGHT: "balanced"}, {"class_weight.rare": "2"}, {f"{WEIGHT}.rare": OPEN}),
    ({"training.precision": "bf16"}, {"bf16": "true", "fp16": "false"}, {"training.precision": MATCH}),
    (PATTERN, {"step size": "3e-4"}, {"training.learning_rate": MATCH}),
    (PATTERN, {"step size": "4"}, {"step size": OPEN}),
    (PATTERN, {"tokenization": "[a-g][1248]"}, {"data.tokens": MATCH}),
    (PATTERN, {"tokenization": "regex:[a-f][1248]"}, {"data.tokens": WRONG}),
    ({}, {"heads": "4", "momentum": "0.9", "gamma": "0.1"},
     dict.fromkeys(("model.heads", "training.momentum", "training.schedule.gamma"), NOTHING)),
    ({"model.layers": 1}, {"encoder_dropout": "0.2"}, {ENCODER: NOTHING}),
    (ITSELF, {"lr": "0.5", "epochs": "12", "hidden": "128"},
     {"model.params.lr": MATCH, "training.epochs": UNTOLD, "model.hidden": UNTOLD}),
    (ITSELF, {"dropout": "0.1", "decay": "0.1", "eps": "1e-8", "clip": "none", "class_weights.rare": "2"},
     dict.fromkeys(("dropout", "decay", "library.optimiser.eps", "training.clip", f"{WEIGHT}.rare"), UNTOLD)),
    ({"own": True, "model.own": "a:build"}, {"hidden": "128", "epochs": "12", "gamma": "0.1"},
     {"model.hidden": UNTOLD, "training.epochs": MATCH, "training.schedule.gamma": NOTHING}),
    ({"outcome": "imported"}, {"epochs": "12", "lstm layers": "3", "seeds": "5"},
     {"training.epochs": UNTOLD, "model.layers": UNTOLD, "seeds": MATCH}),
)  # fmt: skip


@pytest.mark.parametrize(("changes", "stated", "expected"), KINDS)
def test_what_stated_settings_are(changes: dict[str, Any], stated: dict[str, str], expected: dict[str, str]) -> None:
    assert kinds(effect_of(**changes), **stated) == expected


@pytest.mark.parametrize(
    "text", ["a " * 50_000, "1" * 50_000, "1, " * 20_000, "(" * 20_000, "at " * 20_000, "1 * " * 20_000]
)  # fmt: skip
def test_what_is_too_long_is_no_number_and_no_name(text: str) -> None:
    assert read_number(text) is None and find_paths(text) == ()
    assert read_choice("training.selection.metric", text) is None
    assert read_seeds("seeds", text) is None or text.startswith("1, ")


def test_what_was_traced_to_do_nothing_has_no_effect_and_is_not_missed() -> None:
    idle = ("training.weight_decay", "model.params.temperature", "seeds")
    traced = Tracing("c", 128, tuple(Traced("setting", name, "1 → 2", "none") for name in idle))
    own = {"model.params.temperature": 2.0, "model.own": "a:build"}
    effect = find_effect(replace(record_of(own=True, **own), traced=traced))
    found = kinds(effect, weight_decay="0.01", temperature="3", seeds="5")
    assert found == dict.fromkeys(idle, "without-effect")
    left = {setting.name for setting in classify_settings(effect, [])}
    assert not left & {*idle} and "training.batch_size" in left


def test_what_is_left_out_is_told_by_whether_somebody_chose_it() -> None:
    fields = {setting.name: setting for setting in classify_settings(effect_of(), [Stated("lr", "3e-4")])}
    left = {name: field.kind for name, field in fields.items() if field.stated is None}
    assert {name for name, kind in left.items() if kind == "omitted"} == CHOSEN.keys() - {"training.learning_rate"}
    assert left["training.clip"] == left["model.layers"] == left["seeds"] == "omitted-default"
    assert left["training.precision"] == left["training.device"] == left["model.initial_scale"] == "omitted-default"
    assert not {"model.heads", "training.momentum", "data.path"} & left.keys()
    clip = {setting.name: setting for setting in classify_settings(effect_of(**{"training.clip": 1.0}), [])}[
        "training.clip"
    ]
    assert clip.kind == "omitted-default" and "the study sets it" in clip.why
    assert "nobody chose it" in fields["training.clip"].why


@given(st.floats(1e-6, 1e6), st.integers(2, 6))
def test_a_number_is_read_in_every_spelling_and_told_from_its_neighbours(value: float, digits: int) -> None:
    text = f"{value:.{digits - 1}e}"
    written = float(text)
    mantissa, _, power = text.partition("e")
    spellings = (
        text,
        text.replace("-", "−"),
        f"{mantissa} × 10^{int(power)}",
        f"{mantissa}*10^{{{int(power)}}}",
        repr(written),
    )
    for spelling in spellings:
        found = read_number(spelling)
        assert found is not None and found.value == pytest.approx(written) and found.is_same(written), spelling
        assert not found.is_same(written * 1.2) and not found.is_same(-written) and not found.is_same(written * 10)
    assert read_number(text).is_same(value)  # type: ignore[union-attr]


def test_texts_that_state_no_number() -> None:
    for text in ("", "abc", "1 or 2", "10-20", "1/64", "1e999", "0.9, 0.999", "0,005", "twelve", "5 (0-4)", "e5"):
        assert read_number(text) is None, text
    assert read_number("3k").value == 3000 and read_number("12,000").value == 12_000  # type: ignore[union-attr]
    assert [number.value for number in read_numbers("(0.9; 0.999)") or ()] == [0.9, 0.999]
    assert not read_number("60").is_same(64) and read_number("0.33").is_same(1 / 3)  # type: ignore[union-attr]
    assert read_whether("enabled") is True and read_whether("disabled") is False and read_whether("maybe") is None
    assert read_choice("model.pooling", "sum") == "another" and read_choice("model.pooling", "odd") is None
    assert read_seeds("seed", "[42]") == (42,) and read_seeds("seeds", "42") == 42


@pytest.mark.parametrize("metric", [one.name for one in METRICS])
def test_a_metric_is_stated_by_each_of_its_names_alone_or_beside_a_split(metric: str) -> None:
    names = load_names()
    for name in (metric, *names["metrics"][metric]):
        for text in (name, f"val_{name.replace(' ', '_')}", f"{name.title()} (dev)"):
            assert read_choice("report.metric", text) == metric, text
        assert name not in names["values"]["report.metric"]["another"]
    assert read_choice("report.metric", "val_micro_f1") == "another" and read_choice("report.metric", "odd") is None


def test_every_path_of_the_study_file_is_its_own_name_and_every_setting_has_one() -> None:
    effect = effect_of()
    for path in {setting.name for setting in classify_settings(effect, [Stated("lr", "1")])}:
        stated = [
            setting.name for setting in classify_settings(effect, [Stated(path, "1")]) if setting.stated is not None
        ]
        assert stated == [path]
    sections = ("model.", "training.", "data.", "streams.")
    elsewhere = ("data.path", "data.splits", "data.columns", *SILENT, "training.early_stopping")
    paths = [value for value in effect.values if value.startswith(sections) and not value.startswith(elsewhere[:3])]
    assert [one for one in paths if not find_paths(one) and one not in elsewhere] == []


UNLIKE_DEFAULTS: list[dict[str, Any]] = [
    {
        "data.tokens": "regex:[a-g][1248]",
        "data.factors": "(?P<pitch>[a-g])(?P<length>[1248])",
        "streams.order": "fixed",
    },
    {"data.order": "permuted", "data.spelling": "characters", "data.train_without": "leaks", "data.train_rows": 480},
    {"model.embedding.composition": "factor-concat", "model.embedding.mode": "frozen-random", "model.pooling": "last"},
    {"model.family": "transformer", "model.heads": 4, "model.positions": False, "training.precision": "bf16"},
    {"training.optimiser": "sgd", "training.momentum": 0.8, "training.selection.metric": "balanced_accuracy"},
    {"training.schedule.kind": "step", "training.schedule.every": 3, "training.schedule.gamma": 0.3},
    {"training.class_weights.rare": 4.0, "training.selection.split": "train", "model.initial_scale": 0.5},
    {"training.early_stopping.metric": "hwa", "training.early_stopping.patience": 2, "training.clip": None},
]


@pytest.mark.parametrize("changes", UNLIKE_DEFAULTS)
def test_every_setting_stated_as_it_was_matches(changes: dict[str, Any]) -> None:
    effect = effect_of(**changes)
    for path, value in changes.items():
        for name in (path, f"hparams.{path}"):
            text = next(iter(flatten_stated({name: value}))).text
            assert kinds(effect, **{name: text}) == {path: "match"}, (name, text)


def test_a_name_that_nobody_knows_states_nothing_and_a_slip_of_the_pen_is_told() -> None:
    for name, text in (("run.host", "atlas-02"), ("activation", "relu"), ("log_interval", "10"), ("best_epoch", "3"),
                       ("steps per epoch", "24"), ("gizmo", "3"), ("eval.batch_size", "512"), ("data_seed", "7"),
                       ("test accuracy", "0.8"), ("training time", "3 h")):  # fmt: skip
        assert states_nothing(effect_of(), Stated(name, text)), name
    for name, text in (("optimzer", "SGD"), ("size", "3"), ("learning rte", "3")):
        assert not states_nothing(effect_of(), Stated(name, text)), name
    (one,) = (
        setting for setting in classify_settings(effect_of(), [Stated("bacth size", "3")]) if setting.stated is not None
    )
    assert one.kind == "ambiguous" and one.why == "did you mean training.batch_size?"


def test_what_an_own_function_declares_is_known() -> None:
    effect = find_effect(
        record_of(own=True, **{"model.own": "tally:fit", "model.params.rate": 0.8}), {"rate": 0.5, "span": 2}
    )
    assert kinds(effect, span="2", rate="0.8") == {"model.params.span": "match", "model.params.rate": "match"}
    assert kinds(effect, **{"model.params.span": "3"}) == {"model.params.span": "misstated"}
    silent = {setting.name: setting.kind for setting in classify_settings(effect, [Stated("seeds", "5")])}
    assert silent["model.params.span"] == "omitted-default" and silent["model.params.rate"] == "omitted"


def test_what_a_default_is_is_only_said_where_it_is_known() -> None:
    chosen = record_of(own=True, **{"model.own": "tally:fit", "model.params.rate": 0.5, "model.params.wide": 3})
    for declared, kind, words in (
        ({}, "omitted", "it was set to 0.5"),
        ({"rate": 0.5}, "omitted-default", "the study sets it to what it is by default"),
        ({"rate": 0.1}, "omitted", "it was set to 0.5, and is not what it would be by default"),
    ):
        fields = {
            setting.name: setting
            for setting in classify_settings(find_effect(chosen, declared), [Stated("seeds", "5")])
        }
        assert fields["model.params.rate"].kind == kind and fields["model.params.rate"].why.startswith(words)
        assert fields["model.params.wide"].why == "it was set to 3"
    least = classify_settings(effect_of(), [Stated("lr", "3e-4")])
    (epochs,) = (field for field in least if field.name == "training.epochs")
    assert epochs.why == "it was set to 12, and is not what it would be by default"


def test_files_are_read_as_they_are_written(tmp_path: Path) -> None:
    texts = {
        "a.yaml": "lr: 1e-4\ntraining:\n  epochs: 12\nseeds: [0, 1]\nclip: null\n",
        "a.json": '{"lr": 1e-4, "training": {"epochs": 12}, "seeds": [0, 1], "clip": null}',
        "a.toml": 'lr = 1e-4\nseeds = [0, 1]\nclip = "none"\n[training]\nepochs = 12\n',
    }
    for name, text in texts.items():
        place = tmp_path / name
        place.write_text(text, encoding="utf-8")
        found = {one.name: one.text for one in read_stated(place)}
        assert found == {"lr": "1e-4", "training.epochs": "12", "seeds": "0, 1", "clip": "none"}, name
        assert is_reported(place)
    assert read_stated(tmp_path / "a.yaml")[1].line == 3
    assert [*flatten_stated({"a": {"b": [1, True]}, "c": None})] == [Stated("a.b", "1, true"), Stated("c", "none")]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.yaml", b"- 1\n", "no names with values"), ("a.yaml", b"a: [1\n", "no YAML"),
        ("a.yaml", b"lr: 1\nlr: 2\n", "stated twice"), ("a.yaml", b"\xff\xfe", "no text in UTF-8"),
        ("a.yaml", b"", "no names with values"), ("a.yaml", b"a: " + b"{a: " * 3000, "no YAML"),
        ("a.yaml", b"a: &a {lr: 1e-3}\nb: {<<: *a}\n", "taken from elsewhere"), ("a.yaml", b"? [a]\n: c", "is a list"),
        ("a.yaml", b"a: &a\n  b: *a\n", "taken from elsewhere"), ("a.json", b'{"a": 1, "a": 2}', "stated twice"),
        ("a.toml", b"a=0x" + b"f" * 5000, "no TOML|cannot be read"),
        ("a.txt", b"lr: 1e-3\n", "this format are not read; read are YAML, JSON and TOML"),
        ("a.html", b"<table><tr><td>lr<td>1</table>", "this format are not read"),
        ("a.md", b"| lr | 1 |\n| - | - |\n", "this format are not read"),
        ("a.tex", b"lr & 1", "this format are not read"), ("a.csv", b"setting,value\nlr,1", "this format are not read"),
    ],
)  # fmt: skip
def test_what_is_no_table_of_settings_is_told(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=words) as told:
        read_stated(tmp_path / name)
    assert name in str(told.value)
    with pytest.raises(InputError, match="cannot be read"):
        read_stated(tmp_path / "nothing.yaml")


def test_a_table_of_outcomes_is_no_report(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("variant,seed,score\nmain,0,0.5\n")
    (tmp_path / "s.csv").write_text("Hyperparameter;value\nlr;0,5\n")
    assert is_reported(tmp_path / "s.csv"), "it is refused with the YAML to fill in"
    assert not is_reported(tmp_path / "o.csv") and not is_reported(tmp_path / "none.yaml") and not is_reported(tmp_path)


def test_fields_are_told_as_json() -> None:
    (one, *_) = classify_settings(effect_of(), [Stated("lr", "1", 7)])
    assert one == Field("training.learning_rate", "misstated", "1", 3e-4, "in effect is 0.0003", 7, "lr")
    told = json.loads(json.dumps(one.as_json()))
    assert told["line"] == 7 and told["code"] == "report.misstated"
