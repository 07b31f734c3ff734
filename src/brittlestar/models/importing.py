"""Importing the user's code as if from the user's folder, and telling what went wrong there."""

import importlib
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from brittlestar.core.errors import InputError, format_error
from brittlestar.core.hashing import file_digest
from brittlestar.core.texts import suggest
from brittlestar.models.opened_files import watch_opened
from brittlestar.models.source import closure, format_path, is_library, last_user_frame, module_file, source_files

_MARK = "__brittlestar_digest__"
OPENED = "__brittlestar_opened__"
"""On a module: the files that it opened when it was imported, which is done once a process."""


@contextmanager
def importing_from(folder: Path) -> Generator[None]:
    """Put `folder` first on the import path, and the path back afterwards; no byte code is written meanwhile."""
    path, bytecode = list(sys.path), sys.dont_write_bytecode
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.path[:] = path
        sys.dont_write_bytecode = bytecode


def import_own(name: str, folder: Path) -> ModuleType:
    """Import the module `name`; `folder` must be first on the import path already. Raises InputError with the line of
    the user's code at which the import failed, or with the nearest name when there is no such module."""
    _forget_stale(name, folder)
    try:
        with watch_opened() as opened:
            module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if name == missing or name.startswith(missing + "."):
            there = [path.stem for path in folder.glob("*.py")]
            there += [path.parent.name for path in folder.glob("*/__init__.py")]
            hint = suggest(name, there) or f"looked in {folder} first"
            message = f"module {missing!r} does not exist here or among the installed packages"
            raise InputError(message, "model.own", hint) from error
        raise _failure(name, error) from error
    except SyntaxError as error:
        place = f"{format_path(error.filename)}:{error.lineno}" if error.filename else ""
        raise InputError(f"importing {name} raised SyntaxError: {error.msg}", place) from error
    except (Exception, SystemExit) as error:
        raise _failure(name, error) from error
    vars(module).setdefault(OPENED, opened)
    _mark(source_files(module)[1])
    return module


def import_object(reference: str, folder: Path, where: str) -> Any:
    """What `package.module:name` names, `folder` first on the import path; `where` says who named it. Raises
    InputError."""
    module, _, name = reference.partition(":")
    if not module or not name:
        raise InputError(f"{reference!r} names no object", where, "write package.module:name")
    try:
        with importing_from(folder):
            found = getattr(import_own(module, folder), name, None)
    except InputError as error:
        places = {"model.own": where}
        raise InputError(
            [replace(problem, where=places.get(problem.where, problem.where)) for problem in error.problems]
        ) from error
    if found is None:
        raise InputError(f"{module} defines no {name!r}", where, "write package.module:name")
    return found


def _failure(name: str, error: BaseException) -> InputError:
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    hint = f"install it in this environment: pip install {missing.partition('.')[0]}" if missing else ""
    return InputError(f"importing {name} raised {format_error(error)}", last_user_frame(error.__traceback__), hint)


def _forget_stale(name: str, folder: Path) -> None:
    """Drop modules that Python would hand out although the files below `folder` say something else.

    That is a module of the same name from another folder, or one that has changed on disk since we imported it: the
    hash of a cell would speak of code that never ran. When one is stale, everything the model is made of goes.
    """
    importlib.invalidate_caches()
    start = module_file(name, folder)
    if start is None:
        return
    places = {file.relative_to(folder).with_suffix(""): file for file in closure(start, folder)}
    files = {".".join((one.parent if one.name == "__init__" else one).parts): file for one, file in places.items()}
    loaded = {name: module for name, module in sys.modules.items() if name in files and _file(module)}
    own = {name: module for name, module in loaded.items() if not is_library(_file(module) or Path())}
    if any(
        _file(module) != files[name] or getattr(module, _MARK, None) not in (None, file_digest(files[name]))
        for name, module in own.items()
    ):
        tops = {name.partition(".")[0] for name in own}
        for other in [other for other in sys.modules if other.partition(".")[0] in tops]:
            del sys.modules[other]


def _mark(files: Iterable[Path]) -> None:
    """Remember on each module which bytes it was imported from."""
    wanted = {file for file in files if not is_library(file)}
    names = {file.name for file in wanted}
    for module in list(sys.modules.values()):
        place = Path(getattr(module, "__file__", None) or "")
        # Only what may be wanted is resolved: for the thousands of modules of a notebook that takes tenths of a second.
        if (place.name in names or place.is_symlink()) and _file(module) in wanted and not hasattr(module, _MARK):
            setattr(module, _MARK, file_digest(place.resolve()))


def _file(module: ModuleType) -> Path | None:
    name = getattr(module, "__file__", None)
    return Path(name).resolve() if isinstance(name, str) else None
