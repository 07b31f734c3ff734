"""A study's folder with what is read of it, each part once and when it is asked for."""

from dataclasses import dataclass
from functools import cached_property

from brittlestar.core.results import StudyRecord
from brittlestar.store.address import Place
from brittlestar.store.layout import Store, open_store
from brittlestar.store.split_answers import StoredAnswers
from brittlestar.store.study_record import read_record
from brittlestar.verbs.assessing import Assessment, assess_study


@dataclass(frozen=True)
class OpenedStudy:
    """A study by its folder or address. Reading raises InputError without a study, StoreError where one is damaged."""

    path: Place

    @cached_property
    def store(self) -> Store:
        """Its store."""
        return open_store(self.path)

    @cached_property
    def record(self) -> StudyRecord:
        """The study as it stands."""
        return read_record(self.store)

    @cached_property
    def answers(self) -> StoredAnswers:
        """What its runs answer in every row."""
        return StoredAnswers(self.store, self.record)

    @cached_property
    def assessment(self) -> Assessment:
        """Its headline, findings and verdicts."""
        return assess_study(self.store, self.record, answers=self.answers)
