"""Settings in effect: what trained a variant has read, and what was seen where own code decides."""

from dataclasses import replace
from typing import Any

import pytest

from brittlestar import InputError, plan
from brittlestar.core.commands import Advice, command
from brittlestar.core.findings import Finding
from brittlestar.core.results import SET, Setting, StudyRecord
from brittlestar.core.seen_training import SeenLoss, SeenTraining
from brittlestar.diagnosis.remedies import leave_out_unread
from brittlestar.study.in_effect import describe_seen, list_in_effect
from tests.diagnosis.synthetic import cell, split, study, variant

VALUES: dict[str, Any] = {
    "data.tokens": "whitespace",
    "model.family": "lstm",
    "model.layers": 2,
    "model.hidden": 64,
    "model.heads": 4,
    "model.own": "own:fit",
    "model.params.width": 3,
    "training.epochs": 20,
    "training.momentum": 0.9,
    "training.optimiser": "adam",
}
SEEN = SeenTraining(steps=9, parameters=12, optimiser="AdamW", rate=(3e-3, 1e-3), batch=32.0, stepped_at="own.py:7",
                    loss=SeenLoss("cross_entropy", "own.py:5", "scores", (4, 2), (4,)))  # fmt: skip


def record_of(outcome: str, own: bool, seen: SeenTraining | None = None) -> StudyRecord:
    settings = tuple(Setting(path, value, "our default") for path, value in VALUES.items())
    main = replace(variant("main"), own=own, settings=settings)
    cells = [replace(cell("main", seed, outcome=outcome), seen=seen, epochs=4) for seed in range(2)]
    return study(cells, {"main": main}, splits={"train": split("train"), "test": split("test")})


@pytest.mark.parametrize(
    ("outcome", "own", "read"),
    [
        ("trained", False, "data.tokens model.family model.layers model.hidden model.own model.params.width "
                           "training.epochs training.optimiser"),
        ("trained", True, "data.tokens model.own model.params.width training.epochs training.optimiser"),
        ("fitted", True, "data.tokens model.own model.params.width"),
        ("imported", False, "data.tokens model.own"),
    ],
)  # fmt: skip
def test_only_what_trained_a_variant_was_in_effect(outcome: str, own: bool, read: str) -> None:
    assert {one.path for one in list_in_effect(record_of(outcome, own), "main")} == set(read.split())


def test_what_own_code_sets_is_listed_as_it_was_seen() -> None:
    found = {one.path: one for one in list_in_effect(record_of("fitted", True, SEEN), "main")}
    told = {path.removeprefix("seen."): one.value for path, one in found.items() if path.startswith("seen.")}
    assert told == {"optimiser": "AdamW", "learning_rate": 3e-3, "batch_size": 32.0, "epochs": 4,
                    "loss": "cross_entropy", "parameters": 12, "moved_parameters": 12}  # fmt: skip
    counted = replace(SEEN, trainable=4)
    found_too = list_in_effect(record_of("fitted", True, counted), "main")
    assert ("seen.trainable_parameters", 4) in [(one.path, one.value) for one in found_too]
    assert found["seen.optimiser"].origin == "set in your code, as seen (own.py:7)"

    words = describe_seen(found.values())
    assert words == [
        "the optimiser AdamW",
        "learning rate 0.003",
        "batches of 32",
        "4 epochs",
        "the loss cross_entropy",
    ]


def test_settings_that_own_code_makes_are_in_effect_where_it_trains_itself() -> None:
    depth, rate = Setting("estimator.max_depth", 3, SET), Setting("trainer.learning_rate", 0.1, SET)
    record = record_of("fitted", True)
    held = ((depth, rate), (depth, replace(rate, value=0.2)))
    cells = tuple(replace(one, held=mine) for one, mine in zip(record.cells, held, strict=True))
    found = {one.path: one for one in list_in_effect(replace(record, cells=cells), "main")}
    assert found["estimator.max_depth"] == depth
    assert found["trainer.learning_rate"].value == "not the same in every run"


def build(info: Any) -> Any:
    raise AssertionError


def fit(train: Any, dev: Any, seed: int) -> Any:
    raise AssertionError


@pytest.mark.parametrize(
    ("model", "path", "value"), [(build, "model.dropout.encoder", "0.5"), (fit, "training.epochs", "3")]
)
def test_a_setting_that_no_variant_reads_is_refused(model: Any, path: str, value: str) -> None:
    rows = [{"sequence": text, "label": label} for text, label in (("a b", "x"), ("b c", "y")) * 10]
    with pytest.raises(InputError, match=rf"{path} has no effect on .*{model.__name__}.*what model\.params has"):
        plan({"train": rows, "test": rows}, model=model, settings={path: value, "variants": "{}"})


def test_a_variant_whose_model_trains_itself_takes_no_setting_of_training() -> None:
    rows = [{"sequence": text, "label": label} for text, label in (("a b", "x"), ("b c", "y")) * 10]
    settings = {"variants": "{short: {training.epochs: 3, unequal_budget: it is short}}"}
    with pytest.raises(InputError, match=r"training\.epochs has no effect on short, which trains itself"):
        plan({"train": rows, "test": rows}, model=fit, settings=settings)


def test_an_object_of_a_session_is_called_that() -> None:
    record = record_of("fitted", True)
    settings = (Setting("model.own", "__session__:Net", "--set"), Setting("model.kind", "fit", "--set"))
    record = replace(record, variants={"main": replace(record.variants["main"], settings=settings)})
    assert list_in_effect(record, "main")[0].value == "Net, defined in the session"


LONGER = Advice(("Train longer: ", command("run", settings={"training.epochs": 4})))


@pytest.mark.parametrize(
    ("outcome", "remedy", "left"),
    [
        ("trained", LONGER, None),
        ("fitted", LONGER, "Train longer."),
        ("fitted", "Call `model.eval()` before you score.", None),
        ("bag", Advice(("Stop: ", command("run", settings={"training.clip": 3, "model.dropout.encoder": 0.5}))),
                "Stop: `brittlestar run STUDY --set training.clip=3`."),
    ],
)  # fmt: skip
def test_remedies_name_what_is_read(outcome: str, remedy: str, left: str | None) -> None:
    record = record_of("trained" if outcome == "bag" else outcome, own=outcome == "fitted")
    if outcome == "bag":
        main = record.variants["main"]
        bag = replace(main, settings=(Setting("model.family", "bag", "--set"), *main.settings[4:]))
        record = replace(record, variants={"main": bag})
    found = Finding("x.y", "present", "s", "t", "info", {"variant": "main"}, {}, remedy)
    assert leave_out_unread(record, [found])[0].remedy == (remedy if left is None else left)
