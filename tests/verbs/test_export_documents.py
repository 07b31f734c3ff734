"""Settings, and MLflow runs that MLflow reads back."""

import inspect
import json
import os
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from brittlestar import InputError, export, report
from brittlestar.core.errors import MissingExtraError
from brittlestar.store.attempts import read_attempts
from brittlestar.store.layout import Store
from brittlestar.verbs.exporters import EXPORTERS, name_option
from tests.command import brittlestar, tree
from tests.zoo import Zoo

MLFLOW = "mlflow with a SQLite store is some fifty packages: pip install 'brittlestar[mlflow]'"


@pytest.fixture(autouse=True)
def world(zoo: Zoo, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory is that of a study of two variants from two seeds; it is left as it is."""
    monkeypatch.chdir(zoo.find("trained"))
    return Path.cwd()


def curves(world: Path, cell: dict[str, Any]) -> dict[str, list[float]]:
    """The curves of a cell as they are stored."""
    frame = pl.read_parquet(world / "data.study" / "cells" / cell["hash"] / "curves.parquet")
    return {name: frame[name].to_list() for name in frame.columns if name != "epoch"}


@pytest.mark.filterwarnings("ignore")
def test_mlflow_reads_a_parent_with_a_child_for_each_run(
    tmp_path: Path, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mlflow = pytest.importorskip("mlflow", reason=MLFLOW)
    pytest.importorskip("alembic", reason=MLFLOW)
    study = os.path.relpath(world / "data.study", tmp_path)
    monkeypatch.chdir(tmp_path)
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    said = brittlestar("export", study, "--mlflow", uri, "--json")
    assert said.code == 0 and said.document["written"] == [{"kind": "mlflow", "place": uri, "rows": None, "runs": 4}]
    client = mlflow.MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name("data")
    runs = client.search_runs([experiment.experiment_id], max_results=100)
    (parent,) = [run for run in runs if "mlflow.parentRunId" not in run.data.tags]
    children = {(run.data.tags["variant"], int(run.data.tags["seed"])): run for run in runs if run is not parent}
    document = report(study)
    assert parent.data.tags["brittlestar.real"] == document["headline"]["real"]["answer"]
    assert parent.data.metrics["headline/hwa"] == pytest.approx(document["headline"]["score"]["mean"])
    assert {artifact.path for artifact in client.list_artifacts(parent.info.run_id)} == {"headline.txt", "report"}
    inside = {artifact.path for artifact in client.list_artifacts(parent.info.run_id, "report")}
    assert {"report/report.html", "report/results.json"} <= inside
    attempts = [*read_attempts(Store(Path(study)))]
    for cell in document["cells"]:
        child = children.pop((cell["variant"], cell["seed"]))
        assert child.data.tags["mlflow.parentRunId"] == parent.info.run_id and child.info.status == "FINISHED"
        assert child.data.params["training.epochs"] == "1" and child.data.params["seed"] == str(cell["seed"])
        for name in ("train.loss", "dev.accuracy"):
            history = client.get_metric_history(child.info.run_id, name.replace(".", "/", 1))
            wanted = {k: v for k, v in enumerate(curves(world, cell)[name]) if v is not None and v == v}
            assert {one.step: one.value for one in history} == pytest.approx(wanted), name
        (done,) = [
            attempt["at"] for attempt in attempts if attempt["cell"] == cell["hash"] and attempt["event"] == "done"
        ]
        assert child.info.end_time == round(1000 * done) and child.info.start_time <= child.info.end_time
    assert children == {}
    again = brittlestar("export", study, "--mlflow", uri)
    assert again.code == 2 and f"this study is there already, as run {parent.info.run_id}" in again.errors[0]
    assert len(client.search_runs([experiment.experiment_id], max_results=100)) == len(runs)


def test_without_its_library_a_tracker_says_what_to_install_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(MissingExtraError, match=r"mlflow is not installed.*brittlestar\[mlflow\]"):
        export("data.study", predictions=tmp_path / "p.csv", mlflow=str(tmp_path / "t"))
    assert tree(tmp_path) == {}


def test_nothing_is_overwritten_and_a_table_is_no_study(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("variant,seed,score\nx,0,0.5\nx,1,0.6\n", encoding="utf-8")
    with pytest.raises(InputError, match="not a study's folder"):
        export(tmp_path / "t.csv", settings=tmp_path / "settings.yaml")
    (tmp_path / "settings.yaml").write_text("mine", encoding="utf-8")
    said = brittlestar("export", "data.study", "--settings", tmp_path / "settings.yaml")
    assert said.code == 2 and "nothing is overwritten; name another: --settings FILE" in said.errors[0]
    assert json.loads(brittlestar("export", "data.study", "--settings", tmp_path / "s.yaml", "--json").output)[
        "written"
    ]


def test_no_two_exports_go_to_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = Path("data.study").absolute()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="two exports are to be written there"):
        export(study, scores="x.csv", settings="x.csv")
    assert tree(tmp_path) == {}


def test_every_exporter_is_a_parameter_of_the_verb_and_an_option_of_the_command() -> None:
    said = brittlestar("export", "-h").output
    for name, exporter in EXPORTERS.items():
        assert name in inspect.signature(export).parameters and f"{name_option(name)} {exporter.takes}" in said, name
