"""The limits of a study: what was not varied, not probed and not powered; names stay text."""

import re
from dataclasses import replace

from brittlestar.reports.paper.limits import write_limits
from brittlestar.reports.study_view import StudyView

from .example import VARIANTS, example, reading

HOSTILE = "<script>alert(1)</script>|`x`\n## not a heading"


def read_limits(about: StudyView) -> list[str]:
    """The lists of what was not varied, not probed and not powered."""
    return re.split(r"(?m)^## .*$", write_limits(about))[1:]


def test_few_seeds_and_one_family_are_limits() -> None:
    few = reading(example({"main": VARIANTS["main"]}, seeds=(0, 1, 2)))
    not_varied, _, not_powered = read_limits(few)
    assert "- Fewer than 5 finished seeds: main 3." in not_powered
    assert "- No rival family of models: lstm" in not_varied


def test_limits_name_streams_probes_and_verdicts() -> None:
    not_varied, not_probed, not_powered = read_limits(reading(example()))
    assert "- Random streams that no seed varied: the split of train and dev, a resample of train.\n" in not_varied
    assert "- No probe suite ran." in not_probed and "shifted split" not in not_probed
    assert "- Inconclusive findings by code: seed.unstable 1." in not_powered


def test_an_empty_list_of_limits_is_a_sentence() -> None:
    settled = reading(example(incidents=False), ())
    assert "## Not powered\n\nNo verdict and no finding is inconclusive." in write_limits(settled)


def test_hostile_names_stay_text() -> None:
    record = example({"main": VARIANTS["main"], HOSTILE: VARIANTS["bag"]})
    limits = write_limits(reading(replace(record, name=HOSTILE, title=HOSTILE)))
    assert "<script>" not in limits and "\n## not a heading" not in limits
