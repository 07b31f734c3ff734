"""An audit as a page shows it: what was found, pairs of rows side by side, and what is pictured."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from brittlestar.core.audit_record import Audit, RowPair
from brittlestar.core.findings import Finding, worst_first
from brittlestar.core.trivial_baselines import TrivialBaseline
from brittlestar.reports.cards import Cards, make_cards
from brittlestar.reports.error_budget import sentences
from brittlestar.reports.figures.baselines import label_baselines
from brittlestar.reports.figures.of_audit import MOST_SHIFTS, list_profiled_splits
from brittlestar.reports.finding_groups import OpenGroup, group_absent, group_open, list_passed

Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it is not in another text."""


@dataclass(frozen=True)
class AuditSection:
    """What the section on data and splits shows: the audit, how many checks looked and could not tell (`unknown`) or
    found nothing (`passed`), cards, groups of findings, pairs of rows with the pieces of both texts, splits with a
    picture and without, the labels of trivial baselines, and how often audits are wrong."""

    audit: Audit
    unknown: int
    passed: int
    cards: Cards
    open_groups: tuple[OpenGroup, ...]
    absent: Mapping[tuple[str, str], Sequence[Finding]]
    pairs: tuple[tuple[RowPair, tuple[Pieces, Pieces]], ...]
    pictured: tuple[str, ...]
    not_pictured: tuple[str, ...]
    scored: tuple[str, ...]
    members: Mapping[str, TrivialBaseline]
    budget: tuple[str, ...]


def make_audit_section(audit: Audit | None, splits: Sequence[str], main: str | None = None) -> AuditSection | None:
    """The section of an audit, splits in the given order; None where there is no audit. `main` is the variant under
    test, whose findings come first."""
    if audit is None:
        return None
    profiled = list_profiled_splits(audit, splits)
    baselines = audit.trivial_baselines
    return AuditSection(
        audit,
        len({one.code for one in audit.findings if one.status == "inconclusive"}),
        len(list_passed(audit.findings)),
        make_cards(audit.findings, main),
        group_open(audit.findings),
        group_absent(worst_first(audit.findings)),
        tuple((pair, _mark_differences(pair.left.text, pair.right.text)) for pair in audit.pairs),
        tuple(profiled[:MOST_SHIFTS]),
        tuple(profiled[MOST_SHIFTS:]),
        () if baselines is None else tuple(split for split in splits if split in baselines.rows),
        {} if baselines is None else label_baselines(baselines),
        tuple(sentences()),
    )


def _mark_differences(left: str, right: str) -> tuple[Pieces, Pieces]:
    """Both texts in pieces of whole words."""
    parts = (left.split(" "), right.split(" "))
    matcher = difflib.SequenceMatcher(None, *parts, autojunk=False)
    pieces: tuple[list[tuple[str, bool]], list[tuple[str, bool]]] = ([], [])
    for kind, a, b, c, d in matcher.get_opcodes():
        for side, words in ((0, parts[0][a:b]), (1, parts[1][c:d])):
            if piece := " ".join(words):
                pieces[side].append((piece, kind != "equal"))
    return tuple(pieces[0]), tuple(pieces[1])
