"""What `model=` of a verb means: a reference, or the object itself, by its import path wherever it has one."""

import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from brittlestar.core.errors import InputError
from brittlestar.models.importing import import_own, importing_from
from brittlestar.models.object_digest import digest_object, is_importable
from brittlestar.models.own import find_kind
from brittlestar.models.session_model import SessionModel, describe_name, session_model
from brittlestar.models.source import is_library, source_files


@dataclass(frozen=True)
class NamedModel:
    """`reference` is what the study says, None for the built-in reference model; `session` is the object behind it
    where nothing can import that, and `folder` the one that its module stands in, where it is the user's."""

    reference: str | None = None
    session: SessionModel | None = None
    folder: Path | None = None


def name_model(model: Any) -> NamedModel:
    """Name a model given as `package.module:name`, as a class, function or estimator, or not at all. Raises
    InputError where it is none."""
    if isinstance(model, str) and ":" not in model:
        hint = (
            "give package.module:name, or the object itself; a model of a hub is trained by a fit function: "
            "brittlestar.integrations.transformers.trainer_fit makes one of a Trainer"
        )
        raise InputError(f"{model!r} names no factory, fit function or estimator", "model", hint)
    if model is None or isinstance(model, str | NamedModel):
        return model if isinstance(model, NamedModel) else NamedModel(model)
    find_kind(model, describe_name(model))
    if (found := _find_import_path(model)) is not None:
        return found
    session = session_model(model, digest_object(model))
    return NamedModel(session.reference, session)


def _find_import_path(thing: Any) -> NamedModel | None:
    """The name by which another process imports the very object, None where none does, or the file has changed."""
    if not is_importable(thing):
        return None
    name, path = str(thing.__module__), str(thing.__qualname__)
    module = sys.modules[name]
    root, files = source_files(module) if getattr(module, "__file__", None) else (Path(), ())
    if not files or not _is_found(sys.modules[name.partition(".")[0]]):
        return None
    if is_library(files[0]):
        return NamedModel(f"{_public_module(name, path, thing)}:{path}")
    try:
        with importing_from(root):
            same = import_own(name, root) is module
    except InputError:
        return None
    return NamedModel(f"{name}:{path}", folder=root) if same else None


def _is_found(module: ModuleType) -> bool:
    """Whether a process with the same import path finds the same top-level module: not one that was made by hand."""
    for finder in sys.meta_path:
        spec = finder.find_spec(module.__name__, None) if hasattr(finder, "find_spec") else None
        if spec is not None:
            return _places(spec.origin, spec.submodule_search_locations) == _places(
                getattr(module, "__file__", None), getattr(module, "__path__", None)
            )
    return False


def _places(origin: str | None, locations: Any) -> list[Path]:
    return [Path(origin).resolve()] if origin else sorted(Path(location).resolve() for location in locations or ())


def _public_module(name: str, path: str, thing: Any) -> str:
    """The package above private modules where the same object has the same name: `sklearn.linear_model`."""
    parts = name.split(".")
    private = next((k for k, part in enumerate(parts) if part.startswith("_")), len(parts))
    public = ".".join(parts[:private])
    return public if public and "." not in path and getattr(sys.modules.get(public), path, None) is thing else name
