"""Suites whose answers are known by construction."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from brittlestar.core.findings import Finding
from brittlestar.core.probing import Condition, Presented, ProbedCell, ProbeRecord
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.diagnosis.probes.summary import ProbeSummary, summarise_probes
from tests.diagnosis import synthetic

ROWS = 400
Answer = Callable[[np.ndarray], np.ndarray]


def condition(name: str, turned: float = 0.0, known: bool = True, expectation: str = "open") -> Condition:
    """Rows ROWS to 2 ROWS of the suite are rows 0 to ROWS changed, a share of whose true labels turned."""
    labels = np.arange(ROWS, dtype=np.int32) % 2
    after = np.where(np.arange(ROWS) < turned * ROWS, 1 - labels, labels).astype(np.int32)
    nothing = np.full(ROWS, -1, np.int32)
    probe, _, strength = name.partition("@")
    places = np.arange(ROWS)
    told_after = after if known else nothing
    return Condition(probe, float(strength), "", probe, expectation, places, places + ROWS, labels, told_after)  # type: ignore[arg-type]


def study(
    one: Condition, answer: Answer, seeds: int = 5, presented: dict[str, Presented] | None = None, **variant: Any
) -> StudyRecord:
    """A study of one variant whose cells answer the rows as they are almost always rightly, and changed rows by
    `answer` (from the labels before to predictions)."""
    labels = np.arange(ROWS, dtype=np.int32) % 2
    plain = replace(one, probe="plain", strength=0.0, after=one.before, labels_after=labels, expectation="invariant")
    cells: dict[str, ProbedCell] = {}
    records: list[CellRecord] = []
    for seed in range(seeds):
        random = np.random.default_rng(seed)
        before = np.where(random.random(ROWS) < 0.97, labels, 1 - labels)
        predictions = np.r_[before, answer(before)].astype(np.int32)
        cells[f"c{seed}"] = ProbedCell(predictions, np.full(2 * ROWS, 0.97, np.float32), presented or {})
        scores = {"test": {"best": {"accuracy": float((before == labels).mean())}}}
        records.append(CellRecord(f"c{seed}", "main", seed, "done", "trained", 1, 1, scores=scores))
    lengths = {"length": np.arange(ROWS) % 9 + 4}
    probes = ProbeRecord("s", "test", np.arange(ROWS), ROWS, (plain, one), cells, "a rule", 1.0, ("0", "1"), lengths)
    one_variant = {"main": replace(synthetic.variant("main"), title="mine", own=True, **variant)}
    return replace(synthetic.study(records, one_variant, splits={"test": synthetic.split("test")}), probes=probes)


def alter(record: StudyRecord, change: Callable[[ProbedCell], ProbedCell]) -> StudyRecord:
    """The study with other answers in every cell."""
    assert record.probes is not None
    cells = {name: change(cell) for name, cell in record.probes.cells.items()}
    return replace(record, probes=replace(record.probes, cells=cells))


def stays(before: np.ndarray) -> np.ndarray:
    return before


def follows(turned: float) -> Answer:
    return lambda before: np.where(np.arange(ROWS) < turned * ROWS, 1 - before, before)


def breaks(before: np.ndarray) -> np.ndarray:
    """Every fifth prediction turns."""
    return np.where(np.arange(ROWS) % 5 == 0, 1 - before, before)


def summary(record: StudyRecord) -> ProbeSummary:
    found = summarise_probes(record)
    assert found is not None
    return found


def status(record: StudyRecord, code: str) -> Finding:
    (found,) = [finding for finding in summary(record).findings if finding.code == code]
    return found


def suite(*asked: tuple[Condition, Answer]) -> StudyRecord:
    """A study of one variant like `study`, with as many conditions as are given, each with its answer."""
    record = study(condition("order.swaps@1"), stays)
    assert record.probes is not None
    plain = record.probes.conditions[0]
    places = np.arange(ROWS)
    conditions = [
        replace(one, before=np.where(one.before < 0, -1, places), after=places + ROWS * (k + 1))
        if one.weights is None
        else one
        for k, (one, _) in enumerate(asked)
    ]

    def answer_all(cell: ProbedCell) -> ProbedCell:
        plain = cell.predictions[:ROWS]
        every = np.concatenate([plain, *(answer(plain) for _, answer in asked)]).astype(np.int32)
        return replace(cell, predictions=every, confidence=np.full(len(every), 0.97, np.float32))

    return alter(replace(record, probes=replace(record.probes, conditions=(plain, *conditions))), answer_all)
