"""Remedies without settings that nobody reads: what a finding proposes reaches the model that it is about."""

from collections.abc import Iterable
from dataclasses import replace

from brittlestar.core.commands import Advice, Command
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.study.in_effect import reads_setting


def leave_out_unread(record: StudyRecord, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, the commands of their remedies without settings that nothing of their variant reads (main, where
    they are about none); of a sentence whose command would be none, what leads to it stays. Texts name no settings."""
    return tuple(_mend(record, finding) for finding in findings)


def _mend(record: StudyRecord, finding: Finding) -> Finding:
    variant, remedy = str(finding.where.get("variant", record.main)), finding.remedy
    if variant not in record.variants or not isinstance(remedy, Advice):
        return finding

    def keep(one: str | Command) -> str | Command | None:
        if isinstance(one, str):
            return one
        kept = tuple(pair for pair in one.settings if reads_setting(record, variant, pair[0]))
        return replace(one, settings=kept) if kept or not one.settings else None

    def mend(sentence: tuple[str | Command, ...]) -> tuple[str | Command, ...]:
        parts = [one for part in sentence if (one := keep(part)) is not None]
        if len(parts) == len(sentence):
            return tuple(parts)
        lead = parts[0] if parts else ""
        return (f"{lead[:-2]}.",) if isinstance(lead, str) and lead.endswith(": ") else ()

    return replace(finding, remedy=Advice(*filter(None, map(mend, remedy))))
