"""Rows whose labels alone have changed: runs are scored again from what they answered, and nothing is asked twice."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from brittlestar.core.cells import Cell
from brittlestar.core.splits import EncodedData
from brittlestar.data.encode import Encoded
from brittlestar.data.opening import open_data
from brittlestar.data.rows import sequence_hashes, token_hashes
from brittlestar.execution.job_inputs import draw_data
from brittlestar.store.cell_folder import read_outcomes
from brittlestar.store.cell_outputs import PREDICTIONS, find_predictions, read_output, score_answers, write_scored
from brittlestar.store.layout import Store, derived_folder
from brittlestar.study.settings import DataSettings


def find_relabelled(store: Store, frames: Mapping[str, pl.DataFrame], data: Encoded) -> dict[str, str]:
    """{split: the fingerprint that it has in the store} of splits with the same ids and tokens in the same order there,
    and other labels or groups now."""
    if not store.lasting or not store.data.exists():
        return {}
    before = open_data(store.data).splits
    changed = [
        name for name, one in data.splits.items() if name in before and before[name].fingerprint != one.fingerprint
    ]
    hashes = token_hashes(data.raw_tokens) if changed else np.zeros(0, np.uint64)
    found: dict[str, str] = {}
    for name in changed:
        kept = pl.read_parquet(store.rows(name), columns=["id", "hash"])
        now = sequence_hashes(hashes, data.raw_codes[name], data.splits[name].offsets)
        if np.array_equal(kept["hash"].to_numpy(), now) and kept["id"].equals(frames[name]["id"]):
            found[name] = before[name].fingerprint
    return found


def score_relabelled(store: Store, cells: Sequence[Cell], before: Mapping[str, str], data: EncodedData) -> None:
    """Score finished cells on splits of which `before` has the fingerprint that their answers are kept under, by labels
    of `data`; those of which a sample of answers is kept stay as they are."""
    for cell, outcome in read_outcomes(store, cells) if before else ():
        if outcome["state"] != "done":
            continue
        splits = draw_data(data, cell, DataSettings.model_validate(cell.settings["data"])).splits
        for name, fingerprint in before.items():
            folder = find_predictions(store, [cell.hash], name, fingerprint)[cell.hash]
            there = folder != store.cell(cell.hash) or outcome["splits"].get(name) == fingerprint
            after = derived_folder(store, cell.hash, name, splits[name].fingerprint)
            if not there or store.backend.find_placed([after]):
                continue
            rows = pl.read_parquet(store.path(f"{folder}/{PREDICTIONS}")).filter(pl.col("split") == name)
            parts = {str(key): part for (key,), part in rows.group_by("checkpoint", maintain_order=True)}
            scores = {key: score_answers(splits[name], part) for key, part in parts.items()}
            if scores and None not in scores.values():
                outputs = {key: read_output(part) for key, part in parts.items()}
                write_scored(store, cell, name, splits[name].fingerprint, outputs, scores)
