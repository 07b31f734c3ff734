"""A small study as an honest author seals it, and as forgers do: with scores that were raised, or a seed that was
copied; each says of its runs that another machine made them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from brittlestar import generate, report, run, seal
from brittlestar.data.opening import open_data
from brittlestar.training.trained import split_scores
from tests.records.forging import edit_json, reseal

Change = Callable[[Path], None]
SETTINGS = {"training.epochs": "1", "model.hidden": "8", "probes.suite": "none"}


def make_study(folder: Path, seeds: int = 2, settings: dict[str, str] | None = None) -> Path:
    """Main, an LSTM, and a bag, `seeds` runs each; 120 rows of test."""
    generate(folder / "data", sizes="60/20/120", seed=3)
    asked = SETTINGS | (settings or {})
    run(folder / "data", seeds=seeds, settings=asked, out=folder / "a.study", executor="serial", progress=False)
    return folder / "a.study"


def seal_changed(study: Path, folder: Path, *changes: Change) -> Path:
    """A record of a copy of the study with these changes; all that follows from them is made anew."""
    shutil.copytree(study.parent, folder)
    copy = folder / study.name
    for change in changes:
        change(copy)
    reseal(copy)
    for name in ("sealed.json", "index.parquet"):
        (copy / name).unlink(missing_ok=True)
    shutil.rmtree(copy / "report")
    report(copy)
    return Path(seal(copy, with_data=True, out=folder / "a.zip").place)


def find_cells(study: Path, variant: str = "main") -> list[Path]:
    """The folders of a variant's runs, by seed."""
    cells = json.loads((study / "study.json").read_bytes())["cells"]
    return [study / "cells" / cell["hash"] for cell in cells if cell["variant"] == variant]


def name_other_machine(study: Path) -> None:
    """Every run is said to be made elsewhere."""
    for place in (study / "cells").glob("*/cell.json"):
        edit_json(place, lambda one: one.update(environment_class="0123456789ab"))


def raise_scores(seeds: tuple[int, ...], rows: int, variant: str = "main", hidden: float = 0.0) -> Change:
    """So many wrong answers to test become right in these runs, with the scores that follow; `hidden` moves all losses
    a little, so that none comes back bit by bit."""

    def change(study: Path) -> None:
        data = open_data(study / "data")
        labels = np.asarray(data.splits["test"].labels)
        for seed in seeds:
            cell = find_cells(study, variant)[seed]
            table = pl.read_parquet(cell / "predictions.parquet")
            values = table["values"].to_numpy().copy()
            for checkpoint in ("best", "last"):
                at = np.flatnonzero(((table["split"] == "test") & (table["checkpoint"] == checkpoint)).to_numpy())
                wrong = at[values[at].argmax(1) != labels][:rows]
                values[wrong] = values[wrong][:, ::-1]
                scores = {checkpoint: split_scores(data.splits["test"], softmax(values[at]))}
                edit_json(cell / "outcome.json", lambda one, new=scores: one["scores"]["test"].update(new))
            table.with_columns(pl.Series("values", values, dtype=table.schema["values"])).write_parquet(
                cell / "predictions.parquet", compression="zstd", statistics=False
            )
            if hidden:
                steps = pl.read_parquet(cell / "steps.parquet")
                steps.with_columns(pl.col("loss") * (1 + hidden)).write_parquet(cell / "steps.parquet")

    return change


def softmax(scores: np.ndarray) -> np.ndarray:
    """As stored logits are scored: float32."""
    from brittlestar.core.scores import softmax as ours

    return ours(scores.astype(np.float32))


def copy_seed(source: int, target: int, variant: str = "main") -> Change:
    """What one seed left stands under another, which keeps its settings and clocks."""

    def change(study: Path) -> None:
        here, there = (find_cells(study, variant)[seed] for seed in (source, target))
        kept = {name: (there / name).read_bytes() for name in ("cell.json", "timing.json")}
        shutil.rmtree(there)
        shutil.copytree(here, there)
        for name, content in kept.items():
            (there / name).write_bytes(content)
        edit_json(there / "outcome.json", lambda one: one.update(folder=there.name))

    return change
