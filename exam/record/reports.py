"""All reported configurations, and the studies that they are reports of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from brittlestar import generate, run
from exam.record.report import Report
from exam.record.reported_idle import AMBIGUOUS, IDLE
from exam.record.reported_missing import DEFAULT, OMITTED
from exam.record.reported_right import RIGHT
from exam.record.reported_wrong import WRONG

REPORTS: tuple[Report, ...] = (*RIGHT, *WRONG, *OMITTED, *DEFAULT, *IDLE, *AMBIGUOUS)
"""Correct ones, and those with a value, an omission or a field that is not as it should be."""

STUDIES = {
    "recurrent": """name: recurrent
data: {path: data}
model: {family: lstm, hidden: 48, layers: 3, dropout: {encoder: 0.3, head: 0.3}}
training: {epochs: 4, batch_size: 32, learning_rate: 3e-3, weight_decay: 1e-4}
seeds: 3
probes: {suite: none}
""",
    "attention": """name: attention
data: {path: data}
model: {family: transformer, hidden: 32, heads: 2, layers: 1, pooling: max}
training:
  epochs: 4
  batch_size: 40
  optimiser: sgd
  learning_rate: 0.05
  momentum: 0.9
  label_smoothing: 0.1
  clip: 0.5
  schedule: {kind: cosine, warmup: 1}
seeds: 2
probes: {suite: none}
""",
    "plain": """name: plain
data: {path: data, train_rows: 1000}
model: {family: gru, hidden: 16, layers: 1}
training: {epochs: 6, early_stopping: {patience: 2}}
seeds: [4, 5]
probes: {suite: none}
""",
}
"""1,200 rows: 38 steps an epoch of the first, 30 of the second; the third reads 1,000 of them."""
UNSTATED = ("name", "data.path", "data.splits", "data.columns", "variants", "claims", "probes", "report", "execution")
"""Settings that a report of hyperparameters leaves out, whoever set them."""


def build_studies(place: Path) -> dict[str, Path]:
    """The folder of every study, trained in a new folder."""
    place.mkdir(parents=True)
    generate(place / "data", sizes="1200/100/100", seed=3)
    return train_studies(place, STUDIES)


def train_studies(place: Path, studies: Mapping[str, str]) -> dict[str, Path]:
    """The folder of every study, trained beside the data that it reads."""
    found: dict[str, Path] = {}
    for name, text in studies.items():
        (place / f"{name}.yaml").write_text(text, encoding="utf-8")
        found[name] = place / f"{name}.study"
        run(place / f"{name}.yaml", out=found[name], jobs=2, progress=False)
    return found
