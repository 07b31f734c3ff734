import itertools
import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from brittlestar.audits.analysis import Analysis
from brittlestar.baselines.bayes import folds_of
from brittlestar.baselines.choosing import markers, position_singles
from brittlestar.baselines.counting import KeyColumns
from brittlestar.baselines.readings import Occurrences, at_position, has_token, lengths
from brittlestar.baselines.scoring import score_tables
from brittlestar.core.answers import Answers, Rows, read_logits
from brittlestar.core.metrics import metric_names
from brittlestar.core.scores import score, softmax, tabulate_all
from brittlestar.core.trivial_baselines import Score, TrivialBaselines
from brittlestar.reports.paper.wording import describe_baseline
from tests.answers import make_probabilities
from tests.audits.making import Made, make_analysis, random_rows

ORDER = ["majority", "length", "first", "last", "position", "marker", "bag", "bigrams", "placed", "linear"]


def made(seed: int = 0, sizes: tuple[int, ...] = (300, 80, 120), classes: int = 3) -> Made:
    """Labels that depend on tokens, with noise; test holds tokens and one label that train lacks."""
    random = np.random.default_rng(seed)
    splits: Made = {}
    for name, size in zip(("train", "dev", "test"), sizes, strict=True):
        rows = random_rows(size, random, 9, 1, 8)
        labels = [str((len(set(row.split())) + row.count("t1") + random.integers(0, 2)) % classes) for row in rows]
        splits[name] = rows, labels
    splits["test"][0][0] += " new"
    splits["test"][1][0] = "zzz"
    return splits


@pytest.fixture(scope="module")
def splits() -> Made:
    return made()


@pytest.fixture(scope="module")
def whole(splits: Made) -> Analysis:
    return make_analysis(splits)


def words(name: str, position: int | None = None) -> Any:
    """The tokens of a row as scikit-learn counts them."""
    if name == "bag":
        return str.split
    if name == "placed":
        return lambda row: [f"{k} {token}" for k, token in enumerate(row.split())]

    def bigrams(row: str) -> list[str]:
        tokens = ["<s>", *row.split(), "</s>"]
        return [*row.split(), *(f"{a} {b}" for a, b in itertools.pairwise(tokens))]

    return bigrams


@pytest.mark.parametrize("kind", ["bag", "bigrams", "placed"])
def test_counted_baselines_are_scikit_learns_naive_bayes(whole: Analysis, splits: Made, kind: str) -> None:
    vectoriser = CountVectorizer(analyzer=words(kind), lowercase=False)
    model = MultinomialNB().fit(vectoriser.fit_transform(splits["train"][0]), splits["train"][1])
    baseline = whole.baselines.trivial.find_kind(kind)
    assert baseline is not None
    for split in ("dev", "test"):
        expected = model.predict(vectoriser.transform(splits[split][0]))
        (answers,) = whole.baselines.answers[baseline.name][split].runs
        assert [whole.labels[label] for label in answers.predicted] == list(expected)
        found = model.predict_proba(vectoriser.transform(splits[split][0])).max(axis=1)
        assert answers.confidence is not None
        np.testing.assert_allclose(answers.confidence, found, rtol=1e-9)
        accuracy = float(np.mean(expected == np.asarray(splits[split][1])))
        assert baseline.score(split, "accuracy").value == pytest.approx(accuracy)


@pytest.mark.parametrize("kind", ["first", "last", "position", "marker", "length"])
def test_baselines_with_one_key_are_tables_with_one_row_spread_as_train_is(
    whole: Analysis, splits: Made, kind: str
) -> None:
    baseline = whole.baselines.trivial.find_kind(kind)
    assert baseline is not None

    def key(row: str) -> Any:
        tokens = row.split()
        if kind == "length":
            return len(tokens)
        if kind == "marker":
            return baseline.detail in tokens
        place = int(baseline.detail)
        place = place - 1 if place > 0 else place
        return tokens[place] if -len(tokens) <= place < len(tokens) else None

    rows, labels = splits["train"]
    shares = np.array([labels.count(name) / len(labels) for name in whole.labels[: whole.n_classes]])
    for split in ("dev", "test"):
        for position, row in enumerate(splits[split][0]):
            mine = [label for other, label in zip(rows, labels, strict=True) if key(other) == key(row)]
            counts = np.array([mine.count(name) for name in whole.labels[: whole.n_classes]])
            nothing = key(row) is None and kind != "position"  # too short is a value of a position
            expected = shares if nothing else (counts + shares) / (counts.sum() + 1)
            (answers,) = whole.baselines.answers[baseline.name][split].runs
            assert answers.confidence is not None
            assert answers.confidence[position] == pytest.approx(expected.max())
            assert expected[answers.predicted[position]] == pytest.approx(expected.max())


def test_train_is_answered_by_models_that_have_not_seen_the_sequence(whole: Analysis, splits: Made) -> None:
    train = whole.train
    folds = folds_of(train.hashes)
    rows, labels = np.asarray(splits["train"][0]), np.asarray(splits["train"][1])
    vectoriser = CountVectorizer(analyzer=str.split, lowercase=False).fit(rows)
    expected = np.empty(len(rows), labels.dtype)
    for fold in range(5):
        inside = folds == fold
        model = MultinomialNB().fit(vectoriser.transform(rows[~inside]), labels[~inside])
        expected[inside] = model.predict(vectoriser.transform(rows[inside]))
    (answers,) = whole.baselines.answers["bag of tokens"]["train"].runs
    assert [whole.labels[label] for label in answers.predicted] == list(expected)


def test_linear_is_scikit_learns_logistic_regression_on_tf_idf(whole: Analysis, splits: Made) -> None:
    rows, labels = splits["train"]
    best: tuple[float, Any] = (-1.0, None)
    for name in ("bag", "bigrams"):
        for strength in (0.1, 1.0, 10.0):
            read = TfidfVectorizer(analyzer=words(name), sublinear_tf=True)
            model = make_pipeline(read, LogisticRegression(C=strength, max_iter=200)).fit(rows, labels)
            if (height := model.score(*splits["dev"])) > best[0]:
                best = float(height), model
    (answers,) = whole.baselines.answers["linear"]["test"].runs
    expected = best[1].predict_proba(splits["test"][0])
    assert answers.confidence == pytest.approx(expected.max(axis=1), abs=1e-3)
    assert np.mean([whole.labels[k] for k in answers.predicted] == best[1].predict(splits["test"][0])) >= 0.99
    baseline = whole.baselines.trivial.find_kind("linear")
    assert baseline is not None and baseline.detail.endswith(f"C = {best[1][-1].C:g}")
    off = make_analysis(splits, {"trivial.linear": "off"}).baselines.trivial
    assert off.find_kind("linear") is None and len(off.members) == len(whole.baselines.trivial.members) - 1


@pytest.mark.parametrize("noise", [0.0, 0.3, 0.8])
@pytest.mark.parametrize("equal", [False, True])
def test_a_paper_rebuilds_linear_from_its_sentences_with_scikit_learn_alone(noise: float, equal: bool) -> None:
    """Everything below is read out of the text: what is read, C, and the limit of steps."""
    random = np.random.default_rng(int(10 * noise) + equal)
    splits: Made = {}
    for name, size in (("train", 400), ("dev", 150), ("test", 200)):
        rows = random_rows(size, random, 9, 6 if equal else 1, 6 if equal else 9)
        right = ["t1 t2" in row if noise < 0.5 else row.split()[0] < "t5" for row in rows]
        splits[name] = rows, [str(bool(one) ^ bool(random.random() < noise / 2)) for one in right]
    whole = make_analysis(splits)
    baseline = whole.baselines.trivial.find_kind("linear")
    assert baseline is not None
    text = describe_baseline(baseline)
    strength, steps = re.findall(r"lbfgs, C = (\S+) and at most (\d+) steps", text)[0]
    reads = re.findall(r"weights \[.*?\] of (.*?)\. Weights are those of TfidfTransformer with sublinear_tf", text)[0]

    def read(row: str) -> list[str]:
        tokens = row.split()
        pairs = itertools.pairwise(["<s>", *tokens, "</s>"]) if "bigrams" in reads else ()
        placed = enumerate(tokens) if "position" in reads else ()
        return [*tokens, *map(repr, pairs), *map(repr, placed)]

    weights = TfidfVectorizer(analyzer=read, sublinear_tf=True)
    rebuilt = make_pipeline(weights, LogisticRegression(C=float(strength), max_iter=int(steps))).fit(*splits["train"])
    for split in ("dev", "test"):
        (answers,) = whole.baselines.answers["linear"][split].runs
        assert [whole.labels[k] for k in answers.predicted] == list(rebuilt.predict(splits[split][0]))
        assert answers.confidence == pytest.approx(rebuilt.predict_proba(splits[split][0]).max(axis=1), abs=1e-4)


def test_best_trivial_is_what_dev_cannot_tell_from_the_best() -> None:
    splits = made(1, (600, 400, 200))
    telling = {
        name: (rows, [str(row.count("t1") % 2 or row[-1] > "5") for row in rows]) for name, (rows, _) in splits.items()
    }
    scored = make_analysis(telling).baselines
    baselines = scored.trivial
    right = {baseline.name: scored.answers[baseline.name]["dev"].runs[0].correct for baseline in baselines.members}
    best = max(right, key=lambda name: right[name].mean())
    names = {leader.name for leader in baselines.leaders()}
    assert best in names and len(names) < len(baselines.members)
    for name, mine in right.items():
        won, lost = int((mine & ~right[best]).sum()), int((right[best] & ~mine).sum())
        p = binomtest(won, won + lost).pvalue if won + lost else 1.0
        assert not (p < 0.02 and name in names) and not (p > 0.1 and name not in names)
    best_on_test = max(baselines.leaders(), key=lambda one: one.score("test", "accuracy").value or 0.0)
    assert baselines.best("test").name == best_on_test.name


def test_baselines_stand_in_order_and_a_factor_has_one() -> None:
    rows = ["Ab Ca", "Bb", "Aa Bb Cc", "Bc Bc"] * 20
    splits = {"train": (rows, ["x", "y"] * 40), "test": (rows[:9], ["x"] * 9)}
    found = make_analysis(splits, {"data.factors": "(?P<shape>.)(?P<colour>.)"}).baselines.trivial
    assert [baseline.kind for baseline in found.members] == [*ORDER[:7], "factor", "factor", *ORDER[7:]]
    assert found.metrics == metric_names(("shape", "colour"))
    assert found.majority.score("test", "hwa").value == 1.0


def test_rows_not_seen_in_train_are_scored_alone(splits: Made) -> None:
    seen = splits["train"][0][:30]
    rows, labels = splits["dev"]
    both = {**splits, "dev": (rows + seen, labels + splits["train"][1][:30])}
    found = make_analysis(both).baselines.trivial
    new = [k for k, row in enumerate(both["dev"][0]) if row not in splits["train"][0]]
    assert found.unseen["dev"] == len(new)
    baseline = found.find_kind("bag")
    assert baseline is not None
    (answers,) = make_analysis(both).baselines.answers["bag of tokens"]["dev"].runs
    expected = np.mean([both["dev"][1][k] == make_analysis(both).labels[answers.predicted[k]] for k in new])
    assert baseline.score("dev", "accuracy", "unseen").value == pytest.approx(float(expected))
    assert baseline.score("train", "accuracy", "unseen").value is None


def test_predictions_at_hand_are_scored_beside_the_baselines(whole: Analysis) -> None:
    random = np.random.default_rng(0)
    table = {rows.name: softmax(random.normal(size=(rows.n_rows, 3))) for rows in whole.evaluations}
    table["test"][3] = np.nan
    given = {name: make_probabilities(values) for name, values in table.items()}
    found = replace(whole, predictions={"ours": given}).baselines.trivial
    rows = whole.splits["dev"]
    expected = score(table["dev"], rows.labels, {})
    assert {m: found.given["ours"].score("dev", m).value for m in expected} == pytest.approx(expected)
    assert found.given["ours"].score("test", "accuracy").value is not None
    assert found.best("dev").kind != "given"


def test_the_best_baselines_is_best_on_dev_and_out_of_fold_without_dev(whole: Analysis, splits: Made) -> None:
    found = whole.baselines.trivial
    heights = {baseline.name: baseline.score("dev", "macro_f1").value for baseline in found.members}
    assert found.best("dev", "macro_f1").name == max(heights, key=lambda name: heights[name] or 0.0)
    losses = {baseline.name: baseline.score("dev", "log_loss").value for baseline in found.members}
    assert found.best("dev", "log_loss").name == min(losses, key=lambda name: losses[name] or 9.0)
    alone = make_analysis({"train": splits["train"]}).baselines.trivial
    heights = {baseline.name: baseline.score("train", "accuracy").value for baseline in alone.members}
    assert alone.best("train").name == max(heights, key=lambda name: heights[name] or 0.0)


def test_a_baselines_is_plain_json_and_the_same_every_time(whole: Analysis, splits: Made) -> None:
    text = json.dumps(whole.baselines.trivial.as_json(), allow_nan=False)
    assert text == json.dumps(make_analysis(splits).baselines.trivial.as_json(), allow_nan=False)
    assert isinstance(whole.baselines.trivial, TrivialBaselines)


def read_as(logits: np.ndarray, rows: Rows) -> Answers:
    return read_logits(rows, logits, np.ones(len(logits), np.bool_))


def scores_of(answers: Answers) -> dict[str, Score]:
    names = metric_names(tuple(answers.rows.weights))
    return score_tables(tabulate_all(answers, names), answers.rows, names)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(1, 5), st.integers(0, 2), st.booleans(), st.integers(0, 10_000))
def test_every_metric_is_that_of_core_metrics(n: int, classes: int, factors: int, hard: bool, seed: int) -> None:
    random = np.random.default_rng(seed)
    logits = random.normal(size=(n, classes)) * 4
    labels = random.integers(-1, classes, n)
    weights = {f"f{k}": random.integers(0, 4, n) for k in range(factors)}
    answers = read_as(logits, Rows(labels=labels, n_classes=classes, weights=weights))
    found = scores_of(replace(answers, own=None, confidence=None) if hard else answers)
    expected = score(softmax(logits), labels, weights, hard=hard)
    assert list(found) == list(expected)
    for name, value in expected.items():
        assert found[name].value == (None if value is None else pytest.approx(value, abs=1e-9))
        interval = found[name].interval
        assert (interval is None) == (value is None or n < 2)
        if interval is not None and value is not None:
            assert interval[0] - 1e-9 <= value <= interval[1] + 1e-9


@pytest.mark.parametrize("metric", ["accuracy", "balanced_accuracy", "macro_f1", "log_loss", "factor_hwa"])
@pytest.mark.parametrize("grouped", [False, True])
def test_intervals_cover_what_new_rows_of_the_source_score(metric: str, grouped: bool) -> None:
    random = np.random.default_rng(1)

    def draw(n: int) -> Answers:
        labels = random.choice(3, n, p=[0.6, 0.3, 0.1])
        group = np.arange(n) // 5 if grouped else None
        noise = random.normal(size=(n, 3))
        if grouped:
            noise = 0.6 * noise + 0.8 * np.repeat(random.normal(size=(n // 5, 3)), 5, axis=0)
        logits = noise + 1.5 * np.eye(3)[labels]
        weights = {"a": random.integers(1, 4, n), "b": random.integers(1, 6, n)}
        return read_as(logits, Rows(labels=labels, n_classes=3, weights=weights, units=group))

    truth = scores_of(draw(200_000))[metric].value
    assert truth is not None
    inside = 0
    for _ in range(300):
        interval = scores_of(draw(400))[metric].interval
        assert interval is not None
        inside += interval[0] <= truth <= interval[1]
    assert 0.90 <= inside / 300 <= 0.99


def test_columns_are_the_same_by_table_and_by_search_and_keep_the_most_frequent() -> None:
    random = np.random.default_rng(0)
    keys = random.integers(-1, 500, 4000)
    offsets = np.arange(4001)
    small = KeyColumns.of(Occurrences(keys, offsets, 500), 2)
    large = KeyColumns.of(Occurrences(keys, offsets, 1 << 40), 2)
    asked = random.integers(-1, 500, 300)
    assert small.table is not None
    assert large.table is None
    np.testing.assert_array_equal(small.columns(asked), large.columns(asked))
    few = KeyColumns.of(Occurrences(keys, offsets, 500), (1 << 22) // 20)
    counts = np.bincount(keys[keys >= 0], minlength=500)
    assert len(few.keys) == 20
    assert counts[few.keys].min() >= np.sort(counts)[-20]


def test_position_and_token_are_chosen_by_brute_force_on_train(whole: Analysis, splits: Made) -> None:
    train = whole.train
    single = position_singles(train, folds_of(train.hashes), whole.n_classes)
    baseline = whole.baselines.trivial.find_kind("position")
    assert baseline is not None
    assert int(baseline.detail) == max(single, key=lambda place: single[place].accuracy)
    rows, labels = splits["train"]

    def right(token: str) -> int:
        has = [label for row, label in zip(rows, labels, strict=True) if token in row.split()]
        lacks = [label for row, label in zip(rows, labels, strict=True) if token not in row.split()]
        return sum(max(map(part.count, set(labels))) for part in (has, lacks) if part)

    best = markers(train, whole.n_classes).best
    assert best is not None
    assert right(whole.tokens[best]) == max(right(f"t{k}") for k in range(9))


def test_what_is_read_in_rows(whole: Analysis, splits: Made) -> None:
    rows = whole.splits["dev"]
    texts = [row.split() for row in splits["dev"][0]]
    token = whole.tokens.index("t3")
    assert has_token(rows, token).tolist() == ["t3" in text for text in texts]
    found = at_position(-2, len(whole.tokens))(rows).keys
    assert [whole.tokens[k] if k >= 0 else None for k in found] == [t[-2] if len(t) > 1 else None for t in texts]
    assert lengths(rows).keys.tolist() == [len(text) for text in texts]
