"""`compare RECORD REPORTED`: what a report states of a study's settings, held against what was in effect."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brittlestar.core.brief import brief_repr
from brittlestar.core.errors import InputError
from brittlestar.records.reported.classifying import classify_settings, states_nothing
from brittlestar.records.reported.effect import find_effect
from brittlestar.records.reported.fields import WORST, Field, Kind
from brittlestar.records.reported.flattening import flatten_stated
from brittlestar.records.reported.layouts import HEADINGS, states_settings
from brittlestar.records.reported.reading import READERS, read_stated
from brittlestar.records.reported.tables import find_delimiter
from brittlestar.reports.document import SCHEMA_VERSION
from brittlestar.verbs.opened_study import open_study

TABLES = (".csv", ".tsv")
"""What may hold settings or outcomes."""


@dataclass(frozen=True, repr=False)
class ReportedResult:
    """A report of settings against a study: the study, the report, every `field`, the worst first, and rows that state
    results, costs or machines and no settings (`passed`)."""

    __repr__ = brief_repr

    study: str
    reported: str
    fields: tuple[Field, ...]
    passed: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many fields there are of each kind, the worst first."""
        counted = Counter(one.kind for one in self.fields)
        return {kind: counted[kind] for kind in WORST}

    @property
    def is_right(self) -> bool:
        """Whether nothing is misstated, without effect, or left out though it was chosen."""
        return not any(self.counts[kind] for kind in ("misstated", "without-effect", "omitted"))

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the verb."""
        return {
            "schema_version": SCHEMA_VERSION,
            "study": self.study,
            "reported": self.reported,
            "counts": dict(self.counts),
            "fields": [one.as_json() for one in self.fields],
            "passed": list(self.passed),
        }


def compare_reported(study: str | Path, reported: str | Path | Mapping[str, Any]) -> ReportedResult:
    """Hold what a report states of main's settings against what was in effect.

    Args:
        study: A study's folder, or a record of it.
        reported: Settings as YAML, JSON, TOML, INI or CSV, a page with a table, a command or sentences (Markdown, HTML,
            LaTeX, text), or a mapping of names to values. Names may be those of the study file, of papers, or of
            Hugging Face, Keras, Lightning and scikit-learn.

    Returns:
        What each field is: `match`, `misstated`, `omitted` (it was chosen, and nobody says so), `omitted-default`,
        `without-effect`, or `ambiguous`.

    Raises:
        InputError: There is no such study or record, or the report cannot be read.
        StoreError: The study's folder is damaged.

    Example:
        The study is that of `run("data")`.

        >>> from brittlestar import compare_reported
        >>> found = compare_reported("data.study", {"lr": "1e-3", "batch size": 32, "optimizer": "Adam"})
        >>> [(one.name, one.kind) for one in found.fields if one.stated is not None]
        [('training.batch_size', 'misstated'), ('training.learning_rate', 'match'), ('training.optimiser', 'match')]
    """
    with open_study(study) as opened:
        effect = find_effect(opened.record, opened.declared)
    stated = tuple(
        flatten_stated(reported) if isinstance(reported, Mapping) else read_stated(Path(reported), effect.params)
    )
    if not stated:
        raise InputError("it states no setting", "REPORTED", "give names and values: {'lr': 0.001}")
    passed = tuple(one.name for one in stated if one.name and states_nothing(effect, one))
    name = "a mapping" if isinstance(reported, Mapping) else str(reported)
    return ReportedResult(str(study), name, classify_settings(effect, stated), passed)


def is_reported(path: str | Path) -> bool:
    """Whether a file states settings, by its name, or of a CSV by what stands above its columns."""
    place = Path(path)
    suffix = place.suffix.lower()
    if suffix not in READERS or not place.is_file():
        return False
    if suffix not in TABLES:
        return True
    try:
        with place.open(encoding="utf-8-sig", newline="") as handle:
            head = handle.readline()
        row = next(csv.reader([head], delimiter=find_delimiter(head, suffix)), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return False
    return bool(row) and (row[0].strip().lower() in HEADINGS or states_settings(row))
