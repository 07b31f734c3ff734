"""Parameters of own code: `model.params` reach fit functions and estimators; experiments change declared ones."""

import textwrap
from pathlib import Path
from typing import Any

import pytest

from brittlestar import diagnose, run
from brittlestar.core.errors import InputError
from brittlestar.diagnosis.causes.interventions import list_declared
from brittlestar.execution.jobs import SilentWatcher
from brittlestar.models.own import load_own
from brittlestar.models.own_params import choose_keywords, declare_parameters
from brittlestar.store.layout import open_store
from brittlestar.store.study_record import read_record
from brittlestar.training.fitted import UnusableAnswersError, fit_own
from tests.execution.tiny import write_split
from tests.verbs.test_fit_functions import DATA

ONLY = ["train"]
SOURCE = """
from sklearn.linear_model import LogisticRegression
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline

def sure(train, dev, seed, share=0.9, classes=None):
    names = sorted(set(train.labels))
    return lambda rows: [[1 - share, share] for _ in rows]

def whole(train, dev, seed, params=None):
    return sure(train, dev, seed, **(params or {}))

def slow(train, dev, seed, lr=1e-6, epochs=6):
    import torch
    torch.manual_seed(seed)
    words = sorted({token for row in train.tokens for token in row})
    model = torch.nn.Linear(len(words), 2)
    def count(rows):
        return torch.tensor([[float(row.count(word)) for word in words] for row in rows]).reshape(-1, len(words))
    counts, labels = count(train.tokens), torch.tensor([int(label == max(train.labels)) for label in train.labels])
    optimiser = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(epochs):
        for rows in torch.randperm(len(labels)).split(8):
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(model(counts[rows]), labels[rows]).backward()
            optimiser.step()
    def predict(rows):
        with torch.no_grad():
            return model(count(rows)).softmax(1).numpy()
    return predict

logistic = make_pipeline(CountVectorizer(token_pattern=r"\\S+"), LogisticRegression())
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    name = f"params_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(textwrap.dedent(SOURCE), encoding="utf-8")
    return name


def rows() -> dict[str, tuple[list[list[str]], list[str]]]:
    tokens = [row["sequence"].split() for row in DATA["train"]]
    return {"train": (tokens, [row["label"] for row in DATA["train"]])}


def fitted(module: str, name: str, params: dict[str, Any]) -> float:
    own = load_own(f"{module}:{name}", "auto", None)
    return float(fit_own(own, rows(), ("no", "yes"), 0, params).probabilities["train"][0, 1])


def test_parameters_reach_a_function_as_keywords_or_as_one_dict(module: str) -> None:
    assert fitted(module, "sure", {}) == pytest.approx(0.9)
    assert fitted(module, "sure", {"share": 0.7}) == pytest.approx(0.7)
    assert fitted(module, "whole", {"share": 0.6}) == pytest.approx(0.6)
    strong, weak = (fitted(module, "logistic", {"logisticregression__C": value}) for value in (100.0, 1e-4))
    assert abs(strong - 0.5) > abs(weak - 0.5)


def test_a_name_that_is_not_taken_is_told_before_anything_is_trained(module: str) -> None:
    for model, params, word in (
        (f"{module}:sure", "model.params.shar", "did you mean"),
        (f"{module}:logistic", "model.params.C", "takes no parameter 'C'"),
    ):
        with pytest.raises(InputError, match=word):
            run(DATA, model=model, out="a.study", seeds=1, settings={params: "1"}, executor="serial", progress=False)


def test_declared_parameters_are_those_with_a_default(module: str) -> None:
    own = load_own(f"{module}:slow", "auto", None)
    assert declare_parameters(own) == {"lr": 1e-6, "epochs": 6}
    assert choose_keywords(own, {"lr": 1}) == {"lr": 1}
    assert "logisticregression__C" in declare_parameters(load_own(f"{module}:logistic", "auto", None))
    tried = {
        intervention.name: dict(intervention.changes)
        for intervention in list_declared({"lr": 1e-6, "epochs": 6}, {"lr": 0.1})
    }
    assert tried["lower-rate"] == {"model.params.lr": pytest.approx(0.01)}
    assert tried["more-epochs"] == {"model.params.epochs": 18}
    declared = list_declared({"hidden": 64, "dropout": 0.5, "clip": None, "flag": True}, {})
    assert {intervention.name for intervention in declared} == {
        "wider", "narrower", "no-dropout", "clipping",
    }  # fmt: skip


def test_an_own_loop_is_experimented_on(module: str) -> None:
    settings = {"variants": "{}", "claims": "[]", "probes.suite": "none"}
    for name, count in (("train", 120), ("dev", 60), ("test", 60)):
        write_split(Path("data"), name, count)
    run("data", model=f"{module}:slow", out="a.study", seeds=2, settings=settings, executor="serial", progress=False)
    assert "train.rate-low" in {cause.code for cause in diagnose("a.study", progress=False).causes}
    found = diagnose("a.study", budget=600, only=ONLY, seeds=5, executor="serial", progress=False)
    assert {experiment.name for experiment in found.experiments} >= {"higher-rate", "far-higher-rate", "more-epochs"}
    assert all(experiment.seeds == 5 for experiment in found.experiments)


def test_what_was_seen_of_a_run_with_unusable_answers_is_kept(module: str) -> None:
    settings = {"variants": "{}", "claims": "[]", "probes.suite": "none", "model.params.lr": "3e38"}
    done = run(
        DATA,
        model=f"{module}:slow",
        out="b.study",
        seeds=2,
        settings=settings,
        executor="serial",
        watcher=SilentWatcher(),
    )
    record = read_record(open_store(done.store))
    main = [cell for cell in record.cells if cell.variant == "main"]
    assert [cell.state for cell in main] == ["failed", "failed"], "another seed may have better luck, so both are tried"
    assert all(cell.seen is not None and cell.seen.steps > 0 for cell in main)
    present = {one["code"] for one in done.document["findings"] if one["status"] == "present"}
    assert "train.nonfinite" in present
    own = load_own(f"{module}:slow", "auto", None)
    with pytest.raises(UnusableAnswersError, match="not finite") as told:
        fit_own(own, rows(), ("no", "yes"), 0, {"lr": 3e38})
    import pickle

    again = pickle.loads(pickle.dumps(told.value)).seen
    assert told.value.seen is not None and again.as_json() == told.value.seen.as_json()
