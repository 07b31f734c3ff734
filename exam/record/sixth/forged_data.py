"""Mutations of rows and of what an audit says of them, sealed anew: computing it again shows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars

from exam.record.base import Base
from exam.record.forging import edit, edit_table, reseal, sha256
from exam.record.mutation import Mutation
from exam.record.sixth.forgery import forge_study

CLASSES = ("enter", "turn", "wait")
RELABELLED = (3, 17, 40, 77)
BASELINE = "bag of tokens"


def relabel_test(record: Path, base: Base) -> None:
    """Four rows of test have another label, in both tables and among the labels that scores are computed from."""
    place = record / "study" / "data" / "test" / "labels.npy"
    labels = np.load(place)
    labels[list(RELABELLED)] = (labels[list(RELABELLED)] + 1) % len(CLASSES)
    np.save(place, labels)

    def change(table: polars.DataFrame) -> polars.DataFrame:
        return table.with_columns(polars.Series("label", [CLASSES[one] for one in labels]))

    for name in ("rows/test.parquet", "study/data/test/rows.parquet"):
        edit_table(record / name, change)
    reseal(record)


def deny_groups(record: Path, base: Base) -> None:
    """No group is on both sides of test, says the audit, and with it all that is told of the study."""

    def change(audit: dict[str, Any]) -> None:
        (found,) = (one for one in audit["findings"] if one["code"] == "leak.group" and one["where"]["split"] == "test")
        found.update(status="absent", severity=None, summary="test: 0 of 104 rows belong to a group that is in train.")

    forge_study(record, base, lambda study: edit(study / "audit.json", change))


def spoil_baseline(record: Path, base: Base) -> None:
    """The best trivial baseline is wrong on every fifth row that it was right on, and all verdicts follow."""

    def change(study: Path) -> None:
        labels = np.load(study / "data" / "test" / "labels.npy")
        table = polars.read_parquet(study / "trivial.parquet")
        rows = ((table["baseline"] == BASELINE) & (table["split"] == "test")).to_numpy()
        predicted = table["predicted"].to_numpy().copy()
        theirs = predicted[rows]
        spoilt = np.flatnonzero(theirs == labels)[::5]
        theirs[spoilt] = (theirs[spoilt] + 1) % len(CLASSES)
        predicted[rows] = theirs
        changed = polars.Series("predicted", predicted, dtype=table.schema["predicted"])
        table.with_columns(changed).write_parquet(study / "trivial.parquet")

        def lower(audit: dict[str, Any]) -> None:
            audit["trivial"] = sha256((study / "trivial.parquet").read_bytes())
            (rung,) = (one for one in audit["ladder"]["rungs"] if one["name"] == BASELINE)
            rung["scores"]["all"]["test"]["accuracy"]["value"] = round(float((theirs == labels).mean()), 10)

        edit(study / "audit.json", lower)

    forge_study(record, base, change)


FORGED_DATA = (
    Mutation("rows of test relabelled", relabel_test, "recompute", r"\btest\b", resealed=True),
    Mutation("groups on both sides denied", deny_groups, "recompute", r"leak\.group|audit", resealed=True),
    Mutation(
        "baseline spoilt",
        spoil_baseline,
        "recompute",
        r"bag of tokens|trivial|baseline|ladder|audit",
        resealed=True,
    ),
)
