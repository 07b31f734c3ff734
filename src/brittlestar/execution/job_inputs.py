"""What a job is about: the settings, data and own code of its cell, as every kind of work reads them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from brittlestar.core.cells import Cell
from brittlestar.core.optional import require
from brittlestar.core.splits import EncodedData, EncodedSplit
from brittlestar.data.opening import open_data
from brittlestar.data.redraw import redraw
from brittlestar.data.transform import transform
from brittlestar.execution.jobs import Run
from brittlestar.models.own import OwnModel, load_own
from brittlestar.study.settings import DataSettings, ModelSettings, TrainingSettings


def read_sections(cell: Cell) -> tuple[DataSettings, ModelSettings, TrainingSettings]:
    """Settings of a cell. Raises InputError where its device cannot do what they ask for."""
    data, model, section = (cell.settings[name] for name in ("data", "model", "training"))
    training = TrainingSettings.model_validate(section)
    if training.device != "cpu" or training.precision != "fp32":
        require("torch", "train")
        from brittlestar.training.torch_process import refuse_missing_hardware

        refuse_missing_hardware(training)
    return DataSettings.model_validate(data), ModelSettings.model_validate(model), training


def read_data(run: Run, cell: Cell, settings: DataSettings) -> EncodedData:
    """The data as the cell trains on it."""
    return draw_data(open_data(run.store.data), cell, settings)


def draw_data(stored: EncodedData, cell: Cell, settings: DataSettings) -> EncodedData:
    """Stored data as the cell trains on it."""
    # Tokens are changed first: a row that is drawn twice then has the same tokens both times.
    return redraw(transform(stored, settings), cell.streams["split"], cell.streams["sampling"])


def load_model_code(run: Run, settings: ModelSettings) -> OwnModel | None:
    """The own model that settings name; our loop trains built-in families and factories."""
    if settings.own is None:
        return None
    return load_own(settings.own, settings.kind, Path(run.search_path), run.session)


def seed_of(cell: Cell, stream: str) -> int:
    """The seed of a stream that is on."""
    seed = cell.streams[stream]
    if seed is None:
        raise ValueError(f"stream {stream} is off")
    return seed


def make_reader(
    stored: EncodedData, settings: DataSettings
) -> tuple[EncodedData, Callable[[EncodedSplit], EncodedSplit]]:
    """The data as a variant trains on it, and what reads other rows of the stored vocabulary as the variant does."""
    names = stored.splits["train"].factor_weights
    of_rows = settings.model_copy(update={"train_rows": None, "train_without": "none"})

    def read(rows: EncodedSplit) -> EncodedSplit:
        whole = replace(rows, factor_weights={name: np.zeros(rows.n_rows, np.int32) for name in names})
        return transform(replace(stored, splits={rows.name: whole}), of_rows).splits[rows.name]

    return transform(stored, settings), read
