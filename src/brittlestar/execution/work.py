"""What happens inside a worker: open the shared data, build the model, train or score. Writes no file."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load
from torch import nn

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError, format_error
from brittlestar.core.hashing import digest
from brittlestar.core.metric_names import metric_names
from brittlestar.core.probing import ProbedCell
from brittlestar.core.splits import EncodedData, EncodedSplit
from brittlestar.data.opening import open_data
from brittlestar.data.redraw import redraw
from brittlestar.data.transform import transform
from brittlestar.execution.environment import numeric_environment
from brittlestar.execution.jobs import Inspection, InspectJob, Job, ProbeJob, Scored, ScoreJob, Site, TrainJob
from brittlestar.models.build import build
from brittlestar.models.info import model_info
from brittlestar.models.own import OwnModel, build_own, check_output, load_own
from brittlestar.store.growing_arrays import encode_suite, suite_strings
from brittlestar.store.layout import Store
from brittlestar.store.split_rows import decode_rows, token_rows
from brittlestar.study.settings import DataSettings, ModelSettings, TrainingSettings
from brittlestar.training.asking import ask_function
from brittlestar.training.batches import pad_rows
from brittlestar.training.evaluation import evaluate
from brittlestar.training.fitted import FittedRun, fit_own
from brittlestar.training.history import read_history
from brittlestar.training.loop import Progress, train
from brittlestar.training.network import NetworkPredictor
from brittlestar.training.objective import class_weights
from brittlestar.training.optimisers import build_optimiser
from brittlestar.training.outputs import Evaluation, probabilities_record
from brittlestar.training.placement import occupy
from brittlestar.training.presenting import ask_suite
from brittlestar.training.process import bf16_supported, isolate_process, seed_frameworks
from brittlestar.training.readback import read_model, read_training
from brittlestar.training.trained import Trained

CHECKPOINTS = ("best", "last")


def perform(job: Job, progress: Progress, place: int = 0) -> Trained | Inspection | Scored | ProbedCell:
    """Do one job at a place of the run, from 0, which says on which GPU where there are several. The caller's global
    random state and thread count are as before when it returns."""
    device = occupy(job.cell.settings["training"]["device"], place)
    with isolate_process(device):
        seed_frameworks(_seed(job.cell, "init"))  # for what own code draws while it is imported
        match job:
            case InspectJob():
                return _inspect(job)
            case ScoreJob():
                return _score(job)
            case ProbeJob():
                return _probe(job)
            case TrainJob():
                trained = _train(job, progress)
                return replace(trained, timing={**trained.timing, "device": str(device)})


def _sections(cell: Cell) -> tuple[DataSettings, ModelSettings, TrainingSettings]:
    """Settings of a cell. Raises InputError where its device cannot do what they ask for."""
    data, model, section = (cell.settings[name] for name in ("data", "model", "training"))
    training = TrainingSettings.model_validate(section)
    if training.device == "cuda" and not torch.cuda.is_available():
        hint = "use cpu, or install a CUDA build of PyTorch"
        raise InputError("no CUDA device is available", "training.device", hint)
    if training.precision == "bf16" and not bf16_supported(training.device):
        what = f"no bf16 instructions were found on this {training.device}"
        raise InputError(what, "training.precision", "use fp32, the default")
    return DataSettings.model_validate(data), ModelSettings.model_validate(model), training


def _data(site: Site, cell: Cell, settings: DataSettings) -> EncodedData:
    # Tokens are changed first: a row that is drawn twice then has the same tokens both times.
    data = transform(open_data(_store(site).data), settings)
    return redraw(data, cell.streams["split"], cell.streams["sampling"])


def _model(site: Site, cell: Cell, settings: ModelSettings, data: EncodedData) -> nn.Module:
    """Build the cell's model from its `init` stream."""
    info = model_info(data)
    seed_frameworks(_seed(cell, "init"))
    own = _own(site, settings)
    if own is not None:
        return build_own(own, info, settings.params)
    if (table := settings.embedding.table) is not None:  # seen from here: its path is relative to the study file
        embedding = settings.embedding.model_copy(update={"table": str(Path(site.base) / table)})
        settings = settings.model_copy(update={"embedding": embedding})
    return build(settings, info)


def _own(site: Site, settings: ModelSettings) -> OwnModel | None:
    """The own model that settings name; our loop trains built-in families and factories."""
    if settings.own is None:
        return None
    return load_own(settings.own, settings.kind, Path(site.search_path), site.session)


def _store(site: Site) -> Store:
    return Store(Path(site.store))


def _weights(site: Site, cell: Cell, checkpoint: str) -> dict[str, torch.Tensor]:
    store = _store(site)
    return load(store.backend.read(store.weights(cell.hash, checkpoint)))


def _seed(cell: Cell, stream: str) -> int:
    seed = cell.streams[stream]
    if seed is None:
        raise ValueError(f"stream {stream} is off")
    return seed


def _train(job: TrainJob, progress: Progress) -> Trained:
    cell = job.cell
    data_settings, model_settings, training = _sections(cell)
    data = _data(job.site, cell, data_settings)
    own = _own(job.site, model_settings)
    if own is not None and own.kind != "factory":
        seed_frameworks(_seed(cell, "init"))
        kept = (data_settings.order, data_settings.factor, data_settings.spelling, data_settings.train_rows)
        changed = kept != ("kept", None, "tokens", None)
        redrawn = cell.streams["split"] is not None or cell.streams["sampling"] is not None
        decoded = changed or redrawn
        rows = token_rows(_store(job.site).data, data, decoded)
        began = time.perf_counter()
        fitted = fit_own(own, rows, data.classes, cell.seed)
        seconds = time.perf_counter() - began
        probed, notes = _probe_fitted(job, fitted, data_settings if decoded else None)
        return probabilities_record(
            data,
            fitted.probabilities,
            tuple(data.splits) if fitted.hard else (),
            "fitted",
            steps={"step": np.arange(len(fitted.losses)), "loss": fitted.losses},
            read_back={"model.kind": own.kind},
            notes=notes,
            timing={"seconds": seconds},
            history=read_history(fitted.history, metric_names(tuple(data.vocabulary.factors))),
            probed=probed,
        )
    model = _model(job.site, cell, model_settings, data)
    read_back = read_model(model)
    trained = train(model, data, training, _seed(cell, "order"), _seed(cell, "dropout"), progress)
    return replace(trained, read_back={**read_back, **trained.read_back})


def _probe_fitted(
    job: TrainJob, fitted: FittedRun, changed: DataSettings | None
) -> tuple[ProbedCell | None, tuple[str, ...]]:
    """Its answers to the suite, in the process that trained it; rows with `changed` tokens are read as it was trained
    on them. What goes wrong here costs the answers, with a note, and not the run."""
    if job.suite is None:
        return None, ()
    store = _store(job.site)
    folder = store.path(store.suite(job.suite))
    try:
        parts = suite_strings(folder) if changed is None else _changed_rows(store, folder, changed)
        return ask_function(fitted.predictor, parts, fitted.hard), ()
    except Exception as error:
        return None, (f"could not be probed: {format_error(error)}",)


def _changed_rows(store: Store, folder: Path, settings: DataSettings) -> Iterator[list[list[str]]]:
    data, read = _reader(open_data(store.data), settings)
    for part in encode_suite(folder):
        yield decode_rows(read(part), data)[0]


def _reader(stored: EncodedData, settings: DataSettings) -> tuple[EncodedData, Callable[[EncodedSplit], EncodedSplit]]:
    """The data as a variant trains on it, and what reads other rows of the stored vocabulary as the variant does."""
    names, of_rows = stored.splits["train"].factor_weights, settings.model_copy(update={"train_rows": None})

    def read(rows: EncodedSplit) -> EncodedSplit:
        whole = replace(rows, factor_weights={name: np.zeros(rows.n_rows, np.int32) for name in names})
        return transform(replace(stored, splits={rows.name: whole}), of_rows).splits[rows.name]

    return transform(stored, settings), read


def _score(job: ScoreJob) -> Scored:
    data_settings, model_settings, training = _sections(job.cell)
    data = _data(job.site, job.cell, data_settings)
    model = _model(job.site, job.cell, model_settings, data)
    device = torch.device(training.device)
    found: dict[str, Evaluation] = {}
    for checkpoint in CHECKPOINTS:
        model.load_state_dict(_weights(job.site, job.cell, checkpoint))
        scored = None if job.diverged else model.to(device)
        found[checkpoint] = evaluate(scored, data, job.splits, device, training.precision == "bf16")
    outputs = {split: {name: one.outputs[split] for name, one in found.items()} for split in job.splits}
    return Scored(outputs, {split: {name: one.scores[split] for name, one in found.items()} for split in job.splits})


def open_predictor(site: Site, cell: Cell, checkpoint: str = "best") -> NetworkPredictor:
    """A finished cell's network with its weights, as a model that can be asked: it reads rows as its variant does. In
    which order one with permuted tokens reads a row, the rows before it decide."""
    settings, model_settings, training = _sections(cell)
    stored = open_data(_store(site).data)
    data, read = _reader(stored, settings)
    device = torch.device(training.device)
    model = _model(site, cell, model_settings, data)
    model.load_state_dict(_weights(site, cell, checkpoint))
    return NetworkPredictor(model.to(device), data, device, training.precision == "bf16", stored.vocabulary, read)


def _probe(job: ProbeJob) -> ProbedCell:
    store = _store(job.site)
    return ask_suite(open_predictor(job.site, job.cell), encode_suite(store.path(store.suite(job.suite))))


def _inspect(job: InspectJob) -> Inspection:
    """Build each variant's model once and run it on two rows, so that what cannot work fails before any training."""
    read_back: dict[str, Mapping[str, Any]] = {}
    parameters: dict[str, int | None] = {}
    shapes: dict[str, str | None] = {}
    for cell in job.cells:
        data_settings, model_settings, training = _sections(cell)
        own = _own(job.site, model_settings)
        if own is not None and own.kind != "factory":
            read_back[cell.variant] = {"model.kind": own.kind}
            parameters[cell.variant] = shapes[cell.variant] = None
            continue
        data = _data(job.site, cell, data_settings)
        model = _model(job.site, cell, model_settings, data)
        info = model_info(data)
        if own is not None:
            check_output(model, info, *_two_rows(data.splits["train"]))
        weights = class_weights(training, data.classes, np.asarray(data.splits["train"].labels))
        optimiser = build_optimiser(model.parameters(), training)
        read_back[cell.variant] = {**read_model(model), **read_training(optimiser, weights, training)}
        parameters[cell.variant] = sum(parameter.numel() for parameter in model.parameters())
        shapes[cell.variant] = digest([list(parameter.shape) for parameter in model.parameters()])
    return Inspection(read_back, parameters, shapes, numeric_environment())


def _two_rows(split: EncodedSplit) -> tuple[torch.Tensor, torch.Tensor]:
    """Two rows of a split, padded; the shortest non-empty one and one of median length."""
    order = np.argsort(split.lengths, kind="stable")
    order = order[split.lengths[order] > 0]
    rows = np.array([order[0], order[len(order) // 2]]) if len(order) else np.array([0, 0])
    tokens, lengths = pad_rows(split, rows)
    return torch.from_numpy(tokens), torch.from_numpy(lengths)
