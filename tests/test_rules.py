"""The rule of a finding, which a reader meets beside its words, is short."""

from importlib import import_module

import pytest

from brittlestar.core.catalogue import MODULES

MOST_WORDS = 40


@pytest.mark.parametrize("module", [module for modules in MODULES.values() for module in modules])
def test_a_rule_has_at_most_40_words(module: str) -> None:
    rule: str = import_module(f"brittlestar.{module}").THRESHOLD
    assert len(rule.split()) <= MOST_WORDS and rule.endswith(".")
