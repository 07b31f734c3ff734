"""Correct reports of the study of a mean of vectors."""

from __future__ import annotations

from exam.record.eighth.fields import WREN
from exam.record.report import Report, matching

NESTED = """data:
  tokens: characters
  order: permuted
  train_rows: 480
model:
  family: mean
  embedding_dim: 24
  dropout:
    head: 0.35
training:
  epochs: 3
  batch_size: 16
  optimizer: SGD
  lr: 0.25
  momentum: 0.9
  gradient_clipping: none
  early_stopping: none
  lr_schedule:
    kind: step
    every: 2
    gamma: 0.3
  selection:
    metric: accuracy
seeds: [1, 2]
"""
TABLE = """| Setting | Value |
| --- | --- |
| Tokenization | character level |
| Token order | permuted |
| Training examples | 480 |
| Model | mean of embeddings |
| Embedding dimension | 24 |
| Classifier dropout | 0.35 |
| Optimizer | SGD |
| Initial learning rate | 0.25 |
| Momentum | 0.9 |
| Nesterov | no |
| Weight decay | 0 |
| Learning rate schedule | step |
| Step size | 2 epochs |
| Decay factor | 0.3 |
| Gradient clipping | – |
| Batch size | 16 |
| Epochs | 3 |
| Model selection metric | accuracy (dev) |
| Seeds | 1, 2 |
"""
SECTIONS = """seeds = [1, 2]

[data]
tokenizer = "characters"
order = "permuted"
max_train_samples = 480

[model]
family = "mean"
embedding_dim = 24
classifier_dropout = 0.35

[training]
epochs = 3
batch_size = 16
selection_metric = "accuracy"
gradient_clipping = "none"

[training.optimizer]
type = "SGD"
lr = 0.25
momentum = 0.90
weight_decay = 0.0

[training.scheduler]
type = "StepLR"
step_size = 2
gamma = 0.3
"""
EXPERIMENT = """{
  "batch_size": 16,
  "data": {"order": "permuted", "tokens": "characters", "train_rows": 480},
  "dropout_head": 0.35,
  "embedding_size": 24,
  "gradient_clip_val": null,
  "lr": 0.25,
  "lr_scheduler": "StepLR",
  "max_epochs": 3,
  "model": "mean",
  "momentum": 0.9,
  "optimizer": "torch.optim.SGD",
  "seed": [1, 2],
  "selection_metric": "accuracy",
  "lr_step_size": 2,
  "lr_gamma": 0.3
}
"""
PARAGRAPH = r"""\paragraph{Training details.}
Each sequence is split into characters, whose order is permuted, and represented by the mean of their embeddings, with
an embedding dimension of 24. Classifier dropout is 0.35. We train on 480 training examples for 3 epochs, using SGD
with a momentum of 0.9, a batch size of 16 and an initial learning rate of 0.25. The learning rate follows a step
schedule: it is multiplied by 0.3 every 2 epochs. No gradient clipping is used. The checkpoint with the best accuracy on
the development set is selected. We report results for seeds 1 and 2.
"""

WREN_RIGHT = (
    Report("nested as in the study, in other words", "wren", ".yaml", NESTED, WREN),
    Report(
        "one table with a dash",
        "wren",
        ".md",
        TABLE,
        {**WREN, **matching("library.SGD.nesterov", "training.weight_decay")},
    ),
    Report(
        "sections with types of a framework",
        "wren",
        ".toml",
        SECTIONS,
        {**WREN, **matching("training.weight_decay")},
    ),
    Report(
        "sorted keys of an experiment",
        "wren",
        ".json",
        EXPERIMENT,
        WREN,
    ),
    Report(
        "a paragraph of a manuscript",
        "wren",
        ".tex",
        PARAGRAPH,
        WREN,
    ),
)
