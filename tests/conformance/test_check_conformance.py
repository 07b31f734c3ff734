"""Our own checks sit the exam that checks of others sit, and the exam fails those that deserve it."""

import functools
import itertools
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import brittlestar
from brittlestar.audits import checks as audits
from brittlestar.audits.analysis import Analysis
from brittlestar.claims import checks as claims
from brittlestar.claims.effects import OF_TRAIN, SELECTED
from brittlestar.core.catalogue import NEEDS, find_checks
from brittlestar.core.causes import list_roles
from brittlestar.core.checks import NONE, Check, Needs
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.diagnosis import checks as diagnosis
from brittlestar.diagnosis.explaining import BELOW
from brittlestar.diagnosis.probes import checks as probes
from tests.conformance.check_conformance import check_conformance
from tests.conformance.odd_datasets import make_analysis
from tests.conformance.odd_subjects import odd_subjects


@pytest.fixture(scope="module")
def subjects() -> Callable[[Needs], dict[str, Any]]:
    return functools.cache(odd_subjects)


@pytest.mark.parametrize(("needs", "code"), [(needs, code) for needs in NEEDS for code in find_checks(needs)])
def test_our_checks_pass(needs: Needs, code: str, subjects: Callable[[Needs], dict[str, Any]]) -> None:
    check_conformance(find_checks(needs)[code], subjects(needs))


SMALL = {"a small one": make_analysis({"train": (["a b", "b a"], ["x", "y"]), "test": (["a b"], ["y"])})}


def absent(**changed: Any) -> Finding:
    fields: dict[str, Any] = {"code": "own.check", "status": "absent", "summary": "Fine.", "threshold": "None."}
    return Finding(**(fields | changed))


def conforms(function: Any) -> None:
    check_conformance(Check("own.check", function), SMALL)


def test_a_sound_check_of_others_passes() -> None:
    def check(analysis: Analysis) -> Iterator[Finding]:
        """Nothing is wrong."""
        yield absent(evidence={"rows": [], "p": 0.5})

    conforms(check)


CALLS = itertools.count()

BAD: dict[str, tuple[Any, str]] = {
    "nothing": (lambda analysis: [], "no finding"),
    "another code": (lambda analysis: [absent(code="own.other")], "a finding of own.other"),
    "arrays": (lambda analysis: [absent(evidence={"x": np.zeros(2)})], "not plain JSON"),
    "NaN": (lambda analysis: [absent(evidence={"x": float("nan")})], "not plain JSON"),
    "p above 1": (lambda analysis: [absent(evidence={"p": 1.5})], "p is 1.5"),
    "no sentence": (lambda analysis: [absent(summary=" ")], "no summary"),
    "a place that is no text": (lambda analysis: [absent(where={"position": 3})], "other things than texts"),
    "an error without a remedy": (lambda analysis: [absent(status="present", severity="error")], "without a remedy"),
    "too many examples": (lambda analysis: [absent(evidence={"rows": list(range(11))})], "row_ids"),
    "a failure": (lambda analysis: 1 / 0, "on a small one: ZeroDivisionError"),
    "chance": (lambda analysis: [absent(summary=f"Call {next(CALLS)}.")], "a second run says something else"),
    "the global seed": (lambda analysis: [absent(evidence={"x": 0 * random.random()})], "global random state"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_check_fails_that_yields(what: str) -> None:
    function, message = BAD[what]
    function.__doc__ = "A page."
    with pytest.raises(AssertionError, match=message):
        conforms(function)


def test_a_check_fails_that_changes_what_it_reads() -> None:
    def check(analysis: Analysis) -> Iterator[Finding]:
        """Writes where it must not."""
        analysis.train.labels.flags.writeable = True
        analysis.train.labels[0] = 1
        yield absent()

    with pytest.raises(AssertionError, match="changed what it reads"):
        conforms(check)


def test_a_check_of_a_study_may_find_nothing_and_fails_that_raises() -> None:
    def first_score(record: StudyRecord) -> Iterator[Finding]:
        """Reads what an unfinished study lacks."""
        yield absent(evidence={"score": record.cells[0].scores["test"]["best"]["accuracy"]})

    def silent(record: StudyRecord) -> list[Finding]:
        """Finds nothing that it is about."""
        return []

    check_conformance(Check("own.check", silent, "record"))
    with pytest.raises(AssertionError, match=r"own\.check on .*(IndexError|KeyError)"):
        check_conformance(Check("own.check", first_score, "record"))


def test_every_check_of_the_package_is_in_the_list_of_its_room_once() -> None:
    """A function becomes a check by what stands above it."""
    root, lists = Path(brittlestar.__file__).parent, (audits, diagnosis, probes, claims)
    for room in lists:
        folder, found = Path(str(room.__file__)).parent, set[int]()
        for file in folder.rglob("*.py"):
            place = ".".join(("brittlestar", *file.relative_to(root).with_suffix("").parts))
            nearest = max((one for one in lists if Path(str(one.__file__)).parent in file.parents), key=_count_parts)
            written = re.findall(r"^@\w+_check\([^@]*?^def (\w+)", file.read_text(encoding="utf-8"), re.M | re.S)
            found |= {id(getattr(import_module(place), name)) for name in written if nearest is room}
        assert sorted(map(id, room.CHECKS)) == sorted(found), room.__name__
    codes = Counter(code for needs in NEEDS for code in find_checks(needs))
    assert codes.total() == sum(len(room.CHECKS) for room in lists), "no need has a code twice"
    twice = {code for code, times in codes.items() if times > 1}
    of_models = {*find_checks("record"), *find_checks("answers"), *find_checks("probes")}
    given = {*find_checks("claims"), *find_checks("answers")}
    of_answers = {*find_checks("probes")} & given  # of models that are asked, and of given predictions
    in_both = {*find_checks("data")} & of_models
    assert twice == in_both | of_answers, "a code is looked for in data and in models"


def _count_parts(room: ModuleType) -> int:
    return len(Path(str(room.__file__)).parts)


def test_checks_name_only_checks_that_there_are() -> None:
    """What follows from a finding, and what explains it, are codes or, of families, beginnings of codes."""
    codes = {code for needs in NEEDS for code in find_checks(needs)}
    explaining = {code for check in find_checks("data").values() for code in check.explained_by}
    assert explaining <= {*find_checks("data")}
    named = {explain for role in list_roles().values() for explain in role.explains}
    families = {f"{code.partition('.')[0]}." for code in codes}
    assert named <= codes | families
    assert {*OF_TRAIN, SELECTED, BELOW} <= codes


def test_each_cause_has_a_place_of_its_own_among_those_of_its_kind() -> None:
    roles = list_roles().values()
    places = Counter((role.cause, role.place) for role in roles if role.cause is not None)
    places.update(Counter(role.mild for role in roles if role.mild))
    assert max(places.values()) == 1
    assert all(role.cause and role.place > 0 for role in roles if role.place or role.mild)
    twice = [check for needs in NEEDS for check in find_checks(needs).values() if check.role != NONE]
    assert len({check.code for check in twice}) == len(twice), "a code says its role once"
