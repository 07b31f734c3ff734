"""Tables as the bytes of a file, in any format that is read; the same table gives the same bytes."""

import io
import shutil
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from brittlestar.core.errors import InputError, StoreError

MANIFEST = "manifest.csv"


def suffix_for(frame: pl.DataFrame) -> str:
    """`.csv`, or `.parquet` where a column holds what no text file does (lists, structs, bytes)."""
    nested = any(dtype.is_nested() or dtype == pl.Binary for dtype in frame.dtypes)
    return ".parquet" if nested else ".csv"


def table_bytes(frame: pl.DataFrame, suffix: str) -> bytes:
    """The table as CSV, TSV (both UTF-8, lines by a line feed, an empty text quoted and a missing one not), Parquet
    or JSON Lines."""
    buffer = io.BytesIO()
    if suffix == ".parquet":
        frame.write_parquet(buffer)
    elif suffix == ".jsonl":
        frame.write_ndjson(buffer)
    else:
        frame.write_csv(buffer, separator="\t" if suffix == ".tsv" else ",")
    return buffer.getvalue()


def refuse_existing(folder: Path, option: str) -> None:
    """Raises InputError where something stands at `folder` already; `option` is how another one is named."""
    if folder.exists() or folder.is_symlink():
        hint = f"name another folder: {option} DIR"
        raise InputError("is there already, and nothing is overwritten", str(folder), hint)


class NewFolder:
    """A folder that appears whole or not at all: files are put under `place`, a hidden folder beside it, and `done`
    moves that to its name. A context manager; an error on the way leaves nothing behind."""

    def __init__(self, folder: Path, option: str = "--out") -> None:
        self.folder, self.option = folder, option
        self._hidden: Path | None = None

    def __enter__(self) -> "NewFolder":
        refuse_existing(self.folder, self.option)
        with _translate_errors(self.folder, self.option):
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self._hidden = Path(
                tempfile.mkdtemp(prefix=f".{self.folder.name}.", suffix=".part", dir=self.folder.parent)
            )
            self.place.mkdir()
        return self

    @property
    def place(self) -> Path:
        """Where the files stand until they are done."""
        assert self._hidden is not None
        return self._hidden / self.folder.name

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write files by name. Raises StoreError."""
        with _translate_errors(self.folder, self.option):
            for name, content in files.items():
                (self.place / name).write_bytes(content)

    def done(self) -> None:
        """Give the folder its name. Raises InputError where somebody else has taken it meanwhile."""
        refuse_existing(self.folder, self.option)
        with _translate_errors(self.folder, self.option):
            self.place.rename(self.folder)

    def __exit__(self, *_: object) -> None:
        if self._hidden is not None:
            shutil.rmtree(self._hidden, ignore_errors=True)


@contextmanager
def _translate_errors(folder: Path, option: str) -> Generator[None]:
    try:
        yield
    except OSError as error:
        hint = f"name another folder: {option} DIR"
        raise StoreError(f"cannot be written: {error.strerror or error}", str(folder), hint) from None
