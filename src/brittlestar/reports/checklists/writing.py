"""The page: three checklists filled from evidence, and the limits of a study."""

from collections.abc import Mapping, Sequence

from brittlestar.reports.checklists.facts import Facts, gather_facts
from brittlestar.reports.checklists.items import Item
from brittlestar.reports.checklists.limits import list_limits
from brittlestar.reports.checklists.neurips import NEURIPS
from brittlestar.reports.checklists.reforms import REFORMS
from brittlestar.reports.checklists.reproducibility import REPRODUCIBILITY
from brittlestar.reports.reading import Reading
from brittlestar.reports.tables import markdown_row, markdown_text

CHECKLISTS: Mapping[str, tuple[Item, ...]] = {
    "NeurIPS paper checklist": NEURIPS,
    "Machine learning reproducibility checklist": REPRODUCIBILITY,
    "REFORMS": REFORMS,
}
SOURCES = {
    "NeurIPS paper checklist": "The 16 items of the NeurIPS paper checklist (2025), in our own words.",
    "Machine learning reproducibility checklist": "The 21 items of version 2.0 (Pineau et al. 2021), in our own words. "
    "It has no numbers; these follow its order.",
    "REFORMS": "The 32 items of REFORMS (Kapoor et al. 2024), in our own words.",
}
ABOUT = (
    "These answers follow from what the study did, and each names its evidence. An answer is about the study, and not "
    "about the text of a paper. What no study can know is marked so, and is for its author to answer."
)


def write_checklists(reading: Reading) -> str:
    """All checklists and the limits as one page of Markdown."""
    facts = gather_facts(reading)
    parts = [f"# Checklists for {markdown_text(reading.record.title or reading.record.name)}", ABOUT]
    for title, items in CHECKLISTS.items():
        parts += [f"## {title}", SOURCES[title], tabulate_items(items, facts)]
    limits = list_limits(facts)
    parts += ["## Limits", *_write_list("Not varied", limits.not_varied, "Every stream and setting was varied.")]
    parts += _write_list("Not probed", limits.not_probed, "Every family of probes was asked, and a shifted split.")
    parts += _write_list("Not powered", limits.not_powered, "No verdict and no finding is inconclusive.")
    return "\n\n".join(parts) + "\n"


def tabulate_items(items: Sequence[Item], facts: Facts) -> str:
    """A checklist as a table, a row for each item."""
    lines = [markdown_row(["item", "answer", "evidence"]), markdown_row(["---"] * 3)]
    for item in items:
        answered = item.answer(facts)
        cells = [f"{item.number} {item.label}", answered.answer, answered.evidence]
        lines.append(markdown_row(map(markdown_text, cells)))
    return "\n".join(lines)


def _write_list(title: str, sentences: Sequence[str], none: str) -> list[str]:
    listed = "\n".join(f"- {markdown_text(one)}" for one in sentences)
    return [f"### {title}", listed or none]
