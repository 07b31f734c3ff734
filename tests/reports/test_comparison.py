"""A comparison: its figure has every difference, and a finding that moved is said once in every form."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.side_by_side import Shared, claim_between, judge_pairs
from brittlestar.cli.output import OutputSection
from brittlestar.cli.outputs.compare import compare_output
from brittlestar.core.findings import Finding, Severity
from brittlestar.records.comparing import CompareResult
from brittlestar.reports.comparison import ComparedSide, ScorePair
from brittlestar.reports.finding_changes import FindingChange, FindingChanges, FindingMove, SeverityChange
from brittlestar.reports.paragraphs import Paragraph
from brittlestar.reports.study_differences import Changed, SplitChange
from brittlestar.study.claims import SharedSeeds

NAMES = "a", "b"
LUCK = SharedSeeds(dict.fromkeys(NAMES, "alike"), {name: {} for name in NAMES})


def pair(variant: str, gain: float, split: str = "test") -> ScorePair:
    """Seven runs of each side, the second better by `gain` in each but for a little noise."""
    noise = np.random.default_rng(3).normal(0, 0.004, 7)
    first = Runs(tuple(range(7)), score=0.6 + noise)
    outcomes = Outcomes({"a": first, "b": Runs(first.seeds, score=0.6 + gain + noise[::-1])})
    claim = claim_between(NAMES, "accuracy", split, Shared(outcomes, None, (7, 7, 7), False), LUCK)
    (found,) = judge_pairs([(outcomes, claim)])
    means = tuple(float(outcomes.scores(name, "accuracy").mean()) for name in NAMES)
    return ScorePair((variant, variant), split, "accuracy", (means[0], means[1]), None, (7, 7, 7), found)


def change(code: str, severity: Severity, other: str, variant: str = "main", **more: Any) -> FindingChange:
    where = {"variant": variant, "split": "test"}
    return FindingChange(
        Finding(code, "present", f"{variant}: {code} was seen.", "a rule", severity, where, **more), other
    )


def found(code: str, severity: Severity, variant: str) -> tuple[Finding]:
    return (change(code, severity, "", variant, remedy="Look.").finding,)


def comparison(**more: Any) -> CompareResult:
    made: dict[str, Any] = {
        "sides": (ComparedSide("old.study", "runs/old.study", "study", "main"),
            ComparedSide("new.study", "runs/new.study", "study", "main")),
        "settings": (Changed("training.epochs", 3, 5, ("main", "bag")), Changed("seeds", [0], [0, 1])),
        "data": (SplitChange("test", 1000, 900, 880), SplitChange("shift_far", None, 60, 0)),
        "scores": (pair("main", 0.05), pair("main", -0.05, "dev"), pair("bag", 0.0),
            ScorePair(("bag", "bag"), "dev", "accuracy", reason="old.study has no finished run of bag there")),
        "answers": (Changed("Real?", "no", "yes"),),
        "findings": FindingChanges(
            (change("eval.slice", "warning", "absent", remedy="Report the slice, `brittlestar audit x`."),),
            (change("train.short", "error", "not checked", remedy="Train longer."),),
            (FindingMove(found("eval.calibration", "error", "main"), found("eval.calibration", "info", "bag")),),
            (SeverityChange(found("train.overfit", "error", "main")[0], "info"),),
        ),
        "verdicts": (Changed("main > bag by 0.01 on accuracy", "refuted", "not claimed"),),
    }  # fmt: skip
    return CompareResult(**{**made, **more})


def test_the_figure_has_each_difference_with_interval_runs_and_margin() -> None:
    figure = comparison().figure()
    layers = figure.spec["layer"]
    rules = [layer["data"]["values"] for layer in layers if "x2" in layer["encoding"]]
    bands, intervals = rules
    assert [(band["low"], band["high"]) for band in bands] == [(-1, 1)] * 3
    for drawn, score in zip(intervals, comparison().scores, strict=False):
        assert score.answer is not None and score.answer.interval is not None
        assert (drawn["low"], drawn["high"]) == pytest.approx([100 * end for end in score.answer.interval], rel=1e-4)
        assert drawn["row"] == f"{score.label}\n{score.answer.relation}"
    points = next(layer for layer in layers if layer["mark"].get("type") == "point")
    assert len(points["data"]["values"]) == 3 * 7


def test_a_finding_that_moved_is_said_once_in_every_form() -> None:
    made = comparison()
    sentence = "moved: eval.calibration: main → bag; severity of train.overfit (main · test): info → error"
    assert made.findings_words == f"1 gained (eval.slice); 1 lost (train.short); {sentence}"
    document = made.document["findings"]
    assert [one["code"] for one in document["moved"]] == ["eval.calibration"]
    (moved,) = document["moved"]
    assert [moved[side][0]["where"]["variant"] for side in ("first", "second")] == ["main", "bag"]
    assert [(one["code"], one["first"], one["severity"]) for one in document["severity"]] == [
        ("train.overfit", "info", "error")
    ]
    whole = "\n".join(str(block.text) for part in compare_output(made).rest() for block in blocks_of(part))
    assert whole.count("main → bag (error → info): bag: eval.calibration was seen.") == 1
    assert whole.count("train.overfit (main · test): info → error") == 1


def blocks_of(section: OutputSection) -> Sequence[Paragraph]:
    assert isinstance(section.content, Sequence) and not isinstance(section.content, str)
    return section.content
