"""Where everything of a study lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from brittlestar.core.errors import InputError, StoreError
from brittlestar.core.suggesting import suggest


@dataclass(frozen=True)
class Store:
    """One study's folder."""

    root: Path

    @property
    def study(self) -> Path:
        """As given, as expanded, as read back."""
        return self.root / "study.json"

    @property
    def claims(self) -> Path:
        """Claims with hashes, written before the first cell."""
        return self.root / "claims.json"

    @property
    def audit(self) -> Path:
        """What was found in the data, written before the first cell."""
        return self.root / "audit.json"

    @property
    def trivial(self) -> Path:
        """What the best trivial baselines answer in every row, written with the audit, which has its hash."""
        return self.root / "trivial.parquet"

    @property
    def data(self) -> Path:
        """Encoded splits, shared by all cells."""
        return self.root / "data"

    @property
    def cells(self) -> Path:
        """One immutable folder per cell."""
        return self.root / "cells"

    @property
    def derived(self) -> Path:
        """What later stages add about a cell: immutable too."""
        return self.root / "derived"

    @property
    def probes(self) -> Path:
        """Suites of probes: the rows that cells are asked about."""
        return self.root / "probes"

    @property
    def attempts(self) -> Path:
        """Clocks, hosts, processes, retries."""
        return self.root / "attempts.jsonl"

    @property
    def index(self) -> Path:
        """A cache of all scores, rebuilt at will."""
        return self.root / "index.parquet"

    @property
    def progress(self) -> Path:
        """What a run in progress is doing, for `status`; gone when it ends."""
        return self.root / "progress.json"

    @property
    def report(self) -> Path:
        """The page, tables and figures."""
        return self.root / "report"

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

    def suite(self, name: str) -> Path:
        """The folder of one suite of probes."""
        return self.probes / name

    def cell(self, digest: str) -> Path:
        """The folder of one cell."""
        return self.cells / digest

    def weights(self, digest: str, checkpoint: str) -> Path:
        """The weights of a finished cell, at its `best` or `last` checkpoint."""
        return self.cell(digest) / f"weights-{checkpoint}.safetensors"

    def added(self, digest: str) -> Path:
        """What later stages added about one cell."""
        return self.derived / digest


def derived_folder(store: Store, digest: str, split: str, fingerprint: str) -> Path:
    """Where a finished cell's outputs on a split that came later lie."""
    return store.added(digest) / f"{split}-{fingerprint[:12]}"


def probed_folder(store: Store, digest: str, suite: str) -> Path:
    """Where a finished cell's answers to a suite lie."""
    return store.added(digest) / f"probes-{suite}"


def open_store(root: Path) -> Store:
    """An existing store. Raises InputError where there is none."""
    if not (root / "study.json").is_file():
        if (root / "attempts.jsonl").is_file():
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
    return Store(root)


def create_store(root: Path) -> Store:
    """The store at `root`, made if it is not there. Raises StoreError when it cannot be written to."""
    store = Store(root)
    try:
        if root.exists() and (not root.is_dir() or (any(root.iterdir()) and not _is_store(root))):
            raise InputError("exists and is not a study's folder", str(root), "choose another place with --out DIR")
        root.mkdir(parents=True, exist_ok=True)
        store.attempts.touch()  # first: by this file a store is known, whatever ends the process next
        store.cells.mkdir(exist_ok=True)
        store.derived.mkdir(exist_ok=True)
    except OSError as error:
        raise write_failure(error, root) from error
    return store


def _is_store(root: Path) -> bool:
    return (root / "study.json").is_file() or (root / "attempts.jsonl").is_file()


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
