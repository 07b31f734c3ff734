"""All checks on one dataset, corrected together."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.check import Check
from brittlestar.audits.checks import CHECKS
from brittlestar.audits.correction import correct_findings
from brittlestar.audits.shifts.explaining import explain_overall
from brittlestar.audits.shortcuts.merging import merge_shortcuts
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding

Progress = Callable[[str, int, int], None]


def run_checks(
    analysis: Analysis,
    *,
    only: Sequence[str] = (),
    own: Sequence[Check] = (),
    progress: Progress = lambda code, done, of: None,
) -> tuple[Finding, ...]:
    """Findings of every check (or of the codes and families named in `only`), in the order of the checks.

    `own` are further checks. P-values are corrected over everything that ran; then `shift.overall` is information where
    a named shift of its split explains it, and shortcuts that tell one fact are told once. A check that fails, or
    yields something else than findings of its code, is `inconclusive`, with the error under `evidence["failure"]`: one
    fault must not hide the rest. Raises InputError for an unknown code and a code given twice.
    """
    checks = _chosen({**CHECKS}, own, only)
    found: list[Finding] = []
    for position, check in enumerate(checks):
        progress(check.code, position, len(checks))
        found += _findings(check, analysis)
    progress("", len(checks), len(checks))
    return merge_shortcuts(analysis, explain_overall(correct_findings(found)))


def _chosen(ours: dict[str, Check], own: Sequence[Check], only: Sequence[str]) -> list[Check]:
    everything = dict(ours)
    for check in own:
        if check.code in everything:
            raise InputError(f"there is a check {check.code} already", "checks", "give yours another name")
        everything[check.code] = check
    unknown = [
        name for name in only if name not in everything and not any(c.startswith(f"{name}.") for c in everything)
    ]
    if unknown:
        raise InputError(
            f"no check {', '.join(unknown)}",
            "--only",
            f"codes: {', '.join(everything)}; a family such as leak works too",
        )
    return [c for code, c in everything.items() if not only or code in only or code.partition(".")[0] in only]


def _findings(check: Check, analysis: Analysis) -> list[Finding]:
    """What a check yields; one finding that says so where it fails or yields something else."""
    try:
        found: list[Any] = list(check.function(analysis))
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return [_failed(check, f"{type(error).__name__}: {error}", f"{Path(where.filename).name}:{where.lineno}")]
    if not found or not all(isinstance(one, Finding) and one.code == check.code for one in found):
        return [_failed(check, f"it yielded {found!r:.200}, not findings of its code, at least one", "")]
    return found


def _failed(check: Check, failure: str, at: str) -> Finding:
    ours = check.code in CHECKS
    place = f" at {at}" if at else ""
    summary = f"The check failed{place} ({failure:.300}): nothing is known about {check.code}."
    remedy = (
        "Please report this: a check must not fail, whatever the data."
        if ours
        else "Mend the check; `check_conformance` of brittlestar.testing tries it on odd data."
    )
    evidence = {"failure": failure, "at": at}
    return Finding(check.code, "inconclusive", summary, "The check runs to its end.", None, {}, evidence, remedy)
