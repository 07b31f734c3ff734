"""Exported files: a round trip of predictions, scores and findings as other libraries read them, and refusals."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from sklearn.metrics import accuracy_score, log_loss

from brittlestar import check, export, report, run
from brittlestar.core.errors import InputError
from brittlestar.core.findings import STATUSES
from tests.command import brittlestar, tree
from tests.zoo import Zoo

ALONE = {"variants": "{}"}


@pytest.fixture(autouse=True)
def world(zoo: Zoo, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory is that of a study of two variants from two seeds; it is left as it is."""
    monkeypatch.chdir(zoo.find("trained"))
    return Path.cwd()


READERS: dict[str, Callable[[Path], pl.DataFrame]] = {
    ".csv": pl.read_csv,
    ".tsv": lambda path: pl.read_csv(path, separator="\t"),
    ".parquet": pl.read_parquet,
    ".jsonl": pl.read_ndjson,
}


def test_every_format_has_the_same_predictions(tmp_path: Path) -> None:
    frames: list[pl.DataFrame] = []
    for ending, read in READERS.items():
        export("data.study", predictions=tmp_path / f"p{ending}")
        columns = ("id", "split", "variant", "seed", "prediction", "label")
        frames.append(read(tmp_path / f"p{ending}").select(pl.col(columns).cast(pl.String)))
    assert all(frame.equals(frames[0]) for frame in frames) and frames[0].height == 400


def test_predictions_come_back_as_the_study_scored_them(tmp_path: Path) -> None:
    file, document = tmp_path / "p.jsonl", report("data.study")
    export("data.study", predictions=file)
    back = run("data", predictions=file, settings=ALONE, out=tmp_path / "s", executor="serial", report=False)
    for variant in ("main", "bag"):
        for split in ("train", "dev", "test"):
            for metric, one in document["variants"][variant]["splits"][split].items():
                again = back.document["variants"][variant]["splits"][split][metric]["seeds"]
                assert again == pytest.approx(one["seeds"], abs=1e-6), (variant, split, metric)


def test_other_libraries_score_the_file_as_we_do(tmp_path: Path) -> None:
    export("data.study", predictions=tmp_path / "p.csv", scores=tmp_path / "s.parquet", splits=["test"])
    rows = pd.read_csv(tmp_path / "p.csv", dtype={"prediction": str, "label": str})
    assert list(rows.columns) == ["id", "split", "variant", "seed", "prediction", "p_0", "p_1", "label"]
    scores = pd.read_parquet(tmp_path / "s.parquet").set_index(["variant", "split", "metric", "seed"])["score"]
    assert set(rows["split"]) == {"test"} and len(rows) == 20 * 2 * 2
    for (variant, seed), part in rows.groupby(["variant", "seed"]):
        assert scores[variant, "test", "accuracy", seed] == accuracy_score(part["label"], part["prediction"])
        loss = log_loss(part["label"], part[["p_0", "p_1"]].to_numpy(), labels=["0", "1"])
        assert scores[variant, "test", "log_loss", seed] == pytest.approx(loss, rel=1e-5)


def test_findings_are_those_of_the_report_worst_first(tmp_path: Path) -> None:
    export("data.study", findings=tmp_path / "f.json")
    export("data.study", findings=tmp_path / "f.csv")
    found = json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))
    theirs = report("data.study")["findings"]
    key = lambda one: json.dumps(one, sort_keys=True)  # noqa: E731
    assert sorted(found, key=key) == sorted(theirs, key=key) and len(found) > 50
    ranks = [STATUSES.index(one["status"]) for one in found]
    assert ranks == sorted(ranks)
    table = pl.read_csv(tmp_path / "f.csv", infer_schema=False)
    assert table["code"].to_list() == [one["code"] for one in found]
    assert [json.loads(one) for one in table["evidence"].to_list()] == [one["evidence"] for one in found]


def test_nothing_asked_writes_all_three_into_a_folder(
    world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    study = world / "data.study"
    said = brittlestar("export", study)
    assert said.code == 0 and len(said.output.splitlines()) <= 25
    assert {path.name for path in Path("data-export").iterdir()} == {"predictions.csv", "scores.csv", "findings.csv"}
    before = tree(tmp_path)
    again = brittlestar("export", study)
    assert again.code == 2 and "data-export: is there already, and nothing is overwritten" in again.errors[0]
    assert tree(tmp_path) == before
    said = brittlestar("export", study, "--out", "j", "--format", "json", "--json")
    assert {Path(one["place"]).name for one in said.document["written"]} == {
        "predictions.jsonl",
        "scores.json",
        "findings.json",
    }
    assert [one["rows"] for one in said.document["written"]] == [400, pl.read_json("j/scores.json").height, len(
        json.loads(Path("j/findings.json").read_text(encoding="utf-8"))
    )]  # fmt: skip


def test_what_cannot_be_written_is_refused_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        export("data.study", predictions=tmp_path / "p.json", scores=tmp_path / "s.csv", findings=tmp_path / "f.xls")
    notes = [str(problem) for problem in caught.value.problems]
    assert "p.json: '.json' is no format of predictions; use .csv" in notes[0] and ".jsonl" in notes[0]
    assert "s.csv: is there already, and nothing is overwritten" in notes[1]
    assert "'.xls' is no format of findings" in notes[2]
    with pytest.raises(InputError, match="there is no split 'tst'; did you mean 'test'"):
        export("data.study", scores=tmp_path / "x.csv", splits=["tst"])
    with pytest.raises(InputError, match="two tables are to be written there"):
        export("data.study", predictions=tmp_path / "x.csv", scores=tmp_path / "x.csv")
    assert sorted(tree(tmp_path)) == ["s.csv"]
    assert brittlestar("export", "nowhere.study").code == 2


def test_runs_that_gave_labels_alone_stay_so_beside_runs_with_probabilities(tmp_path: Path) -> None:
    export("data.study", predictions=tmp_path / "p.parquet", splits=["test"])
    rows = pl.read_parquet(tmp_path / "p.parquet").filter(pl.col("variant") == "main")
    rows.write_csv(tmp_path / "soft.csv")
    rows.with_columns(variant=pl.lit("hard")).drop("p_0", "p_1").write_csv(tmp_path / "hard.csv")
    given = [tmp_path / "soft.csv", tmp_path / "hard.csv"]
    first = run("data", predictions=given, settings=ALONE, out=tmp_path / "a", executor="serial", report=False)
    export(tmp_path / "a", predictions=tmp_path / "back.csv")
    back = pl.read_csv(tmp_path / "back.csv")
    assert back.filter(pl.col("variant") == "hard")["p_0"].null_count() == 40
    given = tmp_path / "back.csv"
    second = run("data", predictions=given, settings=ALONE, out=tmp_path / "b", executor="serial", report=False)
    assert second.document["variants"] == first.document["variants"] | {
        name: {
            **one,
            "title": second.document["variants"][name]["title"],
            "changes": second.document["variants"][name]["changes"],
        }
        for name, one in first.document["variants"].items()
    }
    gap = back.with_columns(pl.when(pl.col("id") == back["id"][0]).then(None).otherwise(pl.col("p_0")).alias("p_0"))
    gap.filter(pl.col("variant") == "main").write_csv(tmp_path / "gap.csv")
    with pytest.raises(InputError, match="column 'p_0' has 2 rows without a number"):
        check("data", predictions=tmp_path / "gap.csv", limits=False)


def test_rows_that_every_seed_draws_anew_are_left_out_and_said_so(tmp_path: Path) -> None:
    settings = {"training.epochs": "1", "streams.sampling": "varied", "model.family": "bag", "probes.suite": "none"}
    run("data", seeds=2, settings=ALONE | settings, executor="serial", out=tmp_path / "s", report=False)
    result = export(tmp_path / "s", predictions=tmp_path / "p.csv")
    assert set(pl.read_csv(tmp_path / "p.csv")["split"]) == {"dev", "test"}
    assert result.notes == ("train is left out: every seed drew its rows anew, so they are not those of the file",)
