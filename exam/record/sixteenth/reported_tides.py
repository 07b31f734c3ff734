"""Correct reports of the study of tides: every field is a match."""

from __future__ import annotations

from exam.record.report import Report, matching
from exam.record.sixteenth.fields import TIDES_FIELDS

BOOKTABS = r"""\begin{table}[t]
  \centering
  \caption{Hyperparameters of the tide classifier.}
  \label{tab:hyper}
  \begin{tabular}{@{}lr@{}}
    \toprule
    \textbf{Hyperparameter} & \textbf{Value} \\
    \midrule
    \multicolumn{2}{@{}l}{\emph{Model}} \\
    Encoder type & GRU \\
    Bidirectional & yes \\
    Hidden size (per direction) & 24 \\
    Number of layers & 2 \\
    Pooling & max \\
    Embedding dimension & 20 \\
    Embedding dropout & 0.05 \\
    Dropout between layers & 0.15 \\
    Dropout before the output layer & 0.30 \\
    \midrule
    \multicolumn{2}{@{}l}{\emph{Training}} \\
    Optimizer & AdamW \\
    Learning rate & $4 \times 10^{-3}$ \\
    Weight decay & $2 \times 10^{-2}$ \\
    Batch size & 24 \\
    Maximum epochs & 8 \\
    Learning rate schedule & cosine \\
    Warm-up & 1 epoch \\
    Gradient clipping (norm) & 0.75 \\
    Class weight, ebb & 0.5 \\
    Class weight, flood & 1.5 \\
    Class weight, slack & 3.0 \\
    Early stopping patience & 3 epochs \\
    Early stopping metric & macro $F_1$ (dev) \\
    Checkpoint selection metric & macro $F_1$ (dev) \\
    Random seeds & 5, 17, 29 \\
    \bottomrule
  \end{tabular}
\end{table}
"""
CARD = """---
license: mit
tags:
- generated_from_trainer
metrics:
- f1
---

# tides-bigru

This model says whether the water rises, falls or stands still.

## Model

- model_type: gru
- hidden_size: 24
- num_hidden_layers: 2
- bidirectional: true
- embedding_size: 20
- pooling: max
- embedding_dropout: 0.05
- encoder_dropout: 0.15
- classifier_dropout: 0.3

## Training procedure

### Training hyperparameters

The following hyperparameters were used during training:
- learning_rate: 0.004
- train_batch_size: 24
- seed: 5, 17, 29
- optimizer: Use adamw_torch with betas=(0.9,0.999) and epsilon=1e-08
- weight_decay: 0.02
- lr_scheduler_type: cosine
- lr_scheduler_warmup_steps: 40
- num_epochs: 8
- max_grad_norm: 0.75
- class_weights: ebb=0.5, flood=1.5, slack=3.0
- early_stopping_patience: 3
- early_stopping_metric: macro_f1
- metric_for_best_model: macro_f1

### Framework versions

- PyTorch 2.4.0
- Tokenizers 0.19.1
"""
DUMP = """{
  "model": {
    "type": "gru",
    "embedding": {"dim": 20, "dropout": 0.05},
    "encoder": {"hidden_size": 24, "num_layers": 2, "bidirectional": true, "dropout": 0.15},
    "pooling": "max",
    "head": {"dropout": 0.3}
  },
  "optimizer": {"type": "adamw", "lr": 0.004, "weight_decay": 0.02, "betas": [0.9, 0.999], "eps": 1e-08},
  "scheduler": {"type": "cosine", "warmup_steps": 40},
  "trainer": {
    "num_epochs": 8,
    "batch_size": 24,
    "grad_norm": 0.75,
    "patience": 3
  },
  "loss": {"class_weights": {"ebb": 0.5, "flood": 1.5, "slack": 3.0}},
  "early_stopping": {"metric": "macro_f1"},
  "selection": {"metric": "macro_f1"},
  "seeds": [5, 17, 29]
}
"""
METHODS = """3.2 Training details

Our encoder is a bidirectional GRU with two layers and 24 hidden units per direction, and its states are max-pooled
over time. Token embeddings have 20 dimensions. We apply dropout with a rate of 0.05 to the embeddings, of 0.15 between
the layers and of 0.3 before the output layer. The cross-entropy is weighted by class, with class weights of 0.5 for
ebb, 1.5 for flood and 3 for slack. We train with AdamW (learning rate 4e-3, weight decay 0.02) in batches of 24
sequences for at most 8 epochs. The learning rate is warmed up linearly over the first epoch and then follows a cosine
schedule. Gradients are clipped to a norm of 0.75. Training stops early once macro-F1 on the development set has not
improved for 3 epochs, and we keep the checkpoint with the highest macro-F1 on the development set. All numbers are
means over the seeds 5, 17 and 29.
"""
FLAGS = """$ cat runs/tides/cmd.sh
python train.py \\
  --data data/ \\
  --model gru --bidirectional --hidden_size 24 --num_layers 2 --pooling max \\
  --embedding_dim 20 --embedding_dropout 5e-2 --encoder_dropout 0.15 --head_dropout 0.3 \\
  --optimizer adamw --lr 4e-3 --weight_decay 2e-2 \\
  --lr_scheduler cosine --warmup_ratio 0.125 \\
  --epochs 8 --batch_size 24 --max_grad_norm 0.75 \\
  --class_weights.ebb 0.5 --class_weights.flood 1.5 --class_weights.slack 3 \\
  --early_stopping.patience 3 --early_stopping.metric macro_f1 --selection.metric macro_f1 \\
  --seeds 5 17 29
"""

TIDES_RIGHT = (
    Report("table of a thesis", "tides", ".tex", BOOKTABS, TIDES_FIELDS),
    Report("card of a model", "tides", ".md", CARD, TIDES_FIELDS),
    Report(
        "dump of parts",
        "tides",
        ".json",
        DUMP,
        {**TIDES_FIELDS, **matching("library.Adam.betas", "library.Adam.eps")},
    ),
    Report("training details in prose", "tides", ".txt", METHODS, TIDES_FIELDS),
    Report("script of a command", "tides", ".txt", FLAGS, TIDES_FIELDS),
)
