"""`selftest` measures and says so."""

from __future__ import annotations

from ..command import brittlestar


def test_the_reduced_suite_passes_from_the_command() -> None:
    said = brittlestar("selftest", "--statistics", "--reduced", "--json")
    assert said.code == 0 and said.document["passed"]
    assert any(one["control"] for one in said.document["statistics"])
    shown = brittlestar("selftest", "--statistics", "--reduced")
    assert "entries as they should be" in shown.output


def test_nothing_asked_for_is_told() -> None:
    said = brittlestar("selftest")
    assert said.code == 2 and "--statistics" in " ".join(said.errors)
