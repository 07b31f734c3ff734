"""The exam of records: its cases, their seal, and how it grades."""

from __future__ import annotations

import ast
import csv
import io
import json
import tomllib
from collections import Counter

import pytest
import yaml

from exam.record.asking import Answer
from exam.record.case_set import CaseSet
from exam.record.forging import canonical, sha256
from exam.record.fourth.cases import FOURTH
from exam.record.grading import grade_mutation, grade_program, grade_report, grade_unchanged
from exam.record.mutation import RUN, Mutation
from exam.record.program import Program
from exam.record.report import ALARMS, Report
from exam.record.sealing import check_sealed
from exam.record.sets import FIRST, SECOND, SETS
from exam.record.third.cases import THIRD
from exam.record.totals import MISSES, TOTALS

RUNS = {
    "first": (("main", "wide", "counts"), (0, 1, 2)),
    "second": (("main", "blind", "votes", "sums"), (2, 3, 5)),
    "sixth": (("main", "brief", "locks", "memory", "tossed"), (1, 4, 6)),
    "tenth": (("main", "pitch", "motifs", "hum"), (1, 4, 9)),
    "fifteenth": (("main", "flat", "windows", "trees", "kin"), (1, 4, 8)),
}
"""Variants and seeds of the record of each set."""
HASHES = {
    (variant, seed): sha256(f"{variant} {seed}".encode())
    for variants, seeds in RUNS.values()
    for variant in variants
    for seed in seeds
}
MUTATIONS = [(cases.name, one) for cases in SETS.values() for one in cases.mutations]
REPORTS = [(cases.name, one) for cases in SETS.values() for one in cases.reports]
PROGRAMS = [one for cases in SETS.values() for one in cases.programs]
FLIPPED = Mutation("flipped", lambda record, base: None, "recompute", r"<main/2>")


@pytest.mark.parametrize(("cases", "healthy"), [(FIRST, 8), (SECOND, 10)], ids=("first", "second"))
def test_there_are_as_many_cases_as_were_promised(cases: CaseSet, healthy: int) -> None:
    assert len(cases.mutations) == 40 and len(cases.reports) == 60
    assert Counter(one.kind for one in cases.programs) == {"inert": 10, "influence": 10, "healthy": healthy}
    for some in (cases.mutations, cases.reports, cases.programs):
        assert max(Counter(one.name for one in some).values()) == 1
    assert max(Counter(one.module for one in cases.programs).values()) == 1


def test_the_second_set_has_every_kind_of_case() -> None:
    assert Counter(one.depth for one in SECOND.mutations) == {"hashes": 12, "recompute": 20, "retrain": 8}
    assert {one.form for one in SECOND.mutations} == {"folder", "archive"}
    assert {one.suffix for one in SECOND.reports} == {".yaml", ".md", ".csv"}
    kinds = Counter(kind for one in SECOND.reports for kind in {*one.expected.values()} - {"match"})
    assert kinds == {"misstated": 15, "omitted": 10, "omitted-default": 8, "without-effect": 8, "ambiguous": 4}
    texts = {one.text for one in FIRST.reports} | {one.text for one in FIRST.programs if one.text}
    assert not texts & ({one.text for one in SECOND.reports} | {one.text for one in SECOND.programs if one.text})


def test_the_third_set_has_new_reports_alone() -> None:
    assert not THIRD.mutations and not THIRD.programs and len(THIRD.reports) == 60
    assert max(Counter(one.name for one in THIRD.reports).values()) == 1
    assert {one.suffix for one in THIRD.reports} == {".yaml", ".md", ".csv"}
    kinds = Counter(frozenset(one.expected.values()) - {"match"} for one in THIRD.reports)
    wanted = {"misstated": 12, "omitted": 8, "omitted-default": 4, "without-effect": 6, "ambiguous": 6}
    assert kinds == {frozenset(): 24, **{frozenset({kind}): number for kind, number in wanted.items()}}


@pytest.mark.parametrize(
    "name", ["fifth", "seventh", "eighth", "ninth", "eleventh", "twelfth", "thirteenth", "fourteenth", "sixteenth"]
)
def test_a_set_of_reports_has_sixty_and_nothing_else(name: str) -> None:
    cases = SETS[name]
    assert not cases.mutations and not cases.programs and len({one.name for one in cases.reports}) == 60
    kinds = {kind for one in cases.reports for kind in one.expected.values()}
    assert kinds == {"match", "misstated", "omitted", "omitted-default", "without-effect", "ambiguous"}


@pytest.mark.parametrize("name", ["sixth", "tenth", "fifteenth"])
def test_a_set_has_changes_and_programs_and_nothing_else(name: str) -> None:
    cases = SETS[name]
    assert len({one.name for one in cases.mutations}) == 40 and not cases.reports
    assert Counter(one.kind for one in cases.programs) == {"inert": 10, "influence": 10, "healthy": 8}


def test_no_report_is_that_of_another_set() -> None:
    texts = [one.text for cases in SETS.values() for one in cases.reports]
    assert len({*texts}) == len(texts) == 760


def test_the_fourth_set_has_new_reports_alone() -> None:
    assert not FOURTH.mutations and not FOURTH.programs and len(FOURTH.reports) == 40
    assert max(Counter(one.name for one in FOURTH.reports).values()) == 1
    assert {one.suffix for one in FOURTH.reports} == {".yaml", ".md", ".csv"}
    kinds = Counter(frozenset(one.expected.values()) - {"match"} for one in FOURTH.reports)
    wanted = {"misstated": 8, "omitted": 5, "omitted-default": 3, "without-effect": 3, "ambiguous": 3}
    assert kinds == {frozenset(): 18, **{frozenset({kind}): number for kind, number in wanted.items()}}


@pytest.mark.parametrize("cases", SETS.values(), ids=SETS)
def test_cases_are_those_that_were_sealed(cases: CaseSet) -> None:
    assert len(check_sealed(cases)) == 64


@pytest.mark.parametrize("cases", SETS.values(), ids=SETS)
def test_studies_of_reports_can_be_read(cases: CaseSet) -> None:
    for name, text in cases.studies.items():
        study = yaml.safe_load(text)
        assert study["name"] == name and study["probes"] == {"suite": "none"}


@pytest.mark.parametrize(("of", "mutation"), MUTATIONS, ids=lambda one: getattr(one, "name", one))
def test_a_mutation_has_a_pattern_that_names_known_runs(of: str, mutation: Mutation) -> None:
    pattern = mutation.pattern(HASHES)
    variants, seeds = RUNS[of]
    assert not pattern.search("")
    assert all(mark[1] in variants and int(mark[2]) in seeds for mark in RUN.finditer(mutation.names))
    assert mutation.resealed == (mutation.depth != "hashes")


@pytest.mark.parametrize(("of", "report"), REPORTS, ids=lambda one: getattr(one, "name", one))
def test_a_report_is_what_its_suffix_says(of: str, report: Report) -> None:
    if report.suffix == ".yaml":
        assert isinstance(yaml.safe_load(report.text), dict | list)
    elif report.suffix == ".csv":
        mark = ";" if ";" in report.text.splitlines()[0] else ","
        widths = {len(row) for row in csv.reader(io.StringIO(report.text), delimiter=mark)}
        assert min(widths) >= 2
    elif report.suffix == ".json":
        assert isinstance(json.loads(report.text), dict | list)
    elif report.suffix == ".toml":
        assert tomllib.loads(report.text)
    elif table := [line for line in report.text.splitlines() if line.startswith("|")]:
        assert report.suffix == ".md" and len(table) >= 3
    else:
        assert report.suffix in (".md", ".tex", ".txt") and len(report.text) > 100
    assert report.study in SETS[of].studies and report.expected


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.name)
def test_a_program_is_a_module_with_its_model(program: Program) -> None:
    names = {node.name for node in ast.parse(program.text).body if isinstance(node, ast.FunctionDef)}
    assert not program.text or program.model in names or f"\n{program.model} = " in program.text
    assert bool(program.names) == bool(program.codes) == (program.kind != "healthy")
    study = yaml.safe_load(program.study())
    assert study["seeds"] == 1 and ("own" in study.get("model", {})) == bool(program.text)


def test_a_mutation_is_detected_at_the_first_depth_that_differs() -> None:
    said = f"scores of {HASHES['main', 2][:12]} do not follow"
    grade = grade_mutation(FLIPPED, {"hashes": Answer("identical"), "recompute": Answer("differs", (said,))}, HASHES)
    assert grade.found == "recompute" and grade.named
    grade = grade_mutation(FLIPPED, {"hashes": Answer("refused", ("main seed 2: a link",))}, HASHES)
    assert grade.found == "hashes" and grade.named
    grade = grade_mutation(FLIPPED, {"recompute": Answer("differs", ("wide seed 2",))}, HASHES)
    assert grade.detected and not grade.named
    for outcome in ("identical", "cannot-tell", "crashed", "hung"):
        assert not grade_mutation(FLIPPED, {"recompute": Answer(outcome)}, HASHES).detected


def test_the_record_as_it_is_has_to_be_accepted() -> None:
    assert not grade_unchanged("folder", {"hashes": Answer("identical"), "retrain": Answer("equivalent")}).detected
    refused = grade_unchanged("folder", {"hashes": Answer("identical"), "recompute": Answer("cannot-tell")})
    assert refused.found == "recompute"
    assert TOTALS["mutations"]([refused])["records as they are: with an alarm"]["hits"] == 1
    assert len(MISSES["mutations"]([refused])) == 1


def test_a_report_has_errors_of_two_kinds() -> None:
    report = Report("one", "plain", ".yaml", "", {"training.epochs": "match", "rate": "ambiguous"})
    right = Answer("told", ("training.epochs\tmatch", "rate\tambiguous", "data.path\tomitted"))
    assert grade_report(report, right).right
    wrong = grade_report(report, Answer("told", ("training.epochs\tomitted", "seeds\tomitted")))
    assert wrong.wrong == {"training.epochs": "omitted", "rate": "nothing"} and wrong.alarms == ("seeds: omitted",)
    assert len(grade_report(report, Answer("refused", ("no table",))).wrong) == 2
    assert "match" not in ALARMS and "omitted-default" not in ALARMS


def test_a_program_is_seen_through_by_a_finding_that_names_what_it_is() -> None:
    faulty = Program("one", "inert", codes=("report.inert",), names=r"\bclip\b")
    named = grade_program(faulty, Answer("told", ("report.inert\tclip does nothing",)))
    assert named.named and named.present
    other = grade_program(faulty, Answer("told", ("report.inert\tdecay does nothing",)))
    assert other.present and not other.named
    assert not grade_program(faulty, Answer("told", ("report.undeclared\tclip",))).present
    healthy = Program("two", "healthy")
    assert grade_program(healthy, Answer("told", ("seed.undeclared\tthe same run differs",))).present
    assert not grade_program(healthy, Answer("told", ("train.short\ttoo short",))).present
    assert grade_program(healthy, Answer("crashed")).present


def test_canonical_json_is_sorted_and_without_spaces() -> None:
    assert canonical({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"é"]}'.encode()
