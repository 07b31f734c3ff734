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

    def keep(one: Command) -> Command | None:
        kept = tuple(pair for pair in one.settings if is_read(pair[0]))
        return replace(one, settings=kept) if kept or not one.settings else None

    if isinstance(remedy, Advice):
        sentences = remedy.change(keep).sentences
        said = (one for one in sentences if all(is_read(path) for part in one for path in _list_named(part)))
        return replace(finding, remedy=Advice(*said))
    said = (one for one in _SENTENCE.split(remedy) if all(is_read(path) for path in _NAMED.findall(one)))
    return replace(finding, remedy=" ".join(said))


def _list_named(part: str | Command) -> list[str]:
    return _NAMED.findall(part) if isinstance(part, str) else []
