"""`selftest` measures and says so."""

from __future__ import annotations

import pytest

from brittlestar.verbs.selftest import same_arm

from ..command import brittlestar


@pytest.mark.slow
def test_the_reduced_suite_passes_from_the_command() -> None:
    said = brittlestar("selftest", "--statistics", "--reduced", "--json")
    assert said.code == 0 and said.document["passed"]
    assert any(one["control"] for one in said.document["statistics"])
    shown = brittlestar("selftest", "--statistics", "--reduced")
    assert "entries lie within their bounds." in shown.output


def test_nothing_asked_for_is_told() -> None:
    said = brittlestar("selftest")
    assert said.code == 2 and "--statistics" in " ".join(said.errors)


@pytest.mark.slow
def test_an_arm_is_held_against_itself_with_models_that_are_trained() -> None:
    told: list[tuple[int, int]] = []
    entry = same_arm(3, progress=lambda _, done, of: told.append((done, of)))
    assert entry.studies == 3 and entry.rate in (0.0, 1 / 3, 2 / 3, 1.0) and told == [(0, 3), (1, 3), (2, 3)]
    assert entry == same_arm(3, progress=False), "the same seeds, the same studies"
