"""Changed records, each found by the depth that can tell, and named; the record as it is is accepted."""

import re
import shutil
from pathlib import Path

import pytest

from brittlestar import InputError, verify
from brittlestar.records.unpacked import open_unpacked
from brittlestar.records.verify.recomputing import PARTS
from brittlestar.records.verify.verifying import DEPTHS
from brittlestar.verbs.verify import VerifyResult
from tests.records.changed_records import CHANGED, Changed, build_record, build_secrets
from tests.records.forging import reseal

RUNS = 9
"""Of the record: as many are trained again, so that none is left out by the draw."""


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_record(tmp_path_factory.mktemp("changed") / "study")


@pytest.fixture(scope="session")
def forger(record: Path) -> Path:
    """The folder of the record, with secret studies in it."""
    build_secrets(record.parent)
    return record.parent


def change_copy(change: Changed, record: Path, folder: Path) -> Path:
    copy = Path(shutil.copytree(record, folder / "base.record"))
    if change.depth == "retrain":
        change.change(copy, record.parent)
    else:
        change.change(copy)
    if change.depth == "recompute":
        reseal(copy)
    return copy


def said_of(found: VerifyResult) -> str:
    return "\n".join(told for part in found.checked for told in part.details)


@pytest.mark.parametrize("change", [one for one in CHANGED if one.depth == "hashes"], ids=lambda one: one.name)
def test_hashes_show_it(change: Changed, record: Path, tmp_path: Path) -> None:
    try:
        found = verify(change_copy(change, record, tmp_path), depth="hashes")
    except InputError as error:
        assert re.search(change.names, str(error), re.IGNORECASE)
    else:
        assert found.outcome == "differs" and re.search(change.names, said_of(found), re.IGNORECASE), found.checked


@pytest.mark.parametrize("change", [one for one in CHANGED if one.depth == "recompute"], ids=lambda one: one.name)
def test_what_follows_from_the_rest_shows_it(change: Changed, record: Path, tmp_path: Path) -> None:
    copy = change_copy(change, record, tmp_path)
    if change.name != "figure edited":
        shutil.rmtree(copy / "report" / "figures")  # which take seconds to draw again
    found = PARTS[change.part](change.part, open_unpacked(copy))
    assert found.outcome == "differs" and re.search(change.names, "\n".join(found.details), re.IGNORECASE), found


@pytest.mark.parametrize("form", ["folder", "archive"])
def test_the_record_as_it_is_is_accepted(form: str, record: Path) -> None:
    place = record if form == "folder" else record.with_suffix(".record.zip")
    for depth in DEPTHS[:3]:
        found = verify(place, depth=depth, cells=RUNS, trust_code=True)
        assert found.outcome == "identical", found.checked


@pytest.mark.parametrize("change", [one for one in CHANGED if one.depth != "hashes"], ids=lambda one: one.name)
def test_the_whole_of_it_is_told(change: Changed, forger: Path, tmp_path: Path) -> None:
    copy = change_copy(change, forger / "base.record", tmp_path)
    assert verify(copy, depth="hashes").outcome == "identical", "its hashes fit"
    found = verify(copy, depth=change.depth, cells=RUNS, trust_code=change.depth == "retrain")
    assert found.outcome == "differs" and re.search(change.names, said_of(found), re.IGNORECASE), found.checked
