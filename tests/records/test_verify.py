"""A record is sealed, verified, and forged in ways that its hashes do not show."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from brittlestar import report, run, seal, verify
from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError, StoreError
from brittlestar.core.hashing import file_digest, parquet_bytes
from brittlestar.execution.serial import Serial
from brittlestar.records.checking import read_file
from brittlestar.records.outcomes import Checked, compare_documents, judge
from brittlestar.records.sources import open_source
from brittlestar.records.verify.recomputing import allow_for_version
from brittlestar.records.verify.replicating import VerdictAgain
from brittlestar.records.verify.runs import list_missing
from brittlestar.store.layout import open_store
from brittlestar.store.lock import lock_alone
from brittlestar.study.settings import Study
from brittlestar.verbs.verify import VerifyResult
from tests.command import brittlestar
from tests.execution.tiny import write_split
from tests.records.changed_records import AUDIT, SUMMARY, Change, find, put, replace
from tests.records.forging import edit_json, forge, rehash_cell

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sealed")
    for name, rows in (("train", 80), ("dev", 40), ("test", 60)):
        write_split(folder / "data", name, rows)
    asked = {"training.epochs": "2", "model.hidden": "8", "probes.only": "[order]"}
    run(folder / "data", seeds=2, settings=asked, out=folder / "a.study", executor="serial", progress=False)
    return folder / "a.study"


@pytest.fixture(scope="module")
def record(study: Path) -> Path:
    return Path(seal(study, with_data=True).place)


def outcomes(result: VerifyResult) -> dict[str, str]:
    return {part.what: part.outcome for part in result.checked}


def test_a_record_follows_from_itself(record: Path, study: Path) -> None:
    found = verify(record, depth="retrain", cells=1, executor=Serial())
    assert found.outcome == "identical" and found.exit_code == 0 and {*outcomes(found).values()} == {"identical"}


def test_the_root_hash_is_that_of_the_same_study_and_of_no_other(record: Path, study: Path) -> None:
    sealed = seal(study, with_data=True)
    found = verify(record, root=sealed.printed, depth="hashes")
    assert found.outcome == "identical" and found.root == sealed.root
    other = verify(record, root="0" * 32, depth="hashes")
    assert outcomes(other)["root hash"] == "differs" and other.exit_code == 3


def test_what_only_training_again_shows_is_named(record: Path, tmp_path: Path) -> None:
    def forge_run(folder: Path) -> None:
        place = cells_of(folder)[0] / "steps.parquet"
        pl.read_parquet(place).with_columns(pl.col("loss") * (1 + 1e-12)).write_parquet(place)
        rehash_cell(place.parent)

    forged = forge(record, tmp_path / "forged.zip", forge_run)
    found = verify(forged, depth="retrain", cells=4, executor=Serial())
    assert {what for what, outcome in outcomes(found).items() if outcome == "differs"} == {"runs trained again"}
    (wrong,) = [detail for detail in found.checked[-1].details if "not the same" in detail]
    assert "steps.parquet" in wrong and wrong.startswith("main seed 0: ")


def test_answers_to_probes_are_asked_for_again(record: Path, tmp_path: Path) -> None:
    def forge_answers(folder: Path) -> None:
        (place, *_) = sorted((folder / "study" / "derived").glob("*/probes-*"))
        confidence = np.load(place / "confidence.npy")
        confidence[-1] = np.nextafter(confidence[-1], np.float32(0))
        np.save(place / "confidence.npy", confidence)
        rehash_cell(place)

    forged = forge(record, tmp_path / "forged.zip", forge_answers)
    found = verify(forged, depth="retrain", cells=4, executor=Serial())
    assert {what for what, outcome in outcomes(found).items() if outcome == "differs"} == {"runs trained again"}
    assert any("probes: confidence.npy" in detail for detail in found.checked[-1].details)


def test_answers_to_some_rows_alone_are_no_sample(record: Path, tmp_path: Path) -> None:
    def leave_out(folder: Path) -> None:
        place = cells_of(folder)[0] / "predictions.parquet"
        table = pl.read_parquet(place)
        table.filter((pl.col("split") != "test") | (pl.col("row") % 7 != 3)).write_parquet(place)
        rehash_cell(place.parent)

    found = verify(forge(record, tmp_path / "forged.zip", leave_out))
    (scores,) = [part for part in found.checked if part.what == "scores follow from predictions"]
    assert scores.outcome == "differs" and all("answers to 51 rows" in detail for detail in scores.details)


@pytest.mark.parametrize(
    ("settings", "given", "seeds", "told"),
    [
        ({}, {"seeds": [1, 4]}, {"main": (1, 4), "bag": (1,)}, ["bag seed 4"]),
        ({}, {"seeds": 2}, {"main": (0, 1, 2), "bag": (0, 1)}, []),
        ({"seeds": "3"}, {"seeds": 2}, {"main": (0, 1, 2), "bag": (0, 1)}, ["bag seed 2"]),
        ({}, {}, {"main": (0, 1, 2, 3, 4, 5), "bag": (1, 2, 3, 4)}, ["bag seed 0"]),
        ({}, {"seeds": "many"}, {"main": (0, 1), "bag": (0,)}, []),
    ],
)
def test_a_seed_that_every_variant_was_planned_with_is_missed(
    settings: dict[str, str], given: dict[str, Any], seeds: dict[str, tuple[int, ...]], told: list[str]
) -> None:
    plain = Study.model_validate({"name": "a", "data": {"path": "data"}}).model_dump(mode="json")
    cells = tuple(
        Cell(variant, seed, plain, {}, f"{variant}{seed}") for variant, some in seeds.items() for seed in some
    )
    document = {"asked": {"settings": settings}, "given": given, "seeds": sorted({cell.seed for cell in cells})}
    found = [*list_missing(document, cells)]
    assert [one.partition(" is ")[0] for one in found] == told


def test_nothing_is_withheld_but_weights_and_tokens(record: Path, tmp_path: Path) -> None:
    def withhold(folder: Path) -> None:
        key = f"cells/{cells_of(folder)[0].name}/predictions.parquet"
        edit_json(folder / "study" / "withheld.json", lambda one: one["withheld"].append(key))
        (folder / "study" / key).unlink()

    found = verify(forge(record, tmp_path / "forged.zip", withhold))
    assert outcomes(found)["runs are named by their settings"] == "differs"
    assert "predictions.parquet" in found.checked[1].details[0]


def test_verdicts_are_asked_for_on_fresh_seeds(record: Path, study: Path, tmp_path: Path) -> None:
    found = verify(record, depth="replicate", cells=1, executor=Serial())
    told = found.checked[-1]
    assert told.what == "verdicts on fresh seeds" and told.outcome in ("equivalent", "cannot-tell", "differs")
    assert told.details[-1].startswith("Real? ") and "on 2 fresh seeds" in told.details[-1]
    assert not [one for one in study.parent.iterdir() if "again" in one.name], "nothing is left of it"
    bare = seal(study, out=tmp_path / "bare.zip").place
    (last,) = verify(bare, depth="replicate", executor=Serial()).checked[-1:]
    assert last.outcome == "cannot-tell" and "seal --with-data" in last.details[0]


def test_an_own_model_is_run_again_where_its_code_is_trusted(study: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(EXAMPLES / "own_module.py", tmp_path)
    asked = {"training.epochs": "1", "probes.suite": "none", "variants": "{}"}
    run(study.parent / "data", model="own_module:build", seeds=2, settings=asked, out="o.study", progress=False)
    sealed = seal("o.study", with_data=True).place
    (tmp_path / "own_module.py").write_text("raise SystemExit('never run')")
    other = verify(forge(Path(sealed), tmp_path / "forged.zip", other_code))
    assert outcomes(other)["own code"] == "differs" and outcomes(other)["record.json"] == "identical"
    beside = verify(sealed, depth="retrain", cells=4)
    assert beside.outcome == "cannot-tell" and "runs of main are of own code" in beside.checked[-1].details[-1]
    kept = verify(sealed, depth="replicate", cells=1)
    assert {part.outcome for part in kept.checked[-2:]} == {"cannot-tell"} and outcomes(kept)["files"] == "identical"
    trusted = verify(sealed, depth="replicate", cells=1, trust_code=True)
    assert outcomes(trusted)["audit of the data"] == outcomes(trusted)["runs trained again"] == "identical"
    assert "fresh seeds" in trusted.checked[-1].details[-1]


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        ("supported", "supported", "equivalent"),
        ("supported", "refuted", "differs"),
        ("supported", "inconclusive", "cannot-tell"),
        ("inconclusive", "inconclusive", "equivalent"),
        ("yes", "no", "differs"),
        ("no", "cannot-say", "cannot-tell"),
    ],
)
def test_a_verdict_on_fresh_seeds(before: str, after: str, outcome: str) -> None:
    found = VerdictAgain("Real?", before, after, "words")
    assert found.outcome == outcome


def test_the_page_of_a_sealed_study_carries_the_root_hash_until_the_study_changes(study: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.study"
    shutil.copytree(study, own)
    sealed = seal(own, out=tmp_path / "own.zip")
    page = own / "report" / "report.html"
    assert sealed.printed in page.read_text() and "brittlestar verify own.zip --root" in page.read_text()
    report(own)
    assert sealed.printed in page.read_text()
    with open_source(tmp_path / "own.zip") as source:
        assert sealed.printed.encode() not in read_file(source, "report/report.html", 1 << 26)
    edit_json(own / "study.json", lambda one: one.update(title="another"))
    report(own)
    assert sealed.printed not in page.read_text()


def test_without_data_what_can_be_told_is_told(study: Path, tmp_path: Path) -> None:
    sealed = seal(study, out=tmp_path / "bare.zip")
    assert any(key.endswith("tokens.npy") for key in sealed.withheld)
    found = verify(tmp_path / "bare.zip", depth="retrain", executor=Serial())
    told = outcomes(found)
    assert {name for name, outcome in told.items() if outcome == "cannot-tell"} == {
        "data",
        "audit of the data",
        "runs trained again",
    }
    assert found.outcome == "cannot-tell" and found.exit_code == 4
    whole = (tmp_path / "bare.zip").read_bytes()
    rows = pl.read_parquet(study / "data" / "train" / "rows.parquet")
    assert all("".join(tokens).encode() not in whole for tokens in rows["tokens"].to_list() if len(tokens) > 3)


def test_a_folder_is_a_record_too(study: Path, tmp_path: Path, record: Path) -> None:
    sealed = seal(study, out=tmp_path / "folder", folder=True, with_data=True)
    assert sealed.root == verify(record, depth="hashes").root and verify(tmp_path / "folder").outcome == "identical"
    (tmp_path / "folder" / "study" / "more.txt").write_text("x")
    (tmp_path / "folder" / "README.md").unlink()
    found = verify(tmp_path / "folder")
    assert found.checked[0].details == ("1 file missing: README.md", "study/more.txt was added")
    assert len(found.checked) == 1, "nothing is read of a record that differs"


def test_what_was_sealed_is_said_first_and_files_of_runs_by_variant_and_seed(study: Path, tmp_path: Path) -> None:
    seal(study, out=tmp_path / "folder", folder=True, with_data=True)
    said = brittlestar("verify", tmp_path / "folder", "--depth", "hashes").output.split("\nidentical")[0]
    assert said.startswith("Record     Every file is the one that was sealed.\nRoot ") and " points of " in said
    told = " ".join(said.split())
    assert "It does not prove when they were made, or that the runs took place (--depth retrain" in told
    assert all(one in told for one in ("Real?", "Sound?", "so, unproven): main > best-trivial by 0.01 on accuracy: "))
    claims = json.loads((study / "report" / "results.json").read_bytes())["claims"]
    verdicts = [f"{one['claim']}: {one['sentence'].partition(':')[0].lower()}" for one in claims]
    assert verdicts and all(verdict in told for verdict in verdicts), "each claim has its verdict beside it"
    assert all(verdict in (tmp_path / "folder" / "README.md").read_text(encoding="utf-8") for verdict in verdicts)
    shutil.rmtree(cells_of(tmp_path / "folder")[0])
    found = verify(tmp_path / "folder", depth="hashes")
    (told,) = found.checked[0].details
    assert re.match(r"\d+ files missing: cell.json of main seed 0, ", told) and found.says


def test_a_forged_file_is_told_once_with_what_was_computed_as_the_reference(record: Path, tmp_path: Path) -> None:
    found = verify(
        forge(record, tmp_path / "a.zip", put("report/results.json", "headline", "score", "mean", value=0.93))
    )
    notes = [(part.what, text) for part in found.checked for text in part.details]
    assert [what for what, _ in notes] == ["numbers, findings and verdicts"]
    assert notes[0][1].startswith("headline.score.mean is 0.93; computed again it is 0.")


def test_nothing_is_said_to_follow_from_a_score_that_is_forged(record: Path, tmp_path: Path) -> None:
    def raise_score(folder: Path) -> None:
        place = cells_of(folder)[0] / "outcome.json"
        edit_json(place, lambda one: one["scores"]["test"]["best"].update(accuracy=0.93))

    found = verify(forge(record, tmp_path / "b.zip", raise_score))
    differing = [(part.what, part.details) for part in found.checked if part.outcome == "differs"]
    ((what, (told,)),) = differing
    assert what == "scores follow from predictions" and told.startswith(
        "main seed 0, best checkpoint on test: accuracy"
    )
    assert "computed again" in told and found.outcome == "differs"


def cells_of(folder: Path, variant: str = "main") -> list[Path]:
    document = json.loads((folder / "study" / "study.json").read_bytes())
    return [folder / "study" / "cells" / one["hash"] for one in document["cells"] if one["variant"] == variant]


def other_code(folder: Path) -> None:
    place = folder / "code" / "own_module.py"
    place.write_text(f"{place.read_text()}\nSTEPS = 600\n")
    edit_json(folder / "record.json", lambda one: one["own_code"]["files"].update({place.name: file_digest(place)}))


def edit_baseline(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Change:
    """Answers of a baseline are changed, and the audit has their hash."""

    def write(folder: Path) -> None:
        place = folder / "study" / "trivial.parquet"
        place.write_bytes(parquet_bytes(change(pl.read_parquet(place)).to_dict(as_series=False)))
        put("study/audit.json", "trivial", value=file_digest(place))(folder)

    return write


def write(name: str, content: str) -> Change:
    def change(folder: Path) -> None:
        find(folder, name).write_text(content)

    return change


FORGERIES = {
    "rows elsewhere": (AUDIT, put("code/study.yaml", "data", "path", value="/etc")),
    "rows of two readers": (AUDIT, replace("code/study.yaml", "}\n", "}\n# and more")),
    "worse baseline": (AUDIT, edit_baseline(lambda table: table.with_columns(predicted=pl.lit(0, pl.Int64)))),
    "nested audit": (AUDIT, write("study/audit.json", "[" * 100_000 + "]" * 100_000)),
    "code elsewhere": (SUMMARY, put("record.json", "own_code", "files", "/dev/zero", value="0" * 64)),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_what_a_forger_changes_is_named(record: Path, tmp_path: Path, name: str) -> None:
    part, change = FORGERIES[name]
    found = verify(forge(record, tmp_path / "forged.zip", change))
    assert found.outcome == "differs" and outcomes(found)[part] == "differs"
    assert all(one.details for one in found.checked if one.outcome == "differs")


def test_the_commands_say_what_python_does(record: Path, study: Path, tmp_path: Path) -> None:
    said = brittlestar("verify", str(record), "--json", "--quiet")
    assert said.code == 0 and json.loads(said.output) == json.loads(json.dumps(verify(record).document))
    ending = brittlestar("verify", str(record), "--root", "0" * 20)
    assert ending.code == 3
    assert ending.output.startswith("Record     It differs: root hash.\ndiffers    root hash\n           it is ")
    again = brittlestar("seal", str(study), "--out", str(tmp_path / "b.zip"))
    assert again.code == 0 and again.output.startswith("Sealed") and "Next" in again.output
    assert " unproven): main > best-trivial" in " ".join(again.output.split())
    assert brittlestar("seal", str(study), "--out", str(record)).code == 2, "another record stands there"
    assert brittlestar("verify", str(record), "--depth", "all").code == 2


def test_what_cannot_be_done_is_told(study: Path, tmp_path: Path) -> None:
    (tmp_path / "there.zip").write_text("mine")
    with pytest.raises(InputError, match="something else stands here"):
        seal(study, out=tmp_path / "there.zip")
    assert (tmp_path / "there.zip").read_text() == "mine"
    with pytest.raises(InputError, match=r"is a \.zip file"):  # what `compare` and `gate` would not know again
        seal(study, out=tmp_path / "there.tar.gz")
    assert not (tmp_path / "there.tar.gz").exists()
    with pytest.raises(InputError, match="no such record"):
        verify(tmp_path / "none.zip")
    with lock_alone(open_store(study)), pytest.raises(StoreError):
        seal(study, out=tmp_path / "x.zip")
    assert not [one for one in tmp_path.iterdir() if one.name.endswith(".part")]


def test_what_another_version_computes_otherwise_cannot_be_told(record: Path, tmp_path: Path) -> None:
    def change(folder: Path) -> None:
        edit_json(folder / "record.json", lambda one: one.update(brittlestar="0.0.1"))
        page = folder / "report" / "tables.md"
        page.write_text(page.read_text(encoding="utf-8") + "\nA table that this version lacks.\n", encoding="utf-8")

    found = {part.what: part for part in verify(forge(record, tmp_path / "old.zip", change)).checked}
    assert found["page and tables"].outcome == "cannot-tell"
    assert "brittlestar 0.0.1 sealed it" in found["page and tables"].details[0]
    assert {one.outcome for what, one in found.items() if what != "page and tables"} == {"identical"}
    wrong = Checked("own code", "differs", ("x",))
    assert allow_for_version(wrong, "0.0.1") == wrong, "what no version computes otherwise"


def test_outcomes_are_ordered_and_numbers_compared() -> None:
    assert (
        judge([]) == "cannot-tell" and judge([Checked("a", "identical"), Checked("b", "cannot-tell")]) == "cannot-tell"
    )
    assert judge([Checked("a", "cannot-tell"), Checked("b", "differs")]) == "differs"
    assert judge([Checked("a", "identical"), Checked("b", "equivalent")]) == "equivalent"
    assert [*compare_documents({"a": [1, 2.0], "b": True}, {"a": [1, 2.0], "b": True})] == []
    (rounded,) = compare_documents({"a": 0.1234567}, {"a": 0.12345671})
    (other,) = compare_documents({"a": 0.12}, {"a": 0.13})
    (kind,) = compare_documents({"a": 1}, {"a": True})
    assert rounded[1] and not other[1] and not kind[1] and other[0] == "a is 0.12; computed again it is 0.13"
