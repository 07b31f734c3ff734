"""Findings and what pages show beside them, as one record."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import polars as pl

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset, AuditSplit
from brittlestar.audits.profiles import profiles
from brittlestar.audits.showing import show_text
from brittlestar.core.audit import Audit, Pair, Side
from brittlestar.core.findings import Finding, worst_first

MOST_PAIRS = 2  # budget: room on a page, for one finding
MOST_OF_ALL = 8  # budget: room on a page
LONGEST_TEXT = 600  # budget: room on a page


def record_audit(analysis: Analysis, findings: Sequence[Finding], climbs: bool = True) -> Audit:
    """The record of an audit of `analysis` that gave `findings`, with the trivial baselines where `climbs` asks for it
    or a check has climbed it already."""
    failed = [finding.summary for finding in findings if "failure" in finding.evidence]
    return Audit(
        tuple(findings),
        analysis.climb.ladder if climbs or "climb" in vars(analysis) else None,
        profiles(analysis),
        pairs(analysis, findings),
        " ".join(failed) or None,
    )


def pairs(dataset: AuditDataset, findings: Sequence[Finding]) -> tuple[Pair, ...]:
    """Two pairs of every present finding that says which rows belong together, those of the worst first."""
    present = (finding for finding in worst_first(findings) if finding.status == "present")
    found = (pair for finding in present for pair in _pairs_of(dataset, finding))
    return tuple(islice(found, MOST_OF_ALL))


def _pairs_of(dataset: AuditDataset, finding: Finding) -> Iterator[Pair]:
    here, train = dataset.splits.get(finding.where.get("split", "")), dataset.train
    found: list[tuple[int | None, int | None]] = []
    if here is not None and finding.code == "leak.exact":
        for row in finding.evidence.get("rows", ())[:MOST_PAIRS]:
            position = _first(here.ids == row)
            found.append((position, None if position is None else _first(train.hashes == here.hashes[position])))
    elif here is not None and finding.code == "leak.near":
        for pair in finding.evidence.get("pairs", ())[:MOST_PAIRS]:
            found.append((_first(here.ids == pair["evaluation"]), _first(train.ids == pair["train"])))
    for one, other in found:
        if here is not None and one is not None and other is not None:
            yield Pair(finding.code, side(dataset, here, one), side(dataset, train, other))


def side(dataset: AuditDataset, rows: AuditSplit, position: int) -> Side:
    """One row for people."""
    label, text = dataset.labels[int(rows.labels[position])], show_text(rows, position, LONGEST_TEXT)
    return Side(rows.name, str(rows.ids[position]), label, text)


def _first(wanted: pl.Series | np.ndarray) -> int | None:
    found = np.flatnonzero(wanted)
    return int(found[0]) if len(found) else None
