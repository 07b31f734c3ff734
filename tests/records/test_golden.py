"""Records that earlier versions sealed stay readable: their hashes fit, and what follows by arithmetic still does."""

import lzma
from pathlib import Path

import pytest

from brittlestar import compare_reported, verify
from brittlestar.records.checking import load_manifest
from brittlestar.records.describing import RECORD_FORMAT
from brittlestar.records.sources import open_source
from brittlestar.store import cell_outputs

HERE = Path(__file__).with_name("golden")
ROOTS = {"format-1": "2b56e9ef-a71ab882-44e8adb2-fd70b9a6"}
ALWAYS = {"root hash", "files", "runs are named by their settings", "scores follow from predictions",
          "claims are those registered", "data"}  # fmt: skip
"""Parts that no later version may see in another way; checks, findings and pages may change."""


@pytest.fixture(params=ROOTS)
def record(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    place = tmp_path / f"{request.param}.zip"
    place.write_bytes(lzma.decompress((HERE / f"{request.param}.zip.xz").read_bytes()))
    return place, ROOTS[request.param]


def test_an_old_record_is_read(record: tuple[Path, str]) -> None:
    place, root = record
    found = verify(place, root=root)
    told = {part.what: (part.outcome, part.details) for part in found.checked}
    follows = told["scores follow from predictions"][0]  # another processor may round otherwise
    assert follows in ("identical", "equivalent")
    assert {told[name][0] for name in ALWAYS} - {follows} <= {"identical"}
    unread = [details for _, details in told.values() if any("cannot be read" in detail for detail in details)]
    assert not unread
    said = compare_reported(place, {"training": {"learning_rate": 0.001, "epochs": 1}, "model.hidden": 8})
    kinds = {field.name: field.kind for field in said.fields if field.stated is not None}
    assert kinds["training.epochs"] == "match" and kinds["model.hidden"] == "misstated"


def test_a_metric_that_an_old_record_lacks_makes_no_difference(
    record: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    score = cell_outputs.split_scores
    monkeypatch.setattr(cell_outputs, "split_scores", lambda *given: {**score(*given), "newer": 0.5})
    told = {part.what: part.outcome for part in verify(record[0], root=record[1]).checked}
    assert told["scores follow from predictions"] in ("identical", "equivalent")


def test_each_format_of_records_has_a_golden_one() -> None:
    assert {*ROOTS} == {one.name.removesuffix(".zip.xz") for one in HERE.glob("*.zip.xz")}
    assert f"format-{RECORD_FORMAT}" in ROOTS


def test_the_root_of_an_old_record_is_that_of_its_manifest(record: tuple[Path, str]) -> None:
    place, root = record
    with open_source(place) as source:
        assert load_manifest(source).root.startswith(root.replace("-", ""))
