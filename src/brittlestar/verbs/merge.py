"""`merge`: cells that were trained elsewhere come into a study's store."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.brief import MOST_LINES
from brittlestar.core.cells import FORMAT_VERSION
from brittlestar.core.errors import InputError, Problem
from brittlestar.data.opening import open_data
from brittlestar.execution.environment import environment_class
from brittlestar.execution.session import missing
from brittlestar.reports.document import SCHEMA_VERSION
from brittlestar.store.address import Place
from brittlestar.store.cell_folder import stands
from brittlestar.store.layout import Store, open_store
from brittlestar.store.lock import exclusive
from brittlestar.store.merging import FoundCell, copy_attempts, copy_cell, find_cell, list_hashes
from brittlestar.store.study_document import read_cells, read_study
from brittlestar.study.expand import hash_cell, reads_files
from brittlestar.study.units import count


@dataclass(frozen=True)
class Refused:
    """A run that was not taken, from where, and why."""

    hash: str
    place: str
    why: str


@dataclass(frozen=True)
class Taken:
    """What came from one folder: hashes that were `taken`; how many runs were `there` already, are of `other` studies,
    or `failed` where they were tried."""

    place: str
    taken: tuple[str, ...]
    there: int
    other: int
    failed: int

    @property
    def words(self) -> str:
        """`3 runs taken, 2 there already`."""
        parts = [f"{count(len(self.taken), 'run')} taken"]
        parts += [f"{self.there:,} there already"] if self.there else []
        parts += [f"{self.other:,} of other settings or data"] if self.other else []
        parts += [f"{self.failed:,} failed there, and left out"] if self.failed else []
        return ", ".join(parts)


@dataclass(frozen=True, repr=False)
class MergeResult:
    """What was taken from each folder, what was refused and why, how many runs of the study are still missing, and the
    command that goes on."""

    store: Place
    sources: tuple[Taken, ...]
    refused: tuple[Refused, ...]
    missing: int
    next: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {
            "schema_version": SCHEMA_VERSION,
            "study": str(self.store),
            "sources": [{**vars(one), "taken": list(one.taken)} for one in self.sources],
            "refused": [dict(vars(one)) for one in self.refused],
            "missing": self.missing,
        }

    @property
    def exit_code(self) -> int:
        """1 where a run was refused."""
        return 1 if self.refused else 0

    def __repr__(self) -> str:
        lines = [f"{one.place}: {one.words}" for one in self.sources]
        lines += [f"refused {one.hash[:12]} of {one.place}: {one.why}" for one in self.refused]
        return "\n".join([*lines, f"{count(self.missing, 'run')} missing"][:MOST_LINES])


@dataclass(frozen=True)
class _Wanted:
    """What a study takes: hashes of its runs; the settings of its variants with the digests of their own code; the
    fingerprints of its train and dev; its environment class, None where any is taken."""

    hashes: frozenset[str]
    variants: tuple[tuple[Mapping[str, Any], str | None], ...]
    fingerprints: Mapping[str, str]
    environment: str | None

    def find_objection(self, cell: FoundCell) -> str | None:
        """Why a whole cell of this study is refused: it is not what its name says, or of another environment."""
        described = cell.described or {}
        if described.get("format") != FORMAT_VERSION:
            return f"it has format {described.get('format')}, this version reads {FORMAT_VERSION}"
        if not reads_files(described["settings"]) and not self._is_named_right(cell):
            return "its settings do not have the hash that it is named by"
        computed = described["environment_class"]
        given = bool(described["settings"]["model"]["predictions"])
        if self.environment is not None and computed != self.environment and not given:
            return f"it was computed by environment class {computed}; this study is of {self.environment}"
        return None

    def wants(self, cell: FoundCell) -> bool:
        """Whether a cell is one of the study, or of a variant of it with another seed."""
        if cell.hash in self.hashes:
            return True
        if cell.described is None:
            return False
        described = cell.described
        fits = any(described.get("settings") == settings for settings, _ in self.variants)
        return fits and not reads_files(described["settings"]) and self._is_named_right(cell)

    def _is_named_right(self, cell: FoundCell) -> bool:
        described = cell.described or {}
        own = {digest for settings, digest in self.variants if described["settings"] == settings}
        return any(
            hash_cell(described["settings"], described["streams"], self.fingerprints, digest, {}) == cell.hash
            for digest in own
        )


def merge(into: str | Path, *sources: str | Path, mix_environments: bool = False) -> MergeResult:
    """Bring runs that were trained elsewhere into a study.

    Afterwards `run` trains none of them again. Needs two or more studies' folders: of the same data, model and
    settings, on one machine or copied from others.

    Every file is checked by its hash, and a run's settings by the hash that it is named by. Damaged runs, and runs of
    other versions, processors or devices, are refused and named. Nothing that is there is overwritten. Runs of other
    seeds come too: the command that is printed makes them part of the study. attempts.jsonl keeps who trained what.

    Args:
        into (INTO): The study's folder that takes them.
        sources (FROM…): Folders of the same study from elsewhere.
        mix_environments: Also take runs of another environment class.

    Returns:
        What was taken from where, what was refused and why, and what is still missing.

    Raises:
        InputError: One of the folders is no study's, or a folder is merged into itself.
        StoreError: A run is at work on the study, or it cannot be written.

    Command:
        Examples:
          brittlestar merge mine.study from-node-2/mine.study from-node-3/mine.study
          brittlestar merge mine.study gpu.study --mix-environments

        Exit codes: 0 done; 1 a run was refused, or the study is at work or cannot be written; 2 wrong usage, or no
        study's folder.

    Example:
        The study is that of `run("data", seeds=2)`.

        >>> from brittlestar import merge, run
        >>> few = {"training.epochs": "1", "probes.only": "[order]"}
        >>> _ = run("data", settings=few | {"seeds": "[2]"}, executor="serial", out="third.study")
        >>> merge("data.study", "third.study")
        third.study: 2 runs taken
        0 runs missing
        >>> run("data.study", seeds=3, executor="serial").exit_code
        0
    """
    store = open_store(into)
    if not sources:
        raise InputError("no folder to take runs from is given", "merge", "brittlestar merge INTO FROM")
    others = [open_store(one) for one in sources]
    if same := [str(one.root) for one in others if _is_same(one, store)]:
        raise InputError([Problem("a folder cannot be merged into itself", place) for place in same])
    document = read_study(store)
    cells = read_cells(document)
    data = open_data(store.data)
    device = cells[0].settings["training"]["device"]
    wanted = _Wanted(
        frozenset(cell.hash for cell in cells),
        tuple((settings, document["own_digests"].get(name)) for name, settings in document["expanded"].items()),
        {name: split.fingerprint for name, split in data.splits.items()},
        None if mix_environments else environment_class(document["environment"], device),
    )
    taken: list[Taken] = []
    refused: list[Refused] = []
    seeds: set[int] = set()
    with exclusive(store):
        for other in others:
            found, bad, more = _take_cells(store, other, wanted)
            taken.append(found)
            refused += bad
            seeds |= more
    gone = missing(store, cells)
    command = _command_of(store, document["seeds"], seeds, mix_environments)
    return MergeResult(store.root, tuple(taken), tuple(refused), len(gone), command)


def _is_same(one: Store, other: Store) -> bool:
    if isinstance(one.root, str) or isinstance(other.root, str):
        return one.root == other.root
    return one.root.resolve() == other.root.resolve()


def _take_cells(store: Store, other: Store, wanted: _Wanted) -> tuple[Taken, list[Refused], set[int]]:
    """What came from one folder, what was refused, and seeds of runs that the study does not name yet."""
    place = other.nearby
    taken: list[str] = []
    refused: list[Refused] = []
    seeds: set[int] = set()
    there = foreign = failed = 0
    for digest in list_hashes(other):
        if stands(store, store.cell(digest)):
            there += 1
            if digest not in wanted.hashes and wanted.wants(cell := find_cell(store, digest)):
                seeds.add(_seed_of(cell))
            continue
        cell = find_cell(other, digest)
        if cell.wrong:
            if digest in wanted.hashes:
                refused.append(Refused(digest, place, f"damaged: {', '.join(cell.wrong)}"))
            else:
                foreign += 1
        elif not wanted.wants(cell):
            foreign += 1
        elif (why := wanted.find_objection(cell)) is not None:
            refused.append(Refused(digest, place, why))
        elif cell.state != "done":
            failed += 1
        else:
            copy_cell(store, other, digest)
            taken.append(digest)
            if digest not in wanted.hashes:
                seeds.add(_seed_of(cell))
    copy_attempts(store, other, {*taken})
    return Taken(place, tuple(taken), there, foreign, failed), refused, seeds


def _seed_of(cell: FoundCell) -> int:
    return int((cell.described or {})["seed"])


def _command_of(store: Store, seeds: Sequence[int], more: set[int], mixed: bool) -> str:
    """The command that trains what is missing, with the seeds that came along, and writes the report."""
    every = sorted({*seeds, *more})
    options = ["--set", f"seeds={every}"]
    if not more or every == list(range(len(every))):
        options = ["--seeds", str(len(every))] if more else []
    return shlex.join(["brittlestar", "run", str(store.root), *options, *(["--mix-environments"] if mixed else [])])
