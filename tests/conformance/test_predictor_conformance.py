"""Our models sit the exam, and models that break a rule fail it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

from brittlestar import run
from brittlestar.data.written_rows import WrittenRows, rows_of_strings
from brittlestar.execution.networks import open_predictor
from brittlestar.execution.resuming import resume
from brittlestar.models.build import build
from brittlestar.models.info import model_info
from brittlestar.models.own import load_own
from brittlestar.store.cell_outputs import read_probabilities
from brittlestar.store.layout import Store
from brittlestar.study.settings import ModelSettings
from brittlestar.training.fitted import fit_predictor
from brittlestar.training.predictor import FunctionPredictor
from brittlestar.training.process import isolate_process
from brittlestar.training.scoring import NetworkPredictor
from tests.conformance.predictor_conformance import predictor_conformance
from tests.execution.tiny import write_study
from tests.training.toy import toy_data

CLASSES = ("no", "yes")
ROWS = [list("abca"), list("fed"), list("a"), list("bbbbbbb"), list("cafe")]


def score(row: list[str]) -> float:
    return row.count("a") - row.count("b") / 3 + len(row) / 10


def spread(scores: np.ndarray) -> np.ndarray:
    share = 1 / (1 + np.exp(-scores))
    return np.stack([1 - share, share], axis=1)


def by_row(rows: list[list[str]]) -> np.ndarray:
    return spread(np.array([score(row) for row in rows]))


@pytest.mark.parametrize("family", ["mean", "bag", "lstm", "gru", "transformer"])
def test_networks_sit_it(family: str) -> None:
    torch.manual_seed(0)
    settings = ModelSettings.model_validate({"family": family, "hidden": 8, "layers": 1, "heads": 2})
    data = toy_data()
    predictor_conformance(NetworkPredictor(build(settings, model_info(data)), data), ROWS)


def test_a_function_sits_it() -> None:
    predictor_conformance(FunctionPredictor(by_row, CLASSES, "by_row"), ROWS)


@pytest.mark.parametrize(
    "source",
    [
        "def model(train, dev, seed):\n"
        "    known = {len(row) for row in train.tokens}\n"
        "    return lambda rows: [[0.25, 0.75] if len(row) in known else [0.5, 0.5] for row in rows]\n",
        "from sklearn.linear_model import LogisticRegression\n"
        "from sklearn.feature_extraction.text import CountVectorizer\n"
        "from sklearn.pipeline import make_pipeline\n"
        r"model = make_pipeline(CountVectorizer(token_pattern=r'\S+'), LogisticRegression())" + "\n",
    ],
    ids=["fit function", "estimator"],
)
def test_models_that_fit_themselves_sit_it(tmp_path: Path, request: pytest.FixtureRequest, source: str) -> None:
    module = f"their_model_{len(source)}"
    (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
    rows = {"train": (ROWS, ["no", "no", "yes", "yes", "no"])}
    fitted = fit_predictor(load_own(f"{module}:model", "auto", tmp_path), rows, CLASSES, 0)
    predictor_conformance(fitted.predictor, ROWS)


def test_stored_cells_sit_it_and_answer_what_is_stored(tmp_path: Path) -> None:
    result = run(write_study(tmp_path, seeds=1), out=tmp_path / "store", executor="serial")
    store = Store(Path(str(result.store)))
    place, cells = resume(store)
    frame = pl.read_parquet(store.rows("test"))
    rows = frame["tokens"].to_list()
    for cell in cells:
        with isolate_process():
            predictor = open_predictor(place, cell)
        predictor_conformance(predictor, rows[:6])
        stored = read_probabilities(store, store.cell(cell.hash), "test", len(rows))
        assert stored is not None
        np.testing.assert_allclose(predictor.predict(rows_of_strings(rows)), stored.values[0], atol=1e-6)


@dataclass(frozen=True)
class Broken:
    """Answers lists of tokens as `answer` does."""

    answer: Callable[[list[list[str]]], np.ndarray]
    classes: tuple[str, ...] = CLASSES

    def predict(self, rows: WrittenRows) -> np.ndarray:
        return self.answer(rows.strings()) if rows.n_rows else np.zeros((0, 2))


def beside_its_mates(rows: list[list[str]]) -> np.ndarray:
    scores = np.array([score(row) for row in rows])
    return spread(scores - scores.mean())


def by_place(rows: list[list[str]]) -> np.ndarray:
    return spread(np.arange(len(rows)) / 10)


def padded(rows: list[list[str]]) -> np.ndarray:
    longest = max(map(len, rows))
    return spread(np.array([score(row) / (1 + max(0, longest - 20)) for row in rows]))


def without_softmax(rows: list[list[str]]) -> np.ndarray:
    return np.array([[0.4, 0.4] for _ in rows])


def mean_token(rows: list[list[str]]) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return spread(np.array([np.float64(row.count("a")) / np.float64(len(row)) for row in rows]))


def drawn(rows: list[list[str]]) -> np.ndarray:
    return spread(np.random.default_rng().random(len(rows)))


def drawn_globally(rows: list[list[str]]) -> np.ndarray:
    np.random.random()
    return by_row(rows)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (beside_its_mates, "depend on a longer row beside them"),
        (by_place, "depend on the order of the rows"),
        (padded, "depend on a longer row beside them"),
        (lambda rows: by_row(rows)[:, :1], r"have shape \(8, 1\), not \(8, 2\)"),
        (without_softmax, "do not sum to 1"),
        (mean_token, "not finite numbers"),
        (drawn, "other answers a second time"),
        (drawn_globally, "a global random state moves"),
    ],
)
def test_a_broken_model_fails_it(answer: Callable[[list[list[str]]], np.ndarray], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        predictor_conformance(Broken(answer), ROWS)
