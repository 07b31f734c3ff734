"""The page of checklists: those of venues and of the literature, answered from what a study did, and its limits.

In `templates/`, `checklists.yaml` has the items, `checklist_rules.txt.j2` what answers them, `limits.md.j2` the limits.
"""

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import yaml

from brittlestar.core.checks import family_of
from brittlestar.core.findings import Finding
from brittlestar.core.results import DEFAULTS, StudyRecord, VariantRecord
from brittlestar.core.splits import is_shifted
from brittlestar.reports.answers.evidence import is_given
from brittlestar.reports.headline_text import fill_headline, score_words
from brittlestar.reports.study_view import StudyView
from brittlestar.reports.words import TEMPLATES, text_environment, write_text
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.in_effect import list_in_effect
from brittlestar.study.units import about

MOST_IN_TABLE_CELL = 3  # a cell of a table that a person reads
VARIED = ("varied", "crossed")
STREAM_NAMES = {
    "init": "initialisation",
    "order": "batch order",
    "dropout": "dropout",
    "split": "the split of train and dev",
    "sampling": "a resample of train",
}
FAMILIES = ("order", "composition", "length", "factors", "noise", "tokenisation")
"""The families of probes that sequences allow; factors only where the data have some."""
UNKNOWN = "cannot be answered from this record"
ANSWERS = ("yes", "no", "in part", "does not apply", UNKNOWN)


class Answered(NamedTuple):
    """One of ANSWERS, and a sentence or two on what it rests on and where that is found, as plain text."""

    answer: str
    evidence: str


def write_checklists(reading: StudyView) -> str:
    """All checklists and the limits as one page of Markdown."""
    facts = gather_facts(reading)
    limits = write_limits(facts)
    answers = answer_items(facts, limits)
    name = reading.record.title or reading.record.name
    return write_text("checklists.md.j2", name=name, checklists=_read_items(), answers=answers, limits=limits)


def write_limits(facts: Mapping[str, Any]) -> str:
    """What a study did not vary, did not probe, and cannot settle with what it has: three lists of Markdown."""
    names = {"about": about, "stream_names": STREAM_NAMES, "varied": VARIED, "min_seeds": MIN_SEEDS}
    return write_text("limits.md.j2", facts=facts, record=facts["record"], **names)


def answer_items(facts: Mapping[str, Any], limits: str) -> dict[str, dict[str, Answered]]:
    """The answer to every item, by the title of its checklist and its number there."""
    known: dict[str, Any] = {"most": MOST_IN_TABLE_CELL, "min_seeds": MIN_SEEDS, "unknown": UNKNOWN, "varied": VARIED}
    known |= {"facts": facts, "n_limits": limits.count("\n- "), "score_words": score_words}
    known |= {"select_findings": select_findings, "evidence_of": _evidence_of}
    rules: Any = text_environment().get_template("checklist_rules.txt.j2").make_module(known)

    def answer(item: Mapping[str, Any]) -> Answered:
        if "author" in item:
            return Answered(UNKNOWN, item["author"])
        if "rule" in item:
            return _split_answer(getattr(rules, item["rule"])())
        found = select_findings(facts["findings"], item["findings"], item.get("but", ()))
        return _split_answer(rules.findings(item["findings"], found))

    return {title: {item["number"]: answer(item) for item in one["items"]} for title, one in _read_items().items()}


def select_findings(findings: Iterable[Finding], kinds: Sequence[str], but: Sequence[str] = ()) -> list[Finding]:
    """Findings of some families (`leak`) or codes (`leak.exact`), without codes that are left out."""
    return [
        finding
        for finding in findings
        if {finding.code, family_of(finding.code)} & {*kinds} and finding.code not in but
    ]


@cache
def _read_items() -> Mapping[str, Any]:
    return yaml.safe_load((TEMPLATES / "checklists.yaml").read_text(encoding="utf-8"))


def _split_answer(text: str) -> Answered:
    answer, _, evidence = " ".join(text.split()).partition(": ")
    return Answered(answer, evidence)


def _evidence_of(text: str) -> str:
    return _split_answer(text).evidence


def gather_facts(reading: StudyView) -> dict[str, Any]:
    """What checklists ask of a study, by the names that rules and limits use.

    `given` are variants whose predictions were handed in, `is_given` whether main is one; `stated` counts main's
    settings that are no defaults; `seeds` are the finished runs by variant, `runs` count runs by state; `seconds` is
    the time of all runs, None where no clock was kept; `families` are those of its models; `probed` is None where no
    suite ran.
    """
    record = reading.record
    settings = list_in_effect(record, record.main)
    given = tuple(name for name, variant in record.variants.items() if is_given(variant))
    return {
        "record": record,
        "findings": reading.findings,
        "judgements": reading.judgements,
        "headline": fill_headline(reading.headline, shlex.quote(record.folder)),
        "sealed": reading.sealed,
        "given": given,
        "is_given": record.main in given,
        "settings": {setting.path: setting.value for setting in settings},
        "stated": sum(setting.origin not in DEFAULTS for setting in settings),
        "seeds": {name: len(reading.done(name)) for name in record.variants},
        "runs": Counter(cell.state for cell in record.cells),
        "diverged": sum(cell.outcome == "diverged" for cell in record.cells),
        "seconds": _sum_seconds(record),
        "audited": record.audit is not None and record.audit.failed is None,
        "shifted": [name for name in record.splits if is_shifted(name)],
        "families": list(dict.fromkeys(filter(None, map(_name_family, record.variants.values())))),
        "probed": _summarise_suite(reading),
    }


def _sum_seconds(record: StudyRecord) -> float | None:
    clocks: Mapping[str, float] = record.timing.get("cell_seconds") or {}
    found = [*clocks.values()] or [cell.timing["seconds"] for cell in record.cells if "seconds" in cell.timing]
    return float(sum(found)) if found else None


def _summarise_suite(reading: StudyView) -> dict[str, Any] | None:
    """The split and how many of its rows were changed, conditions by family, families that sequences allow and the
    suite has none of, and variants without answers with the reason."""
    if reading.probed is None:
        return None
    suite = reading.probed.study.probes
    families = Counter(condition.family for condition in suite.conditions[1:])
    possible = [name for name in FAMILIES if name != "factors" or reading.record.factors]
    missing = [name for name in possible if name not in families]
    found = {"split": suite.split, "rows": len(suite.sample), "families": families, "missing": missing}
    return {**found, "left_out": reading.probed.not_probed}


def _name_family(variant: VariantRecord) -> str | None:
    settings = {setting.path: setting.value for setting in variant.settings}
    if settings.get("model.predictions"):
        return None
    own = settings.get("model.own")
    return str(own) if own else settings.get("model.family")
