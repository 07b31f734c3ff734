"""What a run left twice: curves beside scores, probes beside predictions, the rate beside the setting."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from brittlestar.core.cells import Cell
from brittlestar.core.probing import NO_ANSWER, ProbeRecord
from brittlestar.records.outcomes import Checked, conclude
from brittlestar.records.unpacked import Unpacked, name_run
from brittlestar.records.verify.copies import is_network
from brittlestar.store.cell_folder import read_outcome
from brittlestar.store.cell_outputs import CURVES, find_predictions, read_probabilities
from brittlestar.store.probe_answers import read_probes
from brittlestar.study.settings import DataSettings

NEAR = 1e-4
"""Curves and scores of one checkpoint are computed in batches that may round otherwise (convention)."""
ORIGINAL = DataSettings.model_fields["order"].default
LEAST_APART, LEAST_SHARE = 0.01, 0.01
"""Probes and predictions of one row have the same class and confidence but for rounding, and a tie may fall otherwise:
so far apart is a row, and so large a share of rows is no rounding (convention; honest runs have none)."""


def check_agreement(what: str, record: Unpacked) -> Checked:
    """Whether what each run left in two places is the same."""
    probes = read_probes(record.store, [cell.hash for cell in record.cells])
    wrong: list[str] = []
    for cell in record.cells:
        outcome = read_outcome(record.store, record.store.cell(cell.hash)) or {}
        if outcome.get("state") != "done" or outcome.get("outcome") == "diverged":
            continue
        told = [*(_compare_curves(record, cell, outcome) if is_network(cell, outcome) else ())]
        told += [] if probes is None else _compare_probes(record, cell, probes)
        wrong += [f"{name_run(cell)}: {one}" for one in told]
    return conclude(what, wrong)


def _compare_curves(record: Unpacked, cell: Cell, outcome: Mapping[str, Any]) -> Iterator[str]:
    """Scores on dev at the best and the last epoch, and the learning rate."""
    curves = pl.read_parquet(record.store.path(f"{record.store.cell(cell.hash)}/{CURVES}"))
    epochs = curves["epoch"].to_numpy() if "epoch" in curves.columns else np.zeros(0)
    for checkpoint, epoch in (("best", outcome["best_epoch"]), ("last", outcome["epochs"])):
        for metric, score in outcome["scores"].get("dev", {}).get(checkpoint, {}).items():
            column, place = f"dev.{metric}", np.flatnonzero(epochs == epoch)
            if score is None or column not in curves.columns or not len(place):
                continue
            curve = float(curves[column][int(place[0])])
            if not np.isclose(curve, score, rtol=NEAR, atol=NEAR):
                yield f"{metric} on dev is {score:.4g} at its {checkpoint} epoch, {epoch}, and {curve:.4g} in its curve"
    training = cell.settings["training"]
    if cell.settings["model"]["own"] is None and "learning_rate" in curves.columns and len(curves) > 1:
        rate, used = training["learning_rate"], float(np.nanmax(curves["learning_rate"].to_numpy()[1:]))
        steady = training["schedule"]["kind"] == "constant" and not training["schedule"]["warmup"]
        if used > rate * (1 + NEAR) or (steady and used < rate * (1 - NEAR)):
            yield f"training.learning_rate is {rate:g}, and its curve has {used:g}"


def _compare_probes(record: Unpacked, cell: Cell, probes: ProbeRecord) -> Iterator[str]:
    """Answers to the rows as they are, which were asked for by themselves; of a variant that reads another order the
    rows of a suite have an order of their own."""
    asked, plain, split = probes.cells.get(cell.hash), probes.conditions[0], record.data.splits.get(probes.split)
    if asked is None or split is None or cell.settings["data"]["order"] != ORIGINAL:
        return
    folder = find_predictions(record.store, [cell.hash], probes.split, split.fingerprint)[cell.hash]
    found = read_probabilities(record.store, folder, probes.split, split.n_rows)
    if found is None or found.values.shape[1] != split.n_rows:
        return
    values = found.values[0][probes.sample]
    named, sure = asked.predictions[plain.after], asked.confidence[plain.after]
    there = named != NO_ANSWER
    other = there & (named != values.argmax(axis=1))
    second = np.sort(values, axis=1)[:, -2]
    apart = there & ~np.isnan(sure) & (np.abs(values.max(axis=1) - sure) > LEAST_APART) & (not found.bare)
    odd = (other & (values.max(axis=1) - second > LEAST_APART)) | apart
    if odd.sum() > LEAST_SHARE * len(odd):
        many = f"{odd.sum():,} of {len(odd):,} rows of {probes.split}"
        yield f"{many} have another class or confidence where probes asked the same model than in its predictions"
