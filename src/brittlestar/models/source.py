"""The source of own code: which files it is made of, their digest, and where in it something went wrong."""

import ast
import inspect
import sys
import sysconfig
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from brittlestar.core.hashing import digest, file_digests

_PACKAGE = Path(__file__).resolve().parents[1]
_LIBRARY = tuple(Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib", "purelib", "platlib"))


def is_library(path: Path) -> bool:
    """True for the standard library, installed packages and brittlestar itself: not the user's own code."""
    path = path.resolve()
    installed = any(part in ("site-packages", "dist-packages") for part in path.parts)
    return installed or any(path.is_relative_to(folder) for folder in (*_LIBRARY, _PACKAGE))


def source_files(module: ModuleType) -> tuple[Path, tuple[Path, ...]]:
    """(the folder that the top-level name of `module` stands in, the files `module` is made of).

    The files are that of the module and those it imports, directly or not, from the same folder tree, as far as
    import statements say; sorted. A module of an installed package counts alone: its version is part of the
    environment. A module without a file (built in) has none.
    """
    if not module.__file__ or not module.__file__.endswith(".py"):
        return Path(), ()
    start = Path(module.__file__).resolve()
    depth = module.__name__.count(".") + (1 if start.name == "__init__.py" else 0)
    root = start.parents[depth]
    return root, ((start,) if is_library(start) else closure(start, root))


def module_file(name: str, folder: Path) -> Path | None:
    """The file of the module `name` below `folder`; None where it is not there, or where `name` leads elsewhere."""
    if "/" in name or "\\" in name:
        return None
    place = folder.joinpath(*name.split("."))
    candidates = (place.with_suffix(".py"), place / "__init__.py")
    return next((file for file in candidates if file.is_file()), None)


def closure(start: Path, root: Path) -> tuple[Path, ...]:
    """The file `start` and the files below `root` that it imports, directly or not, sorted; nothing is run."""
    seen: set[Path] = set()
    waiting = [start, *_packages_above(start, root)]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += _imported_files(path, root)
    return tuple(sorted(seen))


def source_digest(root: Path, files: Iterable[Path]) -> str:
    """SHA-256 over the files' places below `root` and their bytes: it does not change when the folder moves."""
    return digest(file_digests(root, files))


def digest_module(name: str, folder: Path) -> str | None:
    """`source_digest` of the module `name` below `folder` with all that it imports from there; nothing is run. None
    where it is not there."""
    start = module_file(name, folder.resolve())
    return None if start is None else source_digest(folder.resolve(), closure(start, folder.resolve()))


def last_user_frame(trace: TracebackType | None) -> str:
    """`file:line` of the innermost frame in the user's own code, in files first, then as it was typed (`<stdin>:3`);
    of the innermost frame of all if there is none."""
    frames = traceback.extract_tb(trace)
    own = [frame for frame in frames if not frame.filename.startswith("<") and not is_library(Path(frame.filename))]
    typed = [frame for frame in frames if frame.filename.startswith("<") and not frame.filename.startswith("<frozen")]
    if not frames:
        return ""
    frame = (own or typed or frames)[-1]
    return f"{format_path(frame.filename)}:{frame.lineno}"


def defined_at(thing: Any) -> str:
    """`file:line` where a function or class is defined; empty when Python cannot tell."""
    try:
        target = inspect.unwrap(thing)
        if not inspect.isclass(target) and not inspect.isroutine(target):
            target = type(target)
        return f"{format_path(inspect.getsourcefile(target) or '?')}:{inspect.getsourcelines(target)[1] or 1}"
    except (TypeError, OSError, ValueError):
        return ""


def name_with_line(name: str, thing: Any) -> str:
    """`name (file.py:line)` of a function or class; the name alone when Python cannot tell."""
    place = shorten_place(defined_at(thing))
    return f"{name} ({place})" if place else name


def find_calling_line() -> str:
    """`file.py:line` of the innermost frame in the user's own code that led here; empty where there is none. Without
    folders, so that what is stored does not depend on where code lies."""
    frame = sys._getframe(1)  # pyright: ignore[reportPrivateUsage] - a stack of all frames is a hundred times slower
    while frame is not None:
        name = frame.f_code.co_filename
        # "<string>" is what started a worker, or a method that a dataclass wrote
        foreign = name.startswith(("<frozen", "<string>"))
        if not foreign and (name.startswith("<") or not is_library(Path(name))):
            return shorten_place(f"{name}:{frame.f_lineno}")
        frame = frame.f_back
    return ""


def shorten_place(place: str) -> str:
    """`file.py:line` of a place, without its folders."""
    return place.replace("\\", "/").rpartition("/")[2]


def format_path(filename: str) -> str:
    """A path as a person would write it: relative to the current folder when it lies below."""
    path = Path(filename)
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return filename


def _packages_above(path: Path, root: Path) -> list[Path]:
    """The `__init__.py` files that run when the module at `path` is imported."""
    inits = (folder / "__init__.py" for folder in path.parents if folder != root and folder.is_relative_to(root))
    return [init for init in inits if init.is_file()]


def _imported_files(path: Path, root: Path) -> list[Path]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return []
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base_name(node, path, root)
            names.update([base, *(f"{base}.{alias.name}".lstrip(".") for alias in node.names)])
    found: list[Path] = []
    for name in sorted(names - {""}):
        start = module_file(name, root)
        found += [] if start is None else [start, *_packages_above(start, root)]
    return found


def _base_name(node: ast.ImportFrom, path: Path, root: Path) -> str:
    """The absolute name that `from … import` refers to."""
    if not node.level:
        return node.module or ""
    folder = path.parents[node.level - 1]
    parts = folder.relative_to(root).parts if folder.is_relative_to(root) else ()
    return ".".join([*parts, *([node.module] if node.module else [])])


def list_parameters(function: Any) -> Mapping[str, inspect.Parameter]:
    """The parameters of a function by name; none where Python does not know them."""
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):
        return {}
