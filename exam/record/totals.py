"""Figures of the exam, and what was missed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from exam.record.grading import MutationGrade, ProgramGrade, ReportGrade
from exam.record.mutation import DEPTHS
from exam.training.shares import share

Totals = dict[str, dict[str, Any]]


def total_mutations(grades: Sequence[MutationGrade]) -> Totals:
    """By depth, and false alarms about the record as it is."""
    changed = [one for one in grades if not one.unchanged]
    totals: Totals = {}
    for depth in DEPTHS:
        some = [one for one in changed if one.depth == depth]
        if some:
            totals[f"mutations, {depth}: detected"] = share(sum(one.detected for one in some), len(some))
            totals[f"mutations, {depth}: named"] = share(sum(one.named for one in some), len(some))
    totals["mutations: detected"] = share(sum(one.detected for one in changed), len(changed))
    totals["mutations: named"] = share(sum(one.named for one in changed), len(changed))
    unchanged = [one for one in grades if one.unchanged]
    totals["records as they are: with an alarm"] = share(sum(one.detected for one in unchanged), len(unchanged))
    return totals


def total_reports(grades: Sequence[ReportGrade]) -> Totals:
    """Reports without an error, fields by themselves, and false alarms."""
    expected = sum(one.expected for one in grades)
    return {
        "reports: without an error": share(sum(one.right for one in grades), len(grades)),
        "reports: expected fields that are right": share(expected - sum(len(one.wrong) for one in grades), expected),
        "reports: with a false alarm": share(sum(bool(one.alarms) for one in grades), len(grades)),
    }


def total_programs(grades: Sequence[ProgramGrade]) -> Totals:
    """Inert settings and influences that were named, and healthy programs with an alarm."""
    totals: Totals = {}
    for kind in ("inert", "influence"):
        some = [one for one in grades if one.kind == kind]
        totals[f"programs, {kind}: present"] = share(sum(one.present for one in some), len(some))
        totals[f"programs, {kind}: named"] = share(sum(one.named for one in some), len(some))
    healthy = [one for one in grades if one.kind == "healthy"]
    totals["programs, healthy: with an alarm"] = share(sum(one.present for one in healthy), len(healthy))
    return totals


def _miss_mutations(grades: Sequence[MutationGrade]) -> list[str]:
    missed = [one for one in grades if (one.detected if one.unchanged else not one.named)]
    return [f"mutation, {one.name} ({one.depth}): found at {one.found}; {'; '.join(one.said)}" for one in missed]


def _miss_reports(grades: Sequence[ReportGrade]) -> list[str]:
    return [f"report, {one.name}: {dict(one.wrong)}; alarms: {one.alarms}" for one in grades if not one.right]


def _miss_programs(grades: Sequence[ProgramGrade]) -> list[str]:
    missed = [one for one in grades if (one.present if one.kind == "healthy" else not one.named)]
    return [f"program, {one.name} ({one.kind}): {'; '.join(one.said) or 'nothing'}" for one in missed]


TOTALS: Mapping[str, Callable[[Sequence[Any]], Totals]] = {
    "mutations": total_mutations,
    "reports": total_reports,
    "programs": total_programs,
}
MISSES: Mapping[str, Callable[[Sequence[Any]], list[str]]] = {
    "mutations": _miss_mutations,
    "reports": _miss_reports,
    "programs": _miss_programs,
}
