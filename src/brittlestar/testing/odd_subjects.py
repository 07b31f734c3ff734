"""Odd input for checks of each kind."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from brittlestar.claims.judge import judge_all
from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.standing import JudgedStudy
from brittlestar.core.answers import AnsweredStudy, RunAnswers, SplitAnswers
from brittlestar.core.checks import Needs
from brittlestar.core.probing import NO_ANSWER, Condition, ProbedCell, ProbeRecord
from brittlestar.core.results import StudyRecord
from brittlestar.core.seeds import generator
from brittlestar.diagnosis.probes.questions import Asked, find_questions
from brittlestar.diagnosis.probes.readings import probed_study
from brittlestar.study.claim_parsing import parse_claim
from brittlestar.study.claims import claims_document
from brittlestar.testing.odd_datasets import odd_datasets
from brittlestar.testing.odd_records import CLASSES, ROWS, make_record, odd_records

CLAIM = "main > bag by 0.02 on accuracy"
PROBES = ("order.swaps", "order.shuffle", "noise.drop", "own.marker")


def odd_subjects(needs: Needs) -> dict[str, Any]:
    """What checks of one kind read, by what is odd about it."""
    if needs == "data":
        return dict(odd_datasets())
    if needs == "record":
        return dict(odd_records())
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
        yield name, AnsweredStudy(record, {"test": _answers(labels, RunAnswers(predicted, own, False))})
    yield (
        "predictions without probabilities",
        AnsweredStudy(
            record, {"test": _answers(labels, RunAnswers(right, (right == labels).astype(np.float64), True))}
        ),
    )
    yield (
        "labels that train lacks",
        AnsweredStudy(record, {"test": _answers(np.full(ROWS, -1), RunAnswers(right, np.zeros((5, ROWS)), False))}),
    )
    few = RunAnswers(right[:, :3], np.full((5, 3), 0.5), False)
    yield "three rows", AnsweredStudy(record, {"test": _answers(labels[:3], few)})
    yield "no answers", AnsweredStudy(record, {"test": replace(_answers(labels, few), runs={})})
    yield "no split to look at", AnsweredStudy(replace(record, splits={}), {})


def _answers(labels: np.ndarray, runs: RunAnswers) -> SplitAnswers:
    hashes, seen = np.arange(len(labels), dtype=np.uint64), np.zeros(len(labels), np.bool_)
    return SplitAnswers(labels, hashes, None, {}, seen, {"main": runs}, {})


def _odd_probed() -> Iterator[tuple[str, Asked]]:
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
        yield name, find_questions(study)


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
