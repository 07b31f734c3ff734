"""A digest of an object of the session: of what it computes, not of where it stands or when it was made.

Names, lines and memory addresses do not count, so that a cell of a notebook that runs again has the same digest.
"""

import dis
import inspect
import sys
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from brittlestar.core.hashing import array_digest, canonical_json, digest
from brittlestar.models.source import is_library, source_digest, source_files

_OF_CLASSES = {
    *("__dict__", "__weakref__", "__module__", "__qualname__", "__doc__", "__annotations__", "__annotate_func__"),
    *("__firstlineno__", "__static_attributes__", "__abstractmethods__", "_abc_impl", "__slotnames__"),
}
"""Members of a class that say nothing of what it computes."""


@dataclass(frozen=True)
class ObjectDigest:
    """64 hex digits; `gaps` are the types of objects within that do not say what they hold, so that it misses them."""

    digest: str
    gaps: tuple[str, ...]


def digest_object(thing: Any) -> ObjectDigest:
    """The digest of a function, a class or an instance: compiled code, defaults, what closures hold, the globals that
    are used, parameters of estimators, and the state of other instances. What can be imported counts by its module's
    source; of an installed package by its name, since its version is part of the environment."""
    description = _Description()
    try:
        told = description.describe(thing)
    except RecursionError:
        told = description.miss(thing)
    return ObjectDigest(digest(told), tuple(sorted(description.gaps)))


def is_importable(thing: Any) -> bool:
    """Whether a function or class is what its module, other than the main program, has under its name."""
    module, path = getattr(thing, "__module__", None), getattr(thing, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(path, str) or module in ("__main__", "__mp_main__"):
        return False
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    return found is thing


class _Description:
    """Plain JSON values for an object; each object is described once."""

    def __init__(self) -> None:
        self.gaps: set[str] = set()
        self._seen: dict[int, int] = {}
        self._alive: list[Any] = []

    def miss(self, thing: Any) -> Any:
        name = f"{type(thing).__module__}.{type(thing).__qualname__}"
        self.gaps.add(name)
        return ["unknown", name]

    def describe(self, thing: Any) -> Any:
        if thing is None or isinstance(thing, bool | int | str):
            return thing
        if isinstance(thing, float | complex | types.EllipsisType | types.NotImplementedType):
            return [type(thing).__name__, repr(thing)]
        if isinstance(thing, bytes | bytearray):
            return ["bytes", bytes(thing).hex()]
        if id(thing) in self._seen:
            return ["again", self._seen[id(thing)]]
        self._seen[id(thing)] = len(self._seen)
        self._alive.append(thing)
        if isinstance(thing, list | tuple | set | frozenset | dict):
            return self._describe_container(cast("Any", thing))
        if isinstance(thing, np.ndarray | np.generic):
            array = np.asarray(thing)
            values = self.describe(array.tolist()) if array.dtype.hasobject else array_digest(array)
            return ["array", list(array.shape), values]
        if isinstance(thing, types.CodeType):
            return self._describe_code(thing)
        if isinstance(thing, types.ModuleType):
            return ["module", thing.__name__, _module_digest(thing)]
        if isinstance(thing, types.FunctionType | type):
            if is_importable(thing):
                return ["import", thing.__module__, thing.__qualname__, _module_digest(sys.modules[thing.__module__])]
            return self._describe_class(thing) if isinstance(thing, type) else self._describe_function(thing)
        return self._describe_instance(thing)

    def _describe_container(self, thing: Any) -> Any:
        name = type(thing).__name__
        try:
            return [name, digest(thing)] if isinstance(thing, list | dict) else [name, digest(list(thing))]
        except (TypeError, ValueError, RecursionError):  # not plain values alone
            pass
        if isinstance(thing, Mapping):
            return [name, [[self.describe(key), self.describe(one)] for key, one in thing.items()]]
        parts = [self.describe(one) for one in cast("Iterable[Any]", thing)]
        return [name, sorted(parts, key=canonical_json) if isinstance(thing, set | frozenset) else parts]

    def _describe_code(self, code: types.CodeType) -> Any:
        counts = [code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags]
        names = [list(names) for names in (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)]
        constants = [self.describe(one) for one in code.co_consts]
        return ["code", code.co_code.hex(), constants, names, counts]

    def _describe_function(self, thing: types.FunctionType) -> Any:
        cells = [_content(cell) for cell in thing.__closure__ or ()]
        used = {name: thing.__globals__[name] for name in sorted(_globals_of(thing.__code__) & {*thing.__globals__})}
        return [
            "function",
            self.describe(thing.__code__),
            [self.describe(default) for default in thing.__defaults__ or ()],
            {name: self.describe(one) for name, one in sorted((thing.__kwdefaults__ or {}).items())},
            [self.describe(one) for one in cells],
            {name: self.describe(one) for name, one in used.items()},
        ]

    def _describe_class(self, thing: type) -> Any:
        members = {name: one for name, one in sorted(vars(thing).items()) if name not in _OF_CLASSES}
        told = {name: self._describe_member(member) for name, member in members.items()}
        return ["class", [self.describe(base) for base in thing.__bases__], self.describe(type(thing)), told]

    def _describe_member(self, member: Any) -> Any:
        if isinstance(member, staticmethod | classmethod):
            return [type(member).__name__, self.describe(cast("Any", member).__func__)]
        if isinstance(member, property):
            return ["property", *(self.describe(one) for one in (member.fget, member.fset, member.fdel))]
        if isinstance(member, types.MemberDescriptorType | types.GetSetDescriptorType):
            return ["slot"]
        return self.describe(member)

    def _describe_instance(self, thing: Any) -> Any:
        own = self.describe(type(thing))
        if hasattr(thing, "detach") and hasattr(thing, "numpy"):
            try:
                return ["tensor", array_digest(thing.detach().cpu().numpy())]
            except (TypeError, RuntimeError):
                return self.miss(thing)
        if hasattr(thing, "fit") and hasattr(thing, "get_params"):
            return ["estimator", own, self.describe(dict(sorted(thing.get_params(deep=False).items())))]
        try:
            reduced = thing.__reduce_ex__(4)
        except Exception:
            return self.miss(thing)
        if isinstance(reduced, str):
            return ["global", own, reduced]
        lists = [list(one) if hasattr(one, "__next__") else one for one in reduced]
        return ["instance", own, [self.describe(one) for one in lists]]


def _module_digest(module: types.ModuleType) -> str | None:
    """The digest of the source of the user's module, None of an installed one."""
    root, files = source_files(module) if getattr(module, "__file__", None) else (Path(), ())
    return None if not files or is_library(files[0]) else source_digest(root, files)


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _globals_of(code: types.CodeType) -> set[str]:
    """The names that code, or a function within it, looks up in its globals."""
    names = {
        str(instruction.argval)
        for instruction in dis.get_instructions(code)
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    }
    return names.union(*(_globals_of(one) for one in code.co_consts if inspect.iscode(one)))
