"""The rule of a finding, which a reader meets beside its words, is short."""

from functools import cache
from importlib import import_module

import pytest

from brittlestar.audits.analysis import Analysis
from brittlestar.core.catalogue import MODULES, find_checks
from brittlestar.core.checks import Check
from brittlestar.testing.odd_datasets import odd_datasets

ROOMS = (pytest.param("labels", marks=pytest.mark.slow), "leaks", "rows", "shifts", "shortcuts", "tables", "tokens")
MOST_WORDS = 40


@cache
def odd() -> dict[str, Analysis]:
    return dict(odd_datasets())


def checks_of(room: str) -> list[Check]:
    checks = zip(MODULES["data"], find_checks("data").values(), strict=True)
    return [check for module, check in checks if module.split(".")[1] == room]


@pytest.mark.parametrize("room", ROOMS)
def test_a_rule_has_at_most_40_words(room: str) -> None:
    rules = {found.threshold for check in checks_of(room) for one in odd().values() for found in check.function(one)}
    assert len(rules) >= len(checks_of(room)) > 0
    assert [rule for rule in sorted(rules) if len(rule.split()) > MOST_WORDS or not rule.endswith(".")] == []


@pytest.mark.parametrize(
    "module", [name for needs in ("record", "answers", "probes", "claims") for name in MODULES[needs]]
)
def test_a_rule_of_a_study_has_at_most_40_words(module: str) -> None:
    rule: str = import_module(f"brittlestar.{module}").THRESHOLD
    assert len(rule.split()) <= MOST_WORDS and rule.endswith(".")
