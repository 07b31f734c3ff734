"""Where everything of a study lies."""

import errno
import json
import os
import shlex
import shutil
import tempfile
import weakref
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from brittlestar.core.errors import InputError, StoreError
from brittlestar.core.texts import find_scheme, suggest_file
from brittlestar.store.backend import Backend

STUDY = "study.json"  # as given, as expanded, as read back
CLAIMS = "claims.json"  # claims with hashes, written before the first cell
AUDIT = "audit.json"  # what was found in the data, written before the first cell
TRIVIAL = "trivial.parquet"  # what the best trivial baselines answer in every row; the audit has its hash
ATTEMPTS = "attempts.jsonl"  # clocks, hosts, processes, retries
INDEX = "index.parquet"  # a cache of all scores, rebuilt at will
PROGRESS = "progress.json"  # what a run in progress is doing, for `status`; gone when it ends
SHARES_PROGRESS = "progress"  # the same of shares of a run, a file each
SUITES = "probes"  # suites of probes: the rows that cells are asked about
CURRENT_SUITE = f"{SUITES}/current.json"  # which suite was asked for last
DATA = "data"  # encoded splits
REPORT = "report"  # the page, tables and figures
PAPER = f"{REPORT}/paper"  # what goes into a paper, beside the report
PAGE = f"{REPORT}/report.html"
CELLS = "cells"  # one immutable folder per cell
DERIVED = "derived"  # what later stages add about a cell: immutable too
WITHHELD = "withheld.json"  # what a record of a study holds back


@dataclass(frozen=True)
class Store:
    """One study's folder: a backend that holds its files by key, and paths of what is read as files. What is not
    `lasting` ends with this process."""

    root: Path
    lasting: bool = True

    @cached_property
    def backend(self) -> Backend:
        """What reads and writes by key."""
        return Backend(self.root)

    @cached_property
    def held(self) -> dict[str, Any]:
        """Records and documents by key that a store that does not last prints nowhere."""
        return {}

    @cached_property
    def withheld(self) -> frozenset[str]:
        """Keys of files that a record of this study was written without; none but in a record."""
        try:
            listed: Any = json.loads(self.backend.read(WITHHELD))["withheld"]
        except (OSError, ValueError, KeyError, TypeError):
            return frozenset()
        return frozenset(one for one in listed if isinstance(one, str))

    @property
    def anchor(self) -> Path:
        """What paths in study.json are relative to."""
        return self.root.resolve()

    def relate(self, path: Path) -> str:
        """A path as study.json keeps it: relative to the store, but whole on another drive of Windows."""
        try:
            return os.path.relpath(path.resolve(), self.anchor)
        except ValueError:
            return str(path.resolve())

    @property
    def name(self) -> str:
        """Its folder's name."""
        return self.root.resolve().name

    @property
    def nearby(self) -> str:
        """Its folder from the current directory, as a command given here names it."""
        return os.path.relpath(self.root)

    def name_key(self, key: str) -> str:
        """Where a person finds a file or folder: nothing is read for it."""
        return str(self.root / key)

    def write(self, key: str, content: bytes, lasting: bool = True) -> None:
        """Write a file whole. Raises StoreError when the disk is full or read-only."""
        with telling_failures(self.root):
            self.backend.write(key, content, lasting)

    def path(self, key: str) -> Path:
        """Where a file or folder lies."""
        return self.backend.path(key)

    @property
    def data(self) -> Path:
        """Encoded splits, shared by all cells; to be read."""
        return self.path(DATA)

    @property
    def page(self) -> Path:
        """The report as one page; to be read."""
        return self.path(PAGE)

    def split(self, name: str) -> Path:
        """The folder of one encoded split."""
        return self.data / name

    def rows(self, split: str) -> Path:
        """The rows of a split with ids, labels, hashes and tokens."""
        return self.split(split) / "rows.parquet"

    def suite(self, name: str) -> str:
        """The key of one suite of probes."""
        return f"{SUITES}/{name}"

    def cell(self, digest: str) -> str:
        """The key of one cell."""
        return f"{CELLS}/{digest}"

    def weights(self, digest: str, checkpoint: str) -> str:
        """The key of the weights of a finished cell, at its `best` or `last` checkpoint."""
        return f"{self.cell(digest)}/{weights_name(checkpoint)}"

    def derived_key(self, digest: str) -> str:
        """Below this key is what later stages added about one cell."""
        return f"{DERIVED}/{digest}"


def weights_name(checkpoint: str) -> str:
    """The file of a cell's weights in its folder."""
    return f"weights-{checkpoint}.safetensors"


def derived_folder(store: Store, digest: str, split: str, fingerprint: str) -> str:
    """The key of a finished cell's outputs on a split that came later."""
    return f"{store.derived_key(digest)}/{split}-{fingerprint[:12]}"


def probed_folder(store: Store, digest: str, suite: str) -> str:
    """The key of a finished cell's answers to a suite."""
    return f"{store.derived_key(digest)}/probes-{suite}"


RECORDS = "`verify`, `compare` and `gate --record` read records"


def read_place(place: Any) -> Path:
    """A path; what `run` returns stands for its study's folder. Raises InputError for an address, also one that was
    made a path and lost a slash (`s3:/bucket`), and for what is no place."""
    if not isinstance(place, str | os.PathLike):
        hint = "give a study's folder, what `run` returned, or a file; write a frame as CSV first"
        raise InputError(f"a {type(place).__name__} is no place of a study", hint=hint)
    text: str = os.fspath(place)
    if scheme := find_scheme(text):
        hint = "give a folder or file of this machine: copy it here first"
        raise InputError(f"addresses that begin with {scheme}:// cannot be used", text, hint)
    return Path(text)


def open_store(root: str | os.PathLike[str]) -> Store:
    """An existing store, by its folder. Raises InputError where there is none."""
    store = Store(read_place(root))
    if not is_set_up(store):
        if store.backend.exists(ATTEMPTS):
            hint = "wait for the run that is at work, or give the command that started it again"
            raise InputError("this study is not set up yet: it has no study.json", str(store.root), hint)
        hint = "the run command makes one from data"
        if not store.root.exists():
            raise InputError("there is no such folder", str(store.root), suggest_file(store.root, hint))
        if written := [one for one in store.root.glob("train.*") if one.is_file()]:
            hint = f"make a study of them: brittlestar run {shlex.quote(str(store.root))}"
            what = f"this is a folder of splits ({written[0].name} …), as `split` writes them, and no study yet"
            raise InputError(what, str(store.root), hint)
        if store.root.suffix == ".zip" or (store.root / "manifest.json").is_file():
            raise InputError("this is a record, and not a study's folder", str(store.root), RECORDS)
        raise InputError("this is not a study's folder: it has no study.json", str(store.root), hint)
    return store


def create_store(root: Path) -> Store:
    """The store at `root`, made if it is not there. Raises StoreError when the folder cannot be written to."""
    store = Store(root)
    with telling_failures(store.root):
        known = is_set_up(store) or store.backend.exists(ATTEMPTS)
        if not known and not store.backend.is_empty():
            raise InputError("exists and is not a study's folder", str(root), "choose another place with --out DIR")
        store.backend.create()
        if not store.backend.exists(ATTEMPTS):  # first: by this file a store is known, whatever ends the process next
            store.backend.append(ATTEMPTS, b"")
    return store


def make_temporary_store() -> Store:
    """An empty store that is taken away when nobody has it any more, at the latest when this process ends. Raises
    StoreError where temporary files cannot be written."""
    with telling_failures("a temporary folder"):
        store = Store(Path(tempfile.mkdtemp(prefix="brittlestar-")), lasting=False)
    weakref.finalize(store, shutil.rmtree, store.root, ignore_errors=True)
    return store


def is_set_up(store: Store) -> bool:
    """Whether there is a study that can be read or run on."""
    return store.backend.exists(STUDY)


@contextmanager
def telling_failures(where: Path | str) -> Generator[None]:
    """Raise StoreError for a failure to write: a full disk, a read-only store, or another one."""
    try:
        yield
    except StoreError:
        raise
    except OSError as error:
        what, hint = f"cannot write: {error.strerror or error}", "see the message of the system"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            what = "the disk is full; finished cells are safe, this one is not written"
            hint = "free some space, then run the same command again: it does what is missing"
        elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            what = "the store is read-only for this user"
            hint = "make it writable, or choose another place with --out DIR"
        raise StoreError(what, str(where), hint) from error
