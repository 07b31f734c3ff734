"""Reports of the fifth set that leave something out: what somebody set, or what nobody chose."""

from __future__ import annotations

from collections.abc import Mapping

from exam.record.fifth.studies import BROOK, CANAL, DELTA, FORD, MARSH
from exam.record.report import Kind, Report, as_csv, as_markdown, as_yaml, matching, stated


def _omitted(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    return {**dict.fromkeys(paths, "omitted"), **matching(*right)}


def _default(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    return {**dict.fromkeys(paths, "omitted-default"), **matching(*right)}


KERAS = """model:
  architecture: GRU
  bidirectional: true
  units: 24
  num_layers: 1
  embedding_dim: 20
  pooling: max
  embedding_dropout: 0.15
  classifier_dropout: 0.35
compile: {optimizer: Adam, learning_rate: 0.005, global_clipnorm: 5.0}
fit: {epochs: 4, batch_size: 32}
callbacks:
  ModelCheckpoint: {monitor: val_accuracy}
seeds: [21, 22, 23]
"""
LIGHTNING = """trainer: {max_epochs: 4, gradient_clip_val: 1.0, accelerator: cpu}
model: {name: transformer, hidden_dim: 32, num_layers: 3, num_heads: 8, dropout: 0.1}
data: {batch_size: 16}
optimizer: {name: AdamW, lr: 3.0e-4, weight_decay: 1.0e-2}
lr_scheduler: {name: cosine}
seed_everything: [42, 43]
"""
WITHOUT_ROWS = """We train an LSTM with 2 layers and a hidden size of 40, and classify from its last hidden state
(pooling: last). Dropout is 0.4. We use Adam with a learning rate of 2e-3, weight decay of 1e-5 and a batch size of 24,
and train for 3 epochs. Scores are means over the seeds 1, 2 and 3.
"""
WITHOUT_DEFAULTS = """## Setup

We train an LSTM with a hidden size of 40 on 480 training examples, with last-state pooling and dropout of 0.4. We train
for 3 epochs with a learning rate of 0.002, a weight decay of 0.00001 and a batch size of 24. Seeds: 1, 2 and 3.
"""

OMITTED = (
    Report(
        "no norm of gradients",
        "brook",
        ".md",
        as_markdown(stated(BROOK, without=("gradient clipping",))),
        _omitted("training.clip", right=("training.learning_rate", "training.early_stopping.patience")),
    ),
    Report(
        "one callback of two",
        "brook",
        ".yaml",
        KERAS,
        _omitted(
            "training.early_stopping.metric",
            "training.early_stopping.patience",
            right=("training.selection.metric", "training.clip", "training.epochs"),
        ),
    ),
    Report(
        "no smoothing and no warm-up",
        "canal",
        ".yaml",
        LIGHTNING,
        _omitted(
            "training.label_smoothing",
            "training.schedule.warmup",
            right=("training.schedule.kind", "training.weight_decay", "training.clip"),
        ),
    ),
    Report(
        "no word of unequal classes",
        "delta",
        ".csv",
        as_csv(stated(DELTA, without=("class weights",)), "Hyperparameter", "Value"),
        _omitted("training.class_weights", right=("training.momentum", "training.clip")),
    ),
    Report(
        "two parameters of five",
        "ford",
        ".yaml",
        as_yaml(stated(FORD, without=("criterion", "min_samples_leaf", "max_features"))),
        _omitted(
            "model.params.criterion",
            "model.params.min_samples_leaf",
            "model.params.max_features",
            right=("model.params.n_estimators", "model.params.max_depth"),
        ),
    ),
    Report(
        "nothing of seeds and pooling",
        "marsh",
        ".md",
        as_markdown(stated(MARSH, without=("seeds", "pooling")), "Setting", "Value"),
        _omitted("seeds", "model.pooling", right=("data.train_rows", "training.epochs")),
    ),
    Report(
        "a paragraph without a number of rows",
        "marsh",
        ".md",
        WITHOUT_ROWS,
        _omitted("data.train_rows", right=("model.layers", "model.hidden", "training.batch_size", "seeds")),
    ),
)

DEFAULT = (
    Report(
        "no schedule, no smoothing",
        "brook",
        ".yaml",
        as_yaml(stated(BROOK, {"weight decay": "0"})),
        _default(
            "training.schedule.kind",
            "training.label_smoothing",
            "training.class_weights",
            right=("training.weight_decay", "training.optimiser"),
        ),
    ),
    Report(
        "nothing of pooling and norms",
        "canal",
        ".md",
        as_markdown(CANAL, "Parameter", "Setting"),
        _default("model.pooling", "model.embedding.dim", "training.clip", "library.Adam.betas", right=("model.heads",)),
    ),
    Report(
        "nothing of the choice of epochs",
        "delta",
        ".csv",
        as_csv(stated(DELTA, {"nesterov": "False"})),
        _default(
            "training.selection.metric",
            "training.label_smoothing",
            "library.SGD.dampening",
            right=("library.SGD.nesterov",),
        ),
    ),
    Report(
        "nothing of tokens and rows",
        "ford",
        ".yaml",
        as_yaml(stated(FORD, {"random_state": "[0, 1, 2, 3]"}, without=("seeds",))),
        _default("data.tokens", "data.train_rows", "data.order", right=("model.params.n_estimators", "seeds")),
    ),
    Report(
        "a paragraph without an optimiser",
        "marsh",
        ".md",
        WITHOUT_DEFAULTS,
        _default(
            "training.optimiser",
            "model.layers",
            "training.clip",
            right=("model.hidden", "training.learning_rate", "data.train_rows"),
        ),
    ),
    Report(
        "layers and direction alone of the defaults",
        "marsh",
        ".csv",
        as_csv(stated(MARSH, {"layers": "2", "bidirectional": "no"}), "name", "value"),
        _default(
            "training.optimiser",
            "model.embedding.dim",
            "training.precision",
            right=("model.layers", "model.bidirectional"),
        ),
    ),
)
