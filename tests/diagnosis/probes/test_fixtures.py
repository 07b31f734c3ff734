"""A behavioural bug of public scripts for the founding task in a small model: padding hides unknown tokens."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brittlestar import generate, probe
from brittlestar.core.findings import Finding
from brittlestar.pipeline.probe_result import ProbeResult

Rows = list[list[str]]
Predict = Callable[[Rows], np.ndarray]
FACTORS = "(?P<shape>[▲■●◆])(?P<colour>[rgby])?"


def generated(folder: Path, rule: str, lengths: str = "7-10") -> Path:
    """Data whose rule lies beside them, so that changed rows get true labels."""
    generate(folder / "data", rule=rule, lengths=lengths, sizes="600/50/800", seed=11)
    study = folder / "study.yaml"
    study.write_text(f"name: s\ndata:\n  path: data\n  factors: '{FACTORS}'\n", encoding="utf-8")
    return study


def rows_of(study: Path) -> tuple[Rows, np.ndarray]:
    """Train's rows and labels."""
    with (study.parent / "data" / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["sequence"].split() for row in rows], np.array([int(row["label"]) for row in rows])


def sure(accepts: np.ndarray) -> np.ndarray:
    """Probabilities of a model that is always sure."""
    return np.stack([~accepts, accepts], axis=1).astype(np.float64)


def finding(result: ProbeResult, code: str) -> Finding:
    (found,) = [one for one in result.findings if one.code == code]
    return found


def reading(result: ProbeResult, name: str) -> dict[str, Any]:
    document = result.document["probes"]
    assert document is not None
    (found,) = [one for one in document["variants"]["given"] if f"{one['probe']}@{one['strength']:g}" == name]
    return found


def reads_fourth(hides_unknown: bool, known: set[str]) -> Predict:
    """The rule `colour 4 is b`; with the bug, places are counted among the tokens that the vocabulary has."""

    def predict(rows: Rows) -> np.ndarray:
        seen = [[token for token in row if token in known or not hides_unknown] for row in rows]
        return sure(np.array([len(row) > 3 and row[3].endswith("b") for row in seen]))

    return predict


@pytest.mark.parametrize("hides", [True, False])
def test_unknown_tokens_that_are_hidden_as_padding_shift_what_stands_behind_them(tmp_path: Path, hides: bool) -> None:
    study = generated(tmp_path, "colour 4 is b")
    known = {token for row in rows_of(study)[0] for token in row}
    result = probe(study, predict=reads_fourth(hides, known))
    found = finding(result, "probe.composition-brittle")
    assert (found.status == "present") is hides
    strangers = reading(result, "composition.strangers@0.1")
    assert strangers["labels_turned"] > 0.05
    assert (strangers["flips"]["mean"] == 0.0) is hides
    if hides:
        assert found.evidence["present"] == ["composition.strangers@0.1"]
        assert strangers["answered"]["mean"] == 0.0
    else:
        assert strangers["drop"]["mean"] == 0.0
