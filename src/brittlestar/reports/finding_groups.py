"""Findings as people meet them: one group a code, its rule and remedy said once, main first, other variants last; those
that are absent by their rule, and those that are inconclusive by what would settle them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from brittlestar.claims.effects import concerns_all, find_way, prove_points, voids_score
from brittlestar.core.causes import rank_causes, role_of
from brittlestar.core.checks import family_of
from brittlestar.core.commands import fill_advice
from brittlestar.core.findings import SEVERITIES, STATUSES, Finding, Severity, Status, worst_first
from brittlestar.reports.answers.vetoes import opens

FAMILIES = ("train", "eval", "seed", "padding", "token", "data", "embedding", "position")
"""Of these the causes of a result are; probes say what follows, and leaks make no result poor."""
TRAINED_ON = "leak.selection"
"""But for a model that was trained on dev."""
CHANCE = "The effect exceeds the rule, but is not significant after Holm correction over all tests of the audit."
MORE_ROWS = "More rows would settle it."


@dataclass(frozen=True)
class FindingGroup:
    """Findings of one code and status: `findings` about the data and main first, `severity` the worst of them (None
    unless present). `leads` says whether any is about the data or main, and not about a variant beside it."""

    code: str
    status: Status
    severity: Severity | None
    findings: tuple[Finding, ...]
    leads: bool

    @property
    def rules(self) -> tuple[str, ...]:
        """Each different rule once."""
        return tuple(dict.fromkeys(finding.threshold for finding in self.findings))

    @property
    def remedies(self) -> tuple[str, ...]:
        """Each different remedy once."""
        return tuple(dict.fromkeys(str(finding.remedy) for finding in self.findings if finding.remedy))


def group_findings(findings: Sequence[Finding], main: str | None) -> tuple[FindingGroup, ...]:
    """Group findings by status and code.

    Args:
        findings: Findings as they are ranked.
        main: The variant under test, None where there is none.

    Returns:
        Groups in the order of `STATUSES`, each where its first finding stands.
    """
    by_code: dict[tuple[Status, str], list[Finding]] = {}
    for finding in findings:
        by_code.setdefault((finding.status, finding.code), []).append(finding)
    groups = (
        FindingGroup(code, status, inside[0].severity, tuple(inside), is_about_main(inside[0], main))
        for (status, code), inside in by_code.items()  # as findings are ranked, so are groups, and the worst is first
    )
    return tuple(sorted(groups, key=lambda one: STATUSES.index(one.status)))


@dataclass(frozen=True)
class OpenGroup:
    """Findings that are inconclusive for one reason, and what would settle them."""

    codes: tuple[str, ...]
    reason: str
    remedy: str
    findings: tuple[Finding, ...]


def list_passed(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Codes of checks that found nothing wherever there was something to look at, in the order of the checks."""
    told: dict[str, set[Status]] = {}
    for finding in findings:
        told.setdefault(finding.code, set()).add(finding.status)
    return tuple(code for code, statuses in told.items() if statuses - {"not-applicable"} == {"absent"})


def group_absent(findings: Sequence[Finding]) -> dict[tuple[str, str], list[Finding]]:
    """The absent ones of findings by code and rule, so that a rule is written once, in their order."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.status == "absent":
            groups.setdefault((finding.code, finding.threshold), []).append(finding)
    return groups


def group_inapplicable(findings: Sequence[Finding]) -> dict[str, list[str]]:
    """{what there is none of: codes of checks that have nothing to look at without}."""
    groups: dict[str, dict[str, None]] = {}
    for finding in findings:
        if finding.status == "not-applicable":
            groups.setdefault(finding.summary, {})[finding.code] = None
    return {reason: [*codes] for reason, codes in groups.items()}


def group_open(findings: Sequence[Finding]) -> tuple[OpenGroup, ...]:
    """Inconclusive findings, once for each reason; those that the correction leaves open come first, in one."""
    by_reason: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.status == "inconclusive":
            reason = "" if finding.evidence.get("chance_explains") else finding.remedy or finding.summary
            by_reason.setdefault(str(reason), []).append(finding)
    groups: dict[tuple[bool, tuple[str, ...]], list[Finding]] = {}
    for reason, group in by_reason.items():  # one check that gives as many reasons as there are splits is told once
        groups.setdefault((bool(reason), tuple(dict.fromkeys(one.code for one in group))), []).extend(group)
    found: list[OpenGroup] = []
    for (own, codes), group in groups.items():
        remedy = next((str(one.remedy) for one in group if one.remedy), "")
        reason = (group[0].summary, remedy) if own else (CHANCE, MORE_ROWS)
        found.append(OpenGroup(codes, *reason, tuple(group)))
    return tuple(sorted(found, key=lambda one: one.reason != CHANCE))


def rank_findings(findings: Sequence[Finding], main: str | None, split: str | None) -> tuple[Finding, ...]:
    """The one order in which findings are read, wherever they stand: present ones first, those about the data and main
    before those about other variants, then what to act on first.

    Where no row of the score is left comes before all, then a broken way to the score, then errors, then what moves the
    headline score most, as far as that is proven, then what leaves *Real?* open. A cause has what is proven of the
    symptoms that it explains, and comes before symptoms, the confirmed and the surest before others; what is equal so
    far goes by what may move the score, and by place: the headline `split` first. A low score leads only where nothing
    that may be its cause is serious.
    """
    causes = rank_causes() if any("variant" in one.where for one in findings) else ()

    def rank(finding: Finding) -> tuple[float, ...]:
        severity, cause = SEVERITIES.index(finding.severity), role_of(finding).symptom is None
        broken = severity == 0 and (voids_score(finding) or find_way(finding) == "answers")
        return (
            STATUSES.index(finding.status),
            not is_about_main(finding, main),
            not (severity == 0 and concerns_all(finding)),
            not (broken and cause),
            severity,
            -prove_move(finding, findings),
            not opens(finding, "real"),
            not cause,
            finding.confirmed_by is None,
            causes.index(finding.code) if cause and finding.code in causes else len(causes),
            -(finding.effect.possible if finding.effect else 0.0),
        )

    ranked = sorted(worst_first(findings, split), key=rank)
    lead = ranked[0] if ranked else None
    if lead is not None and role_of(lead).symptom == "low" and role_of(lead).cause is None:
        may = (one for one in ranked if is_serious(one, main) and _may_lower(one, split))
        lead = next(may, lead)
    return tuple(sorted(ranked, key=lambda one: one is not lead))


def prove_move(finding: Finding, beside: Sequence[Finding]) -> float:
    """Points that a finding is proven to move: of the headline score, else of what it is measured on."""
    return prove_points(finding, beside) or (0.0 if finding.effect is None else finding.effect.proven)


def is_serious(finding: Finding, main: str | None) -> bool:
    """Whether a finding is an error or a warning about the data or main."""
    return finding.severity in ("error", "warning") and is_about_main(finding, main)


def _may_lower(finding: Finding, split: str | None) -> bool:
    """Whether a serious finding may be why a score is low, or why it is none: a cause, something odd about train or the
    rows that are scored, or a label that these give away; a leak is not."""
    scored = finding.where.get("split") in (None, "train", split)
    odd = family_of(finding.code) in (*FAMILIES, "label", "shift") or opens(finding, "sound")
    return (odd and "variant" not in finding.where and scored) or role_of(finding).cause is not None


def is_about_main(finding: Finding, main: str | None) -> bool:
    """Whether a finding is about the data or main, and not about a variant beside it."""
    return finding.where.get("variant") in (None, main)


def fill_remedies(findings: Iterable[Finding], place: str | None, kept: bool = True) -> tuple[Finding, ...]:
    """Findings whose remedies name the place of the study, or of its data, in every command, as `fill_advice` has
    it."""
    return tuple(replace(finding, remedy=fill_advice(finding.remedy, place, kept)) for finding in findings)


def is_cause(finding: Finding) -> bool:
    """Whether a finding is of those that say why a result is what it is."""
    return family_of(finding.code) in FAMILIES or (finding.code == TRAINED_ON and "variant" in finding.where)


def list_causes(findings: Sequence[Finding], main: str) -> tuple[Finding, ...]:
    """Errors and warnings about main, or about its data, that are no consequence of another, as they are ranked."""
    serious = (one for one in findings if is_serious(one, main) and is_cause(one))
    return tuple(one for one in serious if "explained_by" not in one.evidence)
