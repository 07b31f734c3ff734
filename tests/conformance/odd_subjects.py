"""Odd input for checks of each kind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from brittlestar.claims.claim_findings import JudgedStudy
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.several import judge_all
from brittlestar.core.answers import Answers
from brittlestar.core.checks import Needs
from brittlestar.core.probing import NO_ANSWER, Condition, ProbedCell, ProbeRecord
from brittlestar.core.results import (
    AnsweredStudy,
    CellRecord,
    Setting,
    SplitAnswers,
    SplitRecord,
    StudyRecord,
    VariantRecord,
)
from brittlestar.core.seeds import generator
from brittlestar.diagnosis.probes.readings import probed_study
from brittlestar.diagnosis.probes.suite_tests import SuiteTests, find_tests
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import claims_document
from tests.answers import make_answers, make_split_answers

from .odd_datasets import odd_datasets

CLAIM = "main > bag by 0.02 on accuracy"
PROBES = ("order.swaps", "order.shuffle", "noise.drop", "own.marker")
CLASSES: tuple[str, ...] = ("x", "y")
EPOCHS = 12  # chosen: curves long enough for every check
ROWS = 240  # chosen: rows enough for every check


def odd_subjects(needs: Needs) -> dict[str, Any]:
    """What checks of one kind read, by what is odd about it."""
    if needs == "data":
        return odd_datasets()
    if needs == "record":
        return _odd_records()
    if needs == "answers":
        return dict(_odd_answered())
    return dict(_odd_probed()) if needs == "probes" else dict(_odd_judged())


def _odd_answered() -> Iterator[tuple[str, AnsweredStudy]]:
    """Studies of five runs whose answers are of some kind, or are not there."""
    record = make_record({"main": [0.9] * 5, "bag": [0.6] * 5})
    labels = (np.arange(ROWS) % 2).astype(np.int64)
    random = generator(0, "odd", "answers")
    right = np.where(random.random((5, ROWS)) < 0.9, labels, 1 - labels)
    for name, predicted, own in (
        ("runs that are right", right, np.where(right == labels, 0.9, 0.1)),
        ("runs that are right in another order", 1 - right, np.where(right == labels, 0.1, 0.9)),
        ("runs that name one class", np.zeros_like(right), 0.5 + 0.1 * random.random((5, ROWS)) * (1 - 2 * labels)),
        ("runs with one output", np.zeros_like(right), np.full((5, ROWS), 0.5)),
    ):
        yield name, AnsweredStudy(record, {"test": _split_of(make_answers(predicted, labels, own))})
    bare, strange = make_answers(right, labels), make_answers(right, np.full(ROWS, -1), np.zeros((5, ROWS)))
    yield "predictions without probabilities", AnsweredStudy(record, {"test": _split_of(bare)})
    yield "labels that train lacks", AnsweredStudy(record, {"test": _split_of(strange)})
    few = make_answers(right[:, :3], labels[:3], np.full((5, 3), 0.5))
    yield "three rows", AnsweredStudy(record, {"test": _split_of(few)})
    yield "no answers", AnsweredStudy(record, {"test": replace(_split_of(bare), runs={})})
    yield "no split to look at", AnsweredStudy(replace(record, splits={}), {})


def _split_of(runs: Answers) -> SplitAnswers:
    return make_split_answers(runs.rows.labels, {"main": runs})


def _odd_probed() -> Iterator[tuple[str, SuiteTests]]:
    full = make_record({"main": [0.95] * 5})
    for name, seeds, labels, answers in (
        ("a model that stays right", 5, True, "right"),
        ("a model that breaks", 5, True, "broken"),
        ("a model that has learned nothing", 5, True, "constant"),
        ("a model that raises", 5, True, "none"),
        ("one seed", 1, True, "right"),
        ("no label known", 5, False, "broken"),
    ):
        record = replace(full, cells=full.cells[:seeds])
        study = probed_study(replace(record, probes=_probes(record, labels, answers)))
        assert study is not None
        yield name, find_tests(study)


def _probes(record: StudyRecord, known: bool, answers: str) -> ProbeRecord:
    """A suite of the rows as they are, then of each probe's rows, half of which have another true label."""
    labels = (np.arange(ROWS) % 2).astype(np.int32)
    turned = np.where(np.arange(ROWS) < ROWS // 2, 1 - labels, labels).astype(np.int32)
    nothing, places = np.full(ROWS, -1, np.int32), np.arange(ROWS)
    before = labels if known else nothing
    plain = Condition("plain", 0.0, "", "the rows as they are", "invariant", places, places, before, before)
    changed = tuple(
        Condition(probe, 1.0, "", probe, "open", places, places + ROWS * (k + 1), before, turned if known else nothing)
        for k, probe in enumerate(PROBES)
    )
    cells: dict[str, ProbedCell] = {}
    for cell in record.cells:
        random = generator(cell.seed, "odd", "probes")
        right = np.where(random.random(ROWS) < 0.97, labels, 1 - labels)
        each = {"right": turned, "broken": random.integers(0, 2, ROWS), "none": np.full(ROWS, NO_ANSWER)}
        rest = each.get(answers, np.zeros(ROWS))
        predictions = np.concatenate([rest if answers == "constant" else right, *[rest] * len(PROBES)])
        cells[cell.hash] = ProbedCell(predictions.astype(np.int32), np.full(len(predictions), 0.9, np.float32), {})
    columns = {"length": places % 9 + 4}
    return ProbeRecord("s", "test", places, ROWS, (plain, *changed), cells, None, None, CLASSES, columns)


def _odd_judged() -> Iterator[tuple[str, JudgedStudy]]:
    up, down = [0.84, 0.8, 0.82, 0.79, 0.83], [0.7, 0.71, 0.69, 0.7, 0.72]
    for name, first, second, registered in (
        ("a supported claim", up, down, True),
        ("a refuted claim", down, up, True),
        ("an open claim", up, [one - 0.02 for one in up[::-1]], True),
        ("a claim that was written afterwards", up, down, False),
        ("one seed", up[:1], down[:1], True),
    ):
        yield name, _judge_scores(first, second, registered)
    yield "no claim", JudgedStudy(make_record({"main": up}), (), {})
    whole = _judge_scores(up, down, True)
    yield "a split that is still to come", replace(whole, record=replace(whole.record, splits={}))


def _judge_scores(first: Sequence[float], second: Sequence[float], registered: bool) -> JudgedStudy:
    scores = {"main": first, "bag": second}
    claim = parse_claim({"claim": CLAIM, "population": "fixed-test-set"})
    runs = {name: Runs(tuple(range(len(own))), score=np.asarray(own)) for name, own in scores.items()}
    record = replace(make_record(scores), claims=tuple(claims_document([claim], registered)))
    return JudgedStudy(record, judge_all([(Outcomes(runs), claim)], registered=registered), {})


def _odd_records() -> dict[str, Any]:
    """Records by what is odd about them."""
    full = make_record({"main": [0.84, 0.8, 0.82, 0.79, 0.83], "bag": [0.7, 0.71, 0.69, 0.7, 0.72]})
    cells = full.cells
    return {
        "an ordinary one": full,
        "no runs": replace(full, cells=()),
        "runs that are still to come": replace(full, cells=tuple(_make_unfinished(cell, "planned") for cell in cells)),
        "runs that failed or were lost": replace(
            full, cells=tuple(_make_unfinished(cell, ("failed", "lost")[cell.seed % 2]) for cell in cells)
        ),
        "one seed": make_record({"main": [0.8]}),
        "seeds that one variant lacks": replace(full, cells=cells[:7]),
        "runs without curves": replace(full, cells=tuple(replace(cell, curves={}) for cell in cells)),
        "a run that diverged": replace(full, cells=(replace(cells[0], outcome="diverged"), *cells[1:])),
        "runs that agree to the last bit": make_record({"main": [0.8] * 5, "bag": [0.8] * 5}),
        "no splits": replace(full, splits={}),
        "no evaluation split": replace(full, splits={"train": full.splits["train"]}),
        "a split without rows": replace(full, splits={**full.splits, "test": _make_split("test", 0)}),
        "scores that are not finite": replace(full, cells=(replace(cells[0], scores=_scores(np.nan)), *cells[1:])),
    }


def make_record(scores: Mapping[str, Sequence[float]]) -> StudyRecord:
    """A study with one finished run for each score on test, seeds 0, 1, …, by variant."""
    cells = tuple(_cell(name, seed, score) for name, own in scores.items() for seed, score in enumerate(own))
    settings = (Setting("training.epochs", EPOCHS, "our default"), Setting("training.learning_rate", 0.001, "--set"))
    return StudyRecord(
        name="odd",
        main="main",
        metric="accuracy",
        metrics=("accuracy", "log_loss"),
        classes=CLASSES,
        factors=(),
        seeds=tuple(range(max(len(own) for own in scores.values()))),
        streams={},
        splits={name: _make_split(name, ROWS) for name in ("train", "dev", "test", "shift_longer")},
        variants={name: VariantRecord(name, name, False, {}, settings, 1_000) for name in scores},
        cells=cells,
        claims=(),
        notes=(),
        environment={},
        timing={},
    )


def _cell(variant: str, seed: int, score: float) -> CellRecord:
    random = generator(seed, "odd", variant)
    loss = 0.3 + 0.4 * np.exp(-np.arange(EPOCHS + 1) / 3) + random.normal(0, 0.005, EPOCHS + 1)
    right = 0.9 - 0.4 * np.exp(-np.arange(EPOCHS + 1) / 3) + random.normal(0, 0.005, EPOCHS + 1)
    curves = {"train.loss": loss, "train.log_loss": loss, "dev.log_loss": loss + 0.02}
    return CellRecord(
        hash=f"{seed:02d}{variant}".encode().hex().ljust(64, "0")[:64],
        variant=variant,
        seed=seed,
        state="done",
        outcome="trained",
        best_epoch=int(np.argmin(loss)),
        epochs=EPOCHS,
        curves=curves | {"train.accuracy": right + 0.03, "dev.accuracy": right},
        scores=_scores(score),
    )


def _scores(score: float) -> dict[str, dict[str, dict[str, float]]]:
    each = {"best": {"accuracy": score, "log_loss": 0.4}, "last": {"accuracy": score, "log_loss": 0.41}}
    return {"dev": each, "test": each, "shift_longer": each}


def _make_unfinished(cell: CellRecord, state: str) -> CellRecord:
    return CellRecord(cell.hash, cell.variant, cell.seed, state)


def _make_split(name: str, rows: int) -> SplitRecord:
    counts = dict.fromkeys(CLASSES, rows // 2)
    return SplitRecord(name, rows, CLASSES, counts, 8.0, 16, 0, 0, 0.0, {}, "f" * 64, {"accuracy": 0.5})
