"""The rule of a finding, which a reader meets beside its words, is short."""

from inspect import getclosurevars

import pytest

from brittlestar.core.catalogue import NEEDS, find_checks
from brittlestar.core.checks import CheckRule, Needs

MOST_WORDS = 40


@pytest.mark.parametrize(("needs", "code"), [(needs, code) for needs in NEEDS for code in find_checks(needs)])
def test_a_rule_has_at_most_40_words(needs: Needs, code: str) -> None:
    check = find_checks(needs)[code]
    rule: CheckRule = getclosurevars(check.function).nonlocals["rule"]
    assert rule.code == check.code
    assert len(rule.threshold.split()) <= MOST_WORDS and rule.threshold.endswith(".")
