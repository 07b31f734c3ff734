"""Given predictions as people hand them in: named columns, no ids, objects in Python, and no seeds to choose."""

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

from brittlestar import audit, check, run
from brittlestar.core.errors import InputError
from tests.command import Said, brittlestar
from tests.execution.tiny import contents

from .test_check import write

ALONE = {"variants": "{}"}
OWN_SEEDS = "--seeds: given predictions have their own seeds"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path / "d").relative_to(tmp_path)


def rows(data: Path) -> pl.DataFrame:
    """Test with a prediction that is wrong on every tenth row."""
    test = pl.read_csv(data / "test.csv", infer_schema=False)
    guesses = [str(int(label) ^ (k % 10 == 0)) for k, label in enumerate(test["label"])]
    return test.with_columns(pl.Series("pred", guesses), uid=pl.col("id"))


def score(said: Said) -> float:
    assert said.code == 0, said
    return said.document["headline"]["score"]["mean"]


def test_columns_are_named_by_an_option_and_remembered(data: Path) -> None:
    rows(data).select("uid", "pred").write_ndjson("p.jsonl")
    named = ("--preds", "p.jsonl", "--preds-columns", "prediction=pred,id=uid")
    assert score(brittlestar("check", data, *named, "--json")) == pytest.approx(0.9)
    ran = brittlestar("run", data, *named, "--set", "variants={}", "--executor", "serial", "--out", "s", "--json")
    assert score(ran) == pytest.approx(0.9)
    asked = json.loads(Path("s/study.json").read_text(encoding="utf-8"))["asked"]
    assert asked["predictions_columns"] == {"prediction": "pred", "id": "uid"}
    assert brittlestar("audit", "s", "--only", "leak", "--json").code == 0
    again = run("s", settings={"report.metric": "balanced_accuracy"}, executor="serial", report=False)
    assert again.exit_code == 0 and again.store == Path("s-2.study")
    Path("s.yaml").write_text(
        f"name: f\ndata: {{path: {data}}}\nvariants: {{}}\nmodel:\n  predictions: [p.jsonl]\n"
        "  predictions_columns: {prediction: pred, id: uid}\n",
        encoding="utf-8",
    )
    by_file = run("s.yaml", executor="serial", report=False)
    assert by_file.headline.score is not None and by_file.headline.score.mean == pytest.approx(0.9)
    wrong = brittlestar("check", data, "--preds", "p.jsonl", "--preds-columns", "prediction=prd,id=uid")
    sentence = "p.jsonl: there is no column 'prd', which --preds-columns names as prediction; it has uid, pred"
    assert wrong.code == 2 and sentence in wrong.errors[0]


def test_the_output_says_how_rows_without_ids_were_matched(data: Path) -> None:
    rows(data).select("label", prediction="pred").write_csv("mine.csv")
    note = "predictions of 'mine' on test have no ids: rows were matched by order and their labels agree"
    found = brittlestar("check", data, "--preds", "mine.csv")
    assert note in " ".join(found.output.split())
    document = brittlestar("audit", data, "--preds", "mine.csv", "--only", "leak", "--json").document
    assert note in document["notes"]


def test_objects_of_python_are_predictions(data: Path) -> None:
    one = rows(data).select("id", prediction="pred")
    frame = pd.DataFrame(one.to_dict(as_series=False))
    assert list(audit(data, predictions=one, only=["leak.exact"]).analysis.predictions or {}) == ["model"]
    found = check(data, predictions=[frame, one.to_dicts()], limits=False)
    assert found.headline.score is not None
    assert (found.headline.score.mean, found.headline.score.n_seeds) == (pytest.approx(0.9), 2)
    renamed = frame.rename(columns={"prediction": "pred"})
    found = check(data, predictions=renamed, predictions_columns={"prediction": "pred"}, limits=False)
    assert found.headline.score is not None and found.headline.score.mean == pytest.approx(0.9)


def test_objects_are_kept_like_files_and_other_content_is_another_run(data: Path) -> None:
    one = rows(data).select("id", prediction="pred")
    given: dict[str, Any] = {"lstm": [one, one], "gru": one}
    made = run(data, predictions=given, out="s", settings=ALONE, executor="serial", report=False)
    kept = {(cell.variant, cell.seed): cell.hash for cell in made.record.cells}
    assert sorted(kept) == [("gru", 0), ("main", 0), ("main", 1)] and made.exit_code == 0
    before = contents(Path("s"))
    assert run("s", executor="serial", report=False).exit_code == 0
    assert run(data, predictions=given, out="s", settings=ALONE, executor="serial", report=False).exit_code == 0
    assert contents(Path("s")) == before
    given["gru"] = one.with_columns(prediction=pl.lit("1"))
    changed = run(data, predictions=given, out="t", settings=ALONE, executor="serial", report=False)
    assert {cell.hash for cell in changed.record.cells}.isdisjoint(kept.values())
    with pytest.raises(InputError, match="does not say where its data are"):
        run("s", settings={"report.metric": "accuracy"}, executor="serial")


def test_given_predictions_have_their_own_seeds(data: Path) -> None:
    one = rows(data).select("id", prediction="pred")
    one.write_csv("mine.csv")
    said = brittlestar("check", data, "--preds", "mine.csv", "--set=seeds=5")
    assert said.code == 2 and OWN_SEEDS in said.errors[0]
    for given in ("mine.csv", one):
        with pytest.raises(InputError, match=OWN_SEEDS.removeprefix("--")):
            run(data, predictions=given, seeds=5, executor="serial")
        run(data, predictions=given, out="s", settings=ALONE, executor="serial", report=False)
        before = contents(Path("s"))
        said = brittlestar("run", "s", "--seeds", "10", "--executor", "serial")
        assert said.code == 2 and OWN_SEEDS in said.errors[0]
        for settle in ("claim", "relation"):
            with pytest.raises(InputError, match=r"^settle: given predictions have their own seeds"):
                run("s", settle=settle, executor="serial")
        assert contents(Path("s")) == before
    Path("s.yaml").write_text(
        f"name: f\ndata: {{path: {data}}}\nmodel: {{predictions: [mine.csv]}}\n", encoding="utf-8"
    )
    said = brittlestar("run", "s.yaml", "--seeds", "3")
    assert said.code == 2 and OWN_SEEDS in said.errors[0]


def test_a_report_of_another_study_is_not_replaced_in_silence(data: Path) -> None:
    rows(data).select("id", prediction="pred").write_csv("mine.csv")
    rows(data).select("id", prediction="label").write_csv("other.csv")
    for name, told in (("mine.csv", False), ("mine.csv", False), ("other.csv", True)):
        said = brittlestar("run", data, "--preds", name, "--out", "s", "--set", "variants={}", "--executor", "serial")
        assert said.code == 0 and told == any("s held a study with other settings" in line for line in said.errors)


def test_a_study_of_other_data_is_not_taken_over(data: Path) -> None:
    rows(data).select("id", prediction="pred").write_csv("mine.csv")
    given = ("--preds", "mine.csv", "--out", "s", "--set", "variants={}", "--executor", "serial")
    assert brittlestar("run", data, *given).code == 0
    shutil.copytree(data, "moved")
    assert brittlestar("run", "moved", *given).code == 0, "the same rows at another place"
    train = Path("moved/train.csv")
    train.write_text("".join(train.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8")
    assert brittlestar("run", "moved", *given).code == 0, "rows that were mended at their place"
    kept = contents(Path("s"))
    said = brittlestar("run", data, *given)
    assert said.code == 2 and "s: the study here is of other data (moved: train has" in said.errors[0]
    assert "choose another folder with --out DIR" in said.errors[0] and contents(Path("s")) == kept


def test_advice_to_add_a_shift_asks_for_its_predictions_too(data: Path) -> None:
    (data / "shift_far.csv").unlink()
    one = rows(data).select("id", prediction="pred")
    one.write_csv("mine.csv")
    said = check(data, predictions="mine.csv").headline.holds.sentence
    assert "Add shift_NAME.csv with rows from elsewhere beside the data, with predictions of that split, and" in said
    splits = {path.stem: pl.read_csv(path) for path in data.glob("*.csv")}
    held = check(splits, predictions=one).headline.holds.sentence
    assert "Add rows from elsewhere as a split 'shift_NAME' to the data, with predictions of that split" in held
    assert held.endswith("give the same call.") and ".csv" not in held


def test_settings_that_nothing_reads_are_refused(data: Path) -> None:
    rows(data).select("id", prediction="pred").write_csv("mine.csv")
    for setting in ("training.epochs=3", "model.hidden=8", "streams.init=fixed"):
        said = brittlestar("check", data, "--preds", "mine.csv", "--set", setting)
        path = setting.partition("=")[0]
        assert said.code == 2 and f"--set: {path} has no effect on given predictions" in said.errors[0]
    said = brittlestar("check", data, "--preds", "mine.csv", "--set", "report.metric=accuracy")
    assert said.code == 0, said


def test_the_budget_of_given_predictions_is_not_called_equal(data: Path) -> None:
    rows(data).select("id", prediction="pred").write_csv("p.csv")
    beside = {"variants": "{bag: {model.family: bag}}"}
    fair = run(data, predictions="p.csv", settings=beside, out="s", executor="serial", report=False).headline.fair
    assert fair is not None and fair.answer == "cannot-say" and "so that their budget is not known" in fair.sentence
    both = check(data, predictions={"a": rows(data).select("id", prediction="pred"), "b": "p.csv"}).headline.fair
    assert both is not None and both.answer == "cannot-say"
    assert both.sentence.endswith("none missing, but what was spent on given predictions is not known.")
