"""Own models: what `package.module:name` means, and what is checked before it is trusted.

The folder of the user comes first on the import path while own code is imported or called, and the path is left as
it was found.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from brittlestar.core.errors import BrittlestarError, InputError, Problem, format_error
from brittlestar.core.processes import ending_children
from brittlestar.core.texts import suggest
from brittlestar.models.importing import OPENED, import_own, importing_from
from brittlestar.models.info import ModelInfo
from brittlestar.models.session_model import SessionModel, refuse_gone
from brittlestar.models.source import (
    defined_at,
    format_path,
    is_library,
    last_user_frame,
    list_parameters,
    source_digest,
    source_files,
)
from brittlestar.study.names import is_session

if TYPE_CHECKING:
    from torch import nn

Kind = Literal["factory", "fit", "estimator"]
Wanted = Literal["auto", "factory", "fit", "estimator"]


class OwnCodeError(BrittlestarError):
    """The user's code raised: `where` of its problem is the last line of the user's own code that ran (exit 1)."""


@dataclass(frozen=True)
class OwnModel:
    """What a reference led to.

    `object` is the function, or the estimator (an instance); `digest` is 64 hex digits over `files`, the module's
    source and what it imports from the same folder tree; `folder` comes first on the import path when it is called.
    `opened` are files that were opened while the module was imported, and the lines that did.
    """

    reference: str
    kind: Kind
    object: Any
    name: str
    digest: str
    folder: Path
    files: tuple[Path, ...]
    opened: Mapping[str, str] = field(default_factory=dict[str, str])


def load_own(reference: str, kind: Wanted, search_path: Path | None, session: SessionModel | None = None) -> OwnModel:
    """Import `package.module:name` with `search_path` (None: the current folder) first on the import path; or take
    the object that `session` holds, where that is what the reference stands for.

    `auto` finds out the kind: what has `fit` and `get_params` is an estimator (a class is instantiated); a callable
    with parameters `train` and `seed` is a fit function; any other callable is a factory. Raises InputError.
    """
    folder = (search_path or Path.cwd()).resolve()
    if is_session(reference):
        return _own_of_session(reference, kind, folder, session)
    module_name, _, path = reference.partition(":")
    if not module_name or not path:
        raise InputError(f"{reference!r} does not name a model", "model.own", "write package.module:name")
    with importing_from(folder):
        module = import_own(module_name, folder)
        thing = _attribute(module, path)
        thing, found = _settle_kind(thing, kind, reference)
    root, files = source_files(module)
    name, opened = f"{module.__name__}:{path}", vars(module).get(OPENED, {})
    return OwnModel(reference, found, thing, name, source_digest(root, files), folder, files, opened)


def _own_of_session(reference: str, kind: Wanted, folder: Path, session: SessionModel | None) -> OwnModel:
    if session is None or session.reference != reference:
        raise refuse_gone(reference)
    with importing_from(folder):
        thing, found = _settle_kind(session.open(), kind, session.name)
    return OwnModel(session.name, found, thing, reference, session.digest.digest, folder, ())


def _settle_kind(thing: Any, kind: Wanted, name: str) -> tuple[Any, Kind]:
    found = find_kind(thing, name) if kind == "auto" else kind
    if found == "estimator" and inspect.isclass(thing):
        thing = call_own(thing, what=f"{name}()")
    _refuse_unfit(thing, found, name)
    return thing, found


_NO_FIT = "it was taken for a factory, since it has no parameters train and seed"
"""What is said where a function that is called as a factory turns out to be none."""


def build_own(own: OwnModel, info: ModelInfo, params: Mapping[str, Any]) -> nn.Module:
    """Call a factory: `own.object(info, **params)`. Weights come from torch's global generator, seeded by the caller.

    Raises InputError when the parameters do not fit or the result is no `nn.Module`, OwnCodeError when it raises.
    """
    from torch import nn

    _check_parameters(own, params)
    with importing_from(own.folder):
        try:
            model = call_own(own.object, info, what=own.reference, **params)
        except OwnCodeError as error:
            named = next(iter(list_parameters(own.object)), "info") == "info"
            raise error if named else OwnCodeError([replace(one, hint=_show(own)) for one in error.problems]) from error
    if not isinstance(model, nn.Module):
        given = f"the class {model.__name__}" if inspect.isclass(model) else f"a {type(model).__name__}"
        raise InputError(
            f"{own.reference} returned {given}, not a torch.nn.Module",
            defined_at(own.object),
            f"return a built module whose forward(tokens, lengths) gives logits ({_NO_FIT})",
        )
    _check_forward(own, model)
    return model


def call_own(function: Any, *arguments: Any, what: str, **keywords: Any) -> Any:
    """Call the user's code. What it raises becomes an OwnCodeError with the user's last line; brittlestar's own
    errors, KeyboardInterrupt and MemoryError pass through. A child that it forked does not come back."""
    try:
        with ending_children(what):
            return function(*arguments, **keywords)
    except (BrittlestarError, MemoryError):
        raise
    except (Exception, SystemExit) as error:
        problem = Problem(f"{what} raised {format_error(error)}", last_user_frame(error.__traceback__))
        raise OwnCodeError([problem]) from error


def takes(function: Any, name: str) -> bool:
    """True when `function` can be called with a keyword called `name`."""
    parameters = list_parameters(function)
    return name in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())


def _attribute(module: ModuleType, path: str) -> Any:
    thing: Any = module
    for part in path.split("."):
        if not hasattr(thing, part):
            names = [name for name in vars(thing) if not name.startswith("_")] if hasattr(thing, "__dict__") else []
            where = format_path(module.__file__) if module.__file__ else module.__name__
            public = ", ".join(sorted(names)[:8])
            raise InputError(f"{path!r} is not defined", where, suggest(part, names) or f"it defines {public}")
        thing = getattr(thing, part)
    return thing


def find_kind(thing: Any, reference: str) -> Kind:
    """What an object is used as, by what it has. Raises InputError where it is no model."""
    if hasattr(thing, "fit") and hasattr(thing, "get_params"):
        return "estimator"
    if not callable(thing):
        raise InputError(
            f"{reference} is a {type(thing).__name__} and cannot be called",
            "model.own",
            "name a factory, a fit function or a scikit-learn estimator",
        )
    names = list(list_parameters(thing))
    if {"train", "seed"} <= set(names):
        return "fit"
    if names[:1] == ["train"]:
        raise InputError(
            f"{reference} has the parameter train, but no seed: it would be taken for a factory of a torch.nn.Module",
            defined_at(thing),
            "a fit function is fit(train, dev, seed); a factory calls its first parameter info",
        )
    return "factory"


def _refuse_unfit(thing: Any, kind: Kind, reference: str) -> None:
    if kind == "estimator":
        lacking = [name for name in ("fit", "predict", "get_params", "set_params") if not hasattr(thing, name)]
        if lacking:
            raise InputError(f"{reference} is no scikit-learn estimator: it lacks {', '.join(lacking)}", "model.own")
    elif not callable(thing):
        raise InputError(f"{reference} is a {type(thing).__name__} and cannot be called", "model.own")
    elif (torch := sys.modules.get("torch")) is not None and isinstance(thing, torch.nn.Module):
        raise InputError(
            f"{reference} is a built {type(thing).__name__}: every seed would share its weights",
            "model.own",
            "name a function (info, **params) that builds it",
        )
    elif kind == "fit":
        _refuse_signature(thing, reference)


def refuse_numeric(own: OwnModel) -> None:
    """Raise InputError for a scikit-learn estimator whose first step reads numbers alone: a vectoriser is missing."""
    first = own.object
    while (steps := getattr(first, "steps", None)) or getattr(first, "estimator", None) is not None:
        first = steps[0][1] if steps else first.estimator
    if not type(first).__module__.startswith("sklearn."):
        return
    try:
        deepcopy(first).fit(["a b", "b c", "c d", "d a"], ["x", "y", "x", "y"])
    except Exception as error:  # another reason has its place where the rows are those of train
        if re.search(r"to float|bytes/strings|2D array", str(error)):
            what = f"{own.reference} is given texts of tokens, and {type(first).__name__} reads numbers"
            hint = r"put a vectoriser before it: make_pipeline(TfidfVectorizer(token_pattern=r'\S+'), …)"
            raise InputError(what, "model.own", hint) from error


def _refuse_signature(thing: Any, reference: str) -> None:
    try:
        observe = {"observe": None} if takes(thing, "observe") else {}
        inspect.signature(thing).bind(None, None, seed=0, **observe)
    except ValueError:  # Python does not know it
        return
    except TypeError as error:
        what = f"{reference}{inspect.signature(thing)} cannot be called as fit(train, dev, seed): {error}"
        raise InputError(what, defined_at(thing), "give it these three parameters") from error


def _check_parameters(own: OwnModel, params: Mapping[str, Any]) -> None:
    try:
        signature = inspect.signature(own.object)
    except (TypeError, ValueError):
        return
    parameters = signature.parameters
    if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        refuse_unknown(own, params, [name for name, p in parameters.items() if p.kind is not p.POSITIONAL_ONLY][1:])
    try:
        signature.bind(None, **params)
    except TypeError as error:
        raise InputError(f"{own.reference}{signature}: {error}", defined_at(own.object), _show(own)) from error


def _show(own: OwnModel) -> str:
    """How a factory is called, and how a class of modules becomes one."""
    if not inspect.isclass(own.object):
        return f"it is called as build(info, **params): {_NO_FIT}"
    built = f"{own.object.__name__}(…) with info.vocabulary_size and len(info.classes)"
    return f"give a function build(info) that returns {built}"


def refuse_unknown(own: OwnModel, params: Mapping[str, Any], names: list[str]) -> None:
    """Raise InputError where one of `params` is not among the `names` of parameters that own code takes."""
    problems = [
        Problem(
            f"{own.reference} takes no parameter {name!r}",
            f"model.params.{name}",
            suggest(name, names) or f"it takes {', '.join(names[:12]) or 'no parameters'} ({defined_at(own.object)})",
        )
        for name in params
        if name not in names
    ]
    if problems:
        raise InputError(problems)


def _check_forward(own: OwnModel, model: nn.Module) -> None:
    try:
        inspect.signature(model.forward).bind(None, None)
    except ValueError:
        return
    except TypeError as error:
        where = defined_at(type(model).forward)
        in_library = is_library(Path(where.rpartition(":")[0]))
        raise InputError(
            f"{type(model).__name__}.forward cannot be called with (tokens, lengths): {error}",
            defined_at(own.object) if in_library else where,
            "wrap it in a module whose forward takes tokens (B, L) and lengths (B,)",
        ) from error
