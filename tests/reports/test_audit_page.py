"""The audit's page and its section in the report: verdict first, worst first, offline, escaped, the same bytes."""

import re
from dataclasses import replace
from typing import Any

import pytest

from brittlestar.core.audit_record import Audit, Drifted, PairSide, Profile, RowPair
from brittlestar.core.commands import CLEAN, Advice
from brittlestar.core.findings import Finding, Severity
from brittlestar.core.results import SplitRecord
from brittlestar.core.trivial_baselines import Score, TrivialBaseline, TrivialBaselines
from brittlestar.pipeline.data_audit import assess_data
from brittlestar.reports.audit_page import audit_page
from brittlestar.reports.audit_section import make_audit_section
from brittlestar.reports.figures.of_audit import draw_shift, visible
from brittlestar.reports.finding_groups import group_open, list_passed, rank_findings
from brittlestar.reports.page import page

from .example import example, reading
from .pages import HOSTILE, Elements, hold_page, hold_text

SPLITS = ("train", "dev", "test", "shift_long")


def finding(code: str, severity: Severity | None, split: str = "test", **more: Any) -> Finding:
    status = more.pop("status", "present" if severity else "absent")
    summary = more.pop("summary", f"{split}: what {code} found.")
    return Finding(code, status, summary, f"the rule of {code}", severity, {"split": split}, **more)


def profile(name: str, token: str = "a") -> Profile:
    drifted = () if name == "train" else (Drifted(token, 0.2, 0.1), Drifted("b", 0.0, 0.05))
    return Profile(100, {"no": 60, "yes": 40}, 3, 2, (10, 30, 40, 20), drifted)


def baselines(*names: str) -> TrivialBaselines:
    scores = {split: {"accuracy": Score(0.6, (0.5, 0.7), 100)} for split in SPLITS}
    members = tuple(
        TrivialBaseline(name, kind, scores={"all": scores})
        for kind, name in zip(("majority", "bag"), names, strict=True)
    )
    return TrivialBaselines(
        members, {}, ("accuracy",), dict.fromkeys(SPLITS, 100), {}, notes=("Train is answered out of fold.",)
    )


AUDIT = Audit(
    findings=(
        finding("shift.length", None),
        finding("label.imbalance", "info", evidence={"p": 0.01}),
        finding("leak.near", "warning", "dev"),
        finding("leak.exact", "error", evidence={"rows": ["t1", "t2"], "row_ids": [f"t{k}" for k in range(5_000)]},
                remedy=Advice(("Take them out, ", CLEAN))),
        finding("leak.group", None, status="inconclusive", summary="There is no group column."),
        finding("shift.order", None, status="inconclusive", evidence={"chance_explains": True}),
        finding("embedding.unused", None, status="inconclusive", remedy="Name a table."),
        finding("embedding.collapsed", None, status="inconclusive", remedy="Name a table."),
    ),
    trivial_baselines=baselines("majority class", "bag of tokens"),
    profiles={name: profile(name) for name in sorted(SPLITS)},
    pairs=(
        RowPair("leak.near", PairSide("dev", "d1", "yes", "a b c"), PairSide("train", "t9", "no", "a x c")),
        RowPair("leak.exact", PairSide("test", "t1", "yes", ""), PairSide("train", "t2", "yes", "")),
    ),
)  # fmt: skip


def records() -> dict[str, SplitRecord]:
    return dict(example().splits)


def made(audit: Audit = AUDIT, name: str = "reviews", notes: tuple[str, ...] = ()) -> str:
    ranked = replace(audit, findings=rank_findings(audit.findings, None, "test"))
    return audit_page(name, ranked, assess_data(ranked, None), records(), notes)


@pytest.fixture(scope="module")
def demo() -> str:
    return made()


def test_the_answers_come_first_then_findings_worst_first(demo: str) -> None:
    shown = Elements(demo).text
    words = (
        "Sound? No: 1 error and 1 warning about dev and test. leak.exact: test: what leak.exact found.",
        "Real? Cannot say: no predictions were given. A model must exceed",
        "Act first leak.exact",
        "1 error, 1 warning, 1 info; 4 checks inconclusive, 1 absent",
        "leak.exact error",
        "leak.near warning",
        "Good to know: 1 info (label.imbalance)",
        "Inconclusive: 4 checks (shift.order, embedding.collapsed, embedding.unused, leak.group)",
        "Absent: 1 check found nothing in 1 place",
        "Copies, side by side: 2 pairs",
        "Trivial baselines on each split",
        "Each split against train",
    )
    places = [shown.index(text) for text in words]
    assert places == sorted(places)


def test_what_could_not_be_told_is_told_once_for_each_reason() -> None:
    found = group_open(AUDIT.findings)
    assert [group.codes for group in found] == [
        ("shift.order",), ("leak.group",), ("embedding.unused", "embedding.collapsed"),
    ]  # fmt: skip
    assert "not significant after Holm correction" in found[0].reason and found[2].remedy == "Name a table."
    many = [finding("shift.order", None, f"s{k}", status="inconclusive") for k in range(4)]
    (one,) = group_open(many)
    assert len(one.findings) == 4
    assert list_passed(
        [*many, finding("leak.exact", None), finding("leak.near", "error"), finding("leak.near", None)]
    ) == ("leak.exact",)


def test_leaked_pairs_stand_side_by_side_with_what_differs_marked(demo: str) -> None:
    assert re.findall(r"<mark>(.*?)</mark>", demo) == ["b", "x"]
    shown = Elements(demo).text
    assert "dev, id d1, label yes" in shown and "train, id t9, label no" in shown
    assert "(no token)" in shown


def test_long_lists_of_ids_are_counted_and_the_rest_of_the_evidence_stands(demo: str) -> None:
    shown = Elements(demo).text
    assert "row_ids 5,000, all in the JSON" in shown and "t4999" not in demo
    assert '["t1", "t2"]' in shown
    wide = finding("leak.exact", "error", evidence={f"k{n}": "x" * 5_000 for n in range(500)})
    assert len(made(replace(AUDIT, findings=(wide,)))) < 2_000_000


def test_it_is_one_offline_file_that_can_be_read_aloud(demo: str) -> None:
    hold_page(demo, pictures=8)  # three splits and the trivial baselines, wide and narrow
    assert len(demo) < 2_000_000 and made() == demo


def test_hostile_text_stays_text(demo: str) -> None:
    told = Finding(
        "leak.exact", "present", HOSTILE, HOSTILE, "error", {HOSTILE: HOSTILE}, {HOSTILE: [HOSTILE]}, HOSTILE
    )
    side = PairSide("test", HOSTILE, HOSTILE, HOSTILE)
    hostile = Audit(
        (told, replace(told, status="inconclusive", severity=None), replace(told, status="absent", severity=None)),
        baselines(HOSTILE, "bag"),
        {name: replace(profile(name, HOSTILE), classes={HOSTILE: 3, "1": 4}) for name in SPLITS},
        (RowPair(HOSTILE, side, side),),
        HOSTILE,
    )
    hold_text(made(hostile, HOSTILE, (HOSTILE,)), demo)


def test_many_splits_labels_and_odd_tokens() -> None:
    names = ["train", *(f"shift_{k}" for k in range(9))]
    record = records()
    splits = {name: record["train"] if name == "train" else record["shift_long"] for name in names}
    odd = {"": 1, "\u200b": 2, "x" * 500: 3, **{f"label {k}": k + 1 for k in range(3_000)}}
    audit = Audit(profiles={name: replace(profile(name, "\n"), classes=odd, rows=0) for name in names})
    shown = Elements(audit_page("many", audit, assess_data(audit, None), splits, ())).text
    assert "Not pictured: shift_6, shift_7, shift_8." in shown
    figure = draw_shift(audit, "shift_0")
    assert "(2991 more)" in str(figure.spec) and len(str(figure.spec)) < 20_000
    assert [visible(text) for text in ("a", "", " ", "\u200b", "é", "x" * 50)] == [
        "a", "''", "' '", "'\\u200b'", "é", "x" * 21 + "…",
    ]  # fmt: skip
    assert visible("\x00") == "'\\x00'"


def test_the_report_of_a_run_has_the_section_before_the_findings_of_training() -> None:
    text = page(reading(replace(example(), audit=AUDIT)))
    shown = Elements(text).text
    words = (
        "1 error, 1 warning, 1 info; 4 checks inconclusive, 1 absent",
        "leak.exact error",
        "Findings about training",
    )
    places = [shown.index(word) for word in words]
    assert places == sorted(places)
    body = text[text.index('id="findings"') :]
    assert "leak.exact" not in body, "said once"
    assert "Act first leak.exact" in shown
    assert make_audit_section(None, SPLITS) is None


def test_an_audit_that_failed_is_told_in_the_report() -> None:
    failed = replace(example(), audit=Audit(failed="The audit failed (KeyError)."))
    shown = Elements(page(reading(failed, ()))).text
    assert shown.count("The audit failed (KeyError).") == 2
