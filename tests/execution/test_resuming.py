"""Going on from the store alone, and what may not be mixed."""

import json
import os
import shutil
from pathlib import Path

import pytest

from brittlestar.core.errors import InputError, StoreError
from brittlestar.execution import environment
from brittlestar.verbs.audit import audit
from brittlestar.verbs.run import run
from tests.execution.tiny import attempts, contents, finished, forget, write_study

pytestmark = pytest.mark.usefixtures("no_report")


def classes(store: Path) -> dict[str, str]:
    return {
        path.parent.name: json.loads(path.read_bytes())["environment_class"] for path in store.glob("cells/*/cell.json")
    }


def open_again(store: Path, number: int = 1) -> list[str]:
    """Take `number` finished cells away; their hashes."""
    gone = sorted(finished(store))[:number]
    for digest in gone:
        shutil.rmtree(store / "cells" / digest)
    return gone


def test_a_store_is_finished_from_itself_and_gives_the_same_bytes(tmp_path: Path) -> None:
    study = write_study(tmp_path, seeds=2)
    run(study, out=tmp_path / "store", executor="serial")
    before = contents(tmp_path / "store")
    open_again(tmp_path / "store", 3)
    shutil.rmtree(tmp_path / "data")
    study.unlink()
    assert run(tmp_path / "store", executor="serial").exit_code == 0
    assert contents(tmp_path / "store") == before


def test_a_store_takes_more_seeds_and_other_settings_on_its_own_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = write_study(tmp_path, seeds=1)
    run(study, out=tmp_path / "store", executor="serial", settings={"training.batch_size": "20"})
    before = contents(tmp_path / "store")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    result = run("../store", seeds=2, executor="serial")
    assert result.exit_code == 0 and len(result.record.cells) == 6
    after = contents(tmp_path / "store")
    assert all(after[name] == before[name] for name in before if name.startswith("cells/"))
    kept = {cell.hash for cell in result.record.cells}
    assert kept >= {name.split("/")[1] for name in before if name.startswith("cells/")}  # still batches of 20
    other = run("../store", out=tmp_path / "other", settings={"training.epochs": "1"}, executor="serial")
    assert other.store == tmp_path / "other" and {cell.epochs for cell in other.record.cells} == {1}
    assert len(other.record.cells) == 6 and contents(tmp_path / "store") == after
    unnamed = run("../store", settings={"training.epochs": "1"}, executor="serial")
    assert unnamed.store == Path("../store-2.study") and contents(tmp_path / "store") == after
    assert unnamed.record.name == "store-2"


def test_a_store_of_a_folder_remembers_columns_and_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_study(tmp_path, seeds=1)
    monkeypatch.chdir(tmp_path)
    for path in Path("data").iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace("sequence", "text"), encoding="utf-8")
    small = {"model.family": "mean", "training.epochs": "1", "variants": "{}"}
    run("data", columns={"sequence": "text"}, settings=small, seeds=1, executor="serial")
    result = run("data.study", seeds=2, executor="serial")
    assert [cell.seed for cell in result.record.cells] == [0, 1] and result.exit_code == 0
    assert {cell.epochs for cell in result.record.cells} == {1}
    alone = audit("data.study")
    assert alone.document["data"]["splits"]["train"]["rows"] == 60


def test_own_code_that_changed_is_not_passed_off_as_the_old(tmp_path: Path) -> None:
    study = write_study(tmp_path, seeds=1, more="  own: {model.own: 'own:fit'}\n")
    source = "def fit(train, dev, seed):\n    return lambda rows: [[0.5, 0.5] for _ in rows]\n"
    (tmp_path / "own.py").write_text(source, encoding="utf-8")
    run(study, out=tmp_path / "store", executor="serial")
    (tmp_path / "own.py").write_text(source.replace("0.5, 0.5", "0.4, 0.6"), encoding="utf-8")
    forget("own")
    with pytest.raises(InputError, match=r"the code of own:fit \(variant own\) changed since this study") as caught:
        run(tmp_path / "store", executor="serial")
    again = f"brittlestar run {os.path.relpath(study)} --out {os.path.relpath(tmp_path / 'store')}"
    assert f"set it up again: {again}; unchanged variants" in str(caught.value)
    result = run(study, out=tmp_path / "store", executor="serial")
    assert sum(line["event"] == "done" for line in attempts(tmp_path / "store")) == 5
    assert {cell.state for cell in result.record.cells} == {"done"}


def test_another_environment_is_refused_before_anything_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = write_study(tmp_path, seeds=1)
    run(study, out=tmp_path / "store", executor="serial")
    open_again(tmp_path / "store")
    before = contents(tmp_path / "store")
    here = set(classes(tmp_path / "store").values()).pop()
    real = environment.packages
    monkeypatch.setattr(environment, "packages", lambda: real() | {"torch": "9.9"})
    for target in (study, tmp_path / "store"):
        with pytest.raises(StoreError) as told:
            run(target, out=None if target != study else tmp_path / "store", executor="serial")
        (problem,) = told.value.problems
        assert f"computed by another environment (class {here}; this one is " in problem.what
        assert "--out DIR" in problem.hint and "--mix-environments" in problem.hint
        assert contents(tmp_path / "store") == before


def test_environments_are_mixed_knowingly_and_each_cell_says_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = write_study(tmp_path, seeds=1)
    run(study, out=tmp_path / "store", executor="serial")
    gone = open_again(tmp_path / "store", 2)
    before = classes(tmp_path / "store")
    real = environment.packages
    monkeypatch.setattr(environment, "packages", lambda: real() | {"torch": "9.9"})
    run(tmp_path / "store", executor="serial", mix_environments=True, cell=gone[0])
    result = run(study, out=tmp_path / "store", executor="serial", mix_environments=True)
    assert any(note.startswith("mixed environments: cells of ") for note in result.record.notes)
    after = classes(tmp_path / "store")
    assert {digest: name for digest, name in after.items() if digest not in gone} == before
    assert not {after[digest] for digest in gone} & {*before.values()}


def test_given_predictions_are_never_trained_from_a_store(tmp_path: Path) -> None:
    write_study(tmp_path)
    rows = (tmp_path / "data" / "test.csv").read_text(encoding="utf-8").splitlines()[1:]
    for seed in (0, 1):
        lines = [f"{row.split(',')[0]},test,mine,{seed},yes" for row in rows]
        text = "\n".join(["id,split,variant,seed,prediction", *lines]) + "\n"
        (tmp_path / f"mine_{seed}.csv").write_text(text, encoding="utf-8")
    files = [str(tmp_path / f"mine_{seed}.csv") for seed in (0, 1)]
    result = run(tmp_path / "data", predictions=files, out=tmp_path / "store", executor="serial")
    imported = [cell.hash for cell in result.record.cells if cell.outcome == "imported"]
    assert len(imported) == 2 and {c.outcome for c in result.record.cells if c.variant == "bag"} == {"trained"}
    before = contents(tmp_path / "store")
    gone = imported[1]
    shutil.rmtree(tmp_path / "store" / "cells" / gone)
    result = run(tmp_path / "store", executor="serial")
    assert {cell.hash: cell.state for cell in result.record.cells}[gone] == "planned"
    run(tmp_path / "data", predictions=files, out=tmp_path / "store", executor="serial", cell=gone[:12])
    assert contents(tmp_path / "store") == before
