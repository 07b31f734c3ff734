"""What a gate may require: a declaration a key, and what one is decided on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from brittlestar.claims.releases import Release
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding
from brittlestar.core.forecasts import Forecast
from brittlestar.core.gating import Requirement
from brittlestar.core.headline import Headline
from brittlestar.core.results import StudyAnswers, StudyRecord
from brittlestar.study.gate_policy import GateTerms

T = TypeVar("T")
Reads = Literal["answers", "baselines", "forecasts", "findings", "headline"]
"""What a requirement is decided on: answers row by row, beside them trivial baselines, which an audit scores, or
forecasts; findings, or the headline. What none reads is not made."""
JUDGED: tuple[Reads, ...] = ("findings", "headline")
"""What is said of a study as a whole, by all its checks; the rest is read row by row."""
OpenRelease = Callable[[Release, str, StudyRecord, str], Release]
"""The last release beside the one that is gated, on a split of its record, under a metric. Raises InputError."""


@dataclass(frozen=True, kw_only=True)
class Gated:
    """What is known of what is gated: findings and the headline, with commands that can be pasted, each None where no
    requirement reads it; of a study its record, what its runs answer, None for data alone, and forecasts of splits
    without labels; the last release, None where there is none. `notes` say how it was read."""

    terms: GateTerms = field(default_factory=GateTerms)
    findings: tuple[Finding, ...] | None = None
    headline: Headline | None = None
    record: StudyRecord | None = None
    answers: StudyAnswers | None = None
    forecasts: tuple[Forecast, ...] = ()
    last: OpenRelease | None = None
    notes: tuple[str, ...] = ()

    @property
    def read_headline(self) -> Headline:
        """The headline, for what declares that it reads it."""
        return _require_made(self.headline)

    @property
    def read_findings(self) -> tuple[Finding, ...]:
        """The findings, for what declares that it reads them."""
        return _require_made(self.findings)

    @property
    def study(self) -> tuple[StudyRecord, StudyAnswers]:
        """The record and the answers, for what declares that it reads answers."""
        return _require_made(self.record), _require_made(self.answers)

    @property
    def split(self) -> str:
        """The headline split. Raises InputError where there is none."""
        record, _ = self.study
        if record.held_out is None:
            raise InputError("there is neither test nor dev to compare on", "data", "add test.csv")
        return record.held_out


@dataclass(frozen=True, kw_only=True)
class Ask(Generic[T]):
    """A requirement: a `key` of the policy, and an option where `gate` has a parameter of this name.

    `form` is how pydantic reads a value from YAML, Python or an option, `must_be` what one must be, and `example` how
    it may be written; `requires` is its row of the how-to. What it `reads` is made before `decide` gives its outcomes.
    """

    key: str
    form: Any
    must_be: str
    example: str
    reads: Reads
    decide: Callable[[T, Gated], Iterator[Requirement]]

    @property
    def requires(self) -> str:
        """What is required: the docstring of what decides it."""
        return " ".join((self.decide.__doc__ or "").split())

    @property
    def needs_answers(self) -> bool:
        """Whether data alone cannot be asked this."""
        return self.reads not in JUDGED


def ask(
    *, key: str, form: Any, must_be: str, example: str, reads: Reads
) -> Callable[[Callable[[T, Gated], Iterator[Requirement]]], Ask[T]]:
    """Declare the function below as what decides a requirement; its docstring says what is required."""
    return lambda decide: Ask(key=key, form=form, must_be=must_be, example=example, reads=reads, decide=decide)


def _require_made(found: T | None) -> T:
    assert found is not None, "a requirement reads what it does not declare"
    return found
