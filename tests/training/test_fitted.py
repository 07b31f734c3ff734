from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brittlestar.core.errors import InputError
from brittlestar.models.own import OwnCodeError, OwnModel, load_own
from brittlestar.training.fitted import Rows, fit_own

CLASSES = ("a", "b", "c")
ROWS: Rows = {
    "train": ([["x", "x"], ["y"], ["z", "x"], ["x"], ["y", "y"], ["z"]], ["a", "b", "c", "a", "b", "c"]),
    "dev": ([["x"], []], ["a", "b"]),
    "test": ([["y"], ["z"], ["never seen"]], ["b", "c", "a"]),
}


@pytest.fixture
def own(tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    count = 0

    def make(source: str, name: str = "fit", kind: str = "auto") -> OwnModel:
        nonlocal count
        count += 1
        module = f"their_fitted_{abs(hash(request.node.nodeid))}_{count}"
        (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
        return load_own(f"{module}:{name}", kind, tmp_path)  # pyright: ignore[reportArgumentType] a plain string in tests

    return make


def test_a_fit_function_sees_strings_and_gets_every_split_scored(own: Any) -> None:
    source = """
def fit(train, dev, seed):
    assert train.tokens[0] == ["x", "x"] and train.labels == ["a", "b", "c", "a", "b", "c"]
    assert dev.tokens == [["x"], []] and dev.labels == ["a", "b"] and seed == 7
    def predict(tokens):
        return [[0.5, 0.25, 0.25] if row == ["never seen"] else [0, 0, 1] for row in tokens]
    return predict
"""
    run = fit_own(own(source), ROWS, CLASSES, 7)
    assert {name: table.shape for name, table in run.probabilities.items()} == {
        "train": (6, 3),
        "dev": (2, 3),
        "test": (3, 3),
    }
    assert run.probabilities["test"].tolist() == [[0, 0, 1], [0, 0, 1], [0.5, 0.25, 0.25]]
    assert run.probabilities["test"].dtype == np.float32
    assert not run.hard and run.losses.shape == (0,)


@pytest.mark.parametrize("signature", ["train, dev, seed, observe=None", "train, dev, seed, **more"])
def test_the_observer_collects_losses(own: Any, signature: str) -> None:
    source = f"""
import torch
def fit({signature}):
    watch = observe if "observe" in dir() else more["observe"]
    for step in range(3):
        watch.step(None, None, torch.tensor(float(step), requires_grad=True) * 2)
    watch.step(None, None, 1.5)
    return lambda tokens: torch.ones(len(tokens), 3, requires_grad=True) / 3
"""
    run = fit_own(own(source), ROWS, CLASSES, 0)
    assert run.losses.tolist() == [0, 2, 4, 1.5]
    np.testing.assert_allclose(run.probabilities["dev"], 1 / 3, rtol=1e-6)


def test_what_the_function_does_to_its_rows_stays_there(own: Any) -> None:
    source = """
def fit(train, dev, seed):
    train.tokens.reverse(); train.tokens[0].append("!"); train.labels.clear(); dev.tokens[0].clear()
    def predict(tokens):
        table = [[1, 0, 0] if row == ["x", "x"] else [0, 1, 0] for row in tokens]
        tokens.clear()
        return table
    return predict
"""
    before = repr(ROWS)
    run = fit_own(own(source), ROWS, CLASSES, 0)
    assert repr(ROWS) == before
    assert run.probabilities["train"][:, 0].tolist() == [1, 0, 0, 0, 0, 0]


def test_a_train_that_lacks_a_class_may_have_fewer_columns(own: Any) -> None:
    source = "def fit(train, dev, seed):\n    assert dev is None\n    return lambda t: [[0.2501, 0.75]] * len(t)\n"
    rows = {"train": ([["x"], ["z"]], ["a", "c"])}
    assert fit_own(own(source), rows, CLASSES, 0).probabilities["train"].round(3).tolist() == [[0.25, 0, 0.75]] * 2


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ("[[1, 0]] * n", r"probabilities of shape \(6, 2\); expected \(6, 3\); one row each, one column per class"),
        ("[[1, 0, 0]] * (n - 1) + [[1]]", "probabilities of type object"),
        ("[[1, 0, 0], [float('nan'), 0, 1]] + [[1, 0, 0]] * (n - 2)", r"row 1 \(counted from 0\) .* not finite"),
        ("[[2.5, -1.0, -0.5]] * n", r"outside \[0, 1\]; return softmax\(logits\), not logits"),
        ("[[0.5, 0.5, 0.5]] * n", r"row 0 \(counted from 0\) sums to 1.5, not 1; normalise each row"),
    ],
)
def test_outputs_that_are_no_probabilities(own: Any, returned: str, message: str) -> None:
    model = own(f"\ndef fit(train, dev, seed):\n    return lambda t: (lambda n: {returned})(len(t))\n")
    with pytest.raises(InputError, match=message) as caught:
        fit_own(model, {"train": ROWS["train"]}, CLASSES, 0)
    (problem,) = caught.value.problems
    assert "on split 'train'" in problem.what and problem.where.endswith(".py:2")


def test_every_split_that_is_wrong_is_told(own: Any) -> None:
    with pytest.raises(InputError) as caught:
        fit_own(own("def fit(train, dev, seed):\n    return lambda t: [[1, 0]] * len(t)\n"), ROWS, CLASSES, 0)
    assert len(caught.value.problems) == 3


def test_a_fit_function_must_return_a_function(own: Any) -> None:
    with pytest.raises(InputError, match="returned a int, not a function; return predict_proba"):
        fit_own(own("def fit(train, dev, seed): return 3\n"), ROWS, CLASSES, 0)


@pytest.mark.parametrize(
    "source",
    [
        "def fit(train, dev, seed):\n\n    return {}['x']\n",
        "def fit(train, dev, seed):\n    return (\n        lambda t: {}['x'])\n",
    ],
)
def test_exceptions_name_the_users_line(own: Any, source: str) -> None:
    with pytest.raises(OwnCodeError, match=r"\.py:3: .*raised KeyError: 'x'"):
        fit_own(own(source), ROWS, CLASSES, 0)


VECTORS = "from sklearn.feature_extraction.text import CountVectorizer\nfrom sklearn.pipeline import make_pipeline\n"
COUNTS = r"CountVectorizer(token_pattern=r'\S+')"


def test_an_estimator_is_fitted_on_joined_strings(own: Any) -> None:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.pipeline import make_pipeline

    source = (
        f"{VECTORS}from sklearn.naive_bayes import MultinomialNB\nmodel = make_pipeline({COUNTS}, MultinomialNB())\n"
    )
    model = own(source, "model")
    run = fit_own(model, ROWS, CLASSES, 0)
    reference = make_pipeline(CountVectorizer(token_pattern=r"\S+"), MultinomialNB())
    reference.fit(["x x", "y", "z x", "x", "y y", "z"], ROWS["train"][1])
    np.testing.assert_allclose(run.probabilities["test"], reference.predict_proba(["y", "z", "never seen"]), rtol=1e-6)
    assert not run.hard
    assert not hasattr(model.object, "classes_"), "the estimator of the user is cloned, not fitted"


def test_every_random_state_is_the_seed(own: Any) -> None:
    source = """
import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
class Recorder(ClassifierMixin, BaseEstimator):
    def __init__(self, inner=None, random_state=None):
        self.inner, self.random_state = inner, random_state
    def fit(self, X, y):
        self.classes_ = np.array(["a", "b", "c"])
        self.seen = [self.random_state] + ([self.inner.random_state] if self.inner else [])
        return self
    def predict(self, X): return np.array(["a"] * len(X))
    def predict_proba(self, X):
        assert self.seen == [11, 11], self.seen
        return np.tile([1.0, 0, 0], (len(X), 1))
model = make_pipeline(FunctionTransformer(), Recorder(inner=Recorder(random_state=np.random.RandomState(3))))
"""
    model = own(source, "model")
    fit_own(model, ROWS, CLASSES, 11)
    fit_own(model, ROWS, CLASSES, 2**32 + 11)


def test_columns_follow_the_classes_and_missing_ones_get_zero(own: Any) -> None:
    source = (
        f"{VECTORS}from sklearn.naive_bayes import MultinomialNB\nmodel = make_pipeline({COUNTS}, MultinomialNB())\n"
    )
    rows = {"train": ([["x"], ["z"], ["z"]], ["a", "c", "c"]), "test": ROWS["test"]}
    table = fit_own(own(source, "model"), rows, CLASSES, 0).probabilities["test"]
    assert table.shape == (3, 3) and (table[:, 1] == 0).all()
    np.testing.assert_allclose(table.sum(1), 1, rtol=1e-6)
    assert table[1].argmax() == 2


def test_without_probabilities_the_run_is_hard(own: Any) -> None:
    source = f"{VECTORS}from sklearn.svm import LinearSVC\nmodel = make_pipeline({COUNTS}, LinearSVC())\n"
    run = fit_own(own(source, "model"), ROWS, CLASSES, 0)
    assert run.hard
    assert run.probabilities["train"].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]] * 2


def test_a_regressor_is_refused(own: Any) -> None:
    source = """
from sklearn.base import BaseEstimator
class Model(BaseEstimator):
    def fit(self, X, y): return self
    def predict(self, X): return [0.5] * len(X)
"""
    with pytest.raises(InputError, match=r"predicts \['0\.5'\], which are no classes of train .*; use a classifier"):
        fit_own(own(source, "Model"), ROWS, CLASSES, 0)


def test_an_estimator_that_raises_says_so(own: Any) -> None:
    from_dummy = "from sklearn.dummy import DummyClassifier\n"
    source = f"{VECTORS}{from_dummy}model = make_pipeline(CountVectorizer(), DummyClassifier())\n"
    with pytest.raises(OwnCodeError, match=r"\.fit raised ValueError: empty vocabulary.*token_pattern=r'\\S\+'"):
        fit_own(own(source, "model"), ROWS, CLASSES, 0)
