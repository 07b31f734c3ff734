import pytest

from brittlestar.core.metrics import factor_names, headline_metric
from brittlestar.study.paths import join_path, leaves
from brittlestar.study.schema import describe_allowed, keys_at, known_paths, node_at, suggest_key, suggest_path
from brittlestar.study.settings import Study


def test_every_leaf_of_the_study_is_a_known_path() -> None:
    study = Study.model_validate({"name": "x", "data": {"path": "y"}})
    for location in leaves(study.model_dump(mode="json")):
        assert join_path(location) in known_paths()
        assert node_at(location) is not None


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("training.epochs", "a whole number of at least 0"),
        ("training.clip", "a number of more than 0 or null"),
        ("model.dropout.head", "a number of at least 0 and below 1"),
        ("model.family", "one of lstm, gru, transformer, mean, bag"),
        ("streams.split", "one of varied, fixed, crossed, off"),
        ("model.bidirectional", "true or false"),
        ("model.own", "package.module:name or null"),
        ("training.early_stopping", "a mapping with split, metric, patience or null"),
        ("model.params.anything.below", ""),
    ],
)
def test_what_is_allowed_in_words(path: str, words: str) -> None:
    assert describe_allowed(tuple(path.split("."))) == words


def test_suggestions() -> None:
    assert suggest_key("sedes", ()) == "did you mean 'seeds'?"
    assert suggest_key("patience", ("training",)) == "the path is training.early_stopping.patience"
    assert suggest_path("training.lerning_rate") == "did you mean 'training.learning_rate'?"
    assert suggest_path("hidden", ("model",)) == "did you mean 'model.hidden'?"
    assert suggest_path("qqq") == ""
    assert keys_at(("training", "epochs")) == ()
    assert node_at(("training", "epochs", "x")) is None
    assert headline_metric(factor_names("(?P<colour>.)(?P<shape>.)")) == "hwa"
    assert headline_metric(("size",)) == headline_metric(()) == "accuracy"
