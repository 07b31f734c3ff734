"""What the headline is decided from: records of earlier stages, and nothing else."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from brittlestar.claims.effects import prove_points
from brittlestar.claims.headline_numbers import HeadlineNumbers
from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sentences import UNCHANGED
from brittlestar.claims.stated_scores import StatedScoreCheck
from brittlestar.claims.variance_sources import list_crossed_streams
from brittlestar.core.audit_record import Audit
from brittlestar.core.commands import Advice, command
from brittlestar.core.findings import BY_SOURCE, LEAST_POINTS, Finding
from brittlestar.core.forecasts import Forecast
from brittlestar.core.results import CellRecord, StudyRecord, VariantRecord
from brittlestar.core.splits import headline_split
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.sides import arms_of

if TYPE_CHECKING:
    from brittlestar.diagnosis.probes.summary import ProbeSummary


@dataclass(frozen=True)
class Evidence:
    """A study as its headline reads it. `record` is None where only data were given, `audit` where none was made;
    `findings` are those of audit, training, probes and claims; `numbers` None where no score is known; `stated` where
    nobody states a score; `forecasts` are of splits without labels."""

    record: StudyRecord | None = None
    audit: Audit | None = None
    findings: tuple[Finding, ...] = ()
    numbers: HeadlineNumbers | None = None
    probed: "ProbeSummary | None" = None
    stated: StatedScoreCheck | None = None
    forecasts: tuple[Forecast, ...] = ()

    @property
    def split(self) -> str | None:
        """The headline split, None without a held-out one."""
        if self.record is not None:
            return self.record.held_out
        profiles = {} if self.audit is None else self.audit.profiles
        return headline_split({name: profile.rows for name, profile in profiles.items()})

    @property
    def main(self) -> VariantRecord | None:
        """The variant under test."""
        return None if self.record is None else self.record.variants[self.record.main]

    @property
    def is_given(self) -> bool:
        """Whether main's predictions were handed in: no command of ours can make more of them."""
        return self.main is not None and is_given(self.main)

    @property
    def runs(self) -> tuple[CellRecord, ...]:
        """Every planned run of main."""
        return () if self.record is None else self.record.cells_of(self.record.main)

    @property
    def serious(self) -> tuple[Finding, ...]:
        """Errors and warnings about main or the headline rows."""
        mine = (None, None if self.record is None else self.record.main)
        return tuple(
            finding
            for finding in self.findings
            if finding.severity in ("error", "warning")
            and finding.where.get("variant") in mine
            and finding.where.get("split") in (None, self.split)
        )

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """Errors about main or the headline rows, and warnings that move the score for certain and are none only if new
        rows repeat as often."""
        return tuple(
            one
            for one in self.serious
            if one.severity == "error" or (BY_SOURCE in one.evidence and prove_points(one) >= LEAST_POINTS)
        )


def is_given(variant: VariantRecord) -> bool:
    """Whether a variant's predictions were handed in."""
    return any(setting.path == "model.predictions" and setting.value for setting in variant.settings)


def more_seeds(evidence: Evidence, judgement: Judgement) -> Advice | None:
    """The command that brings the runs of the claim's next look that may be enough, None where no runs of ours can
    settle it.

    Runs that failed are planned ones: only a look beyond all that is planned brings more.
    """
    record = evidence.record
    settled = judgement.verdict != "inconclusive" or UNCHANGED in judgement.reasons
    if record is None or evidence.is_given or list_crossed_streams(record) or settled:
        return None
    cells = [cell for cell in record.cells if cell.variant in arms_of(judgement.claim.arm, judgement.claim.other)]
    if any(cell.state not in ("done", "failed") for cell in cells):
        return Advice(command("run"))
    needed = judgement.seeds_needed
    if judgement.seeds >= MIN_SEEDS and (needed is None or needed[0] is None):
        return None
    planned = Counter(cell.variant for cell in cells)
    ahead = [look for look in judgement.claim.looks if look > min(planned.values(), default=0)]
    if not planned or not ahead:
        return None
    least = 0 if judgement.seeds < MIN_SEEDS or needed is None or needed[0] is None else needed[0]
    enough = next((look for look in ahead if look >= least), None)
    return None if enough is None else Advice(command("run", seeds=enough))
