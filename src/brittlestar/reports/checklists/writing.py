"""The page: three checklists filled from evidence, and the limits of a study."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

import yaml
from jinja2 import Template

from brittlestar.claims.number_phrases import describe_population
from brittlestar.core.findings import Finding
from brittlestar.reports.checklists.facts import UNKNOWN, VARIED, Answer, Answered, Facts, Item, gather_facts
from brittlestar.reports.checklists.limits import list_limits
from brittlestar.reports.headline_text import score_words
from brittlestar.reports.html import text_environment
from brittlestar.reports.reading import Reading
from brittlestar.reports.tables import markdown_table, markdown_text
from brittlestar.statistics.floors import MIN_SEEDS
from brittlestar.study.claims import format_claim
from brittlestar.study.units import count, unit_of

MOST_NAMED = 3  # a cell of a table that a person reads (convention)

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
        return partial(answer_findings, codes=item["findings"])
    return partial(_fill_rule, item["rule"])


def _fill_rule(rule: str, facts: Facts) -> Answered:
    rules = _read_rules().make_module({"facts": facts, "limits": list_limits(facts)})
    return _split_answer(getattr(rules, rule)())


@cache
def _read_rules() -> Template:
    made = text_environment(
        count=count,
        unit_of=unit_of,
        format_claim=format_claim,
        describe_population=describe_population,
        score_words=score_words,
        answer_findings=answer_findings,
        quote_finding=_quote_finding,
        most=MOST_NAMED,
        min_seeds=MIN_SEEDS,
        unknown=UNKNOWN,
        varied=VARIED,
    )
    cast(dict[str, Any], made.filters)["evidence"] = _read_evidence
    return made.get_template("checklists.txt.j2")


def _split_answer(text: str) -> Answered:
    answer, _, evidence = " ".join(text.split()).partition(": ")
    return Answered(cast(Answer, answer), evidence)


def _read_evidence(text: str) -> str:
    return _split_answer(text).evidence


def answer_findings(facts: Facts, codes: Sequence[str]) -> Answered:
    """What findings of these codes say: `no` where an error or a warning is present, `yes` where all are absent."""
    found = facts.list_findings(*codes)
    if not found:
        why = "No finding of this kind is on record" if facts.audited else "The data audit has not run to its end"
        return Answered(UNKNOWN, f"{why}: {', '.join(codes)}.")
    grave = [one for one in found if one.severity in ("error", "warning")]
    statuses = Counter(one.status for one in found)
    told = ", ".join(f"{n} {status}" for status, n in sorted(statuses.items()))
    shown = list(dict.fromkeys(one.code for one in found if one.status != "absent" or len(statuses) == 1))
    alike: Mapping[str, Answer] = {"inconclusive": UNKNOWN, "absent": "yes"}
    known = alike.get("".join(statuses), "in part")
    quoted = "".join(f" {_quote_finding(one)}" for one in grave[:MOST_NAMED])
    evidence = f"Findings: {told} ({', '.join(shown)}).{quoted} Found in: audit.json; report: Data."
    return Answered("no" if grave else known, evidence)


def _quote_finding(finding: Finding) -> str:
    return f"{finding.severity} {finding.code}: {finding.summary}"
