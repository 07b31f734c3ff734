"""`forecast` and splits without labels, from files to answers."""

import json
import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats import binom

from brittlestar import audit, check, export, forecast, gate, generate, probe, report, run, seal, verify
from brittlestar.core.errors import InputError
from brittlestar.execution.evaluate_finished import Rescoring
from brittlestar.forecasts.combining import read_combinations
from brittlestar.forecasts.labels import count_labels_to_decide
from brittlestar.statistics.proportions import bound_share
from brittlestar.store.later_splits import later_splits
from brittlestar.store.layout import open_store
from brittlestar.store.study_record import read_record
from tests.command import brittlestar

SETTINGS = {
    **{"training.epochs": "3", "training.learning_rate": "1e-2", "model.family": "bag"},
    **{"variants": "{}", "probes.suite": "none"},
}
OWN = """\
def answer(rows):
    return [[.2, .8] if sum("▲" in token for token in row) > 1 else [.7, .3] for row in rows]

def fit(train, dev, seed):
    return answer
"""


def strip_labels(source: Path, place: Path) -> Path:
    pl.read_csv(source, infer_schema_length=0).drop("label").write_csv(place)
    return place


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data with a split without labels, `new_more`, its study of three seeds, and rows of another file, `april.csv`."""
    place = tmp_path_factory.mktemp("forecast")
    rule = "at least 2 ▲"
    generate(place / "data", rule=rule, rejects="random", lengths="4-8", sizes="300/80/200", seed=3)
    generate(place / "other", rule=rule, rejects="random", lengths="5-9", sizes="300/80/200", seed=4)
    strip_labels(place / "other/dev.csv", place / "data/new_more.csv")
    strip_labels(place / "other/test.csv", place / "april.csv")
    run(place / "data", out=place / "a.study", settings=SETTINGS, seeds=3, executor="serial", progress=False)
    return place


@pytest.fixture
def study(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder / "a.study", tmp_path / "a.study"))


def test_a_split_without_labels_is_answered_and_nothing_scores_it(folder: Path) -> None:
    record = read_record(open_store(folder / "a.study"))
    assert list(record.unlabelled) == ["new_more"] and "new_more" not in record.splits
    assert record.unlabelled["new_more"].class_counts == {}
    assert all("new_more" not in cell.scores for cell in record.cells)
    results = json.loads((folder / "a.study/report/results.json").read_bytes())
    assert "new_more" not in results["data"]["splits"]
    (found,) = results["forecasts"]
    assert (found["name"], found["answer"], found["rows"], found["runs"]) == ("new_more", "forecast", 80, 3)
    assert found["interval"][0] <= found["value"] <= found["interval"][1]
    sentence = results["headline"]["holds"]["sentence"]
    expected, whole, _ = found["sentence"].partition(" (")
    assert whole and f"Not measured: {expected}." in sentence
    assert found["measured_on"]["forecasts"] > 50 and found["labels_needed"] > 10


def test_labels_of_such_a_split_are_not_read(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "data", tmp_path / "data")
    shutil.copy(folder / "other/dev.csv", tmp_path / "data/new_more.csv")
    result = audit(tmp_path / "data", settings={"trivial.linear": "off"})
    about = {finding.code for finding in result.findings if finding.where.get("split") == "new_more"}
    assert "shift.length" in about and {one.partition(".")[0] for one in about} <= {"shift", "token"}
    (longer,) = [f for f in result.findings if (f.code, f.where.get("split")) == ("shift.length", "new_more")]
    assert (longer.status, longer.severity) == ("present", "info")


def test_a_record_has_rows_without_labels(folder: Path, tmp_path: Path) -> None:
    study = Path(shutil.copytree(folder / "a.study", folder / "sealed.study"))
    forecast(study, folder / "april.csv", executor="serial")  # one split from the start, one that came later
    seal(study, out=tmp_path / "a.record.zip", with_data=True)
    assert verify(tmp_path / "a.record.zip").outcome == "identical"
    seal(study, out=tmp_path / "b.record.zip")  # without tokens
    assert verify(tmp_path / "b.record.zip").outcome == "cannot-tell"
    gated = gate(record=tmp_path / "a.record.zip", min_expected={"new_april": 0.05})
    assert gated.outcome == "pass"


def test_rows_of_a_file_are_taken_in_once(study: Path, folder: Path) -> None:
    first, again = (forecast(study, folder / "april.csv", executor="serial") for _ in range(2))
    (one,), (other,) = first.forecasts, again.forecasts
    assert one == other and (one.name, one.rows, one.answer) == ("new_april", 200, "forecast")
    assert {"new_more", "new_april"} == {*read_record(open_store(study)).unlabelled}
    assert "new_april" in (study / "report/report.html").read_text("utf-8")
    both = forecast(study, executor="serial")
    assert [found.name for found in both.forecasts] == ["new_april", "new_more"]
    assert both.to_frame()["name"].to_list() == ["new_april", "new_more"]
    report(study)


def test_the_forecast_is_what_the_runs_agree_on(study: Path) -> None:
    (one,) = forecast(study, executor="serial").forecasts
    record = read_record(open_store(study))
    scores = [cell.scores["test"]["best"]["accuracy"] for cell in record.cells]
    assert one.here == {"split": "test", "value": pytest.approx(np.mean(scores))}
    signals = one.signals
    assert signals["agreement"] == pytest.approx(np.mean(scores) + signals["runs_agree"] - signals["runs_agree_here"])
    assert sum(part.rows for part in one.by_class) == pytest.approx(80, abs=1)
    assert one.by_slice == () and all(part.value is None for part in one.by_class)  # no forecast of a part was measured


def test_a_few_labels_are_joined(study: Path, folder: Path, tmp_path: Path) -> None:
    rows = pl.read_csv(folder / "other/test.csv", infer_schema_length=0).rows()
    some = np.random.default_rng(0).choice(200, 60, replace=False).tolist()
    fifty = tmp_path / "few.csv"
    fifty.write_text("\n".join(["id,label", *(f"{rows[k][0]},{rows[k][2]}" for k in some)]), encoding="utf-8")
    (one,) = forecast(study, folder / "april.csv", labelled=fifty, executor="serial").forecasts
    joined = one.joined
    assert joined is not None and joined.labels == 60
    assert joined.interval[1] - joined.interval[0] <= joined.alone[1] - joined.alone[0]
    fifty.write_text("id,label\nnobody,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="row has an id that new_april lacks"):
        forecast(study, folder / "april.csv", labelled=fifty, executor="serial")
    fifty.write_text("row,label\n1,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column 'id'"):
        forecast(study, folder / "april.csv", labelled=fifty, executor="serial")


def write_predictions(folder: Path, place: Path, seeds: int, probabilities: bool) -> list[str]:
    """Files of seeds that are right on four rows of five, of test and of the rows without labels."""
    random, files = np.random.default_rng(1), list[str]()
    for seed in range(seeds):
        lines = ["id,split,seed,prediction" + ",p_0,p_1" * probabilities]
        for split, source in (("test", "data/test.csv"), ("new_more", "other/dev.csv")):
            for row in pl.read_csv(folder / source, infer_schema_length=0).rows():
                answer = row[2] if random.random() < 0.8 else str(1 - int(row[2]))
                shares = ",0.2,0.8" if answer == "1" else ",0.8,0.2"
                lines.append(f"{row[0]},{split},{seed},{answer}" + shares * probabilities)
        files.append(str(place / f"net_{seed}.csv"))
        Path(files[-1]).write_text("\n".join(lines), encoding="utf-8")
    return files


@pytest.mark.parametrize(
    ("seeds", "probabilities", "signals"),
    [(3, True, {"peers", "agreement", "confidence"}), (3, False, {"agreement"}), (1, True, {"confidence"})],
)
def test_predictions_alone_are_enough(
    folder: Path, tmp_path: Path, seeds: int, probabilities: bool, signals: set[str]
) -> None:
    files = write_predictions(folder, tmp_path, seeds, probabilities)
    result = check(folder / "data", predictions=files, out=tmp_path / "b.study", limits=False, progress=False)
    (one,) = forecast(tmp_path / "b.study").forecasts
    assert one.answer == "forecast" and signals <= {*one.signals}
    assert ("peers" in one.signals) == (seeds > 1 and probabilities)
    assert f"Not measured: {one.sentence.partition(' (')[0]}." in result.headline.holds.sentence


def test_one_file_of_labels_is_held_against_an_outsider(folder: Path, tmp_path: Path) -> None:
    files = write_predictions(folder, tmp_path, 1, False)
    check(folder / "data", predictions=files, out=tmp_path / "b.study", limits=False, progress=False)
    (one,) = forecast(tmp_path / "b.study").forecasts
    assert one.answer == "forecast" and {"outsider", "outsider_agrees"} <= {*one.signals}
    assert not {"agreement", "peers", "confidence"} & {*one.signals}
    assert "agreement with a bag of tokens" in brittlestar("forecast", str(tmp_path / "b.study")).output


def test_nothing_is_said_of_answers_that_hardly_beat_the_largest_class(folder: Path, tmp_path: Path) -> None:
    for split in ("test", "new_more"):
        frame = pl.read_csv(folder / f"data/{split}.csv", infer_schema_length=0)
        told = frame.select("id", split=pl.lit(split), prediction=pl.Series([str(k % 2) for k in range(frame.height)]))
        told.write_csv(tmp_path / f"{split}.csv")
    files = [tmp_path / "test.csv", tmp_path / "new_more.csv"]
    pl.concat([pl.read_csv(file, infer_schema_length=0) for file in files]).write_csv(tmp_path / "coin.csv")
    data, out = folder / "data", tmp_path / "b.study"
    result = check(data, predictions=tmp_path / "coin.csv", out=out, limits=False, progress=False)
    (one,) = forecast(out).forecasts
    assert one.answer == "cannot-say" and "hardly above its largest class" in one.sentence
    assert f"No forecast: {one.sentence}." in result.headline.holds.sentence
    assert "Not measured" not in result.headline.holds.sentence


def test_a_study_that_nobody_may_write_to_is_forecast_and_keeps_nothing(
    study: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (wanted,) = forecast(folder / "a.study", folder / "april.csv", executor="serial").forecasts
    forecast(folder / "a.study", forget="new_april")
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != study)
    result = forecast(study, folder / "april.csv", executor="serial")
    assert result.forecasts == (wanted,) and not result.kept and result.store == study
    assert before == {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    monkeypatch.undo()
    assert forecast(study).kept


def test_own_fit_functions_are_asked_by_a_function(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.py").write_text(OWN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    settings = {"variants": "{}", "probes.suite": "none"}
    run(folder / "data", model="own:fit", seeds=2, settings=settings, out="c.study", executor="serial", progress=False)
    (late,) = forecast("c.study", folder / "april.csv", executor="serial").forecasts
    assert late.answer == "cannot-say" and "has no answers on new_april" in late.sentence
    (asked,) = forecast(
        "c.study",
        folder / "april.csv",
        predict="own:answer",
    ).forecasts
    assert (asked.answer, asked.runs) == ("forecast", 1)


def test_what_cannot_be_forecast_is_refused(study: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "april.csv").write_text((folder / "april.csv").read_text("utf-8").replace("▲", "●"), encoding="utf-8")
    forecast(study, folder / "april.csv", executor="serial")
    for options, what in (
        ({"rows": tmp_path / "april.csv"}, "other rows of the name new_april"),
        ({"rows": tmp_path / "may.csv"}, "no such file"),
        ({"metric": "macro_f1"}, "measured for accuracy"),
        ({"level": 1.5}, "from 0.5 to 0.99"),
        ({"labelled": folder / "april.csv"}, "labels are those of one file"),
    ):
        with pytest.raises(InputError, match=what):
            forecast(study, executor="serial", **options)
    with pytest.raises(InputError, match="a folder of splits"):
        forecast(folder / "data")


def test_rows_of_new_tokens_are_out_of_range(study: Path, folder: Path, tmp_path: Path) -> None:
    strange = (folder / "april.csv").read_text("utf-8").replace("▲", "◆◆")
    (tmp_path / "strange.csv").write_text(strange, encoding="utf-8")
    (one,) = forecast(study, tmp_path / "strange.csv", executor="serial").forecasts
    assert (one.answer, one.value, one.outside[0].signal) == ("cannot-say", None, "unknown_times")
    assert "times as frequent as in the labelled rows" in one.sentence


def test_another_tokenisation_is_asked_first(study: Path, folder: Path, tmp_path: Path) -> None:
    frame = pl.read_csv(folder / "april.csv", infer_schema_length=0)
    frame.with_columns(pl.col("sequence").str.replace_all(" ", "")).write_csv(tmp_path / "glued.csv")
    (one,) = forecast(study, tmp_path / "glued.csv", executor="serial").forecasts
    assert one.answer == "cannot-say" and "are known after" in one.sentence and one.signals == {}


def test_the_command_says_what_it_rests_on(study: Path, folder: Path) -> None:
    done = brittlestar("forecast", str(study), "--rows", str(folder / "april.csv"), "--executor", "serial")
    assert done.code == 0, done.errors
    assert "points of accuracy expected on new_april (200 rows" in " ".join(done.output.split())
    for word in ("Rests on", "agreement of the 3 runs", "Trust", "rows of another source", "Cannot see", "Report"):
        assert word in done.output
    told = brittlestar("forecast", str(study), "--json")
    keys = {"forecasts", "measured", "problems", "store"}
    assert {"schema_version", "headline", *keys} == {*json.loads(told.output)}


@pytest.mark.parametrize(("least", "outcome"), [("0.05", "pass"), ("0.999", "fail")])
def test_a_gate_decides_by_the_interval(folder: Path, least: str, outcome: str) -> None:
    result = gate(folder / "a.study", min_expected=f"{least}=new_more")
    assert result.outcome == outcome and "expected on new_more" in result.requirements[0].sentence


def test_a_gate_refuses_rows_that_are_not_there(folder: Path) -> None:
    with pytest.raises(InputError, match="there is no split new_june"):
        gate(folder / "a.study", min_expected={"new_june": 0.5})
    with pytest.raises(InputError, match="did you mean 'new_more'"):
        gate(folder / "a.study", min_expected={"new_mroe": 0.5})
    with pytest.raises(InputError, match="last release need predictions"):
        gate(folder / "data", min_expected={"new_more": 0.5})
    wrong = brittlestar("gate", folder / "a.study", "--min-expected", "0.5=new_june")
    assert wrong.code == 2 and "there is no split new_june" in "".join(wrong.errors)
    with pytest.raises(InputError, match="a split without labels"):
        gate(folder / "a.study", min_expected="0.5=shift_a")


def test_exported_predictions_have_rows_without_labels_and_are_read_back(
    study: Path, folder: Path, tmp_path: Path
) -> None:
    place = tmp_path / "p.csv"
    first = export(study, predictions=place)
    rows = pl.read_csv(place, infer_schema_length=0).filter(pl.col("split") == "new_more")
    assert rows.height == 3 * 80 and first.again is not None
    (known,) = forecast(study, executor="serial").forecasts
    again = check(folder / "data", predictions=place, limits=False, progress=False, out=tmp_path / "b.study")
    (found,) = forecast(tmp_path / "b.study", executor="serial").forecasts
    assert (found.value, found.interval) == (pytest.approx(known.value), pytest.approx(known.interval))
    assert again.headline.holds.answer
    labelled = pl.read_csv(place, infer_schema_length=0).with_columns(label=pl.col("label").fill_null("1"))
    labelled.write_csv(place)  # whoever has labels of these rows may give them: nothing reads them
    check(folder / "data", predictions=place, limits=False, progress=False, out=tmp_path / "c.study")
    forecast(study, folder / "april.csv", executor="serial")
    place = tmp_path / "q.csv"
    later = export(study, predictions=place)
    assert later.again is None and "new_april" in later.notes[-1]
    assert pl.read_csv(place, infer_schema_length=0)["split"].is_in(["new_april"]).sum() == 3 * 200


def test_rows_are_taken_out_again_and_nothing_is_kept_of_a_call_that_fails(study: Path, folder: Path) -> None:
    no_sequence = study.parent / "march.csv"
    no_sequence.write_text("id\n1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"no column 'sequence'; it has id;"):
        forecast(study, [folder / "april.csv", no_sequence], executor="serial")
    assert {*read_record(open_store(study)).unlabelled} == {"new_more"}
    forecast(study, folder / "april.csv", executor="serial")
    assert "new_april" in read_record(open_store(study)).unlabelled
    found = forecast(study, forget="new_april", executor="serial")
    assert [one.name for one in found.forecasts] == ["new_more"] and found.forgotten == "new_april"
    assert not [*study.glob("data/new_april"), *study.glob("derived/*/new_april-*")]
    assert "new_april" not in (study / "report/report.html").read_text("utf-8")
    with pytest.raises(InputError, match="no rows of the name new_more came after"):
        forecast(study, forget="new_more", executor="serial")
    forecast(study, {"april": folder / "april.csv"}, executor="serial")
    (instead,) = forecast(study, {"april": folder / "data/dev.csv"}, forget="april", executor="serial").forecasts
    assert (instead.name, instead.rows) == ("new_april", 80)


def test_what_was_stopped_goes_on(study: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> Rescoring:
        os.kill(os.getpid(), signal.SIGINT)
        return Rescoring()

    with monkeypatch.context() as changed, pytest.raises(KeyboardInterrupt, match="SIGINT; what is done is kept"):
        changed.setattr("brittlestar.pipeline.forecast_store.score_new_splits", stop)
        forecast(study, folder / "april.csv", executor="serial")
    (found,) = forecast(study, folder / "april.csv", executor="serial").forecasts
    assert (found.answer, found.rows) == ("forecast", 200)


def test_a_forecast_shows_what_it_would_say_of_labelled_shifts(study: Path, folder: Path) -> None:
    for _ in range(2):  # the same rows once more change nothing
        probe(study, splits={"shift_far": folder / "other/dev.csv"}, executor="serial", progress=False)
    with pytest.raises(InputError, match="the study has a split 'shift_far'"):
        probe(study, splits={"shift_far": folder / "other/test.csv"}, executor="serial", progress=False)
    (found,) = forecast(study, {"known": folder / "data/train.csv"}, executor="serial").forecasts
    (tried,) = found.tried
    assert tried.name == "shift_far" and tried.interval[0] <= tried.value <= tried.interval[1]
    assert found.signals["in_train"] == 1.0
    ended = brittlestar("forecast", study, "--executor", "serial").output
    assert "Tried" in ended and "on shift_far, which has labels, it says" in " ".join(ended.split())
    with pytest.raises(InputError, match="no rows of the name new_shift_far came after"):
        forecast(study, forget="shift_far", executor="serial")


def test_data_do_not_replace_rows_that_came_later(folder: Path, tmp_path: Path) -> None:
    data, place = shutil.copytree(folder / "data", tmp_path / "data"), tmp_path / "a.study"
    run(data, out=place, settings=SETTINGS, seeds=3, executor="serial", progress=False, report=False)
    forecast(place, folder / "april.csv", executor="serial")
    shutil.copy(folder / "other/dev.csv", data / "new_april.csv")
    with pytest.raises(InputError, match="the study has other rows of this name, which came later from"):
        run(data, out=place, settings=SETTINGS, seeds=3, executor="serial", progress=False)
    shutil.copy(folder / "april.csv", data / "new_april.csv")
    run(data, out=place, settings=SETTINGS, seeds=3, executor="serial", progress=False, report=False)
    assert later_splits(open_store(place)) == {} and "new_april" in read_record(open_store(place)).unlabelled


@pytest.mark.parametrize(
    ("labels", "told"),
    [([], "it has no rows"), (["1.0", "0.0"], r"none of its labels is a class of train: 0\.0, 1\.0; the classes are")],
)
def test_labels_that_say_nothing_are_refused(
    study: Path, folder: Path, tmp_path: Path, labels: list[str], told: str
) -> None:
    ids = pl.read_csv(folder / "data/new_more.csv", infer_schema_length=0)["id"].to_list()
    rows = [f"{one},{label}" for one, label in zip(ids, labels, strict=False)]
    (tmp_path / "few.csv").write_text("\n".join(["id,label", *rows]) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=told):
        forecast(study, labelled=tmp_path / "few.csv", executor="serial")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (5, "rows: an object of type int is not read here; give a file, a frame with the column sequence"),
        ([pl.DataFrame()], "rows: a list of DataFrame is not read here; give a file"),
        ([0.5, 1.5], "rows: these are no texts; give a file"),
        (("march",), "there is no such file"),
        ("stanford/imdb", "there is no such file; of a hub, load it first .* else give a file, a frame"),
        (pl.DataFrame({"text": ["a"]}), "rows: no column 'sequence'; it has text"),
        ({"a/b": "march.csv"}, "'new_a/b' is no name of a split"),
        ("nowhere.csv", "there is no such file"),
        (".", "is a folder, not a file"),
    ],
)
def test_what_is_no_file_of_rows_is_refused(rows: object, told: str, tmp_path: Path, study: Path) -> None:
    (tmp_path / "march.csv").write_text("id,sequence\n1,a\n", encoding="utf-8")
    given = {name: tmp_path / file for name, file in rows.items()} if isinstance(rows, dict) else rows
    with pytest.raises(InputError, match=told):
        forecast(study, given, executor="serial")  # type: ignore[arg-type]


def list_files(study: Path) -> dict[str, bytes]:
    """What a study holds, but for its report and what was tried when."""
    files = (path for path in study.rglob("*") if path.is_file() and "report" not in path.parts)
    return {str(path.relative_to(study)): path.read_bytes() for path in files if path.name != "attempts.jsonl"}


@pytest.fixture(scope="module")
def given(folder: Path) -> Path:
    """A study of given predictions of three seeds, and predictions of april.csv, `april_0.csv` and so on."""
    random = np.random.default_rng(2)
    files = write_predictions(folder, folder, 3, True)
    rows = pl.read_csv(folder / "other/test.csv", infer_schema_length=0)
    for seed in range(3):
        wrong = random.random(rows.height) < 0.25
        flipped = rows["label"].cast(pl.Int64).to_numpy() ^ wrong
        told = pl.DataFrame({"id": rows["id"], "prediction": flipped, "p_0": 0.8 - 0.6 * flipped})
        told.with_columns(p_1=1 - pl.col("p_0")).write_csv(folder / f"april_{seed}.csv")
    check(folder / "data", predictions=files, out=folder / "given.study", limits=False, progress=False)
    return folder


@pytest.fixture
def monthly(given: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(given / "given.study", tmp_path / "given.study"))


def list_april(folder: Path, *seeds: int) -> list[Path]:
    return [folder / f"april_{seed}.csv" for seed in seeds]


def test_a_study_of_predictions_takes_those_of_new_rows(monthly: Path, folder: Path, tmp_path: Path) -> None:
    april = {"rows": folder / "april.csv", "predictions": list_april(folder, 0, 1, 2)}
    (one,) = forecast(monthly, **april).forecasts
    assert (one.answer, one.runs, one.rows) == ("forecast", 3, 200) and "peers" in one.signals
    shares = {part.name: part.rows for part in one.by_class}
    votes = [pl.read_csv(path)["prediction"].mean() for path in list_april(folder, 0, 1, 2)]
    assert shares["1"] == round(200 * np.mean(votes))
    (again,) = forecast(monthly, **april).forecasts  # the same once more changes nothing
    assert again == one
    with pytest.raises(InputError, match="seed 1: the study has other predictions of new_april; take the rows out"):
        forecast(monthly, folder / "april.csv", predictions=list_april(folder, 0, 2, 1))
    frames = [pl.read_csv(path, infer_schema_length=0) for path in list_april(folder, 0, 1, 2)]
    texts = pl.read_csv(folder / "april.csv", infer_schema_length=0)
    (other,) = forecast(monthly, {"memory": texts}, predictions=[frame.to_pandas() for frame in frames]).forecasts
    assert (other.value, other.interval) == (pytest.approx(one.value), pytest.approx(one.interval))
    seal(monthly, out=tmp_path / "a.record.zip", with_data=True)
    outcomes = {one.what: one.outcome for one in verify(tmp_path / "a.record.zip").checked}
    assert outcomes["numbers, findings and verdicts"] == "identical" and "differs" not in outcomes.values()


def test_predictions_that_do_not_fit_are_refused_and_leave_nothing(
    monthly: Path, study: Path, folder: Path, tmp_path: Path
) -> None:
    before = list_files(monthly)
    short = tmp_path / "april_2.csv"
    short.write_text("\n".join((folder / "april_2.csv").read_text("utf-8").splitlines()[:50]), encoding="utf-8")
    for predictions, what in (
        (
            list_april(folder, 0, 1),
            r"other seeds: 2 seeds \(0, 1\) and 3 seeds \(0, 1, 2\); give one file for each seed",
        ),
        ([*list_april(folder, 0, 1), short], "151 of 200 rows without a prediction"),
        ([folder / "nowhere.csv"], "the predictions file does not exist"),
    ):
        with pytest.raises(InputError, match=what):
            forecast(monthly, folder / "april.csv", predictions=predictions)
        assert list_files(monthly) == before
    with pytest.raises(InputError, match="the runs of this study answer the rows themselves"):
        forecast(study, folder / "april.csv", predictions=list_april(folder, 0, 1, 2), executor="serial")
    with pytest.raises(InputError, match="either predictions or a function"):
        forecast(monthly, folder / "april.csv", predictions=list_april(folder, 0), predict="own:ask")


def test_rows_that_nobody_answered_leave_nothing(
    monthly: Path, study: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = list_files(monthly)
    (one,) = forecast(monthly, folder / "april.csv").forecasts
    assert one.answer == "cannot-say" and one.sentence.endswith("; they are not kept") and "--preds" in one.sentence
    assert list_files(monthly) == before and {*read_record(open_store(monthly)).unlabelled} == {"new_more"}

    def stop(*_: object) -> Rescoring:
        os.kill(os.getpid(), signal.SIGINT)
        return Rescoring()

    def fail(*_: object) -> Rescoring:
        raise RuntimeError("no luck")

    before = list_files(study)
    for broken, error in ((stop, KeyboardInterrupt), (fail, RuntimeError)):
        with monkeypatch.context() as changed, pytest.raises(error):
            changed.setattr("brittlestar.pipeline.forecast_store.score_new_splits", broken)
            forecast(study, folder / "april.csv", executor="serial")
        assert list_files(study) == before
    (kept,) = forecast(study, folder / "april.csv", executor="serial").forecasts  # the control: these are answered
    assert kept.answer == "forecast" and "new_april" in read_record(open_store(study)).unlabelled


def take_labels(folder: Path, n: int) -> list[tuple[str, str]]:
    rows = pl.read_csv(folder / "other/test.csv", infer_schema_length=0)
    return rows.sample(n, seed=3).select("id", "label").rows()


def test_labels_that_came_later_are_kept_and_stand_in_the_history(monthly: Path, folder: Path, tmp_path: Path) -> None:
    named = {"2026_march": folder / "data/dev.csv", "2026_april": folder / "april.csv"}
    april = [pl.read_csv(path, infer_schema_length=0) for path in list_april(folder, 0, 1, 2)]
    forecast(monthly, {"2026_april": named["2026_april"]}, predictions=april)
    rows = pl.read_csv(named["2026_march"], infer_schema_length=0)
    march = [rows.select("id", pl.col("label").alias("prediction")) for _ in range(3)]
    forecast(monthly, {"2026_march": named["2026_march"]}, predictions=march)
    labels = take_labels(folder, 60)
    first = forecast(monthly, {"2026_april": named["2026_april"]}, labelled=labels).forecasts[0].joined
    found = forecast(monthly, history=True)
    assert [one.name for one in found.forecasts] == ["new_more", "new_2026_march", "new_2026_april"]
    *_, last = found.forecasts
    assert last.joined == first and first is not None and first.labels == 60
    assert last.shifts is not None and last.shifts.keys() >= {"shift.length"} and "length 0." in last.differences
    frame = found.to_frame(library="polars")
    assert frame["labels"].to_list() == [None, None, 60] and frame["answers"][2] == last.answers
    page = " ".join((monthly / "report/report.html").read_text("utf-8").split())
    assert "measured with labels" in page and "differs from train" in page and last.answers in page
    sentence = " ".join(brittlestar("forecast", monthly, "--history").output.split())
    assert (
        f"measured {100 * first.value:.1f}" in sentence and "answers 0" in sentence and "differs from train" in sentence
    )
    assert sentence.index("new_2026_march") < sentence.index("new_2026_april")
    forecast(monthly, forget="2026_april")
    assert "2026_april" not in "".join(list_files(monthly)) and "labelled.json" not in "".join(list_files(monthly))


@pytest.mark.parametrize("form", ["pairs", "arrays", "polars", "pandas", "dicts", "lists", "columns"])
def test_labels_and_rows_are_taken_from_memory(monthly: Path, folder: Path, tmp_path: Path, form: str) -> None:
    labels = take_labels(folder, 60)
    rows = pl.read_csv(folder / "april.csv", infer_schema_length=0)
    texts, ids = rows["sequence"].to_list(), {one: str(k) for k, one in enumerate(rows["id"].to_list())}
    frame = pl.DataFrame(labels, schema=["id", "label"], orient="row")
    numbered = frame.with_columns(pl.col("id").replace_strict(ids))
    given_rows, given_labels = {
        "pairs": ([(text, "?") for text in texts], numbered.rows()),
        "arrays": (np.asarray(texts), numbered.to_numpy()),
        "polars": (rows, frame),
        "pandas": (rows.to_pandas(), frame.to_pandas()),
        "dicts": (rows.to_dicts(), frame.to_dicts()),
        "columns": ({"id": rows["id"], "sequence": texts}, frame.to_dict(as_series=False)),
        "lists": ([text.split() for text in texts], (numbered["id"].to_list(), numbered["label"].to_list())),
    }[form]
    april = [pl.read_csv(path, infer_schema_length=0) for path in list_april(folder, 0, 1, 2)]
    if form in ("pairs", "arrays", "lists"):
        april = [one.with_columns(pl.col("id").replace_strict(ids)) for one in april]
    (found,) = forecast(monthly, {"april": given_rows}, labelled=given_labels, predictions=april).forecasts
    file = tmp_path / "few.csv"
    frame.write_csv(file)
    known = list_april(folder, 0, 1, 2)
    (told,) = forecast(monthly, {"again": folder / "april.csv"}, labelled=file, predictions=known).forecasts
    assert found.joined is not None and told.joined is not None
    assert (found.value, found.joined.interval) == (pytest.approx(told.value), pytest.approx(told.joined.interval))


@pytest.mark.parametrize(
    ("labels", "what"),
    [
        (["1", "0"], "labelled: a list of str is one column, and id and label are two; give a file, a frame with"),
        (np.asarray([1, 0]), "labelled: an object of type ndarray is one column, and id and label"),
        (pd.Series(["1"], index=["a"]), "labelled: an object of type Series is one column, and id and label are two"),
        (1, "labelled: an object of type int is not read here; give a file, a frame with the columns id and"),
        ("me/labels", "me/labels: there is no such file; of a hub, load it first"),
        ([("id", "1")], "labelled: 1 row has an id that new_more lacks"),
        ({"june": [("a", "1")]}, "labels are those of one file of rows"),
    ],
)
def test_what_says_no_labels_is_refused(study: Path, labels: object, what: str) -> None:
    with pytest.raises(InputError, match=what):
        forecast(study, labelled=labels, executor="serial")


def test_numbers_are_no_names_of_classes(study: Path, folder: Path) -> None:
    ids = pl.read_csv(folder / "data/new_more.csv", infer_schema_length=0)["id"].to_list()
    with pytest.raises(InputError, match="write names of classes, not their numbers: the classes are 0, 1"):
        forecast(study, labelled=[(one, 7) for one in ids[:9]], executor="serial")
    (found,) = forecast(study, labelled=[(one, 1) for one in ids[:9]], executor="serial").forecasts  # 1 is a name here
    assert found.joined is not None and found.joined.labels == 9


def test_a_gate_says_what_would_decide_and_decides_by_labels(monthly: Path, folder: Path, tmp_path: Path) -> None:
    (one,) = forecast(monthly, folder / "april.csv", predictions=list_april(folder, 0, 1, 2)).forecasts
    assert one.value is not None and one.interval is not None
    (high,) = gate(monthly, min_expected={"new_april": round(one.value - 0.01, 3)}, require=None).requirements
    assert high.outcome == "cannot-say" and "No forecast of these rows could pass: at most" in high.sentence
    least = round(one.interval[0] + 0.01, 3)
    asked = {"min_expected": {"new_april": least}, "require": None}
    (open_,) = gate(monthly, **asked).requirements
    assert open_.outcome == "cannot-say" and "points above the bar" in open_.sentence
    assert "labels of rows drawn at random would do" in open_.sentence
    labels = tmp_path / "few.csv"
    pl.DataFrame(take_labels(folder, 200), schema=["id", "label"], orient="row").write_csv(labels)
    before = list_files(monthly)
    for bar, outcome, code in ((0.6, "pass", 0), (0.85, "fail", 3)):  # three answers of four are right
        result = gate(monthly, min_expected={"new_april": bar}, policy={"labelled": labels})
        assert result.outcome == outcome and "with 200 labels of new_april" in result.requirements[0].sentence
        (tmp_path / "few.yaml").write_text("labelled: few.csv\n", encoding="utf-8")
        asked = ("--min-expected", f"{bar}=new_april", "--policy", tmp_path / "few.yaml")
        ended = brittlestar("gate", monthly, *asked)
        assert ended.code == code
    assert list_files(monthly) == before  # a gate keeps nothing
    policy = {"min_expected": {"new_april": 0.6}, "labelled": {"new_april": take_labels(folder, 200)}}
    assert gate(monthly, policy=policy).outcome == "pass"
    with pytest.raises(InputError, match="labels are those of one file of rows"):
        gate(monthly, policy={"labelled": labels}, require="sound")


@pytest.mark.parametrize("below", [0.2, 0.3])
def test_a_forecast_from_there_on_passes(below: float) -> None:
    for combination in read_combinations().values():
        reach = combination.reach(0.8, 0.8 - below, 0.9)
        assert reach is not None and combination.interval(0.8, reach, 0.9)[0] >= 0.8 - below
        assert combination.interval(0.8, reach - 0.002, 0.9)[0] < 0.8 - below
        assert combination.reach(0.8, 0.999, 0.9) is None


def power(n: int, share: float, least: float) -> float:
    """How often the interval of n labels lies on one side of `least`."""
    ends = [bound_share(right, n, 0.9) for right in range(n + 1)]
    decided = [not low <= least <= high for low, high in ends]
    return float(binom.pmf(np.arange(n + 1), n, share)[decided].sum())


@pytest.mark.parametrize("least", [0.55, 0.72, 0.78, 0.9])
def test_so_many_labels_decide(monthly: Path, least: float) -> None:
    (one, *_) = forecast(monthly, executor="serial").forecasts
    n = count_labels_to_decide(replace(one, value=0.75), least)
    assert power(n, 0.75, least) >= 0.75 and power(round(0.6 * n), 0.75, least) < 0.8
