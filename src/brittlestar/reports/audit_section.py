"""An audit as a page shows it: what was found, pairs of rows side by side, and what is pictured."""

import difflib
from collections.abc import Sequence
from typing import Any

from brittlestar.core.audit_record import Audit
from brittlestar.reports.cards import make_cards
from brittlestar.reports.error_budget import sentences
from brittlestar.reports.figures.baselines import label_baselines
from brittlestar.reports.figures.of_audit import MOST_SHIFTS, list_profiled_splits
from brittlestar.reports.finding_groups import group_absent, group_inapplicable, group_open, list_passed

Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it is not in another text."""


def make_audit_section(audit: Audit | None, splits: Sequence[str], main: str | None = None) -> dict[str, Any] | None:
    """What the section on data and splits shows, splits in the given order; None where there is no audit. `main` is the
    variant under test, whose findings come first.

    The audit, how many checks looked and could not tell (`unknown`) or found nothing (`passed`), cards, groups of
    findings, pairs of rows with the pieces of both texts, splits with a picture and without, the labels of trivial
    baselines, and how often audits are wrong.
    """
    if audit is None:
        return None
    profiled, baselines = list_profiled_splits(audit, splits), audit.trivial_baselines
    return {
        "audit": audit,
        "unknown": len({finding.code for finding in audit.findings if finding.status == "inconclusive"}),
        "passed": len(list_passed(audit.findings)),
        "cards": make_cards(audit.findings, main),
        "open_groups": group_open(audit.findings),
        "absent": group_absent(audit.findings),
        "inapplicable": group_inapplicable(audit.findings),
        "pairs": [(pair, _mark_differences(pair.left.text, pair.right.text)) for pair in audit.pairs],
        "pictured": profiled[:MOST_SHIFTS],
        "not_pictured": profiled[MOST_SHIFTS:],
        "scored": [] if baselines is None else [split for split in splits if split in baselines.rows],
        "members": {} if baselines is None else label_baselines(baselines),
        "budget": sentences(),
    }


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
