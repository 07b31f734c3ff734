"""From what the user points at to a checked study and its data: a folder, a study file, or objects in memory."""

import json
import re
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import filterfalse
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError, Problem
from brittlestar.core.metrics import is_own
from brittlestar.core.results import StudyRecord
from brittlestar.data.encode import Encoded, encode
from brittlestar.data.files import READERS
from brittlestar.data.infer_format import propose_reading
from brittlestar.data.memory import is_split, read_parts
from brittlestar.data.predictions.runs import Given, read_predictions
from brittlestar.data.predictions.sources import PredictionSource, file_source
from brittlestar.data.sources import SplitFrames, files_by_split, read_splits
from brittlestar.data.unpacking import find_ending
from brittlestar.models.naming import NamedModel, name_model
from brittlestar.pipeline.own_metrics import load_metrics
from brittlestar.pipeline.request import Request, read_request
from brittlestar.study.asked_metrics import list_asked
from brittlestar.study.checks import check_effect
from brittlestar.study.draft import Draft
from brittlestar.study.loading import bare_study, check_study, load_study
from brittlestar.study.names import MAIN, find_main, prediction_column_problems
from brittlestar.study.settings import Study, VariantSettings, columns_of
from brittlestar.study.variants import LoadedStudy

MEMORY = "objects in memory"
GIVE = 'give {"train": frame, "test": frame}'
OF_PREDICTIONS = ("model.predictions", "model.abstain", "model.variant")
_MORE = "leave it out; more seeds are more predictions: --preds FILE, one for each seed"
MORE_FILES = Problem("given predictions have their own seeds", "--seeds", _MORE)
_OWN = re.compile(r"\b(own|sgd|cuda)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Opened:
    """A checked study with its data read and encoded. Relative paths of the study are relative to `base`; `request` is
    what it was opened from, None for data in memory. `given` holds predictions that a
    path alone does not say all of, by the name that stands for it in the study. `named` says which model was given."""

    loaded: LoadedStudy
    frames: SplitFrames
    data: Encoded
    base: Path
    request: Request | None = None
    given: Mapping[str, PredictionSource] = field(default_factory=dict[str, PredictionSource])
    named: NamedModel = field(default_factory=NamedModel)

    @property
    def study(self) -> Study:
        """Its settings."""
        return self.loaded.study

    @property
    def prediction_sources(self) -> tuple[PredictionSource, ...]:
        """The predictions that the study names, files as they are seen from here."""
        names = self.study.model.predictions
        return tuple(self.given.get(name) or file_source(self.loaded.resolve(name)) for name in names)

    @property
    def fingerprints(self) -> dict[str, str]:
        """The fingerprint of every split."""
        return {name: split.fingerprint for name, split in self.data.splits.items()}

    def match(
        self, sources: Sequence[PredictionSource], named: Mapping[str, str] | None = None, abstain: str | None = None
    ) -> Given:
        """Predictions matched to its rows. `named` are columns by role, and `abstain` is the label that stands for no
        answer; else the study says both. Raises InputError where they do not fit."""
        columns, model = self.study.data.columns, self.study.model
        named, abstain = model.predictions_columns if named is None else named, abstain or model.abstain
        return read_predictions(sources, self.frames, self.data.classes, named, columns, abstain)


def as_text(value: Any) -> str:
    """A setting as `--set` takes it: text as it is, anything else as JSON, which YAML reads."""
    return value if isinstance(value, str) else json.dumps(value)


def is_study_file(data: Any) -> bool:
    """Whether a path names a study file rather than a folder of splits."""
    return isinstance(data, (str, Path)) and Path(data).suffix.lower() in (".yaml", ".yml")


def may_use_optimisers(data: Any, model: Any, overrides: Mapping[str, Any]) -> bool:
    """Whether a study may step one of PyTorch's own optimisers, told before it is read: for speed alone."""
    if model is not None or _OWN.search(repr(overrides)):
        return True
    if not is_study_file(data):
        return False
    try:
        return bool(_OWN.search(Path(data).read_text(encoding="utf-8", errors="replace")))
    except OSError:
        return False


def open_request(request: Request, written: Mapping[str, Any] | None = None) -> Opened:
    """Read a study file, a folder of splits, or a mapping of splits in memory. What a study file had `written` when it
    was run stands for what it says today. Raises InputError."""
    named, data = name_model(request.model), request.data
    sources = request.predictions
    _check_kind(data, request.columns)
    if isinstance(data, Mapping):
        data = read_parts(data, "data", GIVE)
    if named.reference is not None and sources:
        raise InputError("a model and predictions exclude each other", "model, predictions", "leave one of the two out")
    if wrong := prediction_column_problems(request.predictions_columns, "--preds-columns"):
        raise InputError(wrong)
    settings = {path: as_text(value) for path, value in request.settings.items()}
    asked = replace(request, data=data, model=named.reference, settings=settings, out=None)
    opened = _open_file(asked, written) if is_study_file(data) else _open_splits(asked)
    given = {source.name: source for source in sources if not source.is_file}
    kept = None if isinstance(data, Mapping) or given else replace(asked, data=str(data))
    asked = list_asked(opened.study)
    if "report.metric" not in settings:  # what a study file alone names is imported by who runs its code
        asked = filterfalse(is_own, asked)
    load_metrics(asked, opened.data.classes, opened.base)
    return replace(opened, request=kept, given=given, named=named)


def _open_file(asked: Request, written: Mapping[str, Any] | None) -> Opened:
    path, settings = Path(str(asked.data)), dict(asked.settings)
    if asked.model is not None:
        settings["model.own"] = asked.model
    settings |= {f"data.columns.{key}": value for key, value in asked.columns.items()}
    settings |= {f"model.predictions_columns.{key}": name for key, name in asked.predictions_columns.items()}
    if written is None:
        loaded = load_study(path, settings, with_data=True)
    else:
        loaded = check_study(Draft(written), written, path, settings, with_data=True)
    if asked.predictions:
        raise InputError("a study file names its predictions itself", str(path), "model: {predictions: [file.csv]}")
    refuse_training(loaded, settings)
    with placed_in(loaded):
        frames = read_splits(source_of(asked.data, loaded), loaded.study.data.columns)
        encoded = encode(frames, loaded.study.data)
    return Opened(loaded, frames, encoded, path.resolve().parent)


def _open_splits(asked: Request) -> Opened:
    chosen = columns_of(asked.columns)
    if asked.predictions_columns and not asked.predictions:
        raise InputError("there are no predictions whose columns could be named", "--preds-columns", "add --preds FILE")
    frames = read_splits(asked.data, chosen)
    tokens, factors = propose_reading(frames["train"]["sequence"])
    in_memory = isinstance(asked.data, Mapping)
    loaded = bare_study(
        asked.name or ("memory" if in_memory else Path(asked.data).resolve().name),
        MEMORY if in_memory else str(asked.data),
        tokens=tokens,
        factors=factors,
        own=asked.model,
        predictions=[source.name for source in asked.predictions],
        predictions_columns=asked.predictions_columns,
        splits=tuple(frames),
        columns={**frames.found, **asked.columns},
        overrides=asked.settings,
    )
    refuse_training(loaded, asked.settings)
    return Opened(loaded, frames, encode(frames, loaded.study.data), Path.cwd())


def open_input(data: Any, overrides: Mapping[str, str] | None = None) -> Opened:
    """What a study file, a folder or a mapping holds, with other settings. Raises InputError."""
    return open_request(Request(data, settings=overrides or {}))


def open_rows(request: Request) -> Opened:
    """The data that a request names, without model and predictions. Raises InputError."""
    return open_request(replace(request, model=None, predictions=(), predictions_columns={}))


def open_again(folder: Path) -> Opened:
    """The data of a study's folder, read again from where they lay when it was set up. Raises InputError."""
    return open_rows(read_request(folder))


def refuse_changed(opened: Opened, record: StudyRecord, splits: Iterable[str]) -> None:
    """Raise InputError where one of `splits` is no longer what a study was run on."""
    here = opened.fingerprints
    if changed := [name for name in splits if name in here and here[name] != record.splits[name].fingerprint]:
        place = MEMORY if opened.request is None else opened.request.data
        what = f"{', '.join(changed)} changed since the study was set up"
        raise InputError(what, place, "run the study again, or put the files back")


def refuse_training(loaded: LoadedStudy, overrides: Mapping[str, str]) -> None:
    """Raise InputError for seeds of given predictions, and for settings of a model or of training that nothing of the
    study reads."""
    study = loaded.study
    variants = list(loaded.by_variant.values())
    problems = [MORE_FILES] if study.model.predictions and "seeds" in overrides else []
    if study.model.predictions and all(variant.model.predictions for variant in variants):
        for path in overrides:
            if path.split(".")[0] in ("training", "streams", "model") and not path.startswith(OF_PREDICTIONS):
                what = f"{path} has no effect on given predictions, and nothing is trained beside them"
                problems.append(Problem(what, "--set", "leave it out, or train a variant"))
    elif study.model.own:
        for path in (override for override in overrides if override.startswith("model.")):
            complaints = [list(check_effect(variant, [path])) for variant in variants]
            if all(complaints):
                problems.append(Problem(complaints[0][0].what, "--set", "an own model reads what model.params has"))
    if problems:
        raise InputError(problems)


@contextmanager
def placed_in(loaded: LoadedStudy) -> Generator[None]:
    """Problems with a setting, or with a source that a study file names, get the line where that was written."""
    try:
        yield
    except InputError as error:
        raise type(error)([_place_problem(problem, loaded) for problem in error.problems]) from error.__cause__


def _place_problem(problem: Problem, loaded: LoadedStudy) -> Problem:
    data = loaded.study.data
    sources = {str(loaded.resolve(data.path)): "data.path"} if data.path is not None else {}
    sources |= {str(loaded.resolve(path)): f"data.splits.{split}" for split, path in data.splits.items()}
    path = sources.get(problem.where, problem.where)
    settings = {setting: origin for setting, origin in loaded.origins.items() if setting.startswith(path)}
    origin = next((one for one in settings.values() if re.search(r":\d+$", one)), None) if path else None
    return problem if origin is None else replace(problem, where=f"{origin}: {problem.where}")


def _check_kind(data: Any, columns: Mapping[str, str]) -> None:
    """Raises InputError unless `data` is a path or a mapping."""
    if is_split(data, columns.values()):
        hint = f"{GIVE}; split(table) makes train, dev and test of one table"
        raise InputError(f"one {type(data).__name__} is one split", "data", hint)
    if not isinstance(data, str | Path | Mapping):
        what = f"a {type(data).__name__} is neither a path nor a mapping from split names to data"
        raise InputError(what, "data", GIVE)


def source_of(data: str | Path | Mapping[str, Any], loaded: LoadedStudy) -> str | Path | Mapping[str, Any]:
    """Where the splits come from: `data` itself, or what the study file `data` names: a folder, single files, or a
    folder and more files. Raises InputError where it names nothing."""
    if not is_study_file(data):
        return data
    settings = loaded.study.data
    if not settings.splits:
        if settings.path is None:
            hint = "data: {path: FOLDER} or data: {splits: {train: FILE}}"
            raise InputError("no data is named", str(loaded.path), hint)
        return loaded.resolve(settings.path)
    files = {split: loaded.resolve(written) for split, written in settings.splits.items()}
    if settings.path is None:
        return files
    folder = loaded.resolve(settings.path)
    present = sorted(folder.iterdir() if folder.is_dir() else ())
    found = files_by_split(path for path in present if find_ending(path) in READERS)
    return {**{split: paths[-1] for split, paths in found.items()}, **files}


def choose_main(names: Sequence[str]) -> str:
    """Of the variants of given predictions, in their order, the one under test: main or baseline, else the first."""
    return find_main(names) or names[0]


def with_given_variants(opened: Opened, given: Iterable[tuple[str, int]]) -> Opened:
    """The study with one variant for each of its prediction files' variants, `given` with their seeds: `main` is
    `choose_main`. Predictions that are no plain file get a digest."""
    digests = {name: one.content(Path(one.name)) for name, one in opened.given.items()}
    loaded = replace(opened.loaded, digests=digests) if digests else opened.loaded
    study = loaded.study
    names = [*dict.fromkeys(variant for variant, _ in given)]
    cleared: dict[str, Any] = {"model.predictions": [], "model.variant": None}
    if study.model.predictions_columns:
        cleared["model.predictions_columns"] = {}
    first = study.model.variant or choose_main(names)
    others = [name for name in names if name not in (first, *study.variants)]
    variants = {name: VariantSettings(set={"model.variant": name}) for name in others}
    for name, variant in study.variants.items():
        if name != MAIN:
            variants[name] = variant.model_copy(update={"set": {**cleared, **variant.set}})
    seeds = tuple(sorted({seed for _, seed in given}))
    model = study.model.model_copy(update={"variant": first})
    changed = study.model_copy(update={"variants": variants, "model": model, "seeds": seeds})
    return replace(opened, loaded=replace(loaded, study=changed))
