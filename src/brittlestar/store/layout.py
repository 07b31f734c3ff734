"""Where everything of a study lies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from brittlestar.core.errors import InputError, StoreError
from brittlestar.core.suggesting import suggest
from brittlestar.store.backend import Backend, LocalBackend

STUDY = "study.json"
"""As given, as expanded, as read back."""
CLAIMS = "claims.json"
"""Claims with hashes, written before the first cell."""
AUDIT = "audit.json"
"""What was found in the data, written before the first cell."""
TRIVIAL = "trivial.parquet"
"""What the best trivial baselines answer in every row, written with the audit, which has its hash."""
ATTEMPTS = "attempts.jsonl"
"""Clocks, hosts, processes, retries."""
INDEX = "index.parquet"
"""A cache of all scores, rebuilt at will."""
PROGRESS = "progress.json"
"""What a run in progress is doing, for `status`; gone when it ends."""
SUITES = "probes"
"""Suites of probes: the rows that cells are asked about."""
CURRENT_SUITE = f"{SUITES}/current.json"
"""Which suite was asked for last."""
CELLS = "cells"
"""One immutable folder per cell."""
DERIVED = "derived"
"""What later stages add about a cell: immutable too."""


@dataclass(frozen=True)
class Store:
    """One study's place: a backend that holds its files by key, and local paths of what is read or written as files."""

    root: Path

    @cached_property
    def backend(self) -> Backend:
        """What reads and writes by key."""
        return LocalBackend(self.root)

    def write(self, key: str, content: bytes, lasting: bool = True) -> None:
        """Write a file whole. Raises StoreError when the disk is full or read-only."""
        try:
            self.backend.write(key, content, lasting)
        except OSError as error:
            raise write_failure(error, self.root) from error

    def path(self, key: str) -> Path:
        """Where a file or folder can be read on this machine."""
        return self.backend.path(key)

    @property
    def data(self) -> Path:
        """Encoded splits, shared by all cells."""
        return self.path("data")

    @property
    def report(self) -> Path:
        """The page, tables and figures."""
        return self.path("report")

    @property
    def page(self) -> Path:
        """The report as one page."""
        return self.report / "report.html"

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


def open_store(root: Path) -> Store:
    """An existing store. Raises InputError where there is none."""
    store = Store(root)
    if not is_set_up(store):
        if store.backend.exists(ATTEMPTS):
            raise InputError(
                "this study is not set up yet: it has no study.json",
                str(root),
                "wait for the run that is at work, or give the command that started it again",
            )
        hint = "the run command makes one from data"
        if not root.exists():
            near = suggest(root.name, (one.name for one in root.parent.glob("*.study")))
            raise InputError("there is no such folder", str(root), near or hint)
        raise InputError("this is not a study's folder: it has no study.json", str(root), hint)
    return store


def create_store(root: Path) -> Store:
    """The store at `root`, made if it is not there. Raises StoreError when it cannot be written to."""
    store = Store(root)
    try:
        known = is_set_up(store) or store.backend.exists(ATTEMPTS)
        if root.exists() and (not root.is_dir() or (any(root.iterdir()) and not known)):
            raise InputError("exists and is not a study's folder", str(root), "choose another place with --out DIR")
        root.mkdir(parents=True, exist_ok=True)
        store.path(ATTEMPTS).touch()  # first: by this file a store is known, whatever ends the process next
        for key in (CELLS, DERIVED):
            store.path(key).mkdir(exist_ok=True)
    except OSError as error:
        raise write_failure(error, root) from error
    return store


def is_set_up(store: Store) -> bool:
    """Whether there is a study that can be read or run on."""
    return store.backend.exists(STUDY)


def write_failure(error: OSError, where: Path) -> StoreError:
    """Tell a full disk, a read-only store and other failures to write apart."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreError(
            "the disk is full; finished cells are safe, this one is not written",
            str(where),
            "free some space, then run the same command again: it does what is missing",
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return StoreError(
            "the store is read-only for this user",
            str(where),
            "make it writable, or choose another place with --out DIR",
        )
    return StoreError(f"cannot write: {error.strerror or error}", str(where), "see the message of the system")
