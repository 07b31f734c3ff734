"""Damage to the store: detected by hash wherever the store is read, named, and done again on request."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from brittlestar.core.errors import InputError, StoreError
from brittlestar.reports.showing import Document
from brittlestar.verbs.report import report
from brittlestar.verbs.run import run
from brittlestar.verbs.status import status
from tests.execution.tiny import attempts, contents, finished, write_split, write_study

Damage = Callable[[Path], None]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished store of three cells."""
    folder = tmp_path_factory.mktemp("whole")
    study = write_study(folder, seeds=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("brittlestar.pipeline.run.build_report", lambda store, reading: Document({}))
        run(study, out=folder / "my store", executor="serial")
    return folder


@pytest.fixture
def store(whole: Path, tmp_path: Path, no_report: None) -> Path:
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    return tmp_path / "my store"


def cell_of(store: Path, variant: str = "lstm") -> str:
    document = json.loads((store / "study.json").read_bytes())
    return next(cell["hash"] for cell in document["cells"] if cell["variant"] == variant)


def flip(path: Path) -> None:
    """Change one bit in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def change_a_score(path: Path) -> None:
    """What a hash of the other files alone would not see."""
    document = json.loads(path.read_bytes())
    document["scores"]["test"]["best"]["accuracy"] = 0.99
    path.write_text(json.dumps(document), encoding="utf-8")


def add(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


@pytest.mark.parametrize(
    ("name", "damage", "what"),
    [
        ("log.txt", add, "log.txt does not match its hash"),
        ("weights-best.safetensors", flip, "weights-best.safetensors does not match its hash"),
        ("curves.parquet", Path.unlink, "curves.parquet is missing"),
        ("outcome.json", flip, "outcome.json "),
        ("outcome.json", truncate, "outcome.json cannot be read"),
        ("outcome.json", change_a_score, "outcome.json does not match its own hash"),
        ("outcome.json", lambda path: path.write_bytes(b"[]"), "outcome.json has no hashes"),
        ("outcome.json", Path.unlink, "outcome.json is missing"),
    ],
)
def test_damage_is_named_with_the_command_that_mends_it(store: Path, name: str, damage: Damage, what: str) -> None:
    digest = cell_of(store)
    damage(store / "cells" / digest / name)
    with pytest.raises(StoreError) as told:
        status(store)
    (problem,) = told.value.problems
    assert problem.what.startswith(f"cell {digest[:12]} is damaged: {what}")
    assert problem.where == str(store / "cells" / digest)
    assert problem.hint == f"do it again with: brittlestar run '{store}' --cell {digest[:12]}"


@pytest.mark.parametrize("kind", ["run of the study", "run of the store", "report", "status"])
def test_every_verb_that_reads_the_store_sees_all_damage_at_once(store: Path, kind: str) -> None:
    digests = [cell_of(store), cell_of(store, "bag")]
    for digest in digests:
        flip(store / "cells" / digest / "predictions.parquet")
    before, lines = contents(store), len(attempts(store))
    with pytest.raises(StoreError) as told:
        match kind:
            case "run of the study":
                run(store.parent / "study.yaml", out=store, executor="serial")
            case "run of the store":
                run(store, executor="serial")
            case "report":
                report(store)
            case _:
                status(store)
    assert {problem.what[5:17] for problem in told.value.problems} == {digest[:12] for digest in digests}
    assert contents(store) == before and len(attempts(store)) == lines


@pytest.mark.parametrize("place", ["study", "store"])
def test_a_damaged_cell_is_done_again_on_request_with_the_same_bytes(store: Path, place: str) -> None:
    before = contents(store)
    digest = cell_of(store)
    truncate(store / "cells" / digest / "outcome.json")
    target = store if place == "store" else store.parent / "study.yaml"
    result = run(target, out=None if place == "store" else store, executor="serial", cell=digest[:12])
    assert result.exit_code == 0 and {cell.state for cell in result.record.cells} == {"done"}
    after = contents(store)
    aside = {path for path in after if path.startswith(f"cells/{digest}.1/")}
    assert len(aside) == 8 and {path: content for path, content in after.items() if path not in aside} == before


def test_scores_on_a_later_split_are_guarded_and_done_again(store: Path) -> None:
    write_split(store.parent / "data", "shift_later")
    run(store.parent / "study.yaml", out=store, executor="serial")
    before = contents(store)
    digest = cell_of(store)
    (later,) = (store / "derived" / digest).glob("shift_later-*")
    flip(later / "predictions.parquet")
    with pytest.raises(StoreError, match=f"cell {digest[:12]} on shift_later is damaged: predictions"):
        status(store)
    lines = len(attempts(store))
    run(store, executor="serial", cell=digest[:12])
    assert len(attempts(store)) == lines, "nothing is trained again"
    assert {path: content for path, content in contents(store).items() if ".1/" not in path} == before


def test_timing_is_no_evidence(store: Path) -> None:
    (store / "cells" / cell_of(store) / "timing.json").write_bytes(b"{")
    assert status(store)["states"] == {"done": 3}


def test_a_folder_under_another_name_is_not_taken_for_that_cell(store: Path) -> None:
    lstm, bag = cell_of(store), cell_of(store, "bag")
    shutil.rmtree(store / "cells" / bag)
    shutil.copytree(store / "cells" / lstm, store / "cells" / bag)
    with pytest.raises(StoreError, match=f"it was written as {lstm[:12]} and has another name now"):
        status(store)


def test_a_damaged_study_json_is_written_anew_by_a_run_of_the_study(store: Path) -> None:
    before = contents(store)
    flip(store / "study.json")
    for verb in (status, report, lambda place: run(place, executor="serial")):
        with pytest.raises(InputError, match=r"study\.json .*run the study again from its data or study file"):
            verb(store)
    run(store.parent / "study.yaml", out=store, executor="serial")
    assert contents(store) == before


def test_a_damaged_claims_file_is_not_replaced(store: Path) -> None:
    truncate(store / "claims.json")
    with pytest.raises(InputError, match=r"claims\.json cannot be read: .*put it back from a copy"):
        run(store.parent / "study.yaml", out=store, executor="serial")


def test_the_index_and_the_encoded_data_are_rebuilt_at_will(store: Path) -> None:
    before = contents(store)
    (store / "index.parquet").unlink()
    shutil.rmtree(store / "data")
    with pytest.raises(StoreError, match=r"the encoded data cannot be opened .*run the study again"):
        status(store)
    run(store.parent / "study.yaml", out=store, executor="serial")
    assert contents(store) == before


def test_what_a_kill_left_behind_is_swept_and_nothing_else(store: Path) -> None:
    before = contents(store)
    for debris in (".study.json.x.part", "cells/.abc.part/cell.json", "derived/abc/.test-1.part/outcome.json"):
        (store / debris).parent.mkdir(parents=True, exist_ok=True)
        (store / debris).write_bytes(b"half")
    (store / "progress.json").write_bytes(b'{"running": [{"hash": "stale"}]}')
    (store / "report").mkdir(exist_ok=True)
    (store / "report" / "notes.part").write_bytes(b"mine")
    run(store, executor="serial")
    assert contents(store) == before | {"report/notes.part": b"mine"} and len(finished(store)) == 3


def test_damaged_arrays_of_a_split_are_named_and_written_anew_from_the_data(store: Path) -> None:
    before = contents(store)
    labels = store / "data" / "test" / "labels.npy"
    labels.write_bytes(labels.read_bytes()[:-1] + b"\x7f")
    for verb in (status, report, run):
        with pytest.raises(StoreError, match="the arrays of test are damaged: they do not match their hash"):
            verb(store)
    result = run(store.parent / "study.yaml", out=store, executor="serial")
    assert result.exit_code == 0 and contents(store) == before
