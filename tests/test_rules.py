"""The rule of a finding, which a reader meets beside its words, is short."""

from importlib import import_module
from inspect import getclosurevars

import pytest

from brittlestar.core.catalogue import MODULES

MOST_WORDS = 40


@pytest.mark.parametrize("name", [name for names in MODULES.values() for name in names])
def test_a_rule_has_at_most_40_words(name: str) -> None:
    place, _, within = name.partition(":")
    check = getattr(import_module(f"brittlestar.{place}"), within)
    rule: str = getclosurevars(check.function).nonlocals["rule"].threshold
    assert len(rule.split()) <= MOST_WORDS and rule.endswith(".")
