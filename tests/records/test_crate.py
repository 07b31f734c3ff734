"""A record as a crate for archives: one action a run, what failed as failed, and the same each time."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from brittlestar import InputError, export, run, seal, verify
from brittlestar.records.crate import CRATE, PROFILE
from tests.execution.tiny import write_split

FAILS = """
def build(info, broken=False):
    from torch import nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.steps = 0
            self.table = nn.Embedding(info.vocabulary_size, len(info.classes))

        def forward(self, tokens, lengths):
            self.steps += self.training
            if broken and self.steps > 4:
                raise RuntimeError("no <luck> today")
            return self.table(tokens).mean(1)

    return Net()
"""


def entities(place: Path) -> dict[str, dict[str, Any]]:
    return {one["@id"]: one for one in json.loads((place / CRATE).read_bytes())["@graph"]}


def test_a_record_is_a_process_run_crate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, rows in (("train", 60), ("dev", 20), ("test", 30)):
        write_split(tmp_path / "data", name, rows)
    (tmp_path / "luck.py").write_text(FAILS)
    asked = {
        "training.epochs": "9",
        "probes.suite": "none",
        "variants": json.dumps({"broken": {"model.params": {"broken": True}}}),
    }
    done = run("data", model="luck:build", seeds=2, settings=asked, out="a.study", executor="serial", progress=False)
    assert [cell.state for cell in done.record.cells] == ["done", "done", "failed", "planned"]
    began = [cell for cell in done.record.cells if cell.state != "planned"]
    with pytest.raises(InputError, match="has not been sealed"):
        export("a.study", crate="a.crate")
    record = Path(seal("a.study", out="a.zip", with_data=True).place)
    place = tmp_path / "a.crate"
    for name in ("a.crate", "one.zip", "two.zip"):
        export("a.study", crate=name)
    assert Path("one.zip").read_bytes() == Path("two.zip").read_bytes()
    with zipfile.ZipFile("one.zip") as whole, zipfile.ZipFile(record) as sealed:
        assert {*whole.namelist()} - {*sealed.namelist()} == {CRATE} and {*sealed.namelist()} <= {*whole.namelist()}
    found = entities(place)
    root = found["./"]
    assert root["conformsTo"] == {"@id": PROFILE} and PROFILE in found and found[CRATE]["about"] == {"@id": "./"}
    assert {"name", "description", "datePublished", "license"} <= root.keys()
    actions = {name: one for name, one in found.items() if one["@type"] == "CreateAction"}
    assert [one["@id"] for one in root["mentions"]] == [f"#run-{cell.hash}" for cell in began] == [*actions]
    for cell in began:
        one = actions[f"#run-{cell.hash}"]
        assert one["actionStatus"].endswith("/CompletedActionStatus" if cell.state == "done" else "/FailedActionStatus")
        assert ("no <luck> today" in one.get("error", "")) == (cell.variant == "broken")
        assert one["startTime"] <= one["endTime"] and one["instrument"]["@id"] in found
        assert (place / one["result"]["@id"]).is_dir() and one["object"]["@id"] in found
    parts = {one["@id"] for one in root["hasPart"]}
    assert parts <= found.keys() and all((place / one).exists() for one in parts)
    covered = [path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()]
    assert all(name in parts or any(name.startswith(one) for one in parts if one.endswith("/")) or name in (
        CRATE, "manifest.json") for name in covered)  # fmt: skip
    assert verify(place).root == verify("one.zip", depth="hashes").root and verify(place).outcome == "identical"
    with pytest.raises(InputError, match="is there already"):
        export("a.study", crate="a.crate")
