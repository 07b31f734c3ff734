"""The page of a comparison: what differs first, every number of the JSON, long lists folded, offline and escaped."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from brittlestar.claims.outcomes import Outcomes, Runs
from brittlestar.claims.side_by_side import Shared, claim_between, judge_pairs
from brittlestar.cli.output import OutputSection
from brittlestar.cli.outputs.compare import compare_output
from brittlestar.core.findings import Finding, Severity
from brittlestar.reports.comparison import ComparedSide, Comparison, ScorePair
from brittlestar.reports.comparison_page import MOST_TABLE_ROWS, draw_scores, write_comparison_page, write_markdown
from brittlestar.reports.finding_changes import FindingChange, FindingChanges, FindingMove, SeverityChange
from brittlestar.reports.paragraphs import Paragraph
from brittlestar.reports.study_differences import Changed, SplitChange
from brittlestar.study.claims import SharedSeeds

from .pages import HOSTILE, Elements, hold_page, hold_text

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


def comparison(**more: Any) -> Comparison:
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
    return Comparison(**{**made, **more})


@pytest.fixture(scope="module")
def demo() -> str:
    return write_comparison_page(comparison())


def test_what_differs_comes_first_then_scores_answers_and_findings(demo: str) -> None:
    shown = Elements(demo).text
    words = (
        "old.study and new.study: what differs",
        "training.epochs 3 → 5 main, bag",
        "seeds [0] → [0, 1]",
        "test 1,000 900 880",
        "shift_far – 60 0",
        "they are exploratory, and none is supported",
        "Real? no → yes",
        "main > bag by 0.01 on accuracy refuted → not claimed",
        "Gained: present in the second alone",
        "eval.slice warning",
        "In old.study: absent.",
        "To do Report the slice, brittlestar audit x .",
        "Lost: present in the first alone",
        "train.short error",
        "In new.study: not checked.",
        "To do Train longer.",
        "Moved: present in both, in other places",
        "eval.calibration main → bag error → info bag: eval.calibration was seen. To do Look.",
        "Of another severity",
        "train.overfit main · test info → error main: train.overfit was seen. To do Look.",
    )
    places = [shown.index(text) for text in words]
    assert places == sorted(places)
    assert "brittlestar compare runs/old.study runs/new.study --json" in shown


def test_every_pair_has_its_scores_interval_relation_and_basis_or_why_not(demo: str) -> None:
    shown = Elements(demo).text
    for score in comparison().scores[:3]:
        cells = score.cells
        numbers = f"{cells.first} → {cells.second} {cells.difference} {cells.interval}"
        assert f"{score.label} {numbers} {cells.relation} {cells.basis}" in shown
    assert [score.answer and score.answer.relation for score in comparison().scores] == [
        "better",
        "worse",
        "equivalent",
        None,
    ]
    assert re.findall(r'class="relation (\w+)"', demo) == ["better", "worse", "equivalent"]
    assert "bag on dev old.study has no finished run of bag there" in shown


def test_the_figure_has_each_difference_with_interval_runs_and_margin() -> None:
    figure = draw_scores(comparison().scores)
    assert figure is not None
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
    assert draw_scores(comparison().scores[3:]) is None


def test_a_finding_that_moved_is_said_once_in_every_form() -> None:
    made = comparison()
    sentence = "moved: eval.calibration: main → bag; severity of train.overfit (main · test): info → error"
    assert made.findings_words == f"1 gained (eval.slice); 1 lost (train.short); {sentence}"
    text = write_markdown(made)
    assert "## Findings moved\n\n- eval.calibration: main → bag (error → info)\n" in text
    assert "## Findings of another severity\n\n- train.overfit (main · test): info → error\n" in text
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


def test_long_lists_fold_and_lose_nothing() -> None:
    many = tuple(Changed(f"model.setting_{k}", k, k + 1, ("main",)) for k in range(MOST_TABLE_ROWS + 5))
    text = write_comparison_page(comparison(settings=many))
    assert "<summary>5 more rows</summary>" in text
    folded = text[text.index("<summary>5 more rows</summary>") :]
    for k in range(MOST_TABLE_ROWS + 5):
        assert (f"model.setting_{k}<" in folded.partition("</details>")[0]) == (k >= MOST_TABLE_ROWS)


def test_one_offline_file_in_which_names_stay_text(demo: str) -> None:
    sides = ComparedSide(HOSTILE, "x", "study", "main"), ComparedSide("b", "b", "study", "main")
    told = change("eval.slice", "error", HOSTILE, remedy=HOSTILE)
    moved = FindingMove((told.finding,), found("eval.slice", "info", HOSTILE))
    weighed = SeverityChange(told.finding, HOSTILE)
    settings = (Changed(HOSTILE, HOSTILE, 1, (HOSTILE,)),)
    findings = FindingChanges((told,), (told,), (moved,), (weighed,))
    text = write_comparison_page(comparison(sides=sides, settings=settings, findings=findings))
    hold_text(text, demo)
    hold_page(demo, pictures=2)
