"""What labels allow: `eval.ceiling`, and what plateau and overfitting make of it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from brittlestar.core.audit_record import Audit
from brittlestar.core.findings import Finding, Status
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.diagnosis.ceilings import find_ceiling, is_noise_known
from tests.diagnosis.synthetic import cell, findings, of, study


def labels(low: float | None, high: float = 1.0, code: str = "label.noise", split: str = "test",
           status: Status = "present") -> Finding:  # fmt: skip
    evidence: dict[str, Any] = {} if low is None else {"ceiling": {"accuracy": [low, high], "because": "label noise"}}
    severity = "info" if status == "present" else None
    return Finding(code, status, "so it is", "from 1 on", severity, {"split": split}, evidence)


def audited(cells: list[CellRecord], *found: Finding) -> StudyRecord:
    return replace(study(cells), audit=Audit(found))


def scored(mean: float, seeds: int = 5, spread: float = 0.002) -> list[CellRecord]:
    values = mean + spread * (np.arange(seeds) - (seeds - 1) / 2)
    return [cell(seed=seed, test={"accuracy": float(value)}) for seed, value in enumerate(values)]


@pytest.mark.parametrize(
    ("mean", "seeds", "found", "status", "words"),
    [
        (0.88, 5, [labels(0.86, 0.89)], "present", "no model can be expected to do better"),
        (0.88, 4, [labels(0.86, 0.89)], "inconclusive", "whether that is all is open"),
        (0.80, 5, [labels(0.86, 0.89)], "absent", "there is room"),
        (0.95, 5, [labels(0.86, 0.89)], "absent", "this is no ceiling"),
        (0.88, 5, [labels(None, status="absent")], "absent", "nothing about the labels"),
        (0.88, 5, [labels(None, status="inconclusive")], "inconclusive", "tell noise from difficulty"),
        (0.88, 5, [], "inconclusive", "tell noise from difficulty"),
        (0.88, 5, [labels(0.86, 0.89, split="dev")], "inconclusive", "tell noise from difficulty"),
        (0.88, 5, [labels(0.999, 0.999, "label.conflict"), labels(None, status="absent")], "absent", "nothing about"),
    ],
)
def test_a_score_is_held_against_what_labels_allow(
    mean: float, seeds: int, found: list[Finding], status: str, words: str
) -> None:
    one = of(findings("eval.ceiling", audited(scored(mean, seeds), *found)), "eval.ceiling")
    assert one.status == status and words in one.summary
    assert (one.severity == "info") == (status == "present")


def test_the_lowest_ceiling_counts_and_no_audit_none() -> None:
    record = audited(scored(0.9), labels(0.9, 0.95), labels(0.8, 0.8, "label.conflict"), labels(None, status="absent"))
    assert (ceiling := find_ceiling(record, "test")) is not None and (ceiling[0], ceiling[2]) == (
        0.8,
        "label.conflict",
    )
    assert is_noise_known(record, "test") and not is_noise_known(record, "dev")
    assert find_ceiling(study(scored(0.9)), "test") is None
