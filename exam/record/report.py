"""What a reported configuration is, and how its text is made."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["match", "misstated", "omitted-default", "omitted", "without-effect", "ambiguous"]
ALARMS = frozenset({"misstated", "omitted", "without-effect", "ambiguous"})
"""Kinds that tell a reader that something is wrong with a report."""

RECURRENT = {
    "hidden size": "48",
    "layers": "3",
    "dropout": "0.3",
    "epochs": "4",
    "batch size": "32",
    "learning rate": "3e-3",
    "weight decay": "1e-4",
    "seeds": "0, 1, 2",
}
"""A complete and correct report of the recurrent study, with names of papers."""
ATTENTION = {
    "family": "transformer",
    "hidden size": "32",
    "layers": "1",
    "heads": "2",
    "pooling": "max",
    "epochs": "4",
    "batch size": "40",
    "optimizer": "SGD",
    "learning rate": "0.05",
    "momentum": "0.9",
    "schedule": "cosine",
    "warmup epochs": "1",
    "label smoothing": "0.1",
    "gradient clipping": "0.5",
    "seeds": "0, 1",
}
"""The same of the study with attention."""
PLAIN = {
    "training examples": "1000",
    "family": "GRU",
    "hidden size": "16",
    "layers": "1",
    "epochs": "6",
    "patience": "2",
    "seeds": "4, 5",
}
"""The same of the plain study."""


@dataclass(frozen=True)
class Report:
    """The `text` of a report of a study, as a file with this `suffix`.

    `expected` has the kind of every field that the case is about, by its setting's path, or by its name in the report
    where no setting can be meant. No other field may be of a kind that is an alarm.
    """

    name: str
    study: str
    suffix: Literal[".yaml", ".md", ".csv", ".json", ".toml", ".tex", ".txt"]
    text: str
    expected: Mapping[str, Kind]


def stated(
    whole: Mapping[str, str],
    changed: Mapping[str, str] | None = None,
    renamed: Mapping[str, str] | None = None,
    without: Sequence[str] = (),
) -> dict[str, str]:
    """Lines of a report with other values, names or lines added, and without some."""
    assert set(without) <= set(whole) and set(renamed or {}) <= set(whole)
    lines = {(renamed or {}).get(name, name): value for name, value in whole.items() if name not in without}
    return {**lines, **(changed or {})}


def as_yaml(lines: Mapping[str, str]) -> str:
    """A flat mapping; values are plain text, as people write them."""
    return "".join(f"{name}: {value}\n" for name, value in lines.items())


def as_markdown(lines: Mapping[str, str], name: str = "Hyperparameter", value: str = "Value") -> str:
    """A table of two columns with these headings, below a sentence."""
    rows = "".join(f"| {left} | {right} |\n" for left, right in lines.items())
    return f"All models were trained with these settings.\n\n| {name} | {value} |\n| --- | --- |\n{rows}"


def as_csv(lines: Mapping[str, str], name: str = "parameter", value: str = "value") -> str:
    """The same as CSV."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([(name, value), *lines.items()])
    return written.getvalue()


def matching(*paths: str) -> dict[str, Kind]:
    """These fields are stated as they were."""
    return dict.fromkeys(paths, "match")
