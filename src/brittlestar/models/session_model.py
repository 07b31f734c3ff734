"""A model that is an object of the session and has no import path: carried to workers by value, where that is possible.

A store keeps its digest and its source, never the object.
"""

import inspect
import pickle
from dataclasses import dataclass, field
from typing import Any

from brittlestar.core.errors import InputError, MissingExtraError, format_error
from brittlestar.core.optional import require
from brittlestar.models.object_digest import ObjectDigest
from brittlestar.study.names import SESSION

EXTRA = "notebook"
_IN_A_FILE = "or put it into a file and name it package.module:name"


@dataclass(frozen=True)
class _Carried:
    """A model as it crosses to another process."""

    content: bytes


@dataclass(frozen=True, eq=False)
class SessionModel:
    """`name` is what people see; `source` is its text, or the parameters of an estimator, None where there is none."""

    name: str
    content: Any = field(repr=False)
    digest: ObjectDigest
    source: str | None

    @property
    def reference(self) -> str:
        """What stands for it in a study."""
        return f"{SESSION}:{self.name}"

    def open(self) -> Any:
        """The object. Raises InputError where what was carried cannot be opened in this process."""
        if not isinstance(self.content, _Carried):
            return self.content
        try:
            return pickle.loads(self.content.content)
        except Exception as error:
            what = f"{self.name} cannot be opened in a process of its own: {format_error(error)}"
            raise InputError(what, "model", f"use executor='serial', {_IN_A_FILE}") from error

    def __reduce__(self) -> tuple[Any, ...]:
        content = self.content if isinstance(self.content, _Carried) else _Carried(carry(self.content))
        return SessionModel, (self.name, content, self.digest, self.source)


def carry(thing: Any) -> bytes:
    """An object by value. Raises MissingExtraError without cloudpickle, and whatever the object raises."""
    return require("cloudpickle", EXTRA).dumps(thing)


def why_not_carried(model: SessionModel) -> str | None:
    """Why a model cannot go to a process of its own, as a clause; None where it can."""
    try:
        carry(model.content)
    except MissingExtraError as error:
        return " ".join(f"{problem.what} ({problem.hint})" for problem in error.problems)
    except Exception as error:
        return f"it cannot be copied ({format_error(error)})"
    return None


def session_model(thing: Any, digest: ObjectDigest) -> SessionModel:
    """An object of the session as a model."""
    return SessionModel(describe_name(thing), thing, digest, _source(thing))


def describe_name(thing: Any) -> str:
    """The name of a function or class; of an instance that of its class, of a partial that of its function."""
    inner = getattr(thing, "func", thing) if type(thing).__name__ == "partial" else thing
    name = str(getattr(inner, "__name__", type(inner).__name__))
    return "lambda" if name == "<lambda>" else "".join(one for one in name if one.isalnum() or one == "_") or "model"


def shown_name(reference: str) -> str:
    """A reference as people see it."""
    return reference.removeprefix(f"{SESSION}:")


def refuse_gone(reference: str) -> InputError:
    """What is said where a store's model was an object of a session, and is not at hand."""
    what = f"{shown_name(reference)} was an object of the session that set this study up, and is gone"
    hint = f"give it again in Python: run(STUDY, model=…), {_IN_A_FILE}"
    return InputError(what, "model", hint)


def _source(thing: Any) -> str | None:
    if hasattr(thing, "get_params") and not inspect.isclass(thing):
        return repr(thing)
    try:
        return inspect.getsource(thing)
    except (OSError, TypeError):
        return None
