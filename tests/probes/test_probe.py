"""What a probe is called."""

from __future__ import annotations

from brittlestar.probes.default import known_probes

from .making import SPR_TASK


def test_the_catalogue_has_distinct_names_in_its_families_and_says_what_happens() -> None:
    probes = known_probes(SPR_TASK)
    assert len({probe.name for probe in probes}) == len(probes)
    families = {"order", "composition", "length", "factors", "noise", "tokenisation"}
    assert {probe.family for probe in probes} == families
    assert all(probe.about and probe.name.startswith(f"{probe.family}.") for probe in probes)
    assert len([strength for probe in probes for strength in probe.strengths]) <= 40
