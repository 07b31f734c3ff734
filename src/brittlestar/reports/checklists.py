"""The page of checklists: those of venues and of the literature, answered from what a study did, and its limits.

In `templates/`, `checklists.yaml` has the items, `checklist_rules.txt.j2` what answers them, `limits.md.j2` the limits.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

import yaml

from brittlestar.reports.checklist_facts import STREAM_NAMES, UNKNOWN, VARIED, Answer, Answered, Facts, gather_facts
from brittlestar.reports.headline_text import score_words
from brittlestar.reports.reading import Reading
from brittlestar.reports.words import TEMPLATES, text_environment, write_text
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.units import about

MOST_NAMED = 3  # a cell of a table that a person reads (convention)


def write_checklists(reading: Reading) -> str:
    """All checklists and the limits as one page of Markdown."""
    facts = gather_facts(reading)
    limits = write_limits(facts)
    answers = answer_items(facts, limits)
    name = reading.record.title or reading.record.name
    return write_text("checklists.md.j2", name=name, checklists=_read_items(), answers=answers, limits=limits)


def write_limits(facts: Facts) -> str:
    """What a study did not vary, did not probe, and cannot settle with what it has: three lists of Markdown."""
    names = {"about": about, "stream_names": STREAM_NAMES, "varied": VARIED, "min_seeds": MIN_SEEDS}
    return write_text("limits.md.j2", facts=facts, record=facts.record, **names)


def answer_items(facts: Facts, limits: str) -> dict[str, dict[str, Answered]]:
    """The answer to every item, by the title of its checklist and its number there."""
    known: dict[str, Any] = {"most": MOST_NAMED, "min_seeds": MIN_SEEDS, "unknown": UNKNOWN, "varied": VARIED}
    known |= {"facts": facts, "n_limits": limits.count("\n- "), "score_words": score_words, "evidence_of": _evidence_of}
    rules: Any = text_environment().get_template("checklist_rules.txt.j2").make_module(known)

    def answer(item: Mapping[str, Any]) -> Answered:
        if "author" in item:
            return Answered(UNKNOWN, item["author"])
        said = rules.findings(item["findings"]) if "findings" in item else getattr(rules, item["rule"])()
        return _split_answer(said)

    return {title: {item["number"]: answer(item) for item in one["items"]} for title, one in _read_items().items()}


@cache
def _read_items() -> Mapping[str, Any]:
    return yaml.safe_load((TEMPLATES / "checklists.yaml").read_text(encoding="utf-8"))


def _split_answer(text: str) -> Answered:
    answer, _, evidence = " ".join(text.split()).partition(": ")
    return Answered(cast(Answer, answer), evidence)


def _evidence_of(text: str) -> str:
    return _split_answer(text).evidence
