"""What accuracy labels allow on a split, as the audit of the data found it."""

from dataclasses import dataclass

from brittlestar.core.results import StudyRecord

NOISE, CONFLICT = "label.noise", "label.conflict"
LEAST = 0.005  # half a point: what a person sees of a rounded score


@dataclass(frozen=True)
class KnownCeiling:
    """No model can be expected to answer more of a split than `low` to `high`, fractions; finding `code` says so."""

    low: float
    high: float
    code: str


def find_ceiling(record: StudyRecord, split: str) -> KnownCeiling | None:
    """The lowest ceiling that a finding about the labels of a split sets, half a point or more below all right. None
    where none does, and where no audit was made."""
    found = [] if record.audit is None else record.audit.findings
    known = [
        KnownCeiling(
            float(one.evidence["ceiling"]["accuracy"][0]), float(one.evidence["ceiling"]["accuracy"][1]), one.code
        )
        for one in found
        if one.code in (NOISE, CONFLICT) and one.where.get("split") == split and "ceiling" in one.evidence
    ]
    return min((one for one in known if one.high <= 1 - LEAST), key=lambda one: one.high, default=None)


def is_noise_known(record: StudyRecord, split: str) -> bool:
    """Whether the audit could say whether labels of a split are wrong."""
    found = [] if record.audit is None else record.audit.findings
    mine = [one for one in found if one.code == NOISE and one.where.get("split") == split]
    return bool(mine) and all(one.status != "inconclusive" for one in mine)
