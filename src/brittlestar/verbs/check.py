"""`check`: the front door. What data and predictions at hand support, in four lines; nothing is trained."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from brittlestar.audits.limits import Progress
from brittlestar.audits.limits import limits as detection_limits
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding, worst_first
from brittlestar.core.ladder import Ladder
from brittlestar.core.results import StudyRecord
from brittlestar.verbs.answers import Answer, hold, real, settle, trust
from brittlestar.verbs.audit import audit
from brittlestar.verbs.run import run
from brittlestar.verbs.watching import Quiet
from brittlestar.verdicts.claim_selected import of_stated
from brittlestar.verdicts.judgement import Judgement
from brittlestar.verdicts.standing import Standing, standing

PLANTED = ("leak.exact", "shortcut.token")
COPIES, CLEAN = 10, 20
MOST_ROWS = 20_000


class _AuditAlone(Quiet):
    """Tells how far the audit of a run is."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def on_audit(self, code: str, done: int, total: int) -> None:
        """Tell it."""
        self._progress(code, done, total)


@dataclass(frozen=True, repr=False)
class CheckResult:
    """Four answers; the findings of the audit, worst first, and its ladder; verdicts on the default claims (none
    without predictions); where the stated number stands among its seeds; detection limits, None where none were
    measured; and where the study was kept, None without `out`."""

    answers: tuple[Answer, ...]
    findings: tuple[Finding, ...]
    ladder: Ladder | None
    judgements: tuple[Judgement, ...]
    standing: Standing | None
    limits: Mapping[str, Any] | None
    store: Path | None

    def __repr__(self) -> str:
        return "\n".join(f"{one.question} {one.word}: {one.text}" for one in self.answers)

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {
            "answers": {one.name: asdict(one) for one in self.answers},
            "claims": [one.as_json() for one in self.judgements],
            "stated": None if self.standing is None else self.standing.as_json(),
            "limits": self.limits,
            "ladder": None if self.ladder is None else self.ladder.as_json(),
            "findings": [finding.as_json() for finding in self.findings],
            "store": None if self.store is None else str(self.store),
        }


def check(
    data: str | Path | Mapping[str, Any],
    *,
    predictions: Sequence[str | Path] | str | Path = (),
    columns: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    stated: float | None = None,
    out: str | Path | None = None,
    limits: bool = True,
    progress: Progress = lambda code, done, of: None,
) -> CheckResult:
    """Say in four lines whether a result is real, whether it holds, whether that can be trusted, and what would settle
    it; from data and, where there are some, files of predictions. Nothing is trained.

    `data` is a folder of splits, a study file, or splits in memory; `predictions` are files with columns id, split,
    variant, seed and prediction. `stated` is the score that somebody reports (a fraction): it is placed among the
    seeds. `out` keeps the study with its report. `limits` plants leaks and a shortcut into copies of these rows, to say
    what the audit would have seen; data above 20,000 rows are left out. `progress` is called with what is done, how far
    it is, and of how much. Raises InputError.
    """
    files = [str(one) for one in ([predictions] if isinstance(predictions, str | Path) else predictions)]
    if not files:
        result = audit(data, columns=columns, settings=settings, progress=progress)
        found, ladder, judgements, record, place = result.findings, result.record.ladder, (), None, None
        material = result.material
        if stated is not None:
            raise InputError("a stated score needs its predictions", "--stated", "give them: --preds FILE")
    else:
        with tempfile.TemporaryDirectory(prefix="brittlestar-") as scratch:
            place = Path(scratch) / "check.study" if out is None else Path(out)
            ran = run(
                data,
                predictions=files,
                columns=columns,
                settings={"variants": "{}", **(settings or {})},
                out=place,
                executor="serial",
                watcher=_AuditAlone(progress),
            )
            record, judgements = ran.record, ran.judgements
        material = audit(data, columns=columns, settings=settings, only=PLANTED).material if limits else None
        found = () if record.audit is None else record.audit.findings
        ladder = None if record.audit is None else record.audit.ladder
    told = _limits(material, progress) if limits else None
    where = "DATA" if isinstance(data, Mapping) else os.fspath(data)
    stands = None if stated is None or record is None else standing(_scores(record), stated, record.metric)
    answers = (
        real(record, judgements, found, ladder, stands),
        hold(record, judgements, found),
        trust(found, told, where),
        settle(record, judgements, where),
    )
    findings = [*found, *(() if stands is None else (of_stated(stands),))]
    return CheckResult(
        answers, tuple(worst_first(findings)), ladder, judgements, stands, told, None if out is None else place
    )


def _scores(record: StudyRecord) -> dict[int, float]:
    """The headline metric of main's runs on the headline split, by seed."""
    split = next(name for name in ("test", "dev", *record.splits) if name in record.splits)
    cells = [cell for cell in record.cells if cell.variant == record.main and cell.state == "done"]
    values = {cell.seed: cell.scores.get(split, {}).get("best", {}).get(record.metric) for cell in cells}
    return {seed: value for seed, value in values.items() if value is not None}


def _limits(material: Any, progress: Progress) -> dict[str, Any] | None:
    if material is None or sum(rows.n_rows for rows in material.splits.values()) > MOST_ROWS:
        return None
    try:
        return detection_limits(material, PLANTED, COPIES, CLEAN, progress).as_json()
    except InputError:
        return None  # too few rows, or no split to plant in: `trust` says so
