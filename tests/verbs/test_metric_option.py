"""`--metric NAME`: the score, its interval, the claim against the baselines, slices and gates of any metric."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn import metrics as sk

from brittlestar import audit, check, gate, generate, judge, own_metric, probe, report, run, seal, verify
from brittlestar.core.errors import InputError
from brittlestar.verbs.check import CheckResult

CLASSES = ("ham", "not spam", "spam")
ROWS = {"train": 600, "dev": 150, "test": 240}


@own_metric(range=(0, 5), higher_is_better=False)
def cost(labels, answers, probabilities, weights):
    return 5.0 * ((labels == "spam") & (answers != "spam"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, np.ndarray, np.ndarray]:
    """Data of three classes, each told by a token in half of its rows; labels of test, and probabilities of five runs
    in preds.csv."""
    folder, random = tmp_path_factory.mktemp("metric"), np.random.default_rng(0)
    (folder / "data").mkdir()
    labels = np.zeros(0, np.int64)
    for split, rows in ROWS.items():
        labels = random.integers(0, 3, rows)
        words = [
            [*(f"w{w}" for w in random.integers(0, 40, 8)), *([f"k{y}"] * (random.random() < 0.5))] for y in labels
        ]
        lines = [
            f"{split}{k},{' '.join(row)},{CLASSES[y]}" for k, (row, y) in enumerate(zip(words, labels, strict=True))
        ]
        (folder / "data" / f"{split}.csv").write_text("\n".join(["id,sequence,label", *lines]) + "\n")
    values = np.exp(random.normal(size=(5, ROWS["test"], 3)) + 1.5 * np.eye(3)[labels])
    values /= values.sum(axis=2, keepdims=True)
    names = [f"p_{name}" for name in CLASSES]
    parts = [
        pl.DataFrame({"id": [f"test{k}" for k in range(len(run))], "split": "test", "variant": "main", "seed": seed})
        .with_columns(pl.Series("prediction", [CLASSES[k] for k in run.argmax(axis=1)]))
        .hstack(pl.DataFrame(run, schema=names))
        for seed, run in enumerate(values)
    ]
    pl.concat(parts).write_csv(folder / "preds.csv")
    pl.concat(parts).drop(names).write_csv(folder / "bare.csv")
    return folder, labels, values


def ask(made: tuple[Path, np.ndarray, np.ndarray], metric: object, predictions: str = "preds.csv") -> CheckResult:
    folder = made[0]
    return check(folder / "data", predictions=[folder / predictions], metric=metric, progress=False)  # type: ignore[arg-type]


EXPECTED = {
    "auc": lambda labels, run: sk.roc_auc_score(labels, run, multi_class="ovr"),
    "average_precision:spam": lambda labels, run: sk.average_precision_score(labels == 2, run[:, 2]),
    "brier": sk.brier_score_loss,
    "ece": None,
    "f1:not spam": lambda labels, run: sk.f1_score(labels, run.argmax(axis=1), labels=[1], average="macro"),
    "log_loss": lambda labels, run: sk.log_loss(labels, run, labels=range(3)),
    "mcc": lambda labels, run: sk.matthews_corrcoef(labels, run.argmax(axis=1)),
    "top_k": lambda labels, run: sk.top_k_accuracy_score(labels, run, k=2),
}


@pytest.mark.parametrize("metric", EXPECTED)
def test_the_score_is_that_of_scikit_learn_with_an_interval_and_a_difference(made, metric: str) -> None:
    result, function = ask(made, metric), EXPECTED[metric]
    score = result.headline.score
    assert score is not None and (score.metric, score.population) == (metric, "new-examples")
    assert score.interval is not None and score.interval[0] < score.mean < score.interval[1]
    if function is not None:
        assert score.mean == pytest.approx(np.mean([function(made[1], run) for run in made[2]]), abs=1e-5)
    document = json.loads(json.dumps(result.document))
    given = document["trivial_baselines"]["given"]["main"]["scores"]["all"]["test"][metric]
    assert given["value"] == pytest.approx(score.mean, abs=1e-9)
    assert given["interval"] == pytest.approx(score.interval, abs=1e-9), "one interval of a score"
    (claim,) = [one for one in document["claims"] if metric in one["claim"].replace('"', "")]
    assert claim["interval"] is not None and claim["verdict"] in ("supported", "refuted", "inconclusive")


def test_bare_labels_give_no_metric_of_probabilities(made) -> None:
    assert ask(made, "auc", "bare.csv").headline.score is None
    found = ask(made, "recall:spam", "bare.csv").headline.score
    assert found is not None and found.interval is not None


def test_a_function_of_the_session_is_a_metric(made) -> None:
    score = ask(made, cost).headline.score
    wrong = [(made[1] == 2) & (run.argmax(axis=1) != 2) for run in made[2]]
    assert score is not None and score.mean == pytest.approx(5 * np.mean(wrong))
    with pytest.raises(InputError, match="does not say what it can be"):
        ask(made, ask)
    with pytest.raises(InputError, match="is a function within another one"):
        ask(made, lambda *_: 1.0)


def test_what_is_no_metric_is_refused_before_data_are_read(made) -> None:
    for metric, told in (
        ("roc_auc", "did you mean 'auc'"),
        ("f1:spm", "did you mean 'spam'"),
        ("mine_x:cost", "mine_x"),
    ):
        with pytest.raises(InputError, match=told):
            ask(made, metric)


def test_a_gate_decides_claims_on_metrics_that_nobody_else_asked_for(made) -> None:
    folder = made[0]
    claims = [f"main > best-trivial by -0.2 on {metric}" for metric in ("mcc", "auc", 'f1:"not spam"')]
    claims += ["main > best-trivial by -0.2 on brier", "main > best-trivial by 0.9 on mcc"]
    asked = {"predictions": [folder / "preds.csv"], "claims": claims, "progress": False}
    found = gate(folder / "data", **asked)  # type: ignore[arg-type]
    outcomes = {one.name: one.outcome for one in found.requirements}
    assert [outcomes[claim] for claim in claims] == ["pass"] * 4 + ["fail"]
    assert gate(folder / "data", min_score=0.5, **asked).outcome == "fail"  # type: ignore[arg-type]


def test_a_gate_holds_any_metric_against_a_bar(made) -> None:
    folder = made[0]

    def outcome(**asked: object) -> str:
        return gate(folder / "data", predictions=[folder / "preds.csv"], progress=False, **asked).outcome  # type: ignore[arg-type]

    assert outcome(metric="auc", min_score=0.7) == "pass" and outcome(metric="auc", min_score=0.99) == "fail"
    assert outcome(metric="log_loss", min_score=0.3) == "fail", "of a loss the greatest"
    assert outcome(metric=cost, min_score=4.0) == "pass"
    assert outcome(policy={"metric": "f1:spam"}, min_score=0.5) == "pass"


def test_a_study_is_judged_under_another_metric_and_keeps_its_own(made, tmp_path: Path) -> None:
    folder, place = made[0], tmp_path / "s.study"
    check(folder / "data", predictions=[folder / "preds.csv"], metric="auc", out=place, progress=False)
    found = judge(place)
    assert {one.claim.metric for one in found} == {"auc"} and all(one.interval for one in found)
    (other,) = judge(place, metric="f1:spam")
    assert other.claim.metric == "f1:spam" and "not scored on f1:spam" in other.sentence
    own = judge(place, ["main > best-trivial by 0.01 on auc where length <= 8"])
    assert own[0].interval is not None
    page = report(place)
    shown = page["variants"]["main"]["splits"]["test"]["auc"]
    assert shown["mean"] == pytest.approx(ask(made, "auc").headline.score.mean)  # type: ignore[union-attr]
    assert all("asked" in one for one in page["slices"]["length"]) and "asked" not in page["slices"]["label"][0]


def test_a_record_under_a_metric_of_the_authors_is_not_said_to_differ(made, tmp_path: Path) -> None:
    folder, place = made[0], tmp_path / "s.study"
    code = Path(__file__).read_text().partition("@own_metric")[2].partition("@pytest.fixture")[0]
    (tmp_path / "their_cost.py").write_text(f"from brittlestar import own_metric\n\n\n@own_metric{code}")
    study = {"name": "s", "data": {"path": str(folder / "data")}, "report": {"metric": "their_cost:cost"}}
    study["model"] = {"predictions": [str(folder / "preds.csv")]}
    (tmp_path / "s.yaml").write_text(json.dumps(study))
    run(tmp_path / "s.yaml", out=place, executor="serial", settings={"variants": "{}"}, progress=False)
    seal(place, out=tmp_path / "s.record.zip")
    from brittlestar.core import metrics

    metrics._OWN.clear()  # pyright: ignore[reportPrivateUsage]  # as in another process
    found = verify(tmp_path / "s.record.zip")
    assert found.outcome != "differs", found


def test_changed_rows_are_scored_by_another_metric(tmp_path: Path) -> None:
    generate(tmp_path / "spr", sizes="160/40/60", seed=0)
    settings = {"variants": "{}", "training.epochs": "2", "model.family": "bag"}
    run(tmp_path / "spr", out=tmp_path / "s.study", seeds=2, executor="serial", settings=settings, progress=False)
    only = {"only": ["order"]}
    found = probe(tmp_path / "s.study", metric="macro_f1", settings=only, executor="serial", progress=False)
    summary = found.summary
    assert summary is not None and found.scores
    main = summary.study.of("main")
    assert main is not None
    for score in found.scores:
        reading = main.of(score.condition)
        assert reading is not None
        known = (reading.condition.labels_before >= 0) & (reading.condition.labels_after >= 0)
        cells = [main.cells[seed].predictions[reading.condition.after][known] for seed in sorted(main.cells)]
        labels = reading.condition.labels_after[known]
        expected = [sk.f1_score(labels, cell, average="macro", zero_division=0) for cell in cells]
        assert score.after == pytest.approx(np.mean(expected))
        assert score.lost == pytest.approx(score.before - score.after)
        assert score.interval[0] <= score.lost <= score.interval[1] and score.interval[0] < score.interval[1]
    assert json.loads(json.dumps(found.document))["scores"][0]["condition"] == found.scores[0].condition
    with pytest.raises(InputError, match="of which auc cannot be computed"):
        probe(tmp_path / "s.study", metric="auc", settings=only, executor="serial", progress=False)


def test_a_study_file_alone_makes_nobody_import_its_metric(made, tmp_path: Path) -> None:
    (tmp_path / "evil_metric.py").write_text('raise SystemExit("imported")\n')
    study = {"name": "s", "data": {"path": str(made[0] / "data")}, "report": {"metric": "evil_metric:cost"}}
    (tmp_path / "s.yaml").write_text(json.dumps(study))
    assert check(tmp_path / "s.yaml", progress=False).headline.score is None
    assert audit(tmp_path / "s.yaml", progress=False).headline is not None
    with pytest.raises(InputError, match="imported"):
        run(tmp_path / "s.yaml", out=tmp_path / "s.study", executor="serial", progress=False)
