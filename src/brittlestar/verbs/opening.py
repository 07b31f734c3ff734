"""From what the user points at to a checked study and its data: a folder, a study file, or objects in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError, Problem
from brittlestar.data.encode import Encoded, encode
from brittlestar.data.look import look
from brittlestar.data.sources import SplitFrames, read_splits
from brittlestar.study.columns import columns_of
from brittlestar.study.defaults import bare_study
from brittlestar.study.loaded import LoadedStudy
from brittlestar.study.loading import load_study
from brittlestar.study.names import MAIN, VARIANT_ALIASES
from brittlestar.study.settings import VariantSettings
from brittlestar.verbs.again import Asked

MEMORY = "objects in memory"
_OWN = re.compile(r"\b(own|sgd|cuda)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Opened:
    """A checked study with its data read and encoded. Relative paths of the study are relative to `base`; `asked` is
    what it was opened from, None for objects in memory."""

    loaded: LoadedStudy
    frames: SplitFrames
    data: Encoded
    base: Path
    asked: Asked | None = None

    @property
    def fingerprints(self) -> dict[str, str]:
        """The fingerprint of every split."""
        return {name: split.fingerprint for name, split in self.data.splits.items()}


def as_text(value: Any) -> str:
    """A setting as `--set` takes it: text as it is, anything else as JSON, which YAML reads."""
    return value if isinstance(value, str) else json.dumps(value)


def is_study_file(data: Any) -> bool:
    """Whether a path names a study file rather than a folder of splits."""
    return isinstance(data, (str, Path)) and Path(data).suffix.lower() in (".yaml", ".yml")


def may_use_optimisers(data: Any, model: str | None, overrides: Mapping[str, Any]) -> bool:
    """Whether a study may step one of PyTorch's own optimisers, told before it is read: for speed alone."""
    if model is not None or _OWN.search(repr(overrides)):
        return True
    if not is_study_file(data):
        return False
    try:
        return bool(_OWN.search(Path(data).read_text(encoding="utf-8", errors="replace")))
    except OSError:
        return False


def open_input(
    data: str | Path | Mapping[str, Any],
    *,
    model: str | None = None,
    predictions: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    overrides: Mapping[str, str] | None = None,
    name: str | None = None,
) -> Opened:
    """Read a study file, a folder of splits, or a mapping of splits in memory. Raises InputError."""
    overrides = {path: as_text(value) for path, value in (overrides or {}).items()}
    chosen = columns_of(columns)
    predictions = [predictions] if isinstance(predictions, str) else [str(path) for path in predictions]
    _check_kind(data)
    asked = (
        None
        if isinstance(data, Mapping)
        else Asked(str(data), model, tuple(predictions), dict(columns or {}), dict(overrides), name)
    )
    if model is not None and predictions:
        raise InputError("a model and predictions exclude each other", "model, predictions", "leave one of the two out")
    if is_study_file(data):
        if model is not None:
            overrides["model.own"] = model
        overrides |= {f"data.columns.{key}": value for key, value in (columns or {}).items()}
        loaded = load_study(Path(str(data)), overrides)
        if predictions:
            raise InputError("a study file names its predictions itself", str(data), "model: {predictions: [file.csv]}")
        with placed_in(loaded):
            frames = read_splits(_source(loaded), loaded.study.data.columns)
            encoded = encode(frames, loaded.study.data)
        return Opened(loaded, frames, encoded, Path(str(data)).resolve().parent, asked)
    frames = read_splits(data, chosen)
    seen = look(frames)
    path = MEMORY if isinstance(data, Mapping) else str(data)
    loaded = bare_study(
        name or ("memory" if isinstance(data, Mapping) else Path(data).resolve().name),
        path,
        tokens=seen.tokens,
        factors=seen.factors,
        own=model,
        predictions=predictions,
        splits=tuple(frames),
        columns=columns,
        overrides=overrides,
    )
    return Opened(loaded, frames, encode(frames, loaded.study.data), Path.cwd(), asked)


@contextmanager
def placed_in(loaded: LoadedStudy) -> Generator[None]:
    """Problems with a setting, or with a source that a study file names, get the line where that was written."""
    try:
        yield
    except InputError as error:
        raise type(error)([_placed(problem, loaded) for problem in error.problems]) from error.__cause__


def _placed(problem: Problem, loaded: LoadedStudy) -> Problem:
    data = loaded.study.data
    sources = {str(loaded.resolve(data.path)): "data.path"} if data.path is not None else {}
    sources |= {str(loaded.resolve(path)): f"data.splits.{split}" for split, path in data.splits.items()}
    path = sources.get(problem.where, problem.where)
    settings = {setting: origin for setting, origin in loaded.origins.items() if setting.startswith(path)}
    origin = next((one for one in settings.values() if re.search(r":\d+$", one)), None) if path else None
    return problem if origin is None else replace(problem, where=f"{origin}: {problem.where}")


def _check_kind(data: Any) -> None:
    """Raises InputError unless `data` is a path or a mapping whose keys are names."""
    what = ""
    if not isinstance(data, str | Path | Mapping):
        what = f"a {type(data).__name__} is neither a path nor a mapping from split names to data"
    elif isinstance(data, Mapping) and (odd := [name for name in data if not isinstance(name, str)]):
        what = f"the name of a split must be text (got {odd[0]!r})"
    if what:
        raise InputError(what, "data", 'give {"train": frame, "test": frame}')


def source_of(data: str | Path | Mapping[str, Any], loaded: LoadedStudy) -> str | Path | Mapping[str, Any]:
    """Where the splits come from: `data` itself, or what the study file `data` names."""
    return _source(loaded) if is_study_file(data) else data


def _source(loaded: LoadedStudy) -> str | Path | dict[str, Path]:
    """Where a study file says that its splits are: a folder, single files, or a folder and more files."""
    settings = loaded.study.data
    if not settings.splits:
        if settings.path is None:
            raise InputError(
                "no data is named", str(loaded.path), "data: {path: FOLDER} or data: {splits: {train: FILE}}"
            )
        return loaded.resolve(settings.path)
    files = {split: loaded.resolve(written) for split, written in settings.splits.items()}
    if settings.path is None:
        return files
    folder = loaded.resolve(settings.path)
    found = {
        path.stem: path
        for path in sorted(folder.iterdir() if folder.is_dir() else ())
        if path.suffix in (".csv", ".tsv", ".parquet", ".jsonl")
        and (path.stem in ("train", "dev", "test") or path.stem.startswith("shift_"))
    }
    return {**found, **files}


def with_given_arms(opened: Opened, arms: Mapping[str, Sequence[int]]) -> Opened:
    """The study with one variant for each of its prediction files' variants: `main` is the one called main or baseline,
    or the first."""
    loaded = opened.loaded
    study = loaded.study
    names = sorted(arms)
    first = study.model.variant or next((name for name in (MAIN, *VARIANT_ALIASES) if name in names), names[0])
    variants = {
        **{
            name: VariantSettings(set={"model.variant": name}) for name in names if name not in (first, *study.variants)
        },
        **{
            name: variant.model_copy(update={"set": {"model.predictions": [], "model.variant": None, **variant.set}})
            for name, variant in study.variants.items()
            if name != MAIN
        },
    }
    seeds = sorted({seed for seeds in arms.values() for seed in seeds})
    changed = study.model_copy(
        update={"variants": variants, "model": study.model.model_copy(update={"variant": first}), "seeds": tuple(seeds)}
    )
    return Opened(
        LoadedStudy(changed, loaded.origins, loaded.given, loaded.path),
        opened.frames,
        opened.data,
        opened.base,
        opened.asked,
    )
