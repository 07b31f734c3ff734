"""What a run left twice contradicts a forgery of one of the two, without any training."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from brittlestar import run, seal, verify
from brittlestar.store.cell_outputs import score_answers
from tests.records.forging import edit_json, forge, rehash_cell

PART = "curves and probes agree with predictions"
ROWS = {"train": 200, "dev": 80, "test": 120}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("agreement")
    made = {}
    for split, n in ROWS.items():
        words = np.random.default_rng(len(split)).integers(0, 12, (n, 5))
        labels = ["yn"[int(row[0] < 6)] for row in words]
        made[split] = pl.DataFrame({"sequence": [" ".join(f"w{k}" for k in row) for row in words], "label": labels})
    settings = {"model.family": "bag", "variants": "{slow: {training.learning_rate: 0.0001}}", "training.epochs": "12"}
    run(made, seeds=2, settings=settings, out=place / "s.study", executor="serial", progress=False)
    seal(place / "s.study", with_data=True, out=place / "s.zip")
    return place / "s.zip"


def cell_of(folder: Path) -> Path:
    """The folder of the first run of main that was sealed."""
    return next(path.parent for path in sorted(folder.rglob("predictions.parquet")))


def change_values(folder: Path, how: Callable[[np.ndarray, str], np.ndarray]) -> None:
    """Change what a run answers, with scores that fit."""
    from brittlestar.data.opening import open_data

    cell = cell_of(folder)
    data = open_data(next(path for path in folder.rglob("data") if path.is_dir()))
    frame = pl.read_parquet(cell / "predictions.parquet")
    parts = []
    scores: dict[str, dict[str, object]] = {}
    for (split, checkpoint), rows in frame.group_by("split", "checkpoint", maintain_order=True):
        values = np.asarray(rows["values"].to_list(), np.float32)
        changed = how(values, str(split)).astype(np.float32)
        part = rows.with_columns(pl.Series("values", changed, dtype=frame.schema["values"]))
        parts.append(part)
        scores.setdefault(str(split), {})[str(checkpoint)] = score_answers(data.splits[str(split)], part)
    pl.concat(parts).write_parquet(cell / "predictions.parquet")
    edit_json(cell / "outcome.json", lambda outcome: outcome["scores"].update(scores), signed=True)
    rehash_cell(cell)


def weaken(folder: Path) -> None:
    def turn(values: np.ndarray, split: str) -> np.ndarray:
        changed = values.copy()
        changed[::5] = values[::5, ::-1]
        return changed if split == "test" else values

    change_values(folder, turn)


def sharpen(folder: Path) -> None:
    change_values(folder, lambda values, _: 3 * values)


def restate_rate(folder: Path) -> None:
    cell = cell_of(folder)
    curves = pl.read_parquet(cell / "curves.parquet")
    curves.with_columns(pl.col("learning_rate") * 10).write_parquet(cell / "curves.parquet")
    rehash_cell(cell)


@pytest.mark.parametrize("change", [weaken, sharpen, restate_rate])
def test_a_forgery_of_one_place_is_contradicted_by_the_other(
    record: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    told = {part.what: part for part in verify(forge(record, tmp_path / "forged.zip", change)).checked}
    assert told[PART].outcome == "differs", told[PART]
    assert told["scores follow from predictions"].outcome == "identical"


def test_an_honest_record_agrees(record: Path) -> None:
    assert all(part.outcome != "differs" for part in verify(record).checked)
