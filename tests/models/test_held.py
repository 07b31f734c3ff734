"""Settings that own code makes itself are read from what it holds, and from its source."""

import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import VotingClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import FeatureUnion, make_pipeline

from brittlestar.core.hashing import pretty_json
from brittlestar.models.held import list_held, list_own_seeds
from brittlestar.models.own import OwnModel, load_own


def of(kind: str, thing: Any, trained: Any) -> dict[str, tuple[Any, str]]:
    own = OwnModel("own:thing", kind, thing, "own:thing", "", Path(), ())  # type: ignore[arg-type]
    found = list_held(own, trained)
    pretty_json([one.value for one in found])
    return {one.path: (one.value, one.origin) for one in found}


def test_all_steps_of_a_pipeline_and_what_their_classes_have_by_default() -> None:
    parts = FeatureUnion(
        [("words", TfidfVectorizer(ngram_range=(1, 2))), ("letters", CountVectorizer(analyzer="char"))]
    )
    both = VotingClassifier([("bayes", MultinomialNB(alpha=0.5)), ("line", LogisticRegression(random_state=7))])
    found = of("estimator", None, make_pipeline(parts, both))
    assert found["estimator"] == ("Pipeline", "set in your code")
    assert found["estimator.featureunion.words.ngram_range"] == ([1, 2], "set in your code")
    assert found["estimator.featureunion.words.sublinear_tf"] == (False, "library default")
    assert found["estimator.votingclassifier.bayes.alpha"] == (0.5, "set in your code")
    assert not any("random_state" in path or path.endswith(("steps", "n_jobs")) for path in found)


def test_values_of_any_kind_become_plain_and_do_not_differ_between_processes() -> None:
    vocabulary = {f"w{k}": k for k in range(500)}
    made = CountVectorizer(
        analyzer=lambda row: row.split(), vocabulary=vocabulary, stop_words=["b", "a"], dtype=np.int8
    )
    found = {path: value for path, (value, _) in of("estimator", None, made).items()}
    assert found["estimator.vocabulary"] == "500 values" and found["estimator.stop_words"] == ["b", "a"]
    assert found["estimator.dtype"] == "int8" and "0x" not in found["estimator.analyzer"]


class Holder:
    def __init__(self, model: Any) -> None:
        self.parts = {"head": model}

    def predict(self, rows: Any) -> Any:
        return self.parts["head"].predict_proba(rows)


def test_estimators_are_found_in_closures_partials_and_own_objects() -> None:
    model, second = LogisticRegression(C=3), MultinomialNB(alpha=0.1)

    def predict(rows: Any) -> Any:
        return model.predict_proba(rows)

    def ask(held: Any, rows: Any) -> Any:
        return held.predict_proba(rows)

    assert of("fit", predict, predict)["estimator.C"] == (3, "set in your code")
    assert of("fit", predict, partial(ask, model))["estimator.C"][0] == 3
    assert of("fit", predict, Holder(model).predict)["estimator.C"][0] == 3
    both = of("fit", predict, lambda rows: (model, second))
    assert both["estimator.model.C"][0] == 3 and both["estimator.second.alpha"][0] == 0.1
    assert of("fit", predict, lambda rows: rows) == {}


def test_what_cannot_be_read_costs_nothing() -> None:
    class Odd:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError(name)

    odd = Odd()
    assert of("fit", None, lambda rows: odd) == {}


OWN = """
import numpy as np
SEED = 5

def help(seed):
    np.random.seed(seed)
    return np.random.default_rng(SEED)

class Net:
    def __init__(self):
        self.split = dict(random_state=3)

def fit(train, dev, seed):
    import random
    random.seed(0)
    Net(), help(seed)
    return lambda rows: rows

def other(train, dev, seed):
    np.random.seed(seed)
    return lambda rows: rows

def unused():
    np.random.seed(1)
"""


def test_seeds_in_the_source_that_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_seeds.py").write_text(OWN, encoding="utf-8")
    monkeypatch.delitem(sys.modules, "own_seeds", raising=False)
    found = list_own_seeds(load_own("own_seeds:fit", "fit", tmp_path))
    assert [(setting.path, setting.value, setting.origin) for setting in found] == [
        ("seed.dict", 3, "set in your code (own_seeds.py:11)"),
        ("seed.np.random.default_rng", 5, "set in your code (own_seeds.py:7)"),
        ("seed.random.seed", 0, "set in your code (own_seeds.py:15)"),
    ]
    assert list_own_seeds(load_own("own_seeds:other", "fit", tmp_path)) == ()


def test_arguments_of_a_trainer_that_are_not_its_defaults(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("accelerate")
    args = transformers.TrainingArguments(str(tmp_path), learning_rate=0.5, seed=3, hub_token="secret", report_to=[])
    trainer = SimpleNamespace(args=args)
    found = of("fit", None, lambda rows: trainer)
    assert found["trainer.learning_rate"] == (0.5, "set in your code")
    assert not {"trainer.output_dir", "trainer.seed", "trainer.hub_token", "trainer.weight_decay"} & found.keys()
    assert "secret" not in str(found)
