"""Reports of the fifth set in which a value is not the one that was used."""

from __future__ import annotations

from collections.abc import Mapping

from exam.record.fifth.studies import BROOK, CANAL, FORD, MARSH
from exam.record.report import Kind, Report, as_csv, as_markdown, as_yaml, matching, stated


def _wrong(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    return {**dict.fromkeys(paths, "misstated"), **matching(*right)}


PERCENT = """parameter,value,unit
architecture,GRU,
hidden size,24,
layers,1,
bidirectional,yes,
pooling,max,
embedding size,20,
embedding dropout,15,%
classifier dropout,3.5,%
epochs,4,
batch size,32,
optimizer,Adam,
learning rate,0.005,
gradient clipping,5.0,
early stopping metric,accuracy,
early stopping patience,2,epochs
selection metric,accuracy,
seeds,"21, 22, 23",
"""
TRAINER = """model_type: transformer
hidden_size: 32
num_hidden_layers: 3
num_attention_heads: 8
dropout: 0.1
classifier_dropout: 0.1
per_device_train_batch_size: 16
num_train_epochs: 4
optim: adamw_torch
learning_rate: 3e-4
weight_decay: 0.01
lr_scheduler_type: cosine
warmup_ratio: 0.06
label_smoothing_factor: 0.1
seed: [42, 43]
"""
TORCH = """model: {own: "delta:build", params: {channels: 24, kernel_size: 5, dropout: 0.3}}
optimizer:
  name: torch.optim.SGD
  lr: 0.1
  momentum: 0.9
  nesterov: true
  weight_decay: 1.0e-4
lr_scheduler: {name: StepLR, step_size: 1, gamma: 0.5}
training: {epochs: 3, batch_size: 40, class_weights: balanced, clip: null}
seeds: [0, 1]
"""
PARAGRAPH = """## Training details

The model `delta:build` has channels = 24, kernel_size = 5 and dropout = 0.3. It is trained for 3 epochs with SGD
(learning rate 0.1, momentum 0.9, weight decay 1e-4) and a batch size of 40. The learning rate follows a step schedule:
it is multiplied by 0.1 after every epoch. Class weights are balanced, and we use no gradient clipping. We used the
seeds 0 and 1.
"""

WRONG = (
    Report(
        "ten times less",
        "brook",
        ".md",
        as_markdown(stated(BROOK, {"learning rate": "$5 \\times 10^{-4}$"}), "Setting", "Value"),
        _wrong("training.learning_rate", right=("training.batch_size", "training.clip")),
    ),
    Report(
        "per cent with a point too many",
        "brook",
        ".csv",
        PERCENT,
        _wrong("model.dropout.head", right=("model.dropout.embedding",)),
    ),
    Report(
        "five runs of three",
        "brook",
        ".yaml",
        as_yaml(stated(BROOK, {"number of seeds": "5"}, without=("seeds",))),
        _wrong("seeds", right=("training.epochs", "training.learning_rate")),
    ),
    Report(
        "another share of warm-up",
        "canal",
        ".yaml",
        TRAINER,
        _wrong("training.schedule.warmup", right=("training.schedule.kind", "training.label_smoothing")),
    ),
    Report(
        "the usual optimiser, and the usual decay",
        "canal",
        ".md",
        as_markdown(stated(CANAL, {"optimizer": "Adam", "weight decay": "0.1"})),
        _wrong("training.optimiser", "training.weight_decay", right=("training.learning_rate", "model.heads")),
    ),
    Report(
        "Nesterov where there was none",
        "delta",
        ".yaml",
        TORCH,
        _wrong("library.SGD.nesterov", right=("training.momentum", "training.optimiser")),
    ),
    Report(
        "a paragraph with another decay",
        "delta",
        ".md",
        PARAGRAPH,
        _wrong("training.schedule.gamma", right=("training.learning_rate", "training.momentum", "training.epochs")),
    ),
    Report(
        "ten times the trees, and another depth",
        "ford",
        ".csv",
        as_csv(stated(FORD, {"n_estimators": "400", "max_depth": "None"})),
        _wrong(
            "model.params.n_estimators",
            "model.params.max_depth",
            right=("model.params.criterion", "model.params.max_features"),
        ),
    ),
    Report(
        "both directions of one",
        "marsh",
        ".md",
        as_markdown(stated(MARSH, {"architecture": "BiLSTM", "training examples": "640"}), "Parameter", "Value"),
        _wrong("model.bidirectional", "data.train_rows", right=("model.family", "model.hidden")),
    ),
)
