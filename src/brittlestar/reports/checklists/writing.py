"""The page: three checklists filled from evidence, and the limits of a study."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml

from brittlestar.reports.checklists import shared, shared_findings
from brittlestar.reports.checklists.facts import UNKNOWN, Answered, Facts, Item, gather_facts
from brittlestar.reports.checklists.limits import list_limits
from brittlestar.reports.reading import Reading
from brittlestar.reports.tables import markdown_table, markdown_text

ABOUT = (
    "These answers follow from what the study did, and each names its evidence. An answer is about the study, and not "
    "about the text of a paper. What no study can know is marked so, and is for its author to answer."
)


def write_checklists(reading: Reading) -> str:
    """All checklists and the limits as one page of Markdown."""
    facts = gather_facts(reading)
    parts = [f"# Checklists for {markdown_text(reading.record.title or reading.record.name)}", ABOUT]
    for title, one in _read_items().items():
        answers = [(f"{item.number} {item.label}", item.answer(facts)) for item in list_items(title)]
        rows = [(asked, found.answer, found.evidence) for asked, found in answers]
        parts += [f"## {title}", one["source"], markdown_table(["item", "answer", "evidence"], rows)]
    limits = list_limits(facts)
    parts += ["## Limits", *_write_list("Not varied", limits.not_varied, "Every stream and setting was varied.")]
    parts += _write_list("Not probed", limits.not_probed, "Every family of probes was asked, and a shifted split.")
    parts += _write_list("Not powered", limits.not_powered, "No verdict and no finding is inconclusive.")
    return "\n\n".join(parts) + "\n"


def _write_list(title: str, sentences: Sequence[str], none: str) -> list[str]:
    listed = "\n".join(f"- {markdown_text(one)}" for one in sentences)
    return [f"### {title}", listed or none]


def list_items(title: str) -> tuple[Item, ...]:
    """The items of a checklist in their order."""
    return tuple(Item(one["number"], one["label"], _find_rule(one)) for one in _read_items()[title]["items"])


@cache
def _read_items() -> Mapping[str, Any]:
    return yaml.safe_load(Path(__file__).with_name("items.yaml").read_text(encoding="utf-8"))


def _find_rule(item: Mapping[str, Any]) -> Callable[[Facts], Answered]:
    if "author" in item:
        return lambda facts: Answered(UNKNOWN, item["author"])
    if "findings" in item:
        return partial(shared_findings.answer_findings, codes=item["findings"])
    name = f"answer_{item['rule']}"
    return getattr(shared if hasattr(shared, name) else shared_findings, name)
