"""The exam of probes in small, what it takes for true against changed rows, and how it grades."""

import json
from pathlib import Path

import numpy as np
import pytest

from brittlestar.core.seeds import generator
from exam import probe_exam
from exam.probe_exam import Answer, Combination, as_text, sat, summary
from exam.probes import tasks
from exam.probes.graded import DEVELOPMENT, GRADED
from exam.probes.tasks import PAIRS, PINS, ProbeTask, edited, labels_of, letter_rows, tried

ALL = (*GRADED, *DEVELOPMENT)


@pytest.mark.parametrize("name", ["start", "count-all"])
def test_what_is_told_of_learned_models_is_true(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (task,) = (task for task in DEVELOPMENT if task.name == name)
    monkeypatch.setattr(tasks, "MODELS", {"mean": tasks.MODELS["mean"]})
    found = sat(task, (102,), tmp_path, 102)
    assert [one.model for one in found] == ["lstm", "mean"]
    table = summary(found)
    assert table["total"]["learned"] >= 1 and table["total"]["disagree"] == 0, as_text(table)
    assert table["total"]["unlearned_told"] == 0
    measured = {answer.what for one in found for answer in one.answers if answer.lost is not None}
    assert measured == ({"length x 2", "length x 4"} if task.rule else {"contrast"})


def drawn(task: ProbeTask, random: np.random.Generator) -> list[list[str]]:
    if not task.rule:
        return [list(row) for row in letter_rows(task, 1000, random)]
    found = tried(task.predicates, task.lengths[0], np.full(len(PAIRS), 1 / len(PAIRS)), 1000, random)
    assert found is not None
    return [list(row) for row in found[0]]


def labels(task: ProbeTask, rows: list[list[str]]) -> np.ndarray:
    if not task.rule:
        return np.array([label == "yes" for label in labels_of(task, [tuple(row) for row in rows])])
    codes = np.array([[PAIRS.index(token) for token in row] for row in rows])
    return np.all([holds(codes // 4, codes % 4) for holds in task.predicates], axis=0)


def shuffled(rows: list[list[str]], pinned: int | None, random: np.random.Generator) -> list[list[str]]:
    changed: list[list[str]] = []
    for row in rows:
        free = [place for place in range(len(row)) if place + 1 != pinned]
        places = random.permutation(free).tolist()
        new = list(row)
        for place, other in zip(free, places, strict=True):
            new[place] = row[other]
        changed.append(new)
    return changed


def redrawn(rows: list[list[str]], factor: str, random: np.random.Generator) -> list[list[str]]:
    def other(token: str) -> str:
        new = PAIRS[int(random.integers(len(PAIRS)))]
        return new[0] + token[1] if factor == "shape" else token[0] + new[1]

    return [[other(token) for token in row] for row in rows]


@pytest.mark.parametrize("task", ALL, ids=lambda task: task.name)
def test_truth_by_construction_is_what_labels_of_changed_rows_say(task: ProbeTask) -> None:
    random = generator(5, "truth", task.name)
    rows = drawn(task, random)
    true = labels(task, rows)

    def turned(changed: list[list[str]]) -> float:
        return float((labels(task, changed) != true).mean())

    order = turned(shuffled(rows, None, random))
    found = {"order": order > 0.1}
    assert order > 0.1 or order == 0
    for place in PINS if order else ():
        share = turned(shuffled(rows, place, random))
        assert share > 0.08 or share == 0
        found[f"position {place}"] = share == 0
    for factor in ("shape", "colour") if task.rule else ():
        share = turned(redrawn(rows, factor, random))
        assert share > 0.1 or share == 0
        found[f"factor {factor}"] = share > 0
    assert {what for what, reads in found.items() if reads} == task.reads
    assert set(task.truth()) == set(found)


def test_an_edit_is_one_token_and_turns_the_label() -> None:
    (task,) = (task for task in GRADED if task.name == "before")
    random = generator(6, "edits")
    pairs = [(row, other) for row in letter_rows(task, 40, random) for other in [edited(task, row, random)] if other]
    assert len(pairs) > 30  # some rows have several pairs in their order, and no single edit turns them
    for row, other in pairs:
        assert sum(a != b for a, b in zip(row, other, strict=True)) == 1
        assert labels_of(task, [row]) != labels_of(task, [other])


def combination(told: str, true: str, accuracy: float = 0.95, verdict: probe_exam.Verdict = "agree") -> Combination:
    return Combination("t", "m", 0, accuracy, (Answer("order", told, true, verdict, 0.2, (0.1, 0.3), None),))


def test_a_wrong_answer_counts_for_the_whole_model_and_is_listed() -> None:
    wrong = combination("reads", "ignores", verdict="disagree")
    table = summary([combination("reads", "reads"), wrong, combination("inconclusive", "reads", 0.5)])
    assert table["total"]["agree"] == 1 and table["total"]["disagree"] == 1 and table["total"]["learned"] == 2
    assert table["reached"] == {"learned": False, "agree": False, "abstain": True, "unlearned": True}
    assert "t m seed 0 (accuracy 0.950): order: reads told, ignores true, 0.200 [0.100, 0.300]" in as_text(table)


def test_of_a_model_that_has_not_learned_nothing_may_be_told() -> None:
    table = summary([combination("reads", "reads", 0.5, "disagree")])
    assert table["total"]["unlearned_told"] == 1 and not table["reached"]["unlearned"]
    json.dumps(table)
