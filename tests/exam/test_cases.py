"""Clean folders and planted faults are what they say, the same on every machine, and fixed where they are sealed."""

import hashlib
import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from brittlestar.core.catalogue import find_checks
from brittlestar.core.errors import InputError
from brittlestar.reports.error_budget import error_budget
from exam import benchmark
from exam.benchmark import STREAM
from exam.clean.folders import KINDS, clean_case
from exam.faults.fifth.sealed import FIFTH
from exam.faults.known import FAULTS
from exam.planted import planted

ALL = (*FAULTS, *FIFTH.faults)
BY_NAME = {fault.name: fault for fault in ALL}


@pytest.mark.parametrize("number", range(len(KINDS)))
def test_a_clean_case_is_whole_the_same_every_time_and_no_row_crosses_splits(number: int) -> None:
    case = clean_case(number)
    assert case.digest() == clean_case(number).digest()
    assert case.kind == tuple(KINDS)[number]
    train = set(case.splits["train"].labels)
    assert len(train) >= 2
    for name, split in case.splits.items():
        assert len(set(split.ids)) == split.n_rows == len(split.labels) > 0
        assert set(split.labels) <= train, name
        assert all(token and " " not in token for row in split.rows for token in row)
    if case.kind != "chance collisions":
        rows = [set(split.rows) for split in case.splits.values()]
        crossing = sum(len(a & b) for a, b in itertools.combinations(rows, 2))
        assert crossing <= 0.01 * sum(map(len, rows))


@pytest.mark.parametrize("name", BY_NAME)
def test_a_fault_names_rows_of_its_own_case(name: str) -> None:
    fault = BY_NAME[name]
    stream = FIFTH.stream if fault in FIFTH.faults else STREAM
    found, clean = planted(fault, fault.doses[-1], 0, stream)
    assert fault.matters in fault.doses and list(fault.doses) == sorted(fault.doses)
    assert found.case.digest() != clean.digest()
    for split, ids in (found.rows or {}).items():
        assert ids and ids <= set(found.case.splits[split].ids)
    splits = found.place.get("split", "train")
    assert set((splits,) if isinstance(splits, str) else splits) <= set(found.case.splits)
    for split in found.case.splits.values():
        assert len(set(split.ids)) == split.n_rows > 0


SAMPLE = "f2a7ca4a1f64e5f10a416dd7e8c8293b2c72db27e1795ded44c4bd7985fd420a"
"""Digest of one case of every ninth fault of the fifth set, and of two clean ones."""


def test_cases_of_the_fifth_set_are_those_that_were_sealed() -> None:
    found = [planted(fault, fault.doses[-1], 0, FIFTH.stream)[0].case for fault in FIFTH.faults[::9]]
    found += [FIFTH.clean_case(number) for number in (1, 2)]
    assert hashlib.sha256("".join(case.digest() for case in found).encode()).hexdigest() == SAMPLE


def test_a_sealed_set_that_is_another_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(FIFTH, faults=FIFTH.faults[:1], clean=1, cases=1)
    with pytest.raises(InputError, match="the cases of the fifth set are not those that were sealed"):
        small.check()
    sealed = replace(small, sealed=small.digest())
    assert sealed.check() == sealed.sealed
    monkeypatch.setitem(benchmark.SEALED, "fifth", small)
    with pytest.raises(InputError, match="not those that were sealed"):
        benchmark.sha256_of("fifth")


def test_the_known_set_has_as_many_kinds_as_are_said_and_all_codes_that_its_sets_had() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert f"| known | {len(FAULTS)} kinds of faults" in Path("exam/README.md").read_text(encoding="utf-8")
    codes = {fault.code for fault in FAULTS}
    assert codes == {code for earlier in ("planted", "fourth") for code in error_budget()[earlier]["faults"]["codes"]}
    assert codes <= find_checks("data").keys()
