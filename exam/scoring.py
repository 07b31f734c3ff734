"""What an audit answers on material whose answers are known."""

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.findings import Finding
from brittlestar.statistics.proportions import bound_share
from brittlestar.verbs.audit import AuditResult, audit
from exam.cases import VOCABULARY, Case
from exam.planted import Planted

LEAST_OVERLAP = 0.8
CAUGHT = 0.95
ALARMS = ("error", "warning")


@dataclass(frozen=True)
class Alarm:
    """One error or warning that a case does not deserve."""

    code: str
    severity: str
    where: Mapping[str, str]
    summary: str


@dataclass(frozen=True)
class CleanAnswer:
    """What an audit said of a clean case. `failures` are checks that broke down."""

    name: str
    kind: str
    rows: int
    alarms: tuple[Alarm, ...]
    failures: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class FaultAnswer:
    """What an audit said of a planted fault.

    `found`: the code is present anywhere; `placed`: and its place is right; `overlap`: rows named and planted, of rows
    named or planted (0 to 1), None where the fault is not one of rows. `alarms` are errors and warnings of other codes.
    """

    code: str
    kind: str
    number: int
    dose: float
    matters: bool
    found: bool
    placed: bool
    overlap: float | None
    said: str
    alarms: tuple[Alarm, ...]
    failures: tuple[str, ...]
    seconds: float

    @property
    def right(self) -> bool:
        """The right code at the right place, with the rows at fault where there are some."""
        return self.placed and (self.overlap is None or self.overlap >= LEAST_OVERLAP)


def audited(case: Case, only: Sequence[str] = ()) -> AuditResult:
    """The audit of a case; its files are written into a temporary folder meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in case.files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        settings = {name: value.replace("{folder}", folder) for name, value in case.settings.items()}
        given = [Path(folder) / name for name in case.files if Path(name).stem == VOCABULARY]
        return audit(case.frames(), settings=settings, only=only, vocabulary=given[0] if given else None)


def score_clean(case: Case) -> CleanAnswer:
    """Audit a clean case."""
    start = time.perf_counter()
    findings = audited(case).findings
    seconds = time.perf_counter() - start
    rows = sum(split.n_rows for split in case.splits.values())
    return CleanAnswer(case.name, case.kind, rows, alarms(findings), failures(findings), seconds)


def score_planted(
    planted: Planted, code: str, kind: str, number: int, dose: float, matters: bool, only: Sequence[str] = ()
) -> FaultAnswer:
    """Audit a planted case and compare what is said of `code` with what was planted."""
    start = time.perf_counter()
    findings = audited(planted.case, only).findings
    seconds = time.perf_counter() - start
    own = [finding for finding in findings if finding.code == code]
    present = [finding for finding in own if finding.status == "present"]
    placed = [finding for finding in present if in_place(finding, planted.place)]
    shown = (placed or present or own)[:1]
    said = "; ".join(f"{one.status} {dict(one.where)}: {one.summary}" for one in shown) or "no such check"
    overlap = None if planted.rows is None else max((_overlap(one, planted.rows) for one in placed), default=0.0)
    others = tuple(alarm for alarm in alarms(findings) if alarm.code != code)
    return FaultAnswer(
        code,
        kind,
        number,
        dose,
        matters,
        bool(present),
        bool(placed),
        overlap,
        said[:400],
        others,
        failures(findings),
        seconds,
    )


def alarms(findings: Sequence[Finding]) -> tuple[Alarm, ...]:
    """Errors and warnings."""
    return tuple(
        Alarm(one.code, one.severity, dict(one.where), one.summary)
        for one in findings
        if one.status == "present" and one.severity in ALARMS
    )


def failures(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Checks that broke down, each with its error."""
    return tuple(f"{one.code}: {one.evidence['failure']}" for one in findings if "failure" in one.evidence)


def in_place(finding: Finding, place: Mapping[str, str | tuple[str, ...]]) -> bool:
    """Whether `where` says what `place` says. A finding that names no split is about train."""
    for key, wanted in place.items():
        values = (wanted,) if isinstance(wanted, str) else wanted
        said = finding.where.get(key)
        if key == "split":
            if (said or "train") not in values:
                return False
        elif said is None or not any(value == said or value in _words(said) for value in values):
            return False
    return True


def _words(said: str) -> list[str]:
    """A place as a check words it, in parts: `token '(' present`, `no -> yes`."""
    return [said, *(part.strip("'\"`,:") for part in said.split())]


def _overlap(finding: Finding, rows: Mapping[str, frozenset[str]]) -> float:
    named = {str(one) for one in finding.evidence.get("row_ids") or finding.evidence.get("rows") or ()}
    split = finding.where.get("split", "")
    candidates = [rows[split]] if split in rows else list(rows.values())
    return max((len(named & planted) / max(len(named | planted), 1) for planted in candidates), default=0.0)


def clean_table(answers: Sequence[CleanAnswer]) -> dict[str, Any]:
    """False alarms per clean case as JSON values: folders with any, by code and by kind, with bounds."""
    wrong = [one for one in answers if one.alarms or one.failures]
    by_code: dict[str, list[str]] = {}
    for one in wrong:
        for code in sorted({alarm.code for alarm in one.alarms} | {f"failed {text}" for text in one.failures}):
            by_code.setdefault(code, []).append(f"{one.name} ({one.kind})")
    low, high = bound_share(len(wrong), max(len(answers), 1))
    return {
        "cases": len(answers),
        "with_alarm": len(wrong),
        "rate": {"value": len(wrong) / max(len(answers), 1), "low": low, "high": high},
        "alarms_per_case": sum(len(one.alarms) for one in answers) / max(len(answers), 1),
        "by_code": by_code,
        "seconds": sum(one.seconds for one in answers),
    }


def planted_table(answers: Sequence[FaultAnswer]) -> list[dict[str, Any]]:
    """One entry per fault: the smallest dose that matters, and of the cases from it on how many were found, placed,
    right with bounds; and, by dose, the share that was right. `limit` is the smallest dose from which on 95 % are
    right, None where none is."""
    faults = list(dict.fromkeys((one.code, one.kind) for one in answers))
    table: list[dict[str, Any]] = []
    for code, kind in faults:
        mine = [one for one in answers if (one.code, one.kind) == (code, kind)]
        heavy = [one for one in mine if one.matters]
        right = sum(one.right for one in heavy)
        curve = {dose: [one.right for one in mine if one.dose == dose] for dose in sorted({one.dose for one in mine})}
        caught = [dose for dose, rights in curve.items() if sum(rights) < CAUGHT * len(rights)]
        beyond = [dose for dose in curve if not caught or dose > max(caught)]
        low, high = bound_share(right, max(len(heavy), 1))
        table.append(
            {
                "code": code,
                "kind": kind,
                "cases": len(heavy),
                "matters": min((one.dose for one in heavy), default=None),
                "found": sum(one.found for one in heavy),
                "placed": sum(one.placed for one in heavy),
                "right": right,
                "rate": {"value": right / max(len(heavy), 1), "low": low, "high": high},
                "limit": min(beyond, default=None),
                "by_dose": {f"{dose:g}": f"{sum(rights)}/{len(rights)}" for dose, rights in curve.items()},
                "other_alarms": sorted({alarm.code for one in heavy for alarm in one.alarms}),
                "failures": sorted({text for one in mine for text in one.failures}),
                "missed": [
                    {"number": one.number, "dose": one.dose, "overlap": one.overlap, "said": one.said}
                    for one in heavy
                    if not one.right
                ],
            }
        )
    return table
