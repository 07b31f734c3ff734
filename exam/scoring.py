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
    """Errors and warnings, but for those of what alone decides: `shortcut.token` and `shortcut.position` ask who writes
    it, and a rule may be written so."""
    return tuple(
        Alarm(finding.code, finding.severity, dict(finding.where), finding.summary)
        for finding in findings
        if finding.status == "present" and finding.severity in ALARMS and "without_it" not in finding.evidence
    )


def failures(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Checks that broke down, each with its error."""
    return tuple(
        f"{finding.code}: {finding.evidence['failure']}" for finding in findings if "failure" in finding.evidence
    )


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
    wrong = [answer for answer in answers if answer.alarms or answer.failures]
    by_code: dict[str, list[str]] = {}
    for answer in wrong:
        for code in sorted({alarm.code for alarm in answer.alarms} | {f"failed {text}" for text in answer.failures}):
            by_code.setdefault(code, []).append(f"{answer.name} ({answer.kind})")
    low, high = bound_share(len(wrong), max(len(answers), 1))
    return {
        "cases": len(answers),
        "with_alarm": len(wrong),
        "rate": {"value": len(wrong) / max(len(answers), 1), "low": low, "high": high},
        "alarms_per_case": sum(len(answer.alarms) for answer in answers) / max(len(answers), 1),
        "by_code": by_code,
        "seconds": sum(answer.seconds for answer in answers),
    }


def planted_table(answers: Sequence[FaultAnswer]) -> list[dict[str, Any]]:
    """One entry per fault: the smallest dose that matters, and of the cases from it on how many were found, placed,
    right with bounds; and, by dose, the share that was right. `limit` is the smallest dose from which on 95 % are
    right, None where none is."""
    faults = list(dict.fromkeys((answer.code, answer.kind) for answer in answers))
    table: list[dict[str, Any]] = []
    for code, kind in faults:
        mine = [answer for answer in answers if (answer.code, answer.kind) == (code, kind)]
        heavy = [answer for answer in mine if answer.matters]
        right = sum(answer.right for answer in heavy)
        curve = {
            dose: [answer.right for answer in mine if answer.dose == dose]
            for dose in sorted({answer.dose for answer in mine})
        }
        caught = [dose for dose, rights in curve.items() if sum(rights) < CAUGHT * len(rights)]
        beyond = [dose for dose in curve if not caught or dose > max(caught)]
        low, high = bound_share(right, max(len(heavy), 1))
        table.append(
            {
                "code": code,
                "kind": kind,
                "cases": len(heavy),
                "matters": min((answer.dose for answer in heavy), default=None),
                "found": sum(answer.found for answer in heavy),
                "placed": sum(answer.placed for answer in heavy),
                "right": right,
                "rate": {"value": right / max(len(heavy), 1), "low": low, "high": high},
                "limit": min(beyond, default=None),
                "by_dose": {f"{dose:g}": f"{sum(rights)}/{len(rights)}" for dose, rights in curve.items()},
                "other_alarms": sorted({alarm.code for answer in heavy for alarm in answer.alarms}),
                "failures": sorted({text for answer in mine for text in answer.failures}),
                "missed": [
                    {"number": answer.number, "dose": answer.dose, "overlap": answer.overlap, "said": answer.said}
                    for answer in heavy
                    if not answer.right
                ],
            }
        )
    return table
