"""A record whose files are on this machine, hashed: what its parts are read from. Tables, which may be larger than
their files, are read once in a process of its own, which may run out of memory without harm."""

import json
import shlex
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from brittlestar.core.cells import Cell
from brittlestar.core.errors import BrittlestarError, InputError
from brittlestar.core.splits import EncodedData, headline_split
from brittlestar.data.opening import is_withheld, open_data
from brittlestar.data.predictions.runs import Given
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.open import Opened
from brittlestar.pipeline.prepare import match_given
from brittlestar.records.checking import HashedRecord, hash_record
from brittlestar.records.describing import RECORD
from brittlestar.records.gathering import FOLDER
from brittlestar.records.manifest import FORGED, MANIFEST
from brittlestar.records.rerunning import open_rerun
from brittlestar.records.sources import Source, open_source
from brittlestar.reports.study_view import StudyView
from brittlestar.store.attempts import read_attempts
from brittlestar.store.layout import Store
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.store.study_record import read_record

PACKED = (".parquet", ".npz")
MOST_MEMORY = 2 << 30  # budget: bytes; predictions of a million rows with 100 classes take half of it
_DONE = "done"


def refuse_bombs(folder: Path, names: Iterable[str], where: str, most: int = MOST_MEMORY) -> None:
    """Raise InputError where one of these tables below `folder` takes more than `most` bytes of memory to read, or ends
    the process that reads it; `where` is what a person calls the record. Memory is limited on Linux alone. A table that
    is merely damaged passes: who reads it later says so."""
    packed = sorted(name for name in names if name.endswith(PACKED))
    if not packed:
        return
    command = [sys.executable, "-c", f"from {__name__} import read_tables; read_tables({most})"]
    asked = "\n".join(str(folder / name) for name in packed)
    done = subprocess.run(command, input=asked, capture_output=True, text=True, encoding="utf-8", check=False)
    read = done.stdout.split()
    if done.returncode or _DONE not in read:
        name = packed[min(len(read), len(packed) - 1)]
        what = f"{name} takes more than {most / (1 << 30):.3g} GiB of memory to read, or cannot be read at all"
        raise InputError(what, where, FORGED)


def read_tables(most: int) -> None:
    """Read the tables whose places stand on standard input, one after the other; a number for each, then `done`."""
    import numpy as np
    import polars as pl

    pl.DataFrame({"warm": [1]}).select(pl.col("warm").sum())
    _limit_memory(most)
    for number, line in enumerate(sys.stdin.read().splitlines()):
        try:
            if line.endswith(".npz"):
                with np.load(line, allow_pickle=False) as arrays:
                    for key in arrays.files:
                        arrays[key]
            else:
                pl.read_parquet(line)
        except MemoryError:
            raise
        except Exception:  # damaged: whoever reads it says so
            pass
        print(number, flush=True)
    print(_DONE, flush=True)


def _limit_memory(most: int) -> None:
    if sys.platform != "linux":
        return
    import resource

    data = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_DATA, (data + most, data + most))


ZIP = ".zip"
"""How the name of an archive ends that is a record."""
NO_DATA = "the record was sealed without its data: seal --with-data"
NO_ROWS = (
    "the record has no rows as they were read, which had changed when it was sealed: run the study on the rows of "
    "today, or put those back, and seal it again"
)


def tell_no_rows(store: Store) -> str:
    """Why a record has no rows that a study can be run on."""
    return NO_DATA if is_withheld(store.data) else NO_ROWS


@dataclass(frozen=True)
class Unpacked:
    """The files in `folder`, and what record.json says of them (`about`). Own checks, which a study may name, are
    run where its code is `trusted`."""

    folder: Path
    about: Mapping[str, Any]
    trusted: bool = False

    @cached_property
    def store(self) -> Store:
        """The study."""
        return Store(self.folder / FOLDER)

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """What study.json says."""
        return read_study(self.store)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The runs that it lists."""
        return read_cells(self.document)

    @cached_property
    def attempts(self) -> tuple[Mapping[str, Any], ...]:
        """The lines of attempts.jsonl."""
        return tuple(read_attempts(self.store))

    @cached_property
    def opened(self) -> Opened:
        """The study as its settings and rows make it again. Raises InputError as `open_rerun` does."""
        return open_rerun(self.folder, self.about)

    @cached_property
    def rerun(self) -> tuple[Given, Opened]:
        """Given predictions, and the same with the variants that they are of. Raises InputError where they do not fit,
        too."""
        return match_given(self.opened)

    @cached_property
    def data(self) -> EncodedData:
        """Its data, as far as they are in the record."""
        return open_data(self.store.data)

    @property
    def headline_split(self) -> str:
        """The split that scores are read on: test, else dev, that has rows, else train."""
        return headline_split({name: split.n_rows for name, split in self.data.splits.items()}) or "train"

    @cached_property
    def reading(self) -> StudyView:
        """What is said of the study, under the name that it had."""
        found = replace(read_record(self.store), place=str(self.about["folder"]))
        return assess_study(self.store, found, own_checks=self.trusted)


def name_run(cell: Cell) -> str:
    """`main seed 0`."""
    return f"{cell.variant} seed {cell.seed}"


def is_record(path: str | Path) -> bool:
    """Whether something is a record: an archive, or a folder with a manifest."""
    place = Path(path)
    return (place.is_file() and place.suffix == ZIP) or (place / MANIFEST).is_file()


@contextmanager
def unpack_record(place: str | Path) -> Generator[Unpacked]:
    """The files of a record in a temporary folder, for as long as this lasts; none of its code is run. Raises
    InputError where there is no record, where a file is not the one that was sealed, or where it cannot be read."""
    with open_source(Path(place)) as source, tempfile.TemporaryDirectory(prefix="brittlestar-record-") as temporary:
        folder = Path(temporary) / "record"
        if differences := unpack_files(source, folder).differences:
            what = f"{len(differences)} files are not those that were sealed"
            raise InputError(what, str(place), f"see which: brittlestar verify {shlex.quote(str(place))}")
        with reading_stranger(str(place)):
            yield open_unpacked(folder)


def unpack_files(source: Source, folder: Path, read: Callable[[int], None] = lambda size: None) -> HashedRecord:
    """Hash a record and copy its files below a new folder. Raises InputError where it is none, or where its tables
    would take more memory than any of a record do."""
    hashed = hash_record(source, read, folder)
    if not hashed.differences:
        refuse_bombs(folder, (file.name for file in hashed.manifest.files), source.where)
    return hashed


@contextmanager
def reading_stranger(where: str) -> Generator[None]:
    """Whatever reading a stranger's files raises becomes an InputError, and nothing that they make libraries say is
    shown."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    except BrittlestarError:
        raise
    except Exception as error:  # anything may stand in a stranger's files, and libraries raise as they please
        told = " ".join(str(error).split())[:200]
        raise InputError(f"it cannot be read: {type(error).__name__}: {told}", where, FORGED) from error


def open_unpacked(folder: Path, trusted: bool = False) -> Unpacked:
    """What lies in `folder`. Raises InputError where record.json cannot be read."""
    try:
        about: Any = json.loads((folder / RECORD).read_bytes())
        return Unpacked(folder, {**about, "folder": str(about["folder"])}, trusted)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{RECORD} cannot be read: {error}", str(folder)) from error
