"""A record whose files are on this machine, hashed: what its parts are read from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from brittlestar.core.cells import Cell
from brittlestar.core.errors import InputError
from brittlestar.records.describing import RECORD
from brittlestar.records.gathering import FOLDER
from brittlestar.reports.reading import Reading
from brittlestar.store.layout import Store
from brittlestar.store.study_record import read_record
from brittlestar.verbs.assessing import assess_study


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
    def reading(self) -> Reading:
        """What is said of the study, under the name that it had."""
        found = replace(read_record(self.store), place=str(self.about["folder"]))
        return assess_study(self.store, found, own_checks=self.trusted).reading


def name_run(cell: Cell) -> str:
    """`main seed 0 (433868f5bbdc)`."""
    return f"{cell.variant} seed {cell.seed} ({cell.short})"


def open_unpacked(folder: Path, trusted: bool = False) -> Unpacked:
    """What lies in `folder`. Raises InputError where record.json cannot be read."""
    try:
        about: Any = json.loads((folder / RECORD).read_bytes())
        return Unpacked(folder, {**about, "folder": str(about["folder"])}, trusted)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{RECORD} cannot be read: {error}", str(folder)) from error
