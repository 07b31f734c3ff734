"""What every job of a study shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from brittlestar.core.cells import Cell
from brittlestar.execution.jobs import Site, TrainJob
from brittlestar.store.layout import Store


def site_of(store: Store, search_path: Path, base: Path) -> Site:
    """Where jobs of a store find what they need."""
    return Site(str(store.root), str(search_path), str(base))


@dataclass(frozen=True)
class Workplace:
    """The store, where own code and relative paths start, what computes, and the fingerprint of every split."""

    store: Store
    search_path: Path
    base: Path
    environment_class: str
    fingerprints: Mapping[str, str]

    @property
    def site(self) -> Site:
        """Where jobs find what they need."""
        return site_of(self.store, self.search_path, self.base)

    def job(self, cell: Cell) -> TrainJob:
        """The training job of a cell."""
        return TrainJob(self.site, cell)
