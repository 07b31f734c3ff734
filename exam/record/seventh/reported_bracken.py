"""Reports of the study of an own network, which a factory builds."""

from __future__ import annotations

from exam.record.report import Report
from exam.record.seventh.answers import BRACKEN, but

TARGET = """model:
  _target_: bracken.build
  embed_dim: 18
  hidden_dim: 30
  depth: 2
  word_dropout: 0.2
optimizer:
  _target_: torch.optim.Adam
  lr: 0.003
trainer:
  max_epochs: 3
  gradient_clip_val: 0.5
data:
  batch_size: 64
selection_metric: macro_f1
seeds: [0, 1, 2]
"""
NAMES = """**Table 2**: Hyperparameters of our model (`bracken:build`)

| Hyperparameter | Value |
| --- | --- |
| Model | `bracken:build` |
| Embed dim | 18 |
| Hidden dim | 30 |
| Depth | 2 |
| Word dropout | 20% |
| Optimizer | Adam |
| Learning rate | $3 \\cdot 10^{-3}$ |
| Batch size | 64 |
| Epochs | 3 |
| Max grad norm | 0.5 |
| Selection metric | macro-F1 |
| Seeds | 0, 1, 2 |
"""
ARGUMENTS = """{
  "model": "bracken:build",
  "embed_dim": 18,
  "hidden_dim": 30,
  "depth": 2,
  "word_dropout": 0.2,
  "optimizer": "adam",
  "lr": 3e-3,
  "batch_size": 64,
  "num_epochs": 3,
  "max_grad_norm": 0.5,
  "metric_for_best_model": "macro_f1",
  "seeds": "0-2"
}
"""
PARAGRAPH = """We train our own network (`bracken:build`) with `embed_dim` = 18, `hidden_dim` = 30, `depth` = 2 and
`word_dropout` = 0.2. We use Adam with a learning rate of 0.003, a batch size of 64 and gradient clipping at a norm of
0.5. Each model is trained for 3 epochs, and the epoch with the best macro F1 on dev is selected. We use the seeds 0, 1
and 2.
"""
DEEPER = """seeds = [0, 1, 2]

[model]
own = "bracken:build"

[model.params]
embed_dim = 18
hidden_dim = 30
depth = 3
word_dropout = 0.2

[training]
epochs = 3
batch_size = 64
optimiser = "adam"
learning_rate = 0.003
clip = 0.5
selection = {metric = "macro_f1"}
"""
CHOSEN = """parameter,value
model.own,bracken:build
embed_dim,18
hidden_dim,30
depth,2
word_dropout,0.2
optimizer,Adam
learning_rate,0.003
batch_size,64
epochs,3
gradient_clipping,0.5
selection_metric,accuracy
seeds,"0, 1, 2"
"""
KEPT = """| Argument | Value |
| --- | --- |
| `--model` | `bracken:build` |
| `--embed-dim` | 18 |
| `--hidden-dim` | 30 |
| `--depth` | 2 |
| `--optimizer` | adam |
| `--lr` | 0.003 |
| `--batch-size` | 64 |
| `--epochs` | 3 |
| `--clip-grad-norm` | 0.5 |
| `--selection-metric` | macro_f1 |
| `--seeds` | 0 1 2 |
"""
SILENT = """{
  "model": {
    "own": "bracken:build",
    "params": {"embed_dim": 18, "hidden_dim": 30, "depth": 2, "word_dropout": 0.2}
  },
  "training": {
    "epochs": 3,
    "learning_rate": 0.003,
    "clip": 0.5,
    "selection": {"metric": "macro_f1"}
  },
  "seeds": [0, 1, 2]
}
"""
LEFT_OVER = """model.own: bracken:build
model.params.embed_dim: 18
model.params.hidden_dim: 30
model.params.depth: 2
model.params.word_dropout: 0.2
bidirectional: true
num_heads: 4
training.epochs: 3
training.batch_size: 64
training.learning_rate: 3.0e-3
training.clip: 0.5
training.selection.metric: macro_f1
seeds: [0, 1, 2]
"""
LETTER = """| Parameter | Setting |
| --- | --- |
| Model | bracken:build |
| embed_dim | 18 |
| hidden_dim | 30 |
| depth | 2 |
| word_dropout | 0.2 |
| k | 5 |
| Optimizer | Adam |
| Learning rate | 0.003 |
| Batch size | 64 |
| Epochs | 3 |
| Gradient clipping | 0.5 |
| Selection metric | macro F1 |
| Seeds | 0–2 |
"""

BRACKEN_REPORTS = (
    Report(
        "targets of a factory and an optimiser",
        "bracken",
        ".yaml",
        TARGET,
        but(BRACKEN, matched=("training.optimiser", "training.batch_size")),
    ),
    Report(
        "names of parameters as words",
        "bracken",
        ".md",
        NAMES,
        but(BRACKEN, matched=("training.optimiser", "training.batch_size")),
    ),
    Report(
        "arguments of a script",
        "bracken",
        ".json",
        ARGUMENTS,
        but(BRACKEN, matched=("training.optimiser", "training.batch_size")),
    ),
    Report(
        "names of parameters in sentences",
        "bracken",
        ".md",
        PARAGRAPH,
        but(BRACKEN, matched=("training.optimiser", "training.batch_size")),
    ),
    Report(
        "a layer too many",
        "bracken",
        ".toml",
        DEEPER,
        but(BRACKEN, misstated=("model.params.depth",), matched=("training.batch_size",)),
    ),
    Report(
        "chosen by another metric",
        "bracken",
        ".csv",
        CHOSEN,
        but(BRACKEN, misstated=("training.selection.metric",), matched=("training.batch_size",)),
    ),
    Report("no word of dropped words", "bracken", ".md", KEPT, but(BRACKEN, omitted=("model.params.word_dropout",))),
    Report(
        "batches as they are by default",
        "bracken",
        ".json",
        SILENT,
        but(BRACKEN, default=("training.batch_size", "training.optimiser", "training.weight_decay")),
    ),
    Report(
        "left over from another model",
        "bracken",
        ".yaml",
        LEFT_OVER,
        but(BRACKEN, idle=("model.bidirectional", "model.heads"), matched=("training.batch_size",)),
    ),
    Report("a letter of something", "bracken", ".md", LETTER, but(BRACKEN, ambiguous=("k",))),
)
