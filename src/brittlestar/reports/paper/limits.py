"""What a study did not vary, did not probe, and cannot settle with what it has: the limits of a paper."""

from collections import Counter
from typing import Any

from brittlestar.core.results import VariantRecord
from brittlestar.core.splits import is_shifted
from brittlestar.reports.answers.evidence import is_given
from brittlestar.reports.paper.wording import STREAM_NAMES, VARIED
from brittlestar.reports.study_view import StudyView
from brittlestar.reports.words import write_text
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.units import about

FAMILIES = ("order", "composition", "length", "factors", "noise", "tokenisation")
"""The families of probes that sequences allow; factors only where the data have some."""


def write_limits(reading: StudyView) -> str:
    """Three lists of Markdown: not varied, not probed, not powered."""
    record = reading.record
    given = [name for name, variant in record.variants.items() if is_given(variant)]
    return write_text(
        "limits.md.j2",
        record=record,
        findings=reading.findings,
        judgements=reading.judgements,
        given=given,
        is_given=record.main in given,
        seeds={name: len(reading.done(name)) for name in record.variants},
        audited=record.audit is not None and record.audit.failed is None,
        shifted=[name for name in record.splits if is_shifted(name)],
        families=list(dict.fromkeys(filter(None, map(_name_family, record.variants.values())))),
        probed=_summarise_suite(reading),
        about=about,
        stream_names=STREAM_NAMES,
        varied=VARIED,
        min_seeds=MIN_SEEDS,
    )


def _summarise_suite(reading: StudyView) -> dict[str, Any] | None:
    """Families that sequences allow and the suite has none of, and variants without answers with the reason; None
    where no suite ran."""
    if reading.probed is None:
        return None
    families = Counter(condition.family for condition in reading.probed.study.probes.conditions[1:])
    possible = [name for name in FAMILIES if name != "factors" or reading.record.factors]
    missing = [name for name in possible if name not in families]
    return {"missing": missing, "left_out": reading.probed.not_probed}


def _name_family(variant: VariantRecord) -> str | None:
    settings = {setting.path: setting.value for setting in variant.settings}
    if settings.get("model.predictions"):
        return None
    own = settings.get("model.own")
    return str(own) if own else settings.get("model.family")
