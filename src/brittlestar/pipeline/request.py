"""What somebody asks for: data, model and settings, as one record from the verb to the store, which remembers it so
that a study's folder can stand for its data."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.data.predictions.sources import PredictionSource, file_source, sources_of
from brittlestar.models.naming import NamedModel
from brittlestar.models.session_model import refuse_gone
from brittlestar.pipeline.own_checks import is_beside
from brittlestar.pipeline.own_metrics import name_metric
from brittlestar.store.layout import Store, is_set_up, open_store, read_place
from brittlestar.store.study_document import read_study
from brittlestar.study.names import is_session
from brittlestar.study.row_filters import LABEL, LENGTH

KEPT = ("data", "model", "predictions", "columns", "settings", "name", "predictions_columns")
"""What study.json keeps of a request."""


@dataclass(frozen=True)
class Request:
    """What is asked for: `data` is a folder, a study file, a study's folder, or splits in memory; `model` an object of
    the session or the name of one, `predictions` what is given in its place; `columns` and `predictions_columns` name
    columns by what they mean; `settings` are overrides by path, as YAML text; `name` is the study's where data are in
    memory, and `out` where it goes. As a store remembers it data, model and predictions are text, and paths are seen
    from the working directory."""

    data: Any
    model: Any = None
    predictions: Sequence[PredictionSource] = ()
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    name: str | None = None
    predictions_columns: Mapping[str, str] = field(default_factory=dict[str, str])
    out: str | Path | None = None


def make_request(
    data: Any,
    model: Any = None,
    predictions: Any = (),
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
    predictions_columns: Mapping[str, str] | None = None,
    out: str | Path | None = None,
    name: str | None = None,
    seeds: int | None = None,
    abstain: str | None = None,
    slices: str | Sequence[str] | None = None,
    metric: str | Callable[..., Any] | None = None,
    best_of: int | None = None,
) -> Request:
    """A request as the arguments of a verb have it; a number of seeds is a setting, and so are a metric, how
    many candidates there were, and what abstains; slices are columns. Raises InputError where no predictions could
    abstain."""
    chosen = dict(settings or {}) | ({} if seeds is None else {"seeds": str(seeds)})
    if best_of is not None:
        chosen["report.best_of"] = json.dumps(best_of)
    if metric is not None:
        chosen["report.metric"] = json.dumps(name_metric(metric))
    if abstain is not None:
        in_memory = not isinstance(data, str | os.PathLike)
        if is_nothing(predictions) and (in_memory or (Path(data).is_dir() and not is_store(data))):
            raise InputError("there are no predictions that could abstain", "--abstain", "add --preds FILE")
        chosen["model.abstain"] = json.dumps(abstain)
    kept = [one.strip() for one in (slices.split(",") if isinstance(slices, str) else slices or ())]
    own = ",".join(one for one in kept if one not in (LABEL, LENGTH))  # which are known of any rows
    named = {**(columns or {}), **({"slices": own} if own else {})}
    sources = sources_of(predictions, predictions_columns)
    return Request(data, model, sources, named, chosen, name, predictions_columns or {}, out)


def is_nothing(predictions: Any) -> bool:
    """Whether no predictions are given."""
    return predictions is None or (isinstance(predictions, Sequence) and not len(predictions))


def is_store(data: Any) -> bool:
    """Whether `data` is the folder of a study that was set up."""
    return isinstance(data, str | os.PathLike) and is_set_up(Store(read_place(data)))


def read_request(folder: str | os.PathLike[str]) -> Request:
    """What the study in `folder` was asked to do. Raises InputError where its store does not say where its data are."""
    store = open_store(folder)
    kept = read_study(store).get("asked")
    if kept is None:
        what = "this store does not say where its data are (they were objects in memory, or an older version wrote it)"
        raise InputError(what, str(folder), f"give the data again, and a model in memory too, with out={str(folder)!r}")
    predictions = tuple(file_source(os.path.relpath(store.anchor / path)) for path in kept["predictions"])
    kept.update(data=os.path.relpath(store.anchor / kept["data"]), predictions=predictions)
    return Request(**kept)


def takes_model(folder: Path, named: NamedModel) -> bool:
    """Whether a model may be given beside a study's folder: none, or an object of the session by the name that it had
    when it set the study up."""
    if named.session is None:
        return named.reference is None
    expanded = read_study(open_store(folder))["expanded"]
    return any(one["model"]["own"] == named.reference for one in expanded.values())


def name_again(folder: Path, request: Request) -> NamedModel:
    """The model of a study that was asked for by name: what is not in the working directory is looked for where it was
    found before."""
    if is_session(request.model):
        raise refuse_gone(str(request.model))
    if request.model is None or is_beside(request.model, Path.cwd()):
        return NamedModel(request.model)
    store = open_store(folder)
    return NamedModel(request.model, folder=(store.anchor / read_study(store)["search_path"]).resolve())


def choose_folder(folder: Path, settings: Mapping[str, str]) -> Path:
    """`NAME-2.study`, `NAME-3.study` …: the one that was begun with these settings, or the first that is free. What
    stands in a study's folder is never overwritten by the same data under other settings."""
    stem = folder.resolve().name.removesuffix(".study")
    others = (folder.with_name(f"{stem}-{number}.study") for number in count(2))

    def is_begun(other: Path) -> bool:
        try:
            return is_store(other) and {**read_request(other).settings, "name": ""} == {**settings, "name": ""}
        except InputError:
            return False

    return next(other for other in others if Store(other).backend.is_empty() or is_begun(other))


def describe_request(request: Request | None, store: Store) -> dict[str, Any] | None:
    """The same for study.json, where paths are relative to the store's folder."""
    if request is None:
        return None
    predictions = [store.relate(Path(source.name)) for source in request.predictions]
    kept = {name: getattr(request, name) for name in KEPT}
    return {**kept, "data": store.relate(Path(request.data)), "predictions": predictions}
