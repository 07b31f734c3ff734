"""Settings in effect: what trained a variant has read, and what was seen where own code decides."""

from dataclasses import replace
from typing import Any

import pytest

from brittlestar import InputError, plan
from brittlestar.core.results import Setting, StudyRecord
from brittlestar.core.seen_training import SeenLoss, SeenTraining
from brittlestar.study.in_effect import list_in_effect
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
                    "loss": "cross_entropy"}  # fmt: skip
    assert found["seen.optimiser"].origin == "set in your code, as seen (own.py:7)"


def test_a_setting_that_no_variant_reads_is_refused(tmp_path: Any) -> None:
    rows = [{"sequence": text, "label": label} for text, label in (("a b", "x"), ("b c", "y")) * 10]

    def build(info: Any) -> Any:
        raise AssertionError

    with pytest.raises(InputError, match=r"model\.dropout\.encoder has no effect on .*what model\.params has"):
        plan({"train": rows, "test": rows}, model=build, settings={"model.dropout.encoder": "0.5"})
