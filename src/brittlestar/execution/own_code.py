"""Own code travels with its jobs: the files that models are made of, and their place on the machine that does a job."""

import hashlib
import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.models.source import closure, digest_module, is_library, module_file
from brittlestar.store.layout import ATTEMPTS
from brittlestar.study.names import is_session

FOREIGN = ("pyvenv.cfg", ATTEMPTS)  # a virtual environment, a store
MOST_BYTES = 16 << 20  # budget: what a scheduler carries to each machine without being felt


@dataclass(frozen=True)
class OwnCode:
    """Files of own code by their place below the folder that comes first on the import path."""

    files: Mapping[str, bytes]

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of every file."""
        return {name: hashlib.sha256(content).hexdigest() for name, content in self.files.items()}


def collect_own_code(search_path: Path, cells: Iterable[Cell], most: int = MOST_BYTES) -> OwnCode:
    """What the own models of `cells` are made of: the modules that they import below `search_path`, directly or not,
    and every file of the packages that these are in. Raises InputError where that is more than `most` bytes."""
    folder = search_path.resolve()
    references = {cell.settings["model"].get("own") for cell in cells} - {None}
    modules = {str(reference).partition(":")[0] for reference in references if not is_session(str(reference))}
    starts = (module_file(name, folder) for name in sorted(modules))
    found: set[Path] = set()
    for start in starts:
        if start is not None and not is_library(start):
            found |= {file for file in closure(start, folder) if not is_library(file)}
    packages = {folder / file.relative_to(folder).parts[0] for file in found if file.parent != folder}
    for package in packages:
        if (package / "__init__.py").is_file():
            found |= {*_files_below(package)}
    sizes = {file: file.stat().st_size for file in found}
    if sum(sizes.values()) > most:
        large = max(sizes, key=lambda file: sizes[file])
        what = f"own code has {sum(sizes.values()):,} bytes; at most {most:,} go to each node"
        hint = f"keep data out of the package: the largest file is {large.relative_to(folder)}"
        raise InputError(what, str(folder), hint)
    return OwnCode({file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(found)})


def list_changed_code(cells: Iterable[Cell], digests: Mapping[str, str | None], folder: Path) -> tuple[str, ...]:
    """Variants whose own code below `folder` is not what `digests` say that their runs were made with; nothing is
    run. Of an object in memory nothing can be told here."""
    named = {cell.variant: str(cell.settings["model"]["own"]) for cell in cells}
    return tuple(
        name
        for name, known in digests.items()
        if known
        and not is_session(named.get(name))
        and digest_module(named.get(name, "").partition(":")[0], folder) != known
    )


def _files_below(folder: Path) -> Iterator[Path]:
    """Files of a package, without what is hidden, compiled, a virtual environment or a store."""
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name == "__pycache__" or path.suffix == ".pyc":
            continue
        if path.is_file():
            yield path
        elif path.is_dir() and not path.is_symlink() and not any((path / one).exists() for one in FOREIGN):
            yield from _files_below(path)


def find_own_code(hashes: Mapping[str, str], search_path: str) -> str:
    """The folder on this machine that has the same own code: `search_path`, so that a traceback reads as on the machine
    of the run, else the working folder, where Ray places it. Raises InputError where neither has it."""
    for folder in (Path(search_path), Path.cwd()):
        if _holds(folder, hashes):
            return str(folder)
    what = f"own code is not here as the run has it: {', '.join(hashes)}"
    hint = "a Ray that you connected to, or a job that you submitted, takes it along as runtime_env={'working_dir': …}"
    raise InputError(what, f"node {socket.gethostname()}", hint)


def _holds(folder: Path, hashes: Mapping[str, str]) -> bool:
    try:
        return all(
            hashlib.sha256((folder / name).read_bytes()).hexdigest() == expected for name, expected in hashes.items()
        )
    except OSError:
        return False
