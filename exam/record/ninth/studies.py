"""Studies that reports of the ninth set are of."""

from __future__ import annotations

from pathlib import Path

from exam.record.ninth.sources import QUARRY, SORTER, write_songs, write_tunes
from exam.record.reports import train_studies

STUDIES = {
    "finch": """name: finch
data: {path: songs}
model:
  family: lstm
  hidden: 44
  layers: 3
  bidirectional: true
  pooling: last
  embedding: {dim: 18, mode: frozen-random, scale: 0.3}
  dropout: {embedding: 0.05, encoder: 0.15, head: 0.45}
training:
  epochs: 5
  batch_size: 40
  learning_rate: 6e-3
  weight_decay: 3e-5
  label_smoothing: 0.03
  clip: 0.5
  schedule: {kind: cosine, warmup: 0.8}
  early_stopping: {patience: 3}
seeds: [5, 6, 7]
probes: {suite: none}
""",
    "delta": """name: delta
data: {path: songs}
model:
  family: transformer
  hidden: 30
  heads: 3
  layers: 4
  positions: false
  pooling: max
  initial_scale: 0.8
  dropout: {encoder: 0.1, head: 0.0}
training:
  epochs: 4
  batch_size: 25
  optimiser: sgd
  learning_rate: 0.08
  momentum: 0.85
  schedule: {kind: step, every: 2, gamma: 0.25}
  class_weights: {trill: 1.5, call: 4}
  clip: null
  selection: {metric: balanced_accuracy}
seeds: 4
probes: {suite: none}
""",
    "chant": """name: chant
data:
  path: tunes
  tokens: "regex:[a-g][1248]"
  factors: "(?P<pitch>[a-g])(?P<length>[1248])"
  train_rows: 480
model:
  family: gru
  hidden: 26
  layers: 1
  embedding: {dim: 14, composition: factor-sum}
  dropout: {head: 0.1}
training:
  epochs: 6
  batch_size: 32
  optimiser: adamw
  learning_rate: 2.5e-3
  weight_decay: 0.02
  schedule: {warmup: 1}
  early_stopping: {metric: accuracy, patience: 2}
  selection: {metric: accuracy}
streams: {order: fixed}
seeds: [42, 43, 44]
probes: {suite: none}
""",
    "quarry": """name: quarry
data: {path: songs}
model:
  own: "quarry:build"
  params: {channels: 22, kernels: [3, 5], drop: 0.35, activation: gelu}
training:
  epochs: 4
  batch_size: 24
  learning_rate: 1.5e-3
  label_smoothing: 0.1
  class_weights: balanced
  clip: 2.5
  selection: {split: train}
seeds: 2
probes: {suite: none}
""",
    "sorter": """name: sorter
data: {path: songs, spelling: characters, train_without: leaks}
model:
  own: "sorter:fit"
  params: {ngram: 2, rate: 0.4, steps: 90, ridge: 0.003}
seeds: [1, 2, 3]
probes: {suite: none}
""",
}
"""600 rows: 15, 24 and 25 steps an epoch of the first, second and fourth; the third reads 480, in 15 steps."""


def build_studies(place: Path) -> dict[str, Path]:
    """The folder of every study, trained in a new folder."""
    place.mkdir(parents=True)
    write_songs(place / "songs")
    write_tunes(place / "tunes")
    (place / "quarry.py").write_text(QUARRY, encoding="utf-8")
    (place / "sorter.py").write_text(SORTER, encoding="utf-8")
    return train_studies(place, STUDIES)
