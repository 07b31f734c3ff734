"""The command that brings more runs where they can settle a claim."""

from collections import Counter

from brittlestar.claims.judgement import Judgement
from brittlestar.claims.sources import list_crossed_streams
from brittlestar.reports.answers.evidence import Evidence
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.sides import arms_of


def more_seeds(evidence: Evidence, one: Judgement) -> str | None:
    """The command that brings the runs of the claim's next look that may be enough, None where no runs of ours can
    settle it.

    Runs that failed are planned ones: only a look beyond all that is planned brings more.
    """
    record = evidence.record
    if record is None or evidence.is_given or list_crossed_streams(record) or one.verdict != "inconclusive":
        return None
    cells = [cell for cell in record.cells if cell.variant in arms_of(one.claim.arm, one.claim.other)]
    if any(cell.state not in ("done", "failed") for cell in cells):
        return "brittlestar run STUDY"
    needed = one.seeds_needed
    if one.seeds >= MIN_SEEDS and (needed is None or needed[0] is None):
        return None
    planned = Counter(cell.variant for cell in cells)
    ahead = [look for look in one.claim.looks if look > min(planned.values(), default=0)]
    if not planned or not ahead:
        return None
    least = 0 if one.seeds < MIN_SEEDS or needed is None or needed[0] is None else needed[0]
    return f"brittlestar run STUDY --seeds {next((look for look in ahead if look >= least), ahead[-1])}"
