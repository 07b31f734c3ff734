"""Fit functions from data to findings: curves from their history, and probes in the process that trained them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brittlestar import probe, run
from brittlestar.execution.executors import ExecutorName
from brittlestar.store.layout import Store
from brittlestar.store.suites import current_suite
from brittlestar.training.fitted import FitSplit
from brittlestar.verbs.run import RunResult

SOURCE = """
import math
def fit(train, dev, seed):
    seen = {}
    for row, label in zip(train.tokens, train.labels):
        for token in row:
            seen.setdefault(token, [1, 1])[label == "yes"] += 1
    def predict_proba(rows):
        odds = [sum(math.log(seen[t][1] / seen[t][0]) for t in row if t in seen) + 0.01 * seed for row in rows]
        return [[1 / (1 + math.exp(x)), 1 - 1 / (1 + math.exp(x))] for x in odds]
    history = [
        {"epoch": e, "train.loss": 1 / e, "dev.loss": 0.3 + 0.1 * abs(e - 3) + 0.001 * seed, "dev.accuracy": 0.8}
        for e in range(1, 9)
    ]
    return predict_proba, history
def nothing_else(train, dev, seed):
    rows = {tuple(row) for row in train.tokens + dev.tokens} | {tuple(row) for row in TEST}
    def predict_proba(tokens):
        if any(tuple(row) not in rows for row in tokens):
            raise ValueError("unheard of")
        return [[0.25, 0.75]] * len(tokens)
    return predict_proba, {"epoch": [1]}
"""


def rows_of(n: int, seed: int) -> list[dict[str, str]]:
    random = np.random.default_rng(seed)
    words = [[str(word) for word in random.choice(list("abcdef"), random.integers(2, 7))] for _ in range(n)]
    return [{"sequence": " ".join(row), "label": "yes" if row.count("a") > row.count("b") else "no"} for row in words]


DATA = {"train": rows_of(120, 0), "dev": rows_of(60, 1), "test": rows_of(60, 2)}


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    name = f"fits_{abs(hash(request.node.nodeid))}"
    tests = [row["sequence"].split() for row in DATA["test"]]
    (tmp_path / f"{name}.py").write_text(f"TEST = {tests!r}\n{SOURCE}")
    monkeypatch.chdir(tmp_path)
    return name


def run_fits(
    model: str, name: str = "fit", executor: ExecutorName = "serial", report: bool = False, **settings: str
) -> RunResult:
    settings = {"variants": "{shuffled: {data.order: permuted}}", **settings}
    return run(DATA, model=f"{model}:{name}", seeds=5, settings=settings, executor=executor, out="study", report=report)


def answer_by_hand(seed: int, rows: list[list[str]]) -> np.ndarray:
    space: dict[str, Any] = {"TEST": []}
    exec(SOURCE, space)

    train = FitSplit([row["sequence"].split() for row in DATA["train"]], [row["label"] for row in DATA["train"]])
    return np.array(space["fit"](train, None, seed)[0](rows))


def test_answers_to_the_suite_are_those_of_the_trained_function(model: str, tmp_path: Path) -> None:
    result = run_fits(model, executor="processes")
    suite, found = current_suite(Store(tmp_path / "study")), result.record.probes
    assert result.exit_code == 0 and suite is not None and found is not None and found.id == suite.id
    rows = suite.suite.rows.strings()
    for cell in result.record.cells:
        table, kept = answer_by_hand(cell.seed, rows), found.cells[cell.hash]
        # A bag of tokens: order in training and in the suite changes nothing, so that both variants answer alike.
        np.testing.assert_allclose(kept.confidence, table.max(axis=1), rtol=1e-5, err_msg=cell.variant)
        assert np.array_equal(kept.predictions, table.argmax(axis=1)) and {*kept.presented} == {
            "again",
            "later",
            "mates",
            "alone",
        }
    status = {
        one["code"]: one["status"] for one in result.document["findings"] if one["where"].get("variant") == "main"
    }
    assert status["eval.stochastic"] == status["padding.batch"] == "absent" and "probe.order-brittle" in status
    assert {"again", "later", "mates", "alone"} == {*result.document["probes"]["presented"]["main"]}
    assert run("study").document["probes"] == result.document["probes"], "a finished study keeps its answers"


def test_curves_and_findings_are_read_off_the_history(model: str, tmp_path: Path) -> None:
    result = run_fits(model, report=True, **{"probes.suite": "none"})
    main = [cell for cell in result.record.cells if cell.variant == "main"]
    assert [cell.epochs for cell in main] == [8] * 5 and {cell.outcome for cell in main} == {"fitted"}
    expected = [np.nan, *(0.3 + 0.1 * abs(epoch - 3) + 0.002 for epoch in range(1, 9))]
    np.testing.assert_allclose(main[2].curves["dev.log_loss"], expected)
    told = {one["code"]: one for one in result.document["findings"] if one["where"].get("variant") == "main"}
    overfit = told["train.overfit"]
    assert overfit["status"] == "present" and overfit["evidence"]["onset"]["median"] == 3
    assert overfit["remedy"].startswith("Stop at the minimum") and "--set" not in overfit["remedy"]
    assert told["train.short"]["status"] == told["train.nonfinite"]["status"] == "absent"
    assert "which epoch that is from is not known" in told["eval.checkpoint"]["summary"]
    page = (tmp_path / "study" / "report" / "report.html").read_text()
    assert "curves that the fit function reports" in page and "of main are missing" not in page


def test_what_cannot_be_asked_or_read_costs_no_run(model: str) -> None:
    result = run_fits(model, "nothing_else", variants="{}")
    assert result.exit_code == 0 and all(cell.state == "done" for cell in result.record.cells)
    assert any("main: the history is a dict and was left out" in note for note in result.notes)
    assert result.record.probes is not None
    kept = result.record.probes.cells[result.record.cells[0].hash]
    assert kept.problem is not None and "unheard of" in kept.problem and (kept.predictions[:60] == 1).all()


def test_a_later_probe_asks_no_fit_function(model: str) -> None:
    first = run_fits(model, **{"probes.suite": "none"})
    assert first.record.probes is None
    found = probe("study", executor="serial")
    assert not [finding for finding in found.findings if finding.code.startswith("probe.")]
    assert "leave no weights, and can be asked right after training alone" in found.not_probed["main"]
