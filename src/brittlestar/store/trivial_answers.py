"""trivial.parquet: what the best trivial baselines answer in every row of every split."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from brittlestar.core.hashing import file_digest
from brittlestar.core.ladder import BaselineAnswers, RowAnswers
from brittlestar.core.tables import parquet_bytes
from brittlestar.store.layout import TRIVIAL, Store


def write_answers(store: Store, answers: BaselineAnswers) -> str | None:
    """Write the answers of trivial baselines, one line per baseline, split and row.

    Args:
        store: The study's store.
        answers: Answers by baseline and split.

    Returns:
        The hash of the file, which the audit keeps; None where there are no answers, and no file.

    Raises:
        StoreError: The disk is full or read-only.
    """
    if not answers:
        store.backend.remove(TRIVIAL)
        return None
    content = parquet_bytes(_columns(answers))
    store.write(TRIVIAL, content)
    return hashlib.sha256(content).hexdigest()


def is_whole(store: Store, expected: str | None) -> bool:
    """Whether the file is the one with this hash; no file is needed where no hash was kept."""
    if expected is None:
        return True
    try:
        return file_digest(store.path(TRIVIAL)) == expected
    except OSError:
        return False


def read_answers(store: Store, split: str) -> Mapping[str, RowAnswers]:
    """The answers of every baseline on one split, by its name; nothing where they are not kept. Whether the file is
    whole, `read_audit` has checked."""
    import polars as pl

    if not store.backend.exists(TRIVIAL):
        return {}
    frame = pl.scan_parquet(store.path(TRIVIAL)).filter(pl.col("split") == split).sort("row").collect()
    parts = frame.partition_by("baseline", as_dict=True, maintain_order=True)
    return {
        str(name): RowAnswers(part["predicted"].to_numpy(), part["own"].to_numpy()) for (name,), part in parts.items()
    }


def _columns(answers: BaselineAnswers) -> Mapping[str, Any]:
    parts = [(name, split, one) for name, splits in answers.items() for split, one in splits.items()]
    counts = [len(one.predicted) for _, _, one in parts]
    return {
        "baseline": np.repeat([name for name, _, _ in parts], counts),
        "split": np.repeat([split for _, split, _ in parts], counts),
        "row": np.concatenate([np.arange(count, dtype=np.int64) for count in counts]),
        "predicted": np.concatenate([one.predicted for _, _, one in parts]),
        "own": np.concatenate([one.own for _, _, one in parts]),
    }
