"""What was in effect where own code decides, in words."""

from brittlestar.core.results import Setting
from brittlestar.study.in_effect import describe_held, describe_seen

OWN, DEFAULT = "set in your code", "library default"


def test_what_own_code_set_is_told_without_defaults() -> None:
    held = [
        Setting("training.epochs", 20, "our default"),
        Setting("estimator", "Pipeline", OWN),
        Setting("estimator.vectorizer", "CountVectorizer(ngram_range=(1, 2))", OWN),
        Setting("estimator.vectorizer.binary", False, DEFAULT),
        Setting("estimator.vectorizer.ngram_range", [1, 2], OWN),
        Setting("estimator.clf", "LogisticRegression", OWN),
        Setting("estimator.clf.C", 1.0, DEFAULT),
        Setting("trainer.learning_rate", 0.001, OWN),
        Setting("seed.manual_seed", 0, OWN),
    ]
    assert describe_held(held) == [
        "Pipeline", "vectorizer CountVectorizer", "vectorizer.ngram_range [1, 2]", "clf LogisticRegression",
        "learning_rate 0.001",
    ]  # fmt: skip
    assert describe_held(held[:1]) == []


def test_parameters_that_were_seen_are_told() -> None:
    counts = {"parameters": 66_000, "trainable_parameters": 1_000, "moved_parameters": 0}
    seen = [Setting(f"seen.{name}", many, "set in your code, as seen") for name, many in counts.items()]
    assert describe_seen(seen) == ["66,000 parameters", "1,000 of them trainable", "0 of them moved"]
