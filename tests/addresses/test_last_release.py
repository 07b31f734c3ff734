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


def test_either_side_of_a_gate_and_of_a_comparison_lies_in_a_bucket(address: str, whole: Path) -> None:  # noqa: F811
    local = str(whole / "tiny.study")
    for verb, between in (("gate", ["--against"]), ("compare", [])):
        wanted = brittlestar(verb, local, *between, local, "--json")
        assert wanted.code == 0, wanted.errors
        document = json.loads(wanted.output)
        for one, other in ((local, address), (address, local), (address, address)):
            said = brittlestar(verb, one, *between, other, "--json")
            assert said.code == 0, (verb, one, other, said.errors)
            found = json.loads(said.output)
            assert found["requirements"] == document["requirements"] if between else found == document


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
