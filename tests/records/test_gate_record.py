"""A gate for records: what does not verify fails, and is asked nothing else."""

import json
from pathlib import Path

import pytest

from brittlestar import gate, seal
from brittlestar.core.errors import InputError
from tests.cli.test_cli import brittlestar
from tests.records.forging import edit_json, forge
from tests.zoo import Zoo


@pytest.fixture(scope="module")
def record(zoo: Zoo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return zoo.copy("sealed", tmp_path_factory.mktemp("gated")) / "data.record.zip"


def test_a_record_is_asked_what_its_study_is_asked(record: Path) -> None:
    asked = {"absent": "leak.exact", "require": "sound", "progress": False}
    found, of_study = gate(record=record, **asked), gate(record.with_name("data.study"), **asked)
    first, *others = found.requirements
    assert (first.name, first.outcome) == ("record", "pass")
    assert [(one.name, one.outcome, one.sentence) for one in others] == [
        (one.name, one.outcome, one.sentence) for one in of_study.requirements
    ]
    assert not any(one.next for one in others)
    assert json.loads(found.sarif)["version"] == "2.1.0"
    said = brittlestar("gate", "--record", str(record), "--absent", "leak.exact", "--json")
    assert json.loads(said.output)["requirements"][0]["name"] == "record"


def test_a_record_that_differs_fails_and_is_asked_nothing_else(record: Path, tmp_path: Path) -> None:
    forged = forge(record, tmp_path / "forged.zip", lambda folder: edit_json(
        folder / "record.json", lambda one: one["environment"].update(python="2.7")))  # fmt: skip
    for place, root in ((forged, None), (record, "0" * 32)):
        found = gate(record=place, root=root, require="sound", cannot_say="pass", progress=False)
        assert [(one.name, one.outcome) for one in found.requirements] == [("record", "fail")]
        assert found.exit_code == 3 and found.requirements[0].next.startswith("brittlestar verify")
    bare = seal(record.with_name("data.study"), out=tmp_path / "bare.zip").place
    assert gate(record=bare, absent="leak.exact", progress=False).requirements[0].outcome == "cannot-say"


def test_a_record_is_given_alone(record: Path) -> None:
    with pytest.raises(InputError, match="a record has its data"):
        gate("data", record=record)
    with pytest.raises(InputError, match="root hash is that of a record"):
        gate("data", root="0" * 32)
    with pytest.raises(InputError, match="no such record"):
        gate(record="none.zip")
