"""Remedies without settings that nobody reads: what a finding proposes reaches the model that it is about."""

import re
from collections.abc import Iterable
from dataclasses import replace

from brittlestar.core.commands import Advice, Command
from brittlestar.core.findings import Finding
from brittlestar.core.results import StudyRecord
from brittlestar.study.in_effect import reads_setting
from brittlestar.study.settings import ModelSettings, TrainingSettings

_NAMED = re.compile(
    "|".join(
        rf"\b{section}\.(?:{'|'.join(settings.model_fields)})\b(?:\.[a-z_]+)*"
        for section, settings in (("model", ModelSettings), ("training", TrainingSettings))
    )
)
_SENTENCE = re.compile(r"(?<=[.;]) (?=[A-Z])")
_ASIDE = re.compile(r" \([^()]*\)|`[^`]*`, or |(?:, such as|:) (?:model|training)\.[\w.]+: [\w-]+")
"""What may go of a sentence that names a setting, and leave one behind."""


def leave_out_unread(record: StudyRecord, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, their remedies without settings that nothing of their variant reads (main, where they are about
    none): commands without them, and no sentence that is about them alone."""
    return tuple(_mend(record, one) for one in findings)


def _mend(record: StudyRecord, finding: Finding) -> Finding:
    variant, remedy = str(finding.where.get("variant", record.main)), finding.remedy
    if variant not in record.variants or not remedy:
        return finding

    def is_read(path: str) -> bool:
        return not _NAMED.fullmatch(path) or reads_setting(record, variant, path)

    def cut(text: str) -> str | None:
        """The text without asides about what is not read; None where it is about nothing else."""
        told = _ASIDE.sub(lambda found: found[0] if all(map(is_read, _NAMED.findall(found[0]))) else "", text)
        return told if all(map(is_read, _NAMED.findall(told))) else None

    def keep(one: Command) -> Command | None:
        kept = tuple(pair for pair in one.settings if is_read(pair[0]))
        return replace(one, settings=kept) if kept or not one.settings else None

    def mend(sentence: tuple[str | Command, ...]) -> tuple[str | Command, ...]:
        """The sentence; what leads to a command that goes, alone; nothing where that would be none."""
        parts = [cut(part) if isinstance(part, str) else keep(part) for part in sentence]
        if None not in parts:
            return tuple(part for part in parts if part is not None)
        lead = parts[0]
        return (f"{lead[:-2]}.",) if isinstance(lead, str) and lead.endswith(": ") and None not in parts[:1] else ()

    if isinstance(remedy, Advice):
        return replace(finding, remedy=Advice(*filter(None, map(mend, remedy.sentences))))
    return replace(finding, remedy=" ".join(filter(None, map(cut, _SENTENCE.split(remedy)))))
