"""Correct reports of the study of a mean of embeddings of the eleventh set."""

from __future__ import annotations

from exam.record.eleventh.fields import PETALS
from exam.record.report import Report, matching

COMPILED = """{
  "model": {
    "family": "mean",
    "embedding": {"output_dim": 40, "mode": "frozen-random"}
  },
  "data": {"tokens": "characters", "train_rows": 400},
  "compile": {
    "optimizer": {
      "class_name": "SGD",
      "config": {
        "learning_rate": 0.2,
        "momentum": 0.95,
        "nesterov": false,
        "clipnorm": null,
        "global_clipnorm": null
      }
    },
    "loss": "sparse_categorical_crossentropy"
  },
  "fit": {
    "epochs": 4,
    "batch_size": 16,
    "class_weight": {"rose": 2.0, "fern": 0.5, "moss": 1.0},
    "shuffle": true,
    "verbose": 2
  },
  "selection": {"split": "train", "metric": "log_loss"},
  "streams": {"init": "fixed"},
  "seeds": [3, 7]
}
"""
METHODS = """## 3 Methods

Rows are split into characters. We keep 400 training examples. The classifier takes the mean of token embeddings and
puts a linear layer on top. The embeddings have an embedding dimension of 40; they are random vectors that stay frozen.
Initialisation is fixed (`streams.init` = fixed): both seeds start from the same weights.

The network is trained for 4 epochs by SGD with a momentum of 0.95, a constant learning rate of 0.2 and a batch size
of 16. Class weights are 2.0 for rose, 0.5 for fern and 1 for moss. There is no gradient clipping. The checkpoint with
the lowest log loss on train is selected (`training.selection.split` = train). Scores are means over the seeds 3 and 7.
"""
OWN_FILE = """# Everything that is not here is at its default (weight decay 0, no warm-up).
data:
  tokenization: character
  train_rows: 400
model:
  family: mean
  embedding: {dim: 40, mode: frozen-random}
training:
  max_epochs: 4
  per_device_train_batch_size: 16
  optim: SGD
  lr: 2.0e-1
  momentum: 0.950
  weight_decay: 0.0
  max_grad_norm: null
  lr_scheduler_type: constant
  class_weights: {rose: 2, fern: 0.5}
  selection: {split: train}
streams: {init: fixed}
seed: [3, 7]
"""
SHEET = """key;value;source
data.tokens;characters;set
data.train_rows;400;set
model.family;mean;set
model.embedding.dim;40;set
model.embedding.mode;frozen-random;set
optimizer;sgd;set
learning_rate;0.2;set
momentum;0.95;set
weight_decay;0;default
label_smoothing;0;default
batch_size;16;set
epochs;4;set
gradient_clipping;off;set
class_weights;"rose: 2.0, fern: 0.5";set
selection.split;train;set
streams.init;fixed;set
seeds;"3, 7";set
"""
SUPPLEMENT = """### Supplementary Table 1. Hyperparameters of the petal classifier

| | Hyperparameter | Value |
| :-: | :-- | --: |
| 1 | Model | mean of embeddings |
| 2 | Tokenisation | characters |
| 3 | Training examples | 400 (of 700) |
| 4 | Embedding dimensionality | 40 |
| 5 | Embedding mode | frozen-random |
| 6 | Optimiser | SGD with momentum |
| 7 | Momentum | 0.95 |
| 8 | Learning rate | 0.2 |
| 9 | Learning-rate schedule | constant |
| 10 | Mini-batch size | 16 |
| 11 | Number of epochs | 4 |
| 12 | Class weights | rose: 2.0, fern: 0.5 |
| 13 | Gradient clipping | none |
| 14 | Selection split | train |
| 15 | Initialisation stream (`streams.init`) | fixed |
| 16 | Seeds | 3, 7 |

Trainable parameters: 363. Energy use: below 1 Wh in all.
"""
COLUMNS = r"""\begin{table*}
\caption{All settings of \textsc{Petals}, in two columns.}
\begin{tabularx}{\textwidth}{Xr}
\toprule
Setting & Value \\
\midrule
\multicolumn{2}{l}{\emph{Data}} \\
Tokens & characters \\
Training rows & 400 \\
\multicolumn{2}{l}{\emph{Network}} \\
Family & mean \\
Embedding dimension & 40 \\
Embedding mode & frozen-random \\
streams.init & fixed \\
\multicolumn{2}{l}{\emph{Optimization}} \\
Optimizer & SGD \\
Momentum & $0.95$ \\
Learning rate $\eta$ & $2\cdot10^{-1}$ \\
Epochs & 4 \\
Batch size & 16 \\
Gradient clipping & -- \\
Class weights & rose: 2, fern: 0.5 \\
training.selection.split & train \\
\multicolumn{2}{l}{\emph{Repetition}} \\
Seeds & \{3, 7\} \\
\bottomrule
\end{tabularx}
\end{table*}
"""
HANDOVER = """Handover of the petals runs

The model family is a mean of embeddings (embedding dimension 40, embedding mode frozen-random).
We tokenise into characters and train on 400 training rows.
Optimizer: SGD, learning rate 0.2, momentum 0.95, batch size 16, epochs 4.
Gradient clipping: none.
Class weights: rose 2.0, fern 0.5.
Checkpoints are chosen on the train split (selection split: train), because dev is so small.
streams.init: fixed, so the frozen vectors are the same in both runs.
Seeds: 3 and 7.

Last time test accuracy came out at 0.79 and 0.81. Runs need 1 core and 200 MB of memory.
"""
SUMMARY = """[run]
name = "petals"
seeds = [3, 7]
host = "atlas-02"

[input]
tokenizer = "characters"
max_train_samples = 400

[network]
family = "mean"
embedding_dim = 40
embedding_mode = "frozen-random"

[sgd]
optimizer = "sgd"
learning_rate = 0.20
momentum = 0.95
nesterov = false
dampening = 0

[loop]
num_epochs = 4
train_batch_size = 16
gradient_clipping = "none"
class_weights = { rose = 2.0, fern = 0.5 }
selection_split = "train"

[streams]
init = "fixed"
"""

PETALS_RIGHT = (
    Report(
        "petals: compiled and fitted",
        "petals",
        ".json",
        COMPILED,
        {**PETALS, **matching("training.selection.metric", "library.SGD.nesterov")},
    ),
    Report("petals: methods with names of settings", "petals", ".md", METHODS, PETALS),
    Report(
        "petals: file with names of several frameworks",
        "petals",
        ".yaml",
        OWN_FILE,
        {**PETALS, **matching("training.weight_decay", "training.schedule.kind")},
    ),
    Report(
        "petals: sheet with semicolons",
        "petals",
        ".csv",
        SHEET,
        {**PETALS, **matching("training.weight_decay", "training.label_smoothing")},
    ),
    Report(
        "petals: numbered rows of a supplement",
        "petals",
        ".md",
        SUPPLEMENT,
        {**PETALS, **matching("training.schedule.kind")},
    ),
    Report(
        "petals: table in parts",
        "petals",
        ".tex",
        COLUMNS,
        {**PETALS, "training.schedule.kind": "omitted-default"},
    ),
    Report(
        "petals: handover",
        "petals",
        ".txt",
        HANDOVER,
        {**PETALS, "training.weight_decay": "omitted-default", "library.SGD.dampening": "omitted-default"},
    ),
    Report(
        "petals: summary of a run",
        "petals",
        ".toml",
        SUMMARY,
        {**PETALS, **matching("library.SGD.nesterov", "library.SGD.dampening")},
    ),
)
