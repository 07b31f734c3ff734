"""Files that are packed with gzip: the ending that says their format, their name without it, and the file inside."""

import gzip
import os
import tempfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from brittlestar.core.errors import InputError

GZIP = ".gz"
MOST = "BRITTLESTAR_MAX_UNPACKED"
"""The variable of the environment that says how many bytes a packed file may have inside; 2 GB without it."""
PIECE = 1 << 20  # budget: bytes that are unpacked at a time


def read_limit() -> int:
    """How many bytes a packed file may have inside. Raises InputError where the variable is no number."""
    written = os.environ.get(MOST, "").strip() or "2e9"
    try:
        return int(float(written))
    except (ValueError, OverflowError):
        raise InputError(f"{written!r} is no number of bytes", MOST, "write 4000000000 or 4e9") from None


def find_ending(path: str | Path) -> str:
    """`.csv` of `train.CSV` and of `train.csv.gz`."""
    return Path(str(path).lower().removesuffix(GZIP)).suffix


def find_stem(path: str | Path) -> str:
    """`train` of `train.csv` and of `train.csv.gz`."""
    path = Path(path)
    return Path(path.stem).stem if path.suffix.lower() == GZIP else path.stem


@contextmanager
def open_unpacked(path: Path) -> Generator[Path]:
    """The file itself, or for as long as this lasts what a file `.gz` has inside. Raises InputError where that is cut
    short or damaged, or has more inside than the limit, OSError."""
    if path.suffix.lower() != GZIP:
        yield path
        return
    most = read_limit()
    with tempfile.TemporaryDirectory(prefix="brittlestar-") as folder:
        inside = Path(folder) / path.stem
        try:
            with gzip.open(path) as packed, inside.open("wb") as file:
                while piece := packed.read(PIECE):
                    if file.tell() + len(piece) > most:
                        what = f"has more than {most:,} bytes inside"
                        raise InputError(what, hint=f"unpack it, or allow more: {MOST}={4 * most}")
                    file.write(piece)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError(f"is no whole gzip file ({error})", hint="pack or fetch it again") from error
        yield inside
