"""Rows that a leak puts on both sides, looked up so that a page can show them side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.core.audit import Pair, Side
from brittlestar.core.findings import Finding, worst_first

MOST_PAIRS = 2  # budget: room on a page, for one finding
MOST_OF_ALL = 8  # budget: room on a page
LONGEST_TEXT = 600  # budget: room on a page


def pairs(dataset: AuditDataset, findings: Sequence[Finding]) -> tuple[Pair, ...]:
    """Two pairs of every present finding that says which rows belong together, those of the worst first."""
    present = (finding for finding in worst_first(findings) if finding.status == "present")
    found = (pair for finding in present for pair in _pairs_of(dataset, finding))
    return tuple(islice(found, MOST_OF_ALL))


def _pairs_of(dataset: AuditDataset, finding: Finding) -> Iterator[Pair]:
    here = dataset.splits.get(finding.where.get("split", ""))
    if here is None:
        return
    if finding.code == "leak.exact":
        for row in finding.evidence.get("rows", ())[:MOST_PAIRS]:
            position = _position(here, row)
            twin = None if position is None else _twin(dataset.train, here.hashes[position])
            if position is not None and twin is not None:
                yield Pair(finding.code, side(dataset, here, position), side(dataset, dataset.train, twin))
    elif finding.code == "leak.near":
        for pair in finding.evidence.get("pairs", ())[:MOST_PAIRS]:
            one, other = _position(here, pair["evaluation"]), _position(dataset.train, pair["train"])
            if one is not None and other is not None:
                yield Pair(finding.code, side(dataset, here, one), side(dataset, dataset.train, other))


def side(dataset: AuditDataset, rows: AuditSplit, position: int) -> Side:
    """One row for people; a list of tokens is joined by spaces."""
    raw = rows.texts[position]
    text = raw if isinstance(raw, str) else " ".join(raw)
    cut = text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
    return Side(rows.name, str(rows.ids[position]), dataset.labels[int(rows.labels[position])], cut)


def _position(rows: AuditSplit, row: object) -> int | None:
    found = (rows.ids == row).arg_true()
    return int(found[0]) if len(found) else None


def _twin(rows: AuditSplit, wanted: np.uint64) -> int | None:
    found = np.flatnonzero(rows.hashes == wanted)
    return int(found[0]) if len(found) else None
