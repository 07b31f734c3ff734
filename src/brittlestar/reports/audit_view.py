"""An audit as a page shows it: cards of what was found, what was not found, and what is inconclusive."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from brittlestar.core.audit import Audit, Pair, Side
from brittlestar.core.findings import Finding, worst_first
from brittlestar.core.ladder import Ladder, Population, Rung
from brittlestar.reports.cards import Cards, make_cards
from brittlestar.reports.error_budget import sentences
from brittlestar.reports.figures.ladder import label_rungs
from brittlestar.reports.figures.of_audit import MOST_SHIFTS, list_profiled_splits
from brittlestar.reports.html import group_absent
from brittlestar.study.units import Unit, count, unit_of

CHANCE = "The effect exceeds the rule, but is not significant after Holm correction over all tests of the audit."
MORE_ROWS = "More rows would settle it."


@dataclass(frozen=True)
class Blind:
    """Findings that are inconclusive for one reason, and what would settle them."""

    codes: tuple[str, ...]
    reason: str
    remedy: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class PairView:
    """Two rows side by side; each text in pieces with whether the piece is not in the other."""

    code: str
    left: Side
    right: Side
    left_pieces: tuple[tuple[str, bool], ...]
    right_pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class LadderTable:
    """The trivial baselines on one split. `heads` name the metrics with their units; `rows` are (trivial baseline,
    which rows, cells), the cells as in `heads`, each a score with its interval."""

    split: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class AuditView:
    """What the section on data and splits shows."""

    counts: str
    cards: Cards
    blind: tuple[Blind, ...]
    absent: Mapping[tuple[str, str], Sequence[Finding]]
    pairs: tuple[PairView, ...]
    shifts: tuple[str, ...]
    not_pictured: str
    failed: str | None
    ladder: tuple[LadderTable, ...]
    budget: tuple[str, ...]


def audit_view(audit: Audit | None, splits: Sequence[str], main: str | None = None) -> AuditView | None:
    """The view of an audit, splits in the given order; None where there is no audit. `main` is the variant under test,
    whose findings come first."""
    if audit is None:
        return None
    seen = list_profiled_splits(audit, splits)
    rest = seen[MOST_SHIFTS:]
    return AuditView(
        counts=counts_of(audit),
        cards=make_cards(audit.findings, main),
        blind=blind(audit.findings),
        absent=group_absent(worst_first(audit.findings)),
        pairs=tuple(_pair(pair) for pair in audit.pairs),
        shifts=tuple(f"shift-{name}" for name in seen[:MOST_SHIFTS]),
        not_pictured=f"Not pictured: {', '.join(rest)}." if rest else "",
        failed=audit.failed,
        ladder=ladder_tables(audit.ladder, splits),
        budget=tuple(sentences()),
    )


def counts_of(audit: Audit) -> str:
    """`2 errors, 1 warning, 5 infos; 3 checks inconclusive, 21 absent`."""
    number = {s: sum(f.severity == s for f in audit.findings) for s in ("error", "warning", "info")}
    named = ", ".join(count(n, name) for name, n in number.items())
    unknown = {finding.code for finding in audit.findings if finding.status == "inconclusive"}
    return f"{named}; {count(len(unknown), 'check')} inconclusive, {len(list_passed(audit.findings))} absent"


def list_passed(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Codes of checks that looked everywhere and found nothing, in the order of the checks."""
    codes = dict.fromkeys(finding.code for finding in findings)
    return tuple(c for c in codes if all(f.status == "absent" for f in findings if f.code == c))


def blind(findings: Sequence[Finding]) -> tuple[Blind, ...]:
    """Inconclusive findings, once for each reason; those that the correction leaves open come first, in one."""
    by_reason: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.status == "inconclusive":
            reason = "" if finding.evidence.get("chance_explains") else finding.remedy or finding.summary
            by_reason.setdefault(reason, []).append(finding)
    groups: dict[tuple[bool, tuple[str, ...]], list[Finding]] = {}
    for reason, group in by_reason.items():  # one check that gives as many reasons as there are splits is told once
        groups.setdefault((bool(reason), tuple(dict.fromkeys(one.code for one in group))), []).extend(group)
    found = [
        Blind(
            codes,
            group[0].summary if own else CHANCE,
            next((one.remedy for one in group if one.remedy), "") if own else MORE_ROWS,
            tuple(group),
        )
        for (own, codes), group in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: one.reason != CHANCE))


def _pair(pair: Pair) -> PairView:
    left, right = pair.left.text, pair.right.text
    parts = (left.split(" "), right.split(" "))
    matcher = difflib.SequenceMatcher(None, *parts, autojunk=False)
    pieces: tuple[list[tuple[str, bool]], list[tuple[str, bool]]] = ([], [])
    for kind, a, b, c, d in matcher.get_opcodes():
        for side, words in ((0, parts[0][a:b]), (1, parts[1][c:d])):
            if piece := " ".join(words):
                pieces[side].append((piece, kind != "equal"))
    return PairView(pair.code, pair.left, pair.right, tuple(pieces[0]), tuple(pieces[1]))


def ladder_tables(ladder: Ladder | None, splits: Sequence[str]) -> tuple[LadderTable, ...]:
    """A table for each of the splits that the trivial baselines was scored on."""
    if ladder is None:
        return ()
    units = [(metric, unit_of(metric)) for metric in ladder.metrics]
    rungs = label_rungs(ladder)
    return tuple(
        LadderTable(
            split,
            tuple(unit.axis for _, unit in units),
            tuple(
                (label, rows, tuple(_cell(rung, split, metric, unit, population) for metric, unit in units))
                for label, rung in rungs.items()
                for population, rows in _populations(ladder, split)
            ),
        )
        for split in splits
        if split in ladder.rows
    )


def _populations(ladder: Ladder, split: str) -> list[tuple[Population, str]]:
    found: list[tuple[Population, str]] = [("all", f"all {ladder.rows[split]:,}")]
    unseen = ladder.unseen.get(split, 0)
    if split != "train" and 0 < unseen < ladder.rows[split]:
        found.append(("unseen", f"{unseen:,} not in train"))
    return found


def _cell(rung: Rung, split: str, metric: str, unit: Unit, population: Population) -> str:
    score = rung.score(split, metric, population)
    return f"{unit.number(score.value)} {unit.interval(score.interval)}".strip()
