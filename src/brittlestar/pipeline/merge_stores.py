"""Cells that were trained elsewhere, joined into one store."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.cells import FORMAT_VERSION
from brittlestar.core.documents import begin_document, offer_command
from brittlestar.reports.paragraphs import Paragraph, cut_blocks, name_first, name_next
from brittlestar.reports.showing import show_blocks
from brittlestar.store.cell_folder import has_folder
from brittlestar.store.layout import Store
from brittlestar.store.merging import FoundCell, copy_attempts, copy_cell, find_cell, list_hashes
from brittlestar.study.expand import hash_cell, reads_files
from brittlestar.study.units import count

MOST_SOURCES, MOST_REFUSED = 6, 3
"""Folders and refused runs that are named: the others are counted, and `-v` has them (convention)."""
SOURCE, REFUSED = 2, 1
"""Ranks of a folder and of a refused run."""


@dataclass(frozen=True)
class RefusedRun:
    """A run that was not taken, from where, and why."""

    hash: str
    place: str
    why: str

    @property
    def words(self) -> str:
        """The run, its place, and why."""
        return f"{self.hash[:12]} of {self.place}: {self.why}"


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

    store: Path
    sources: tuple[Taken, ...]
    refused: tuple[RefusedRun, ...]
    missing: int
    next: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {
            **begin_document(),
            "study": str(self.store),
            "sources": [{**vars(source), "taken": list(source.taken)} for source in self.sources],
            "refused": [dict(vars(run)) for run in self.refused],
            "missing": self.missing,
            **offer_command(self.next),
        }

    @property
    def exit_code(self) -> int:
        """1 where a run was refused."""
        return 1 if self.refused else 0

    @property
    def blocks(self) -> list[Paragraph]:
        """Each folder with what came from it, what was refused and why, and what is still missing."""
        sources = name_first(
            "Taken", [f"{source.place}: {source.words}" for source in self.sources], rank=SOURCE, most=2
        )
        refused = name_first((("Refused", "bold red"),), [run.words for run in self.refused], rank=REFUSED, most=3)
        return [
            *cut_blocks(sources, MOST_SOURCES, "folder", brief=True),
            *cut_blocks(refused, MOST_REFUSED, "run", brief=True),
            Paragraph("Missing", f"{count(self.missing, 'run')} of this study" if self.missing else "nothing"),
            *name_next("Next", self.next),
        ]

    __repr__ = show_blocks


@dataclass(frozen=True)
class Wanted:
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


def is_same_store(one: Store, other: Store) -> bool:
    """Whether two stores are one place."""
    return one.root.resolve() == other.root.resolve()


def take_cells(store: Store, other: Store, wanted: Wanted) -> tuple[Taken, list[RefusedRun], set[int]]:
    """What came from one folder, what was refused, and seeds of runs that the study does not name yet."""
    place = other.nearby
    taken: list[str] = []
    refused: list[RefusedRun] = []
    seeds: set[int] = set()
    there = foreign = failed = 0
    for digest in list_hashes(other):
        if has_folder(store, store.cell(digest)):
            there += 1
            if digest not in wanted.hashes and wanted.wants(cell := find_cell(store, digest)):
                seeds.add(_seed_of(cell))
            continue
        cell = find_cell(other, digest)
        if cell.wrong:
            if digest in wanted.hashes:
                refused.append(RefusedRun(digest, place, f"damaged: {', '.join(cell.wrong)}"))
            else:
                foreign += 1
        elif not wanted.wants(cell):
            foreign += 1
        elif (why := wanted.find_objection(cell)) is not None:
            refused.append(RefusedRun(digest, place, why))
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


def command_of(store: Store, seeds: Sequence[int], more: set[int], mixed: bool) -> str:
    """The command that trains what is missing, with the seeds that came along, and writes the report."""
    every = sorted({*seeds, *more})
    options = ["--set", f"seeds={every}"]
    if not more or every == list(range(len(every))):
        options = ["--seeds", str(len(every))] if more else []
    return shlex.join(["brittlestar", "run", str(store.root), *options, *(["--mix-environments"] if mixed else [])])
