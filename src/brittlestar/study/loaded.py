"""A study as loaded: what was asked, and where each setting comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from brittlestar.study.settings import Study


@dataclass(frozen=True)
class LoadedStudy:
    """A checked study.

    `origins[path]` says where a setting comes from, for every leaf of `data`, `model`, `training`, `streams`,
    `report`, `name` and `seeds`: `FILE:LINE`, `--set` (given with the command) or `our default`; also for each
    `variants.NAME` and `claims.POSITION`. `given` is the file's content before anything was filled in. `path` is the
    study file, None for a bare folder. Paths inside `study` stay as they were written: `resolve` locates them.
    `digests` has those of predictions that are objects in memory, by the name that stands for a file.
    """

    study: Study
    origins: Mapping[str, str]
    given: Mapping[str, Any] = field(default_factory=dict[str, Any])
    path: Path | None = None
    digests: Mapping[str, str] = field(default_factory=dict[str, str])

    def resolve(self, written: str) -> Path:
        """A path of the study, seen from the working directory: relative ones are relative to the study file (to the
        working directory for a bare folder)."""
        return Path(written) if self.path is None else self.path.parent / written

    def where(self, path: str) -> str:
        """Where a person finds a setting: its origin when that is a place, else its path."""
        origin = self.origins.get(path, "our default")
        return path if origin == "our default" else origin
