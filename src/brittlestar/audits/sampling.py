"""The rows of large splits that models and pairs of tokens are looked at in, and what such a sample can have missed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from brittlestar.audits.dataset import AuditDataset
from brittlestar.core.findings import Finding
from brittlestar.core.seeds import generator

MOST_TOKENS = 20_000_000  # budget: tokens of one split, 2 GB of what is derived from them
SEED = 0  # convention: an audit is the same each time
MISSED = 3.0  # derived: what n rows show none of is rarer than 3 in n (95 %, the rule of three)

D = TypeVar("D", bound=AuditDataset)


def draw_rows(dataset: AuditDataset) -> dict[str, np.ndarray]:
    """By split, the rows that fill 20 million tokens, ascending int64; splits with no more tokens are left out."""
    found: dict[str, np.ndarray] = {}
    for name, rows in dataset.splits.items():
        if len(rows.codes) > MOST_TOKENS:
            fitting = max(1, int(MOST_TOKENS * rows.n_rows / len(rows.codes)))
            found[name] = np.sort(
                generator(SEED, "audit", "sample", rows.name).choice(rows.n_rows, fitting, replace=False)
            )
    return found


def take_rows(dataset: D, drawn: Mapping[str, np.ndarray]) -> D:
    """The dataset with these rows of these splits, and with all rows of the others."""
    splits = {name: rows.take(drawn[name]) if name in drawn else rows for name, rows in dataset.splits.items()}
    given = None
    if dataset.predictions is not None:
        given = {
            arm: {name: table[drawn[name]] if name in drawn else table for name, table in tables.items()}
            for arm, tables in dataset.predictions.items()
        }
    return replace(dataset, splits=splits, predictions=given, known=dataset.train.hashes)


def describe_sample(dataset: AuditDataset, drawn: Mapping[str, np.ndarray]) -> dict[str, dict[str, Any]]:
    """By split, how many rows are drawn at random of how many, and the share of rows below which that may hold none."""
    return {
        name: {"rows": len(rows), "of": dataset.splits[name].n_rows, "seed": SEED, "missed_below": MISSED / len(rows)}
        for name, rows in drawn.items()
    }


def mark_drawn(finding: Finding, drawn: Mapping[str, Mapping[str, Any]]) -> Finding:
    """The finding with the sample that it rests on in its sentence and under `evidence["drawn"]`; one without evidence
    rests on no rows."""
    if not finding.evidence:
        return finding
    evidence = {**finding.evidence, "drawn": {name: dict(one) for name, one in drawn.items()}}
    looked = " and ".join(f"{one['rows']:,} of {one['of']:,} rows of {name}" for name, one in drawn.items())
    rarest = int(min(one["rows"] for one in drawn.values()) / MISSED)
    told = f"It looked at {looked}, drawn at random: what fewer than one row in {rarest:,} has may be missed."
    return replace(finding, summary=f"{finding.summary} {told}", evidence=evidence)
