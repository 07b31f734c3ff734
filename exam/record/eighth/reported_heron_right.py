"""Reports of the recurrent study that state all of it, as it was but for one constant of a framework."""

from __future__ import annotations

from exam.record.eighth.fields import HERON, misstated
from exam.record.report import Report, matching

TWO_TABLES = """# Appendix B: reproducibility

**Table 5.** Architecture of the classifier.

| Component | Setting |
|---|---|
| Encoder | LSTM |
| Hidden units | 24 |
| Number of layers | 1 |
| Pooling | last state |
| Embedding dimension | 12 |
| Embeddings | random, frozen |
| Embedding dropout | 5% |
| Dropout before the output layer | 30% |

**Table 6.** Training. The same settings were used in all experiments.

| Hyperparameter | Value |
|---|---|
| Optimizer | Adam |
| Learning rate | 4e-3 |
| Weight decay (L2) | 1e-4 |
| Batch size | 25 |
| Maximum number of epochs | 4 |
| Class weights | balanced |
| Early stopping metric | macro-F1 on dev |
| Early stopping patience | 3 epochs |
| Checkpoint selection metric | macro-F1 on dev |
| Random seeds | 0, 1, 2 |
"""
LIGHTNING = """# configs/heron.yaml
model:
  encoder: LSTM
  hidden_size: 24
  num_layers: 1
  bidirectional: false
  pooling: last
  embedding:
    embedding_dim: 12
    freeze: true
    dropout: 0.05
  classifier:
    dropout: 0.30
data:
  batch_size: 25
optimizer:
  name: Adam
  lr: 0.004
  weight_decay: 0.0001
  betas: [0.9, 0.999]
trainer:
  max_epochs: 4
  gradient_clip_val: 1.0
  precision: 32
  accelerator: cpu
callbacks:
  early_stopping:
    monitor: val_macro_f1
    patience: 3
    mode: max
  model_checkpoint:
    monitor: val_macro_f1
    mode: max
class_weights: balanced
seed: [0, 1, 2]
"""
TRACKER = """wandb_version: 1

_wandb:
  desc: null
  value:
    cli_version: 0.17.4
    framework: torch
    python_version: 3.11.7
batch_size:
  desc: null
  value: 25
class_weights:
  desc: null
  value: balanced
classifier_dropout:
  desc: null
  value: 0.3
early_stopping_metric:
  desc: null
  value: macro_f1
early_stopping_patience:
  desc: null
  value: 3
embedding_dim:
  desc: null
  value: 12
embedding_dropout:
  desc: null
  value: 0.05
epochs:
  desc: null
  value: 4
freeze_embeddings:
  desc: null
  value: true
hidden_dim:
  desc: null
  value: 24
lr:
  desc: null
  value: 0.004
model_type:
  desc: null
  value: lstm
num_layers:
  desc: null
  value: 1
optimizer:
  desc: null
  value: adam
pooling:
  desc: null
  value: last
seeds:
  desc: null
  value:
  - 0
  - 1
  - 2
selection_metric:
  desc: null
  value: macro_f1
wd:
  desc: null
  value: 0.0001
"""
PARAGRAPH = """Model. Our classifier is a single-layer LSTM with 24 hidden units. Tokens are mapped to
12-dimensional embeddings, which are drawn at random and kept frozen. We apply embedding dropout of 0.05 and
dropout of 0.3 before the output layer, which reads the last hidden state.

Training. We minimise cross-entropy with balanced class weights, using Adam with a learning rate of 4e-3, a weight
decay of 1e-4 and a batch size of 25 for at most 4 epochs. Training stops early when macro-F1 on the development set
has not improved for 3 epochs (patience), and we keep the checkpoint with the best macro-F1 on the development set.
All results are means over three random seeds (0, 1 and 2).
"""
KERAS = """{
  "model": {
    "type": "LSTM",
    "units": 24,
    "num_layers": 1,
    "pooling": "last",
    "embedding_dim": 12,
    "embedding_trainable": false,
    "embedding_dropout": 0.05,
    "classifier_dropout": 0.3
  },
  "compile": {
    "optimizer": {
      "class_name": "Adam",
      "config": {
        "learning_rate": 0.004,
        "beta_1": 0.9,
        "beta_2": 0.999,
        "epsilon": 1e-07,
        "weight_decay": 0.0001,
        "amsgrad": false
      }
    }
  },
  "fit": {"epochs": 4, "batch_size": 25, "class_weight": "balanced"},
  "callbacks": {
    "EarlyStopping": {"monitor": "val_macro_f1", "patience": 3},
    "ModelCheckpoint": {"monitor": "val_macro_f1"}
  },
  "seeds": [0, 1, 2]
}
"""

HERON_RIGHT = (
    Report("two tables of an appendix", "heron", ".md", TWO_TABLES, HERON),
    Report(
        "sections of a trainer",
        "heron",
        ".yaml",
        LIGHTNING,
        {
            **HERON,
            **matching("model.bidirectional", "training.clip", "training.precision", "library.Adam.betas"),
        },
    ),
    Report("values below keys of a tracker", "heron", ".yaml", TRACKER, HERON),
    Report(
        "two paragraphs",
        "heron",
        ".txt",
        PARAGRAPH,
        HERON,
    ),
    Report(
        "epsilon of another framework",
        "heron",
        ".json",
        KERAS,
        {**HERON, **matching("library.Adam.betas", "library.Adam.amsgrad"), **misstated("library.Adam.eps")},
    ),
)
