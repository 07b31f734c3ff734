"""Findings as pages show them: a card a code with its rule and remedy once and a table of variants and splits."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from brittlestar.core.checks import family_of
from brittlestar.core.code_pages import keep_ours
from brittlestar.core.findings import Finding, Severity
from brittlestar.diagnosis.causes.symptoms import describe_confirmation
from brittlestar.reports.finding_groups import FindingGroup, group_findings, is_about_main
from brittlestar.reports.listing import evidence_rows

SHORTCUT = "shortcut"
"""The family whose findings about one split are one card."""
FIRST_COLUMNS = ("variant", "split")
VALUES = re.compile(r"`[^`]*`|[+−-]?\d[\d.,]*")
"""What differs between rules or remedies that say the same of two places: commands and numbers."""


@dataclass(frozen=True)
class EvidenceTable:
    """The evidence of findings of one code: `heads` say whose it is, `rows` are (quantity, a value for each)."""

    code: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Card:
    """Findings that are read together: `rows` about the data or main, `others` about other variants. `anchors` are ids
    by code; `place` is where all of it was found; `columns` say where its rows differ; `coded` says that rows have
    different codes. `evidence` is that of `rows`."""

    anchors: Mapping[str, str]
    title: str
    severity: Severity | None
    place: str
    columns: tuple[str, ...]
    coded: bool
    rows: tuple[Finding, ...]
    others: tuple[Finding, ...]
    rules: tuple[str, ...]
    remedies: tuple[str, ...]
    evidence: tuple[EvidenceTable, ...]
    confirmed: tuple[str, ...]

    @property
    def explained(self) -> tuple[str, ...]:
        """Its codes that have a page."""
        return tuple(keep_ours(row.code for row in self.rows))

    @property
    def anchor(self) -> str:
        """The id of the whole card, empty where its rows have ids, or an earlier card has the code."""
        return "" if self.coded else next(iter(self.anchors.values()), "")

    def anchor_of(self, row: Finding) -> str:
        """The id of a row, empty but for the first of each code of a card with several."""
        first = next((one for one in self.rows if one.code == row.code), None)
        return self.anchors.get(row.code, "") if self.coded and row is first else ""

    def describe(self, row: Finding) -> str:
        """The summary of a row without the name of its variant or split, which stands beside it."""
        text = row.summary
        for key in FIRST_COLUMNS:
            text = text.removeprefix(f"{row.where.get(key)}: ")
        return text if text == row.summary else f"{text[:1].upper()}{text[1:]}"


@dataclass(frozen=True)
class Cards:
    """Present findings: `leading` about the data or main (errors and warnings), `infos` likewise, and `others` about
    other variants alone."""

    leading: tuple[Card, ...]
    infos: tuple[Card, ...]
    others: tuple[Card, ...]

    @property
    def all(self) -> tuple[Card, ...]:
        """Every card in its order on the page."""
        return (*self.leading, *self.infos, *self.others)

    @property
    def n_codes(self) -> int:
        """How many codes are present."""
        return len({row.code for card in self.all for row in (*card.rows, *card.others)})

    def anchor(self, code: str) -> str | None:
        """The id of the first card with this code."""
        return next((card.anchors[code] for card in self.all if code in card.anchors), None)


def make_cards(findings: Sequence[Finding], main: str | None) -> Cards:
    """Cards of the present findings.

    Args:
        findings: Findings as they are ranked.
        main: The variant under test, None where there is none.
    """
    groups = _merge_shortcuts([finding for finding in group_findings(findings, main) if finding.status == "present"])
    taken: set[str] = set()
    cards = [(one.leads, _card(one, title, main, taken)) for one, title in groups]
    return Cards(
        tuple(card for leads, card in cards if leads and card.severity != "info"),
        tuple(card for leads, card in cards if leads and card.severity == "info"),
        tuple(card for leads, card in cards if not leads),
    )


def _merge_shortcuts(groups: Sequence[FindingGroup]) -> list[tuple[FindingGroup, str]]:
    """Groups with their titles; shortcuts of one split are one group, where the first of them stands."""
    found: dict[str, list[FindingGroup]] = {}
    for group in groups:
        if family_of(group.code) != SHORTCUT:
            found[group.code] = [group]
            continue
        for split in dict.fromkeys(finding.where.get("split", "") for finding in group.findings):
            part = tuple(finding for finding in group.findings if finding.where.get("split", "") == split)
            own = replace(group, findings=part, severity=part[0].severity)
            found.setdefault(f"shortcuts on {split}" if split else "shortcuts", []).append(own)
    return [
        (_join_groups(parts), title) if len(parts) > 1 else (parts[0], parts[0].code) for title, parts in found.items()
    ]


def _join_groups(parts: Sequence[FindingGroup]) -> FindingGroup:
    findings = tuple(finding for part in parts for finding in part.findings)
    return replace(parts[0], findings=findings, leads=any(part.leads for part in parts))


def _card(group: FindingGroup, title: str, main: str | None, taken: set[str]) -> Card:
    findings = group.findings
    keys = {key: None for finding in findings for key in finding.where}
    names = [*(key for key in FIRST_COLUMNS if key in keys), *sorted(key for key in keys if key not in FIRST_COLUMNS)]
    values = {key: {finding.where.get(key) for finding in findings} for key in names}
    columns = tuple(key for key in names if len(values[key]) > 1)
    mine = [finding for finding in findings if is_about_main(finding, main)]
    others = [finding for finding in findings if not is_about_main(finding, main)]
    if not mine:
        mine, others = others, []
    codes = list(dict.fromkeys(finding.code for finding in findings))
    anchors = {finding.code: f"finding-{finding.code}" for finding in mine if finding.code not in taken}
    taken.update(anchors)
    coded = len(codes) > 1
    alone = len(mine) == 1 and not coded
    said = names if alone else [key for key in names if len(values[key]) == 1]
    place = " · ".join(f"{key} {mine[0].where[key]}" for key in said if key in mine[0].where)
    return Card(
        anchors,
        title,
        group.severity,
        place,
        columns,
        coded,
        tuple(mine),
        tuple(others),
        _distinct(group.rules),
        _distinct(group.remedies),
        tuple(_evidence(code, [finding for finding in mine if finding.code == code], columns) for code in codes),
        tuple(describe_confirmation(finding.confirmed_by) for finding in findings if finding.confirmed_by),
    )


def _distinct(texts: Sequence[str]) -> tuple[str, ...]:
    """Texts that differ in more than a name, a number or a command; the first of each kind."""
    kinds: dict[str, str] = {}
    for text in texts:
        kinds.setdefault(VALUES.sub("…", text), text)
    return tuple(kinds.values())


def _evidence(code: str, findings: Sequence[Finding], columns: Sequence[str]) -> EvidenceTable:
    tables = [dict(evidence_rows(finding.evidence)) for finding in findings]
    quantities = list(dict.fromkeys(name for table in tables for name in table))
    heads = tuple(
        ", ".join(finding.where[key] for key in columns if key in finding.where) or "value" for finding in findings
    )
    rows = tuple((name, tuple(table.get(name, "–") for table in tables)) for name in quantities)
    return EvidenceTable(code, heads, rows)
