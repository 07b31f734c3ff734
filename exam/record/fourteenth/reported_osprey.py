"""Correct reports of the study of a recurrent network: every field is a match."""

from __future__ import annotations

from exam.record.fourteenth.stating import OSPREY_FIELDS
from exam.record.report import Report, matching

SYMBOLS = r"""\begin{table}[h]
\centering
\small
\begin{tabular}{llr}
\toprule
\textbf{Hyperparameter} & \textbf{Symbol} & \textbf{Value} \\
\midrule
\multicolumn{3}{l}{\emph{Architecture}} \\
Encoder & & BiLSTM \\
Number of layers & $L$ & 2 \\
Hidden units (per direction) & $d_h$ & 36 \\
Embedding dimension & $d_e$ & 24 \\
Sentence representation (pooling) & & last state \\
Dropout & $p$ & 0.30 \\
\midrule
\multicolumn{3}{l}{\emph{Optimization}} \\
Optimizer & & Adam \\
Peak learning rate & $\eta$ & $4\times10^{-3}$ \\
Learning rate schedule & & cosine \\
Warm-up (epochs) & & 1 \\
Weight decay & $\lambda$ & $10^{-5}$ \\
Batch size & $B$ & 40 \\
Label smoothing & $\varepsilon$ & 5\,\% \\
Gradient clipping (norm) & & 5.0 \\
Maximum number of epochs & $T$ & 5 \\
Early stopping patience & & 3 \\
Early stopping metric & & macro-$F_1$ \\
Selection metric & & macro-$F_1$ \\
Random seeds & & 1, 2, 3 \\
\bottomrule
\end{tabular}
\caption{Hyperparameters. $L$ counts both directions as one layer.}
\end{table}
"""
TRACKED = """wandb_version: 1

_wandb:
  desc: null
  value:
    cli_version: 0.16.6
    framework: torch
    is_jupyter_run: false
    python_version: 3.11.7
arch:
  desc: null
  value: lstm
hidden_size:
  desc: units per direction
  value: 36
num_layers:
  desc: null
  value: 2
bidirectional:
  desc: null
  value: true
pooling:
  desc: null
  value: last
emb_dim:
  desc: null
  value: 24
dropout:
  desc: null
  value: 0.3
max_epochs:
  desc: null
  value: 5
batch_size:
  desc: null
  value: 40
optimizer:
  desc: null
  value: adam
lr:
  desc: null
  value: 0.004
wd:
  desc: null
  value: 1.0e-05
label_smoothing:
  desc: null
  value: 0.05
grad_clip:
  desc: null
  value: 5
lr_schedule:
  desc: null
  value: cosine
warmup_epochs:
  desc: null
  value: 1
patience:
  desc: null
  value: 3
early_stopping_metric:
  desc: null
  value: macro_f1
selection_metric:
  desc: null
  value: macro_f1
seeds:
  desc: null
  value:
  - 1
  - 2
  - 3
"""
SENTENCES = """## 3.2 Training details

Our classifier is a bidirectional LSTM with 2 layers and a hidden size of 36 per direction, over embeddings of dimension
24; the last states of both directions are concatenated (pooling: last). We use a dropout rate of 0.3.

The model is trained with Adam at a peak learning rate of 4 × 10⁻³, a weight decay of 10⁻⁵ and a batch size of 40, for
at most 5 epochs. The learning rate warms up linearly (warm-up of 1 epoch) and then follows a cosine schedule. We
apply label smoothing of 0.05 and clip gradients to a norm of 5.0. Training stops early with a patience of 3 epochs;
both the early stopping metric and the selection metric are macro-F1 on the development set. In a pilot we also tried
learning rates of 1e-3 and 1e-2, which did worse. We report means over the seeds 1, 2 and 3.
"""
COMMAND_LINE = """seed_everything: [1, 2, 3]
trainer:
  accelerator: cpu
  precision: 32-true
  max_epochs: 5
  gradient_clip_val: 5.0
  gradient_clip_algorithm: norm
  callbacks:
  - class_path: lightning.pytorch.callbacks.EarlyStopping
    init_args:
      monitor: val_macro_f1
      mode: max
      patience: 3
  - class_path: lightning.pytorch.callbacks.ModelCheckpoint
    init_args:
      monitor: val_macro_f1
      mode: max
model:
  class_path: tagger.models.LSTMClassifier
  init_args:
    embedding_dim: 24
    hidden_size: 36
    num_layers: 2
    bidirectional: true
    pooling: last
    dropout: 0.3
    label_smoothing: 0.05
    lr_scheduler: cosine
    warmup_epochs: 1
optimizer:
  class_path: torch.optim.Adam
  init_args:
    lr: 0.004
    weight_decay: 1.0e-05
data:
  class_path: tagger.data.SyllableData
  init_args:
    batch_size: 40
"""
LOG = """2024-11-05 14:02:31,870 INFO  tagger.train: host node07, commit 5d1c9e2
2024-11-05 14:02:31,871 INFO  tagger.train: Namespace(arch='lstm', hidden_size=36, num_layers=2, bidirectional=True, \
pooling='last', embedding_dim=24, dropout=0.3, epochs=5, batch_size=40, optimizer='adam', lr=0.004, \
weight_decay=1e-05, label_smoothing=0.05, max_grad_norm=5.0, lr_scheduler='cosine', warmup_steps=40, patience=3, \
early_stopping_metric='macro_f1', selection_metric='macro_f1', seeds=[1, 2, 3], output_dir='runs/osprey')
2024-11-05 14:02:40,112 INFO  tagger.train: done
"""

OSPREY_RIGHT = (
    Report("symbols beside names", "osprey", ".tex", SYMBOLS, OSPREY_FIELDS),
    Report(
        "values below descriptions",
        "osprey",
        ".yaml",
        TRACKED,
        OSPREY_FIELDS,
    ),
    Report("training details in sentences", "osprey", ".md", SENTENCES, OSPREY_FIELDS),
    Report(
        "class paths and their arguments",
        "osprey",
        ".yaml",
        COMMAND_LINE,
        {**OSPREY_FIELDS, **matching("training.precision", "training.device")},
    ),
    Report("namespace in a log", "osprey", ".txt", LOG, OSPREY_FIELDS),
)
