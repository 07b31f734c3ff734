"""A finding's rule is read beside its sentence, so it is short."""

import importlib

import pytest

from brittlestar.audits.analysis import Analysis
from brittlestar.core.catalogue import MODULES
from tests.audits.making import make_analysis, three_splits

MOST_WORDS = 40
ROOMS = ("leaks", "shifts", "shortcuts")


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return make_analysis(three_splits())


@pytest.mark.parametrize("name", [name for name in MODULES["data"] if name.split(".")[1] in ROOMS])
def test_a_rule_has_at_most_40_words(name: str, analysis: Analysis) -> None:
    module = importlib.import_module(f"brittlestar.{name}")
    rules = {finding.threshold for finding in module.check(analysis)}
    assert rules == {module.THRESHOLD}
    assert len(module.THRESHOLD.split()) <= MOST_WORDS
