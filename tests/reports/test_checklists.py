"""Checklists: every item has an answer with evidence, answers change with facts, names stay text."""

import re
from dataclasses import replace
from typing import Any

import pytest

from brittlestar.core.findings import Finding
from brittlestar.core.results import CellRecord, StudyRecord
from brittlestar.core.sealed import Sealed
from brittlestar.reports.checklists import (
    ANSWERS,
    UNKNOWN,
    Answered,
    answer_items,
    gather_facts,
    write_checklists,
    write_limits,
)
from brittlestar.reports.study_view import StudyView
from brittlestar.reports.words import TEMPLATES

from .example import VARIANTS, example, reading

HOSTILE = "<script>alert(1)</script>|`x`\n## not a heading"
TITLES = ("NeurIPS paper checklist", "Machine learning reproducibility checklist", "REFORMS")
WITHOUT_TEST = replace(example(names=("train", "dev")), claims=())
LEAK = Finding(
    code="leak.exact",
    status="present",
    severity="error",
    summary="test: 120 of 1,000 rows (12 %) are in train.",
    threshold="1 %",
    where={"split": "test"},
)


@pytest.fixture(scope="module")
def study() -> StudyView:
    return reading(example())


def plan_only() -> StudyRecord:
    """A study of which no run is finished."""
    record = example()
    cells = tuple(CellRecord(cell.hash, cell.variant, cell.seed, "planned") for cell in record.cells)
    return replace(record, cells=cells, claims=())


def answer(about: StudyView | dict[str, Any], checklist: str, number: str) -> Answered:
    facts = gather_facts(about) if isinstance(about, StudyView) else about
    title = next(one for one in TITLES if checklist in one)
    return answer_items(facts, "")[title][number]


def read_limits(about: StudyView) -> list[str]:
    """The lists of what was not varied, not probed and not powered."""
    return re.split(r"(?m)^### .*$", write_limits(gather_facts(about)))[1:]


def read_rows(page: str) -> list[list[str]]:
    """The cells of every row that is no head of a table."""
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines]
    return [[cell.strip() for cell in row] for row in rows if row[0].strip() not in ("item", "---")]


@pytest.mark.parametrize(
    "record",
    [example(), plan_only(), example({"main": VARIANTS["main"]}, names=("train",)), WITHOUT_TEST],
    ids=["whole", "no seeds", "train alone", "no test"],
)
def test_every_item_has_an_answer_and_evidence(record: StudyRecord) -> None:
    rows = read_rows(write_checklists(reading(record)))
    assert len(rows) == 16 + 21 + 32
    for item, said, evidence in rows:
        assert said in ANSWERS, item
        assert evidence, item


def test_every_rule_answers_an_item() -> None:
    text = (TEMPLATES / "checklists.yaml").read_text(encoding="utf-8")
    rules = re.findall(r"{% macro (\w+)\(\)", (TEMPLATES / "checklist_rules.txt.j2").read_text(encoding="utf-8"))
    assert sorted(rules) == sorted(set(re.findall(r"rule: (\w+)", text)))


def test_without_seeds_there_is_no_uncertainty_and_nothing_to_reproduce(study: StudyView) -> None:
    none = reading(plan_only())
    assert answer(study, "NeurIPS", "7").answer == "yes"
    for checklist, number in (("NeurIPS", "7"), ("NeurIPS", "4"), ("reproducibility", "5.2"), ("REFORMS", "7b")):
        assert answer(none, checklist, number).answer == "no"


def test_few_seeds_answer_in_part_and_are_a_limit() -> None:
    few = reading(example({"main": VARIANTS["main"]}, seeds=(0, 1, 2)))
    assert answer(few, "NeurIPS", "7").answer == "in part"
    not_varied, _, not_powered = read_limits(few)
    assert "- Fewer than 5 finished seeds: main 3." in not_powered
    assert "- No rival family of models: lstm" in not_varied


def test_a_leak_is_named_with_its_numbers(study: StudyView) -> None:
    found = answer(reading(None, None, LEAK), "REFORMS", "6b")
    assert found.answer == "no"
    assert "leak.exact" in found.evidence and "120 of 1,000 rows" in found.evidence
    absent = replace(LEAK, status="absent", severity=None)
    assert answer(reading(None, None, absent), "REFORMS", "6b").answer == "yes"
    assert answer(study, "REFORMS", "6b").answer == UNKNOWN
    unclear = replace(absent, status="inconclusive")
    assert answer(reading(None, None, unclear), "REFORMS", "6b").answer == UNKNOWN
    assert answer(reading(None, None, unclear, absent), "REFORMS", "6b").answer == "in part"


def test_a_sealed_study_can_be_reproduced_and_says_how(study: StudyView) -> None:
    assert answer(study, "NeurIPS", "4").answer == "in part"
    assert answer(study, "REFORMS", "2d").answer == "no"
    sealed = replace(study, sealed=Sealed("ab" * 32, "demo.record"))
    found = answer(sealed, "NeurIPS", "4")
    assert found.answer == "yes" and "brittlestar verify demo.record" in found.evidence
    assert answer(sealed, "REFORMS", "2d").answer == "yes"


def test_given_predictions_leave_training_to_the_author(study: StudyView) -> None:
    facts = gather_facts(study) | {"given": ("main",), "is_given": True}
    for checklist, number in (("NeurIPS", "6"), ("reproducibility", "5.1"), ("REFORMS", "5d"), ("REFORMS", "4c")):
        assert answer(facts, checklist, number).answer == UNKNOWN


def test_limits_name_streams_probes_and_verdicts(study: StudyView) -> None:
    not_varied, not_probed, not_powered = read_limits(study)
    assert "- Random streams that no seed varied: the split of train and dev, a resample of train.\n" in not_varied
    assert "- No probe suite ran." in not_probed and "shifted split" not in not_probed
    assert "- Inconclusive findings by code: seed.unstable 1." in not_powered


def test_an_empty_list_of_limits_is_a_sentence(study: StudyView) -> None:
    settled = reading(example(incidents=False), ())
    assert "### Not powered\n\nNo verdict and no finding is inconclusive." in write_checklists(settled)


def test_hostile_names_stay_text() -> None:
    record = example({"main": VARIANTS["main"], HOSTILE: VARIANTS["bag"]})
    leak = replace(LEAK, summary=HOSTILE)
    hostile = replace(record, name=HOSTILE, title=HOSTILE, environment={"platform": HOSTILE})
    page = write_checklists(reading(hostile, None, leak))
    assert "<script>" not in page and "\n## not a heading" not in page
    assert len(read_rows(page)) == 16 + 21 + 32
    assert all(len(row) == 3 for row in read_rows(page))
