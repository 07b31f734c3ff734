"""What checklists ask about, computed once from a reading."""

import shlex
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from brittlestar.claims.judgement import Judgement
from brittlestar.core.findings import Finding
from brittlestar.core.headline import Headline
from brittlestar.core.results import StudyRecord, VariantRecord
from brittlestar.core.sealed import Sealed
from brittlestar.reports.answers.evidence import is_given
from brittlestar.reports.headline_text import fill_headline
from brittlestar.reports.reading import Reading
from brittlestar.study.in_effect import list_in_effect

VARIED = ("varied", "crossed")
STREAM_NAMES = {
    "init": "initialisation",
    "order": "batch order",
    "dropout": "dropout",
    "split": "the split of train and dev",
    "sampling": "a resample of train",
}
FAMILIES = ("order", "composition", "length", "factors", "noise", "tokenisation")
"""The families of probes that sequences allow; factors only where the data have some."""
DEFAULTS = ("our default", "library default")
Answer = Literal["yes", "no", "in part", "does not apply", "cannot be answered from this record"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)
UNKNOWN: Answer = "cannot be answered from this record"


@dataclass(frozen=True)
class Answered:
    """The answer to an item, and a sentence or two on what it rests on and where that is found, as plain text."""

    answer: Answer
    evidence: str


@dataclass(frozen=True)
class Probed:
    """The suite: the split and how many of its rows were changed, conditions by family, families that sequences allow
    and the suite has none of, and variants without answers with the reason."""

    split: str
    rows: int
    families: Mapping[str, int]
    missing: tuple[str, ...]
    left_out: Mapping[str, str]


@dataclass(frozen=True)
class Facts:
    """What a study did, and what is known of it.

    `seeds` are the finished runs by variant; `runs` count runs by state, and `diverged` those that diverged; `seconds`
    is the time of all runs, None where no clock was kept; `given` are variants whose predictions were handed in;
    `stated` are main's settings that are no defaults; `families` are those of its models; `probed` is None where no
    suite ran.
    """

    record: StudyRecord
    given: tuple[str, ...]
    settings: Mapping[str, Any]
    stated: int
    seeds: Mapping[str, int]
    runs: Mapping[str, int]
    diverged: int
    seconds: float | None
    findings: tuple[Finding, ...]
    audited: bool
    judgements: tuple[Judgement, ...]
    headline: Headline
    probed: Probed | None
    families: tuple[str, ...]
    sealed: Sealed | None

    @property
    def is_given(self) -> bool:
        """Whether main's predictions were handed in: nobody here knows what trained it."""
        return self.record.main in self.given

    @property
    def shifted(self) -> tuple[str, ...]:
        """The shifted splits."""
        return tuple(name for name in self.record.splits if name.startswith("shift"))

    def list_findings(self, *beginnings: str) -> tuple[Finding, ...]:
        """Findings whose code begins so."""
        return tuple(one for one in self.findings if one.code.startswith(beginnings))


def gather_facts(reading: Reading) -> Facts:
    """Compute every fact of a reading."""
    record = reading.record
    settings = list_in_effect(record, record.main)
    return Facts(
        record=record,
        given=tuple(name for name, variant in record.variants.items() if is_given(variant)),
        settings={one.path: one.value for one in settings},
        stated=sum(one.origin not in DEFAULTS for one in settings),
        seeds={name: len(reading.done(name)) for name in record.variants},
        runs=Counter(cell.state for cell in record.cells),
        diverged=sum(cell.outcome == "diverged" for cell in record.cells),
        seconds=_sum_seconds(record),
        findings=reading.findings,
        audited=record.audit is not None and record.audit.failed is None,
        judgements=reading.judgements,
        headline=fill_headline(reading.headline, shlex.quote(record.folder)),
        probed=_summarise_suite(reading),
        families=tuple(dict.fromkeys(filter(None, map(_name_family, record.variants.values())))),
        sealed=reading.sealed,
    )


def _sum_seconds(record: StudyRecord) -> float | None:
    clocks: Mapping[str, float] = record.timing.get("cell_seconds") or {}
    found = [*clocks.values()] or [cell.timing["seconds"] for cell in record.cells if "seconds" in cell.timing]
    return float(sum(found)) if found else None


def _summarise_suite(reading: Reading) -> Probed | None:
    if reading.probed is None:
        return None
    suite = reading.probed.study.probes
    families = Counter(one.family for one in suite.conditions[1:])
    possible = [name for name in FAMILIES if name != "factors" or reading.record.factors]
    missing = tuple(name for name in possible if name not in families)
    return Probed(suite.split, len(suite.sample), families, missing, reading.probed.not_probed)


def _name_family(variant: VariantRecord) -> str | None:
    settings = {one.path: one.value for one in variant.settings}
    if settings.get("model.predictions"):
        return None
    own = settings.get("model.own")
    return str(own) if own else settings.get("model.family")
