"""Builds, trains, scores and probes networks: what needs PyTorch."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load
from torch import nn

from brittlestar.core.cells import Cell
from brittlestar.core.hashing import digest
from brittlestar.core.probing import ProbedCell
from brittlestar.core.seen_training import SeenTraining
from brittlestar.core.splits import EncodedData
from brittlestar.data.opening import open_data
from brittlestar.data.rows import take_split
from brittlestar.data.written_rows import rows_of_strings
from brittlestar.execution.job_inputs import load_model_code, make_reader, read_data, read_sections, seed_of
from brittlestar.execution.jobs import ProbeJob, Run, Scored, ScoreJob, TrainJob
from brittlestar.models.build import build
from brittlestar.models.info import model_info
from brittlestar.models.own import OwnModel, build_own
from brittlestar.models.source import name_with_line
from brittlestar.store.growing_arrays import encode_suite
from brittlestar.store.split_rows import decode_rows
from brittlestar.study.settings import ModelSettings, TrainingSettings
from brittlestar.training.asking_tokens import add_reading
from brittlestar.training.build_trial import BUILT, try_build
from brittlestar.training.evaluation import evaluate
from brittlestar.training.loop import train
from brittlestar.training.module_trial import choose_rows, try_module
from brittlestar.training.optimisers import build_optimiser, class_weights
from brittlestar.training.presenting import ask_suite
from brittlestar.training.process import seed_frameworks
from brittlestar.training.readback import alter, read_model, read_training
from brittlestar.training.scoring import NetworkPredictor
from brittlestar.training.trained import CHECKPOINTS, Evaluation, TellEpoch, Trained

ROWS_ASKED = 5000  # budget: rows of train that questions about reading are drawn from


def train_network(job: TrainJob, progress: TellEpoch) -> Trained:
    """Train the cell's network."""
    cell = job.cell
    data_settings, model_settings, training = read_sections(cell)
    data = read_data(job.run, cell, data_settings)
    model = _model(job.run, cell, model_settings, data)
    read_back = read_model(model)
    trained = train(model, data, training, seed_of(cell, "order"), seed_of(cell, "dropout"), progress)
    if model_settings.own is not None:
        trained = replace(trained, seen=_ask_reading(trained.seen, model, data, training))
    return replace(trained, read_back={**read_back, **trained.read_back})


def _ask_reading(
    seen: SeenTraining | None, model: nn.Module, data: EncodedData, training: TrainingSettings
) -> SeenTraining | None:
    if seen is None:
        return None
    predictor = NetworkPredictor(model, data, torch.device(training.device), training.precision == "bf16")
    split = data.splits["train"]
    some = take_split(split, np.arange(min(split.n_rows, ROWS_ASKED)), "asked")
    return add_reading(seen, lambda rows: predictor.predict(rows_of_strings(rows)), decode_rows(some, data)[0])


def inspect_network(run: Run, cell: Cell) -> tuple[Mapping[str, Any], int, str, tuple[str, ...]]:
    """Build the cell's network, one of the user's twice, and try that on a few rows, so that what cannot work fails
    before any training. Returns settings read back from it, how many parameters it has, a digest of their shapes, and
    what is odd about it."""
    data_settings, model_settings, training = read_sections(cell)
    data = read_data(run, cell, data_settings)
    own, notes = load_model_code(run, model_settings), tuple[str, ...]()
    if own is None:
        model = _model(run, cell, model_settings, data)
    else:
        name = name_with_line(own.reference, own.object)
        build = partial(_build_own, own, data, model_settings)
        model, said = try_build(build, seed_of(cell, "init"), name)
        notes = (*said, *try_module(model, model_info(data), choose_rows(data.splits["train"]), name))
    weights = class_weights(training, data.classes, np.asarray(data.splits["train"].labels))
    model.to(training.device)  # for which the optimiser is chosen
    optimiser = build_optimiser(model.parameters(), training)
    return (
        {**read_model(model), **read_training(optimiser, weights, training)},
        sum(parameter.numel() for parameter in model.parameters()),
        digest([list(parameter.shape) for parameter in model.parameters()]),
        notes,
    )


def score_network(job: ScoreJob) -> Scored:
    """Score a finished network on splits that came later."""
    data_settings, model_settings, training = read_sections(job.cell)
    data = read_data(job.run, job.cell, data_settings)
    model = _model(job.run, job.cell, model_settings, data)
    device = torch.device(training.device)
    found: dict[str, Evaluation] = {}
    for checkpoint in CHECKPOINTS:
        model.load_state_dict(_weights(job.run, job.cell, checkpoint))
        scored = None if job.diverged else model.to(device)
        found[checkpoint] = evaluate(scored, data, job.splits, device, training.precision == "bf16")
    outputs = {split: {name: evaluation.outputs[split] for name, evaluation in found.items()} for split in job.splits}
    return Scored(
        outputs, {split: {name: evaluation.scores[split] for name, evaluation in found.items()} for split in job.splits}
    )


def open_predictor(run: Run, cell: Cell) -> NetworkPredictor:
    """A finished cell's network with its weights, as a model that can be asked: it reads rows as its variant does. In
    which order one with permuted tokens reads a row, the rows before it decide."""
    settings, model_settings, training = read_sections(cell)
    stored = open_data(run.store.data)
    data, read = make_reader(stored, settings)
    device = torch.device(training.device)
    model = _model(run, cell, model_settings, data)
    model.load_state_dict(_weights(run, cell, "best"))
    return NetworkPredictor(model.to(device), data, device, training.precision == "bf16", stored.vocabulary, read)


def probe_network(job: ProbeJob) -> ProbedCell:
    """Ask a finished network the suite."""
    store = job.run.store
    return ask_suite(open_predictor(job.run, job.cell), encode_suite(store.path(store.suite(job.suite))))


def _model(run: Run, cell: Cell, settings: ModelSettings, data: EncodedData) -> nn.Module:
    info = model_info(data)
    seed_frameworks(seed_of(cell, "init"))
    own = load_model_code(run, settings)
    if own is not None:
        return _build_own(own, data, settings)
    if (table := settings.embedding.table) is not None:  # seen from here: its path is relative to the study file
        place = Path(run.base) / run.tables.get(table, table)
        embedding = settings.embedding.model_copy(update={"table": str(place)})
        settings = settings.model_copy(update={"embedding": embedding})
    return alter(build(settings, info), settings)


def _build_own(own: OwnModel, data: EncodedData, settings: ModelSettings) -> nn.Module:
    """What a factory gives. Raises InputError where that shares weights with what it gave before."""
    model = build_own(own, model_info(data), settings.params)
    BUILT.add(own, model)
    return alter(model, settings)


def _weights(run: Run, cell: Cell, checkpoint: str) -> dict[str, torch.Tensor]:
    store = run.store
    return load(store.backend.read(store.weights(cell.hash, checkpoint)))
