"""Going on from the store alone, and what may not be mixed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from brittlestar.core.errors import InputError, StoreError
from brittlestar.execution import environment
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


def test_a_moved_store_of_built_in_models_goes_on(tmp_path: Path) -> None:
    study = write_study(tmp_path / "here", seeds=1)
    run(study, out=tmp_path / "here" / "store", executor="serial")
    (tmp_path / "far").mkdir()
    shutil.move(tmp_path / "here" / "store", tmp_path / "far" / "store")
    open_again(tmp_path / "far" / "store")
    assert run(tmp_path / "far" / "store", executor="serial").exit_code == 0


def test_settings_of_a_store_are_not_overridden(tmp_path: Path) -> None:
    run(write_study(tmp_path, seeds=1), out=tmp_path / "store", executor="serial")
    with pytest.raises(InputError, match="a store holds its study's settings"):
        run(tmp_path / "store", seeds=3)


def test_own_code_that_changed_is_not_passed_off_as_the_old(tmp_path: Path) -> None:
    study = write_study(tmp_path, seeds=1, more="  own: {model.own: 'own:fit'}\n")
    source = "def fit(train, dev, seed):\n    return lambda rows: [[0.5, 0.5] for _ in rows]\n"
    (tmp_path / "own.py").write_text(source, encoding="utf-8")
    run(study, out=tmp_path / "store", executor="serial")
    (tmp_path / "own.py").write_text(source.replace("0.5, 0.5", "0.4, 0.6"), encoding="utf-8")
    forget("own")
    with pytest.raises(InputError, match=r"the code of own:fit \(variant own\) changed since this study was set up"):
        run(tmp_path / "store", executor="serial")
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


@pytest.mark.parametrize("target", ["study", "store"])
def test_environments_are_mixed_knowingly_and_each_cell_says_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    study = write_study(tmp_path, seeds=1)
    run(study, out=tmp_path / "store", executor="serial")
    (gone,) = open_again(tmp_path / "store")
    before = classes(tmp_path / "store")
    real = environment.packages
    monkeypatch.setattr(environment, "packages", lambda: real() | {"torch": "9.9"})
    if target == "study":
        result = run(study, out=tmp_path / "store", executor="serial", mix_environments=True)
        assert any(note.startswith("mixed environments: cells of ") for note in result.record.notes)
    else:
        run(tmp_path / "store", executor="serial", mix_environments=True)
    after = classes(tmp_path / "store")
    assert {digest: name for digest, name in after.items() if digest != gone} == before
    assert after[gone] not in before.values()


def test_a_failed_cell_of_another_environment_is_in_nobodys_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = write_study(tmp_path, seeds=1)
    study.write_text("name: t\ndata: {path: data}\nmodel: {own: 'own:fit'}\nseeds: 1\n", encoding="utf-8")
    (tmp_path / "own.py").write_text("def fit(train, dev, seed):\n    raise ValueError\n", encoding="utf-8")
    run(study, out=tmp_path / "store", executor="serial")
    real = environment.packages
    monkeypatch.setattr(environment, "packages", lambda: real() | {"torch": "9.9"})
    assert run(study, out=tmp_path / "store", executor="serial").exit_code == 1


def test_given_predictions_are_never_trained_from_a_store(tmp_path: Path) -> None:
    write_study(tmp_path)
    rows = (tmp_path / "data" / "test.csv").read_text(encoding="utf-8").splitlines()[1:]
    for seed in (0, 1):
        lines = [f"{row.split(',')[0]},test,mine,{seed},yes" for row in rows]
        text = "\n".join(["id,split,arm,seed,prediction", *lines]) + "\n"
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
