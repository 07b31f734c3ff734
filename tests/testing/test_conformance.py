"""Our own checks sit the exam that checks of others sit, and the exam fails those that deserve it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.check import Check
from brittlestar.audits.checks import CHECKS
from brittlestar.core.findings import Finding
from brittlestar.testing.conformance import check_conformance, make_analysis, odd_datasets


@pytest.fixture(scope="module")
def datasets() -> dict[str, Analysis]:
    return odd_datasets()


@pytest.mark.parametrize("code", CHECKS)
def test_our_checks_pass(code: str, datasets: dict[str, Analysis]) -> None:
    check_conformance(CHECKS[code], datasets)


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
    "NumPy's global seed": (
        lambda analysis: [absent(evidence={"x": 0 * np.random.random()})],
        "global random state",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_a_check_fails_that_yields(what: str) -> None:
    function, message = BAD[what]
    function.__doc__ = "A page."
    with pytest.raises(AssertionError, match=message):
        conforms(function)


def test_a_check_fails_that_changes_its_material() -> None:
    def check(analysis: Analysis) -> Iterator[Finding]:
        """Writes where it must not."""
        analysis.train.labels.flags.writeable = True
        analysis.train.labels[0] = 1
        yield absent()

    with pytest.raises(AssertionError, match="changed the analysis"):
        conforms(check)
