"""Records of studies whose models read files: given predictions, and tables of vectors."""

import shutil
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from brittlestar import run, seal, verify
from brittlestar.execution.serial import Serial
from brittlestar.records.rerunning import name_files, point_to_record
from brittlestar.verbs.verify import VerifyResult
from tests.execution.tiny import write_split
from tests.records.forging import edit_json, forge

STUDY_FILE = "code/study.yaml"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    for name, rows in (("train", 60), ("dev", 20), ("test", 30)):
        write_split(folder / "data", name, rows)
    return folder


@pytest.fixture(scope="module")
def given(here: Path) -> Path:
    lines = ["id,split,prediction"]
    for split, rows in (("train", 60), ("dev", 20), ("test", 30)):
        lines += [f"{split}{number},{split},{'yes' if number % 3 else 'no'}" for number in range(rows)]
    (here / "preds.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    asked = {"probes.suite": "none"}
    run(here / "data", predictions=[str(here / "preds.csv")], settings=asked, out=here / "given.study",
        executor="serial", progress=False)  # fmt: skip
    return Path(seal(here / "given.study", with_data=True).place)


@pytest.fixture(scope="module")
def frozen(here: Path) -> Path:
    words = ["".join(pair) for pair in product("abcd", "xy")]
    (here / "vectors.txt").write_text("".join(f"{word} {k}.5 1\n" for k, word in enumerate(words)), encoding="utf-8")
    embedding = {"mode": "frozen-pretrained", "table": str(here / "vectors.txt"), "dim": "2"}
    asked = {f"model.embedding.{name}": value for name, value in embedding.items()}
    asked |= {"model.family": "mean", "training.epochs": "2", "variants": "{}", "probes.suite": "none"}
    run(here / "data", seeds=2, settings=asked, out=here / "frozen.study", executor="serial", progress=False)
    return Path(seal(here / "frozen.study", with_data=True).place)


def outcomes(result: VerifyResult) -> dict[str, str]:
    return {part.what: part.outcome for part in result.checked}


def test_given_predictions_are_in_a_record_and_followed(given: Path, tmp_path: Path) -> None:
    alone = shutil.copy(given, tmp_path / "given.zip")
    plain = verify(alone)
    assert {*outcomes(plain).values()} == {"identical"}, [part for part in plain.checked if part.details]
    found = verify(alone, depth="replicate", executor=Serial())
    assert outcomes(found)["verdicts on fresh seeds"] == "cannot-tell"
    assert "predictions were given" in found.checked[-1].details[0]


def test_runs_on_a_table_are_trained_again_without_it(frozen: Path, here: Path, tmp_path: Path) -> None:
    alone = shutil.copy(frozen, tmp_path / "frozen.zip")
    (here / "vectors.txt").rename(here / "hidden.txt")
    try:
        found = verify(alone, depth="retrain", cells=2, executor=Serial())
    finally:
        (here / "hidden.txt").rename(here / "vectors.txt")
    assert {*outcomes(found).values()} == {"identical"}, [part for part in found.checked if part.details]
    assert len(found.checked[-1].details) == 2


def test_variants_stay_in_the_order_in_which_findings_name_them(here: Path) -> None:
    variants = '{"still": {"model.pooling": "max"}, "brief": {"model.pooling": "last"}}'
    asked = {"variants": variants, "training.epochs": "2", "probes.suite": "none"}
    run(here / "data", seeds=1, settings=asked, out=here / "order.study", executor="serial", progress=False)
    found = verify(seal(here / "order.study", with_data=True).place)
    assert {*outcomes(found).values()} == {"identical"}, [part for part in found.checked if part.details]


def test_a_file_that_changed_after_the_study_is_not_sealed(here: Path, frozen: Path) -> None:
    before = (here / "vectors.txt").read_text(encoding="utf-8")
    (here / "vectors.txt").write_text(before.replace("1\n", "2\n", 1), encoding="utf-8")
    try:
        sealed = seal(here / "frozen.study", with_data=True, out=here / "later.zip")
    finally:
        (here / "vectors.txt").write_text(before, encoding="utf-8")
    assert any("has changed since the study was set up" in note for note in sealed.notes)
    assert outcomes(verify(sealed.place))["audit of the data"] == "cannot-tell"


def swap_table(written: str) -> Any:
    def change(folder: Path) -> None:
        edit_json(folder / STUDY_FILE, lambda one: one["model"]["embedding"].update(table=written))

    return change


def edit_table(folder: Path) -> None:
    (place,) = (folder / "files").rglob("vectors.txt")
    place.write_text(place.read_text(encoding="utf-8").replace("0.5 1", "9.5 1"), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (swap_table("/etc/hostname"), "names a file that is not in the record"),
        (swap_table("../files/../../secret.txt"), "names a file that is not in the record"),
        (swap_table("../rows/train.parquet"), "names a file that is not in the record"),
        (edit_table, "is not the file"),
    ],
)
def test_a_record_reads_no_file_elsewhere(frozen: Path, tmp_path: Path, change: Any, words: str) -> None:
    found = verify(forge(frozen, tmp_path / "forged.zip", change))
    notes = [line for part in found.checked if part.outcome == "differs" for line in part.details]
    assert found.outcome == "differs" and any(words in line for line in notes), notes


def test_names_are_plain_and_settings_point_to_them() -> None:
    names = name_files({"a/b/vectors.txt": "f" * 64, "/x/über weit.csv": "e" * 64, "c:\\d\\p.csv": "d" * 64})
    assert [*names.values()] == [f"files/{'f' * 12}/vectors.txt", f"files/{'e' * 12}/file", f"files/{'d' * 12}/p.csv"]
    values = {
        "model": {"own": "a/b/vectors.txt", "embedding": {"table": "a/b/vectors.txt"}, "predictions": ["c:\\d\\p.csv"]},
        "variants": {"other": {"model.embedding.table": "a/b/vectors.txt", "model.hidden": 3}},
    }
    told = point_to_record(values, names)
    assert told["model"]["own"] == "a/b/vectors.txt", "only settings that name such files"
    assert told["model"]["embedding"]["table"] == told["variants"]["other"]["model.embedding.table"]
    assert told["model"]["predictions"] == [f"../files/{'d' * 12}/p.csv"]
