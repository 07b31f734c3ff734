"""A study in a bucket as the other side: the last release of `gate --against`, and either side of `compare`."""

import json
from pathlib import Path

import pytest

from brittlestar import run
from brittlestar.core.errors import InputError
from brittlestar.verbs.gate import gate
from tests.addresses.test_studies import QUICK, study, whole  # noqa: F401 - fixtures
from tests.command import brittlestar


@pytest.fixture
def address(bucket: str, study: str) -> str:  # noqa: F811
    place = f"{bucket}/deep/tiny.study"
    run(study, out=place, **QUICK)
    return place


def test_a_release_is_held_against_one_in_a_bucket(address: str, whole: Path) -> None:  # noqa: F811
    local = str(whole / "tiny.study")
    wanted = brittlestar("gate", local, "--against", local, "--json")
    assert wanted.code == 0, wanted.errors
    for data, against in ((local, address), (address, local), (address, address)):
        said = brittlestar("gate", data, "--against", against, "--json")
        assert said.code == 0, (data, against, said.errors)
        assert json.loads(said.output)["requirements"] == json.loads(wanted.output)["requirements"]


def test_a_release_that_is_not_there_is_told_with_its_address(
    address: str,
    bucket: str,
    whole: Path,  # noqa: F811
) -> None:
    local = whole / "tiny.study"
    for written in (f"{bucket}/none.study", Path(f"{bucket}/none.study")):
        with pytest.raises(InputError) as told:
            gate(local, against=written)
        assert f"{bucket}/none.study" in str(told.value), told.value
    with pytest.raises(InputError, match="http://"):
        gate(local, against="http://nobody/x.csv")
    said = brittlestar("compare", str(local), f"{bucket}/none.study")
    assert said.code == 2 and f"{bucket}/none.study" in "\n".join(said.errors), said.errors


def test_either_side_of_a_comparison_lies_in_a_bucket(address: str, whole: Path, tmp_path: Path) -> None:  # noqa: F811
    local = str(whole / "tiny.study")
    wanted = json.loads(brittlestar("compare", local, local, "--json").output)
    for one, other in ((local, address), (address, local), (address, address)):
        said = brittlestar("compare", one, other, "--json")
        assert said.code == 0, (one, other, said.errors)
        assert json.loads(said.output) == wanted
