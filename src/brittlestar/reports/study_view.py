"""One study as the report reads it: the record, its document, and which variant and split the first screen speaks
of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from brittlestar.claims.headline_numbers import HeadlineNumbers, list_judged
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.stated_scores import StatedScoreCheck
from brittlestar.core.brief import brief_repr
from brittlestar.core.commands import follow_kind
from brittlestar.core.experiments import Experiments
from brittlestar.core.findings import Finding
from brittlestar.core.forecasts import Forecast
from brittlestar.core.headline import Headline
from brittlestar.core.results import CellRecord, StudyRecord, VariantRecord
from brittlestar.core.sealed import Sealed
from brittlestar.core.splits import is_shifted
from brittlestar.reports.answers.evidence import Evidence, is_given
from brittlestar.reports.document import document
from brittlestar.reports.finding_groups import fill_remedies, rank_findings
from brittlestar.reports.headline import decide_headline
from brittlestar.reports.headline_text import fill_headline
from brittlestar.study.units import Unit, unit_of

if TYPE_CHECKING:
    from brittlestar.diagnosis.probes.summary import ProbeSummary

NONE = Experiments()
CURVE_SPLIT = "dev"
"""The split whose curves are recorded beside train."""


@dataclass(frozen=True, repr=False)
class StudyView:
    """What every figure, table and sentence starts from, so that all of them show the same numbers.

    `split` is the headline split: test, else dev, else the first that is neither train nor shifted, else train.
    `findings` are all, as they are ranked, those of data in the audit, too; `judgements` are of the claims on record;
    `probed` is what probes found, None where no cell was probed; `headline` are the answers, and `numbers` what they
    rest on, None where no split is held out; `experiments` are those on the causes of what is wrong with main;
    `sealed` is the record that the study was sealed into, None where it was not, or has changed since; `forecasts` are
    what main is expected to score on splits without labels; `stated` is where a stated score stands among the runs,
    None where nobody states one.
    """

    __repr__ = brief_repr

    record: StudyRecord
    findings: tuple[Finding, ...]
    document: Mapping[str, Any]
    headline: Headline
    split: str
    judgements: tuple[Judgement, ...] = ()
    probed: "ProbeSummary | None" = None
    numbers: HeadlineNumbers | None = None
    experiments: Experiments = NONE
    sealed: Sealed | None = None
    forecasts: tuple[Forecast, ...] = ()
    stated: StatedScoreCheck | None = None

    @property
    def of_training(self) -> tuple[Finding, ...]:
        """What was found in training and evaluation."""
        audit = self.record.audit
        return tuple(one for one in self.findings if audit is None or one not in audit.findings)

    @property
    def metric(self) -> str:
        """The headline metric."""
        return self.record.metric

    @property
    def unit(self) -> Unit:
        """The unit of the headline metric."""
        return unit_of(self.record.metric)

    @property
    def subject(self) -> VariantRecord:
        """The variant that the first screen speaks of: main."""
        return self.record.variants[self.record.main]

    def entry(self, variant: str, split: str, metric: str | None = None) -> Mapping[str, Any]:
        """`mean, interval, seeds, majority, last` of the document; every value null where nothing was scored."""
        return self.document["variants"][variant]["splits"][split][metric or self.metric]

    def values(self, variant: str, split: str, metric: str | None = None, last: bool = False) -> dict[str, float]:
        """Score by root seed, cells without a value left out (their absence shows in `mean`, which is then null)."""
        entry = self.entry(variant, split, metric)
        seeds = (entry["last"] if last else entry)["seeds"]
        return {seed: value for seed, value in seeds.items() if value is not None}

    def scores_alike(self, variant: str, split: str, metric: str | None = None) -> bool:
        """Whether several seeds have one score: they are one result, and have no spread."""
        if len(self.done(variant)) < 2:
            return False
        values = self.values(variant, split, metric)
        return len(values) > 1 and len(set(values.values())) == 1

    def majority(self, split: str, metric: str | None = None) -> float | None:
        """The trivial score of a split, None where it is not recorded."""
        return self.record.splits[split].majority.get(metric or self.metric)

    def done(self, variant: str) -> tuple[CellRecord, ...]:
        """Cells of a variant that are done."""
        return self.record.cells_of(variant, "done")

    def label(self, variant: str) -> str:
        """Name, title and, where budgets differ, the mark; lines separated by a line feed, as figures show it."""
        record = self.record.variants[variant]
        lines = [variant + (" ‡ unequal budget" if record.unequal_budget else "")]
        if record.title and record.title != variant:
            lines.append(record.title)
        return "\n".join(lines)


def make_reading(
    record: StudyRecord,
    findings: Sequence[Finding],
    judgements: Sequence[Judgement] = (),
    probed: "ProbeSummary | None" = None,
    numbers: HeadlineNumbers | None = None,
    stated: StatedScoreCheck | None = None,
    experiments: Experiments = NONE,
    sealed: Sealed | None = None,
    forecasts: Sequence[Forecast] = (),
) -> StudyView:
    """The reading of a record with its headline; `findings` are those of training and evaluation, the record has those
    of the audit. Remedies that ask for another training are left out where predictions were given. Raises StoreError
    when a stored score is not finite."""
    everything = tuple(for_study(finding, record) for finding in findings)
    if record.audit is not None:
        audited = tuple(for_study(one, record) for one in record.audit.findings)
        audited = rank_findings(audited, record.main, record.held_out)
        record, everything = replace(record, audit=replace(record.audit, findings=audited)), (*audited, *everything)
    everything = rank_findings(everything, record.main, record.held_out)
    evidence = Evidence(record, record.audit, everything, numbers, probed, stated, tuple(forecasts))
    headline = decide_headline(evidence)
    others = sorted(record.splits, key=lambda name: (is_shifted(name), name == "train"))
    return StudyView(
        record=record,
        findings=everything,
        document=document(
            record,
            everything,
            headline,
            list_judged(judgements, numbers),
            probed,
            forecasts,
            slices=None if numbers is None else numbers.slices,
        ),
        split=record.held_out or next(iter(others), ""),
        judgements=tuple(judgements),
        probed=probed,
        headline=headline,
        numbers=numbers,
        experiments=experiments,
        sealed=sealed,
        forecasts=tuple(forecasts),
        stated=stated,
    )


def fill_reading(reading: StudyView, place: str | None, kept: bool = True) -> StudyView:
    """The reading with the place of the study, or of its data, in every command, as `fill_commands` has it."""
    findings = fill_remedies(reading.findings, place, kept)
    record, audit = reading.record, reading.record.audit
    if audit is not None:
        record = replace(record, audit=replace(audit, findings=fill_remedies(audit.findings, place, kept)))
    headline = fill_headline(reading.headline, place, kept)
    return replace(reading, record=record, findings=findings, headline=headline)


def for_study(finding: Finding, record: StudyRecord) -> Finding:
    """A finding whose remedy can be followed: one about given predictions asks for files and not for trainings, and one
    about a model that fits itself not for settings that never reach it; where data or model are objects in memory, it
    names the call that has them."""
    name = finding.where.get("variant", record.main)
    about = record.variants.get(name)
    given = "prediction files" if about is not None and is_given(about) else ""
    fitted = any(cell.outcome == "fitted" for cell in record.cells_of(name))
    return replace(finding, remedy=follow_kind(finding.remedy, given, fitted, record.in_memory))
