"""Findings and what pages show beside them, as one record."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import polars as pl

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.dataset import AuditDataset
from brittlestar.audits.showing import show_text
from brittlestar.baselines.rows import BaselineRows
from brittlestar.core.audit_record import Audit, Drifted, PairSide, Profile, RowPair
from brittlestar.core.findings import Finding, worst_first
from brittlestar.core.large_arrays import count

BINS = 40  # budget: room in a figure
MOST_DRIFTED = 12  # budget: room in a figure
LONG_TAIL = 0.995
"""Lengths beyond this quantile of every split share the last bin. Budget: room in a figure."""


def profiles(dataset: AuditDataset) -> dict[str, Profile]:
    """The profile of every split, by name."""
    lengths = [rows.lengths for rows in dataset.splits.values() if rows.n_rows] or [np.zeros(1, np.int64)]
    shortest = int(min(length.min() for length in lengths))
    longest = int(max(np.quantile(length, LONG_TAIL, method="higher") for length in lengths))
    width = -(-(longest - shortest + 1) // BINS)
    bins = (longest - shortest) // width + 1
    train = _shares(dataset.train, len(dataset.tokens))
    found: dict[str, Profile] = {}
    for name, rows in dataset.splits.items():
        per_label = np.bincount(rows.labels, minlength=len(dataset.labels))
        labels = {label: int(per_label[code]) for code, label in enumerate(dataset.labels) if per_label[code]}
        places = np.minimum((rows.lengths - shortest) // width, bins - 1)
        counts = tuple(np.bincount(places, minlength=bins).tolist())
        here = _shares(rows, len(dataset.tokens))
        apart = np.abs(np.sqrt(here) - np.sqrt(train))
        order = np.argsort(-apart, kind="stable")[:MOST_DRIFTED]
        drifted = (Drifted(dataset.tokens[k], float(train[k]), float(here[k])) for k in order if apart[k] > 0)
        found[name] = Profile(rows.n_rows, labels, shortest, width, counts, tuple(drifted))
    return found


def _shares(rows: BaselineRows, n_tokens: int) -> np.ndarray:
    counts = count(rows.codes, n_tokens)
    return counts / max(counts.sum(), 1)


MOST_PAIRS_SHOWN = 2  # budget: room on a page, for one finding
MOST_OF_ALL = 8  # budget: room on a page
LONGEST_TEXT = 600  # budget: room on a page


def record_audit(analysis: Analysis, findings: Sequence[Finding], with_baselines: bool = True) -> Audit:
    """The record of an audit of `analysis` that gave `findings`, with the trivial baselines where `with_baselines` asks
    for it or a check has climbed it already."""
    failed = [finding.summary for finding in findings if "failure" in finding.evidence]
    return Audit(
        tuple(findings),
        analysis.baselines.trivial if with_baselines or "baselines" in vars(analysis) else None,
        profiles(analysis),
        pairs(analysis, findings),
        " ".join(failed) or None,
    )


def pairs(dataset: AuditDataset, findings: Sequence[Finding]) -> tuple[RowPair, ...]:
    """Two pairs of every present finding that says which rows belong together, those of the worst first."""
    present = (finding for finding in worst_first(findings) if finding.status == "present")
    found = (pair for finding in present for pair in _pairs_of(dataset, finding))
    return tuple(islice(found, MOST_OF_ALL))


def _pairs_of(dataset: AuditDataset, finding: Finding) -> Iterator[RowPair]:
    here, train = dataset.splits.get(finding.where.get("split", "")), dataset.train
    found: list[tuple[int | None, int | None]] = []
    if here is not None and finding.code == "leak.exact":
        for row in finding.evidence.get("rows", ())[:MOST_PAIRS_SHOWN]:
            position = _first(here.ids == row)
            found.append((position, None if position is None else _first(train.hashes == here.hashes[position])))
    elif here is not None and finding.code == "leak.near":
        for pair in finding.evidence.get("pairs", ())[:MOST_PAIRS_SHOWN]:
            found.append((_first(here.ids == pair["evaluation"]), _first(train.ids == pair["train"])))
    for one, other in found:
        if here is not None and one is not None and other is not None:
            yield RowPair(finding.code, side(dataset, here, one), side(dataset, train, other))


def side(dataset: AuditDataset, rows: BaselineRows, position: int) -> PairSide:
    """One row for people."""
    label, text = dataset.labels[int(rows.labels[position])], show_text(rows, position, LONGEST_TEXT)
    return PairSide(rows.name, str(rows.ids[position]), label, text)


def _first(wanted: pl.Series | np.ndarray) -> int | None:
    found = np.flatnonzero(wanted)
    return int(found[0]) if len(found) else None
