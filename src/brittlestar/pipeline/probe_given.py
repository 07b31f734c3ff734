"""Probes on a model that is given beside a study or data: a function from token lists, or a factory with weights."""

import shlex
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.commands import data_place
from brittlestar.core.errors import InputError, MissingExtraError, format_error
from brittlestar.core.probing import ProbedCell, ProbeRecord
from brittlestar.core.results import CellRecord, StudyRecord, VariantRecord
from brittlestar.data.folder import write_data
from brittlestar.data.opening import open_data, read_summary
from brittlestar.diagnosis.probes.summary import summarise_probes
from brittlestar.execution.probe_suites import make_suite
from brittlestar.models.naming import NamedModel
from brittlestar.models.session_model import shown_name
from brittlestar.pipeline.open import open_request
from brittlestar.pipeline.probe_result import ProbeResult
from brittlestar.pipeline.probes import asked_probes, changed_settings
from brittlestar.pipeline.request import is_store, make_request
from brittlestar.reports.answers.evidence import Evidence
from brittlestar.reports.headline import decide_headline
from brittlestar.reports.headline_text import fill_headline
from brittlestar.store.growing_arrays import encode_suite
from brittlestar.store.layout import Store, open_store
from brittlestar.store.probe_answers import record_of
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.store.suites import StoredSuite
from brittlestar.study.settings import ProbeSettings
from brittlestar.training.predictor import FunctionPredictor, as_array
from brittlestar.training.process import has_torch

GIVEN = "given"  # the variant that a given model is
ROWS_ASKED_AT_ONCE = 4096  # budget: rows that a model answers at a time


Predict = Callable[[tuple[str, ...]], FunctionPredictor]
"""What a given function is once the classes of train are known."""


def probe_given(
    study: str | Path,
    predict: str | Callable[..., Any] | None,
    model: NamedModel | None,
    weights: str | Path | Mapping[str, Any] | None,
    changed: Mapping[str, Any],
    columns: Mapping[str, str] | None,
) -> ProbeResult:
    """What the probes of a study, or of data, find of one given model; nothing is kept. Raises InputError."""
    if predict is not None and model is None and weights is None:
        ask, title = partial(_by_function, predict), name_function(predict)
    elif predict is None and model is not None and weights is not None:
        ask, title = partial(_by_weights, model, weights), shown_name(str(model.reference))
    else:
        what = "give either a function (--predict), or a factory with its weights (--model and --weights)"
        raise InputError(what, "probe")
    with tempfile.TemporaryDirectory(prefix="brittlestar-") as scratch:
        store, given, factors = _open_place(study, Store(Path(scratch)), columns)
        settings = changed_settings({"suite": "default", **changed}, given)
        suite = make_suite(store, settings, factors, Path.cwd())
        if suite is None:
            raise InputError("there is no evaluation split with rows to probe", str(study))
        record = _record(store, record_of(suite, {GIVEN: ask(suite, store)}), title)
        found = summarise_probes(record)
    headline = decide_headline(Evidence(record, findings=() if found is None else found.findings, probed=found))
    named = _name_options(predict, model, weights)
    again = f"{data_place(str(study), columns, None)} {shlex.join(named)}" if named else "DATA"
    return ProbeResult(record, found, fill_headline(headline, again), None, place=again)


def _name_options(
    predict: str | Callable[..., Any] | None, model: NamedModel | None, weights: str | Path | Mapping[str, Any] | None
) -> list[str]:
    """The options of the command that name the model; none where it, or its weights, are an object in memory."""
    if isinstance(predict, str):
        return ["--predict", predict]
    if model is None or model.session is not None or not isinstance(weights, str | Path):
        return []
    return ["--model", str(model.reference), "--weights", str(weights)]


def _open_place(
    study: str | Path, store: Store, columns: Mapping[str, str] | None
) -> tuple[Store, ProbeSettings, str | None]:
    """The data of a study, or data alone, in the empty `store`, settings of probes, and the pattern of factors."""
    if not is_store(study):
        opened = open_request(make_request(study, columns=columns))
        write_data(store.data, opened.frames, opened.data)
        return store, asked_probes(opened), opened.study.data.factors
    document = read_study(own := open_store(study))
    store.data.symlink_to(own.data.resolve(), target_is_directory=True)
    settings = ProbeSettings.model_validate(document.get("probes") or {})
    return store, settings, read_cells(document)[0].settings["data"]["factors"]


def _by_function(predict: str | Callable[..., Any], suite: StoredSuite, store: Store) -> ProbedCell:
    model = load_function(predict)(open_data(store.data).classes)
    rows = suite.suite.rows
    predictions: list[np.ndarray] = []
    confidence: list[np.ndarray] = []
    for start in range(0, rows.n_rows, ROWS_ASKED_AT_ONCE):
        values = model.predict(rows.rows(np.arange(start, min(start + ROWS_ASKED_AT_ONCE, rows.n_rows))))
        predictions.append(values.argmax(axis=1).astype(np.int32))
        confidence.append(values.max(axis=1).astype(np.float32))
    return ProbedCell(np.concatenate(predictions), np.concatenate(confidence), {})


def name_function(predict: str | Callable[..., Any]) -> str:
    """What errors and pages call it."""
    return predict if isinstance(predict, str) else getattr(predict, "__name__", "predict")


def load_function(predict: str | Callable[..., Any]) -> Predict:
    """The function, imported where it is named. Asked, it raises InputError for whatever it raises. Raises InputError
    where it cannot be imported."""
    from brittlestar.models.importing import import_object

    function = import_object(predict, Path.cwd(), "--predict") if isinstance(predict, str) else predict
    name = name_function(predict)

    def ask(tokens: list[list[str]]) -> Any:
        try:
            return as_array(function(tokens))
        except Exception as error:
            raise InputError(f"it raised {format_error(error)}", name) from error

    return lambda classes: FunctionPredictor(ask, classes, name)


def _by_weights(
    named: NamedModel, weights: str | Path | Mapping[str, Any], suite: StoredSuite, store: Store
) -> ProbedCell:
    if not has_torch():
        raise MissingExtraError("PyTorch is not installed", hint="pip install 'brittlestar[train]'")
    from brittlestar.models.info import model_info
    from brittlestar.models.own import build_own, load_own
    from brittlestar.training.presenting import ask_suite
    from brittlestar.training.scoring import NetworkPredictor

    data = open_data(store.data)
    own = load_own(str(named.reference), "factory", named.folder or Path.cwd(), named.session)
    module = build_own(own, model_info(data), {})
    try:
        module.load_state_dict(weights if isinstance(weights, Mapping) else _weights(Path(weights)))
    except (RuntimeError, TypeError, AttributeError) as error:
        what = f"the weights do not fit {own.reference}: {' '.join(str(error).split())[:200]}"
        where = "weights" if isinstance(weights, Mapping) else str(weights)
        raise InputError(what, where, "give the weights that this factory's module had") from error
    return ask_suite(NetworkPredictor(module, data), encode_suite(store.path(store.suite(suite.id))))


def _weights(path: Path) -> Any:
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return load_file(path)
        import torch

        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        hint = "give a .safetensors file, or one of torch.save(model.state_dict(), FILE)"
        raise InputError(f"the weights cannot be read: {told}", str(path), hint) from error


def _record(store: Store, probes: ProbeRecord, title: str) -> StudyRecord:
    data = open_data(store.data)
    return StudyRecord(
        name=GIVEN,
        main=GIVEN,
        metric="accuracy",
        metrics=("accuracy",),
        classes=data.classes,
        factors=tuple(data.vocabulary.factors),
        seeds=(0,),
        streams={},
        splits={name: replace(split, majority={}) for name, split in read_summary(store.data).splits.items()},
        variants={GIVEN: VariantRecord(GIVEN, title, True, {}, (), None)},
        cells=(CellRecord(GIVEN, GIVEN, 0, "done", "imported"),),
        claims=(),
        notes=(),
        environment={},
        timing={},
        probes=probes,
    )
