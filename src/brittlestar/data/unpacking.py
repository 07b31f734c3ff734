"""Files that are packed with gzip: the ending that says their format, their name without it, and the file inside."""

import gzip
import shutil
import tempfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from brittlestar.core.errors import InputError

GZIP = ".gz"


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
    short or damaged, OSError."""
    if path.suffix.lower() != GZIP:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="brittlestar-") as folder:
        inside = Path(folder) / path.stem
        try:
            with gzip.open(path) as packed, inside.open("wb") as file:
                shutil.copyfileobj(packed, file)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError(f"is no whole gzip file ({error})", hint="pack or fetch it again") from error
        yield inside
