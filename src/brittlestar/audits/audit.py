"""All checks on one dataset, corrected together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from brittlestar.audits.analysis import Analysis
from brittlestar.audits.correction import correct_findings
from brittlestar.audits.shifts.explaining import explain_overall
from brittlestar.audits.shortcuts.merging import merge_shortcuts
from brittlestar.core.catalogue import find_checks
from brittlestar.core.checks import Check, join_checks, run_checks
from brittlestar.core.errors import InputError
from brittlestar.core.findings import Finding

Progress = Callable[[str, int, int], None]


def audit_dataset(
    analysis: Analysis,
    *,
    only: Sequence[str] = (),
    own: Sequence[Check] = (),
    progress: Progress = lambda code, done, of: None,
) -> tuple[Finding, ...]:
    """Findings of every check of data (or of the codes and families named in `only`), in the order of the checks.

    `own` are further checks; those that need something else are left out. P-values are corrected over everything that
    ran; then `shift.overall` is information where a named shift of its split explains it, and shortcuts that tell one
    fact are told once. Raises InputError for an unknown code and a code given twice.
    """
    checks = _choose(join_checks(find_checks("data"), own, "data"), only)
    places = {check.code: place for place, check in enumerate(checks)}
    found = run_checks(checks, analysis, lambda code: progress(code, places[code], len(checks)))
    progress("", len(checks), len(checks))
    return merge_shortcuts(analysis, explain_overall(correct_findings(found)))


def _choose(checks: dict[str, Check], only: Sequence[str]) -> list[Check]:
    unknown = [name for name in only if name not in checks and not any(c.startswith(f"{name}.") for c in checks)]
    if unknown:
        raise InputError(
            f"no check {', '.join(unknown)}",
            "--only",
            f"codes: {', '.join(checks)}; a family such as leak works too",
        )
    return [c for code, c in checks.items() if not only or code in only or code.partition(".")[0] in only]
