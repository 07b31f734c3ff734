"""Mutations of what is said of runs, sealed anew: the rest of the record contradicts them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from exam.record.base import Base
from exam.record.forging import edit, edit_lines, replace, reseal
from exam.record.mutation import Mutation


def antedate_claim(record: Path, base: Base) -> None:
    """The claim was registered a day earlier, says the summary."""

    def change(document: dict[str, Any]) -> None:
        document["claims"][0]["at"] -= 86_400

    edit(record / "record.json", change)
    reseal(record)


def postdate_claim(record: Path, base: Base) -> None:
    """The claim was registered when all runs were done, and counts as registered before them."""
    late: list[float] = []

    def move(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        (event,) = (line for line in lines if line["event"] == "registered")
        late.append(max(line["at"] for line in lines) + 60)
        return [*(line for line in lines if line is not event), {**event, "at": late[0]}]

    edit_lines(record / "study" / "attempts.jsonl", move)
    edit(record / "record.json", lambda one: one["claims"][0].update(at=late[0]))
    reseal(record)


def lower_threshold(record: Path, base: Base) -> None:
    """The claim asks for less than was registered."""
    edit(record / "study" / "claims.json", lambda claims: claims[0].update(threshold=0.0, margin=0.001))
    reseal(record)


def change_verdict(record: Path, base: Base) -> None:
    """The verdict on the claim is another one."""
    results = record / "report" / "results.json"
    edit(results, lambda one: one["claims"][0].update(verdict="supported", relation="better"))
    for name in ("verdicts.md", "verdicts.tex"):
        replace(record / "report" / name, "inconclusive", "supported")
    reseal(record)


def suppress_finding(record: Path, base: Base) -> None:
    """A warning about main is left out."""

    def drop(results: dict[str, Any]) -> None:
        results["findings"] = [
            one
            for one in results["findings"]
            if not (one["code"] == "train.short" and one["where"].get("variant") == "main")
        ]

    edit(record / "report" / "results.json", drop)
    reseal(record)


def suppress_audit_finding(record: Path, base: Base) -> None:
    """What the audit said of a bag of tokens is left out."""

    def drop(audit: dict[str, Any]) -> None:
        audit["findings"] = [one for one in audit["findings"] if one["code"] != "shortcut.bag"]

    edit(record / "study" / "audit.json", drop)
    reseal(record)


def edit_svg(record: Path, base: Base) -> None:
    """More rows in a figure's title."""
    replace(record / "report" / "figures" / "results.svg", "(100 rows)", "(900 rows)")
    reseal(record)


def edit_report_page(record: Path, base: Base) -> None:
    """More runs on the page."""
    replace(record / "report" / "report.html", "3 runs, 100 rows", "8 runs, 100 rows", every=True)
    reseal(record)


def edit_score_table(record: Path, base: Base) -> None:
    """Ten points more for main on test."""
    path = record / "report" / "tables.md"
    before, test = path.read_text(encoding="utf-8").split("\n## test ")
    changed, times = re.subn(
        r"(\n\| main .*?\| 3 of 3 \| )(\d+\.\d)", lambda found: f"{found[1]}{float(found[2]) + 10:.1f}", test, count=1
    )
    assert times == 1
    path.write_text(f"{before}\n## test {changed}", encoding="utf-8")
    reseal(record)


def change_fingerprint(record: Path, base: Base) -> None:
    """Another fingerprint of test in the summary."""

    def change(document: dict[str, Any]) -> None:
        document["data"]["test"]["fingerprint"] = document["data"]["test"]["fingerprint"][::-1]

    edit(record / "record.json", change)
    reseal(record)


def change_environment(record: Path, base: Base) -> None:
    """Another Python in the summary."""
    edit(record / "record.json", lambda one: one["environment"].update(python="3.9.18"))
    reseal(record)


def shorten_ledger(record: Path, base: Base) -> None:
    """Fewer runs scored the rows of test, says the ledger."""
    edit(record / "record.json", lambda one: one["scored_before"][0].update(runs=2))
    reseal(record)


WORDS = (
    Mutation("claim antedated", antedate_claim, "recompute", r"claim|registered", resealed=True),
    Mutation("claim registered after the runs", postdate_claim, "recompute", r"claim|registered", resealed=True),
    Mutation(
        "threshold of a claim lowered", lower_threshold, "recompute", r"claim|threshold|main > wide", resealed=True
    ),
    Mutation("verdict changed", change_verdict, "recompute", r"verdict|claim|main (>|&gt;) wide", resealed=True),
    Mutation("finding suppressed", suppress_finding, "recompute", r"train\.short", resealed=True),
    Mutation("finding of the audit suppressed", suppress_audit_finding, "recompute", r"shortcut\.bag", resealed=True),
    Mutation("figure edited", edit_svg, "recompute", r"results\.svg", resealed=True),
    Mutation("page edited", edit_report_page, "recompute", r"report\.html|\bpage\b", resealed=True),
    Mutation("table edited", edit_score_table, "recompute", r"tables\.md", resealed=True),
    Mutation(
        "fingerprint changed", change_fingerprint, "recompute", r"fingerprint|record\.json|data\.test", resealed=True
    ),
    Mutation("environment changed", change_environment, "recompute", r"environment|python", resealed=True),
    Mutation("ledger shortened", shorten_ledger, "recompute", r"scored|ledger", resealed=True),
)
