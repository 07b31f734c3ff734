"""Files and folders are written whole and renamed into place: a reader never sees half of one."""

import contextlib
import os
import platform
import secrets
import tempfile
from collections.abc import Generator, Mapping
from pathlib import Path

from brittlestar.core.errors import InputError, StoreError
from brittlestar.core.optional import import_if_present

_FCNTL = import_if_present("fcntl")


def flush(descriptor: int) -> None:
    """Make what was written to an open file or folder outlive a power cut. Raises OSError.

    The `fsync` of macOS leaves it in the drive's cache (its manual page says so and names F_FULLFSYNC); file systems
    that do not know F_FULLFSYNC, such as network shares, get `fsync`.
    """
    full = getattr(_FCNTL, "F_FULLFSYNC", None)
    if _FCNTL is not None and full is not None:
        with contextlib.suppress(OSError):  # what is truly wrong, `fsync` says too
            _FCNTL.fcntl(descriptor, full)
            return
    os.fsync(descriptor)


def flush_path(path: Path) -> None:
    """Make a closed file, or the names in a folder, outlive a power cut. Raises OSError.

    Windows opens no folder, and flushes a file for those alone who may write to it.
    """
    windows = platform.system() == "Windows"
    if windows and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDWR if windows else os.O_RDONLY)
    try:
        flush(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, content: bytes, lasting: bool = True) -> None:
    """Write `content` beside `path`, flush it to disk where it is to outlive a power cut (`lasting`), and rename it
    into place. Raises OSError; leaves no debris.

    Who may read it is what the umask says, as for any new file: one made by `mkstemp` would be its owner's alone.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    handle = temporary.open("xb")
    try:
        with handle:
            handle.write(content)
            handle.flush()
            if lasting:
                flush(handle.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def refuse_existing(folder: Path, named: str) -> None:
    """Raises InputError where something stands at `folder` already; `named` is how another one is named: `--out`."""
    if folder.exists() or folder.is_symlink():
        raise InputError("is there already, and nothing is overwritten", str(folder), _hint(named))


@contextlib.contextmanager
def make_folder(folder: Path, named: str) -> Generator[Path]:
    """A folder that appears whole or not at all: the one that this gives, hidden beside it, gets its name at the end.
    Raises InputError where something stands there, StoreError where it cannot be written."""
    refuse_existing(folder, named)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent) as hidden:
            place = Path(hidden) / folder.name
            place.mkdir()
            yield place
            refuse_existing(folder, named)
            place.rename(folder)
    except OSError as error:
        raise StoreError(f"cannot be written: {error.strerror or error}", str(folder), _hint(named)) from None


def _hint(named: str) -> str:
    return f"name another folder: {named} DIR".replace("  ", " ")


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by name. Raises OSError."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
