"""A model card for Hugging Face: model-index metadata of main, and its scores with intervals and answers in words."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from brittlestar.reports.finding_groups import is_about_main
from brittlestar.reports.headline_text import QUESTIONS, score_words
from brittlestar.reports.paper.wording import name_best
from brittlestar.reports.study_view import StudyView
from brittlestar.reports.words import write_text
from brittlestar.study.in_effect import describe_held, describe_seen, list_in_effect
from brittlestar.study.units import count, unit_of

TASK = {"type": "text-classification", "name": "Sequence classification"}


def write_model_card(reading: StudyView) -> str:
    """Markdown with metadata that `huggingface_hub` reads. Values are means over seeds, as fractions (nats for log
    loss); train is left out."""
    head = {"tags": ["brittlestar", "sequence-classification"], "model-index": [_describe_model(reading)]}
    grave = [finding for finding in reading.findings if finding.severity in ("error", "warning")]
    settings = list_in_effect(reading.record, reading.record.main)
    versions: Mapping[str, Any] = reading.record.environment.get("packages") or {}
    card = write_text(
        "model_card.md.j2",
        front=yaml.safe_dump(head, sort_keys=False, allow_unicode=True),
        reading=reading,
        record=reading.record,
        headline=reading.headline,
        best=reading.headline.best_trivial,
        name_best=name_best,
        splits=_list_splits(reading),
        score_words=score_words,
        questions=QUESTIONS,
        present=[finding for finding in grave if is_about_main(finding, reading.record.main)],
        seen=describe_seen(settings),
        held=describe_held(settings),
        made=f"brittlestar {versions.get('brittlestar', '')}".strip(),
    )
    return f"{card}\n"


def _list_splits(reading: StudyView) -> list[str]:
    return [name for name in reading.record.splits if name != "train"]


def _describe_model(reading: StudyView) -> dict[str, Any]:
    record = reading.record
    results: list[dict[str, Any]] = []
    for split in _list_splits(reading):
        metrics = [_describe_metric(reading, split, metric) for metric in record.metrics]
        known = [one for one in metrics if one is not None]
        dataset = {"name": record.name, "type": _slug(record.name), "split": split}
        revision = {"revision": record.splits[split].fingerprint[:12]}
        results += [{"task": dict(TASK), "dataset": {**dataset, **revision}, "metrics": known}] if known else []
    return {"name": reading.subject.title or record.main, "results": results}


def _describe_metric(reading: StudyView, split: str, metric: str) -> dict[str, Any] | None:
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
