"""All checks on one dataset, and the passes over what they find, in their order: run, correct, explain, merge."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from brittlestar.audits.analysis import SEED, Analysis
from brittlestar.audits.shortcuts.merging import merge_shortcuts
from brittlestar.core.catalogue import find_checks
from brittlestar.core.checks import Check, choose_codes, family_of, join_checks, run_checks
from brittlestar.core.errors import InputError, Problem
from brittlestar.core.findings import Finding
from brittlestar.core.texts import suggest
from brittlestar.data.tables import format_list
from brittlestar.statistics.multiplicity import adjust_p_values

ALPHA = 0.05  # convention: 5 % over all tests of an audit
MOST_TIMES = 100  # chosen, not measured: nobody collects a hundred times as many rows
MISSED = 3.0  # derived: what n rows show none of is rarer than 3 in n (95 %, the rule of three)
COUNTS = ("of", "rows_scored")
"""Where evidence has the number of rows that a test rests on."""
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
    ran; then what another finding of its split explains is information, and shortcuts that tell one fact
    are told once. Raises InputError for an unknown code and a code given twice.
    """
    checks = _choose_checks(only, own)
    found: list[Finding] = []
    for place, check in enumerate(checks):
        progress(check.code, place, len(checks))
        beside = None if check.reads_labels else analysis.beside_new
        for subject in (analysis,) if beside is None else (analysis, beside):
            drawn = describe_sample(subject, subject.drawn) if check.rows == "sample" else {}
            ran = run_checks([check], subject.sampled if drawn else subject)
            found += [mark_drawn(finding, drawn) for finding in ran] if drawn else ran
    progress("", len(checks), len(checks))
    corrected = correct_findings(found)
    return merge_shortcuts(analysis, explain_findings(corrected, {one.code: one.explained_by for one in checks}))


def _choose_checks(only: Sequence[str], own: Sequence[Check]) -> list[Check]:
    """The checks of data that codes and families name, all of them without any, those of others among them."""
    known = join_checks(find_checks("data"), own, "data")
    chosen, unknown = choose_codes(only, known)
    if unknown:
        families = list(dict.fromkeys(family_of(code) for code in known))
        listed = f"families are {', '.join(families)}"
        problems = [
            Problem(f"there is no check {name!r}", "--only", suggest(name, [*families, *known]) or listed)
            for name in unknown
        ]
        raise InputError(problems)
    return [check for code, check in known.items() if code in chosen]


def describe_sample(analysis: Analysis, drawn: Mapping[str, np.ndarray]) -> dict[str, dict[str, Any]]:
    """By split, how many rows are drawn at random of how many, and the share of rows below which that may hold none."""
    return {
        name: {"rows": len(rows), "of": analysis.splits[name].n_rows, "seed": SEED, "missed_below": MISSED / len(rows)}
        for name, rows in drawn.items()
    }


def mark_drawn(finding: Finding, drawn: Mapping[str, Mapping[str, Any]]) -> Finding:
    """The finding with the sample that it rests on in its sentence and under `evidence["drawn"]`; one without evidence
    rests on no rows."""
    if not finding.evidence:
        return finding
    evidence = {**finding.evidence, "drawn": {name: dict(one) for name, one in drawn.items()}}
    looked = " and ".join(f"{one['rows']:,} of {one['of']:,} rows of {name}" for name, one in drawn.items())
    rarest = int(min(one["rows"] for one in drawn.values()) / MISSED)
    sentence = f"It looked at {looked}, drawn at random: what fewer than one row in {rarest:,} has may be missed."
    return replace(finding, summary=f"{finding.summary} {sentence}", evidence=evidence)


def correct_findings(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with `p_adjusted` beside every `p` of their evidence (Holm over all of them). A present finding
    whose adjusted p is above 5 % becomes `inconclusive`: its effect is beyond the threshold, but chance explains it."""
    tested = [position for position, finding in enumerate(findings) if finding.evidence.get("p") is not None]
    p_values = adjust_p_values([float(findings[i].evidence["p"]) for i in tested]).tolist()
    adjusted = dict(zip(tested, p_values, strict=True))
    return tuple(
        _add_adjusted_p(finding, adjusted[position], len(tested)) if position in adjusted else finding
        for position, finding in enumerate(findings)
    )


def _describe_rows_needed(finding: Finding, tests: int) -> str:
    """How many rows would be needed, were the effect the same: standard errors fall with the root of the rows."""
    seen, wanted = -float(ndtri(float(finding.evidence["p"]))), -float(ndtri(ALPHA / tests))
    times = (wanted / seen) ** 2 if seen > 0 else np.inf
    if times > MOST_TIMES:
        return "Many more rows would be needed."
    rows = next((finding.evidence[name] for name in COUNTS if isinstance(finding.evidence.get(name), int)), 0)
    if not rows:
        return f"About {max(times, 1.1):.1f} times as many rows would be needed."
    return f"About {max(int(np.ceil(times * rows)), rows + 1):,} rows would be needed."


def _add_adjusted_p(finding: Finding, p: float, tests: int) -> Finding:
    evidence = {**finding.evidence, "p_adjusted": p, "tests": tests}
    if finding.status != "present" or p <= ALPHA:
        return replace(finding, evidence=evidence)
    over = "" if tests == 1 else f"over the {tests} tests of this audit "
    needed = _describe_rows_needed(finding, tests)
    clause = f"{over}that may be chance (adjusted p {p:.2f}). {needed}"
    taken_back = {**evidence, "chance_explains": True}
    return _add_clause(finding, clause, taken_back, status="inconclusive", severity=None)


def _add_clause(finding: Finding, clause: str, evidence: Mapping[str, Any], **changes: Any) -> Finding:
    """The finding with a clause that goes on after its sentence, and other evidence."""
    summary = f"{finding.summary.removesuffix('.')}; {clause}"
    return replace(finding, summary=summary, evidence=evidence, **changes)


def explain_findings(findings: Sequence[Finding], explained_by: Mapping[str, Sequence[str]]) -> tuple[Finding, ...]:
    """The findings, as information where another one of the same split explains them by its code, which is no
    information itself (where they are none)."""
    notes: list[Finding] = []
    for finding in findings:
        codes = [
            other.code
            for other in findings
            if other.code in explained_by.get(finding.code, ())
            and finding.status == other.status == "present"
            and finding.where.get("split") == other.where.get("split")
            and (finding.severity == "info" or other.severity != "info")
        ]
        if codes:
            by = list(dict.fromkeys(codes))
            clause = f"{format_list(by)} of this split {'says' if len(by) == 1 else 'say'} why."
            finding = _add_clause(finding, clause, {**finding.evidence, "explained_by": by}, severity="info")
        notes.append(finding)
    return tuple(notes)
