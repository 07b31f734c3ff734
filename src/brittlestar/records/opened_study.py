"""A study's folder, or a record of one, with what is read of it, each part once and when it is asked for."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from brittlestar.core.results import StudyRecord
from brittlestar.models.declared import find_line, read_declared
from brittlestar.models.source import digest_module
from brittlestar.pipeline.assess import assess_study
from brittlestar.pipeline.open import Opened, open_again
from brittlestar.records.gathering import CODE
from brittlestar.records.reported.effect import InEffect, find_effect
from brittlestar.records.unpacked import Unpacked, is_record, unpack_record
from brittlestar.reports.study_differences import PREDICTIONS, OwnCode
from brittlestar.reports.study_view import StudyView
from brittlestar.store.layout import Store, open_store, read_place
from brittlestar.store.split_answers import AnsweredRows
from brittlestar.store.study_document import read_study
from brittlestar.store.study_record import read_record
from brittlestar.study.names import show_reference


@dataclass(frozen=True)
class OpenedStudy:
    """A study by its folder or address. Reading raises InputError without a study, StoreError where one is damaged."""

    path: Path

    @cached_property
    def store(self) -> Store:
        """Its store."""
        return open_store(self.path)

    @cached_property
    def record(self) -> StudyRecord:
        """The study as it stands."""
        return read_record(self.store)

    @cached_property
    def answers(self) -> AnsweredRows:
        """What its runs answer in every row."""
        return AnsweredRows(self.store, self.record)

    @cached_property
    def reading(self) -> StudyView:
        """Its headline, findings and verdicts."""
        return assess_study(self.store, self.record, answers=self.answers)

    @cached_property
    def code(self) -> Path:
        """The folder that its own code is imported from."""
        return (self.store.anchor / self.document["search_path"]).resolve()

    @cached_property
    def document(self) -> dict[str, Any]:
        """Its study.json."""
        return read_study(self.store)

    @cached_property
    def effect(self) -> InEffect:
        """The settings of main; of its own code, where that is as it was, with defaults and place."""
        reference = self._find_code(self.record.main)
        if reference is None:
            return find_effect(self.record)
        return find_effect(self.record, read_declared(reference, self.code), find_line(reference, self.code))

    @cached_property
    def own_code(self) -> dict[str, OwnCode]:
        """What sets settings that no record has, by variant: own code, or what made given predictions."""
        digests: Mapping[str, str | None] = self.document["own_digests"]
        given = {cell.variant for cell in self.record.cells if cell.outcome == "imported"}
        found = {name: OwnCode(PREDICTIONS, None) for name in given}
        for name in (name for name, variant in self.record.variants.items() if variant.own and name not in given):
            reference = self._find_code(name)
            place = "" if reference is None else find_line(reference, self.code)
            found[name] = OwnCode(place or show_reference(self._refer(name)) or name, digests.get(name))
        return found

    def _refer(self, variant: str) -> str:
        settings = self.record.variants[variant].settings
        return next((str(setting.value) for setting in settings if setting.path == "model.own" and setting.value), "")

    def _find_code(self, variant: str) -> str | None:
        """What names the own code of a variant; None where it is not there as it was."""
        reference, known = self._refer(variant), self.document["own_digests"].get(variant)
        return reference if known and digest_module(reference.partition(":")[0], self.code) == known else None

    def open_data(self) -> Opened:
        """Its data, read again. Raises InputError where they are not where they were."""
        return open_again(self.path)


@dataclass(frozen=True)
class OpenedRecord(OpenedStudy):
    """The study in a record, whose files are `unpacked`; none of its code is run."""

    unpacked: Unpacked

    @cached_property
    def store(self) -> Store:
        """Its store."""
        return self.unpacked.store

    @cached_property
    def code(self) -> Path:
        """Its own code, as far as it was sealed."""
        return self.unpacked.folder / CODE

    @cached_property
    def reading(self) -> StudyView:
        """Its headline, findings and verdicts, without checks of its author."""
        return assess_study(self.store, self.record, answers=self.answers, own_checks=False)

    def open_data(self) -> Opened:
        """The rows in the record. Raises InputError where there are none."""
        return self.unpacked.opened


@contextmanager
def open_study(place: str | Path) -> Generator[OpenedStudy]:
    """A study or a record of one, which is unpacked for as long as this lasts. Raises InputError where a file of the
    record is not the one that was sealed."""
    if not is_record(place):
        yield OpenedStudy(read_place(place))
        return
    with unpack_record(place) as unpacked:
        yield OpenedRecord(read_place(place), unpacked)
