"""A model card for Hugging Face: model-index metadata of main, and its scores with intervals and answers in words."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from brittlestar.reports.finding_groups import is_about_main
from brittlestar.reports.headline_text import QUESTIONS, score_words
from brittlestar.reports.reading import Reading
from brittlestar.reports.tables import markdown_table, markdown_text
from brittlestar.study.units import count, unit_of

TASK = {"type": "text-classification", "name": "Sequence classification"}
BASIS = "in brackets their 95 % interval (these rows, new seeds; Student's t)"


def write_model_card(reading: Reading) -> str:
    """Markdown with metadata that `huggingface_hub` reads. Values are means over seeds, as fractions (nats for log
    loss); train is left out."""
    head = {"tags": ["brittlestar", "sequence-classification"], "model-index": [_describe_model(reading)]}
    front = yaml.safe_dump(head, sort_keys=False, allow_unicode=True)
    return f"---\n{front}---\n\n" + "\n\n".join(_list_parts(reading)) + "\n"


def _list_splits(reading: Reading) -> list[str]:
    return [name for name in reading.record.splits if name != "train"]


def _describe_model(reading: Reading) -> dict[str, Any]:
    record = reading.record
    results: list[dict[str, Any]] = []
    for split in _list_splits(reading):
        metrics = [_describe_metric(reading, split, metric) for metric in record.metrics]
        known = [one for one in metrics if one is not None]
        dataset = {"name": record.name, "type": _slug(record.name), "split": split}
        revision = {"revision": record.splits[split].fingerprint[:12]}
        results += [{"task": dict(TASK), "dataset": {**dataset, **revision}, "metrics": known}] if known else []
    return {"name": reading.subject.title or record.main, "results": results}


def _describe_metric(reading: Reading, split: str, metric: str) -> dict[str, Any] | None:
    entry = reading.entry(reading.record.main, split, metric)
    if entry["mean"] is None:
        return None
    unit, seeds = unit_of(metric), count(len(entry["seeds"]), "seed")
    shown = f"{unit.amount(entry['mean'])} {unit.interval(entry['interval'])}".strip()
    name = f"{unit.name}: {shown}, mean of {seeds}"
    return {"type": metric, "value": round(float(entry["mean"]), 6), "name": name}


def _slug(name: str) -> str:
    """A name as Hugging Face takes it for data that are not on the hub."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-") or "data"


def _list_parts(reading: Reading) -> list[str]:
    record, headline = reading.record, reading.headline
    parts = [f"# {markdown_text(reading.subject.title or record.main)}"]
    score = "No split is held out, so there is no score." if headline.score is None else score_words(headline.score)
    parts.append(f"Score: {markdown_text(score)}." if headline.score is not None else score)
    best = headline.best_trivial
    if best is not None and best.score is not None:
        number = unit_of(record.metric).amount(best.score)
        parts.append(f"The best trivial baseline on the same rows, {markdown_text(best.name)}, scores {number}.")
    parts += ["## Is it real, and will it hold?"]
    answers = [f"- {QUESTIONS[name]} {markdown_text(one.words)}" for name, one in headline.answers.items()]
    parts += ["\n".join(answers), "## Scores", _tabulate(reading), f"Means over seeds; {BASIS}."]
    grave = [one for one in reading.findings if one.severity in ("error", "warning")]
    if present := [one for one in grave if is_about_main(one, record.main)]:
        listed = [f"- {one.severity}: {one.code}: {markdown_text(one.summary)}" for one in present]
        parts += ["## Findings", "\n".join(listed)]
    rows = ", ".join(f"{markdown_text(name)} {split.rows:,}" for name, split in record.splits.items())
    versions: Mapping[str, Any] = record.environment.get("packages") or {}
    made = f"brittlestar {versions.get('brittlestar', '')}".strip()
    parts += ["## How it was measured", f"Rows: {rows}. Seeds: {len(record.seeds)}. Measured with {made}."]
    return parts


def _tabulate(reading: Reading) -> str:
    record = reading.record
    metrics = [unit_of(metric) for metric in record.metrics]
    head = ["split", "rows", *(f"{one.name} ({one.unit})" if one.unit else one.name for one in metrics)]
    rows: list[list[str]] = []
    for split in _list_splits(reading):
        cells = [split, f"{record.splits[split].rows:,}"]
        for metric, unit in zip(record.metrics, metrics, strict=True):
            entry = reading.entry(record.main, split, metric)
            cells.append(f"{unit.number(entry['mean'])} {unit.interval(entry['interval'])}".strip())
        rows.append(cells)
    return markdown_table(head, rows)
