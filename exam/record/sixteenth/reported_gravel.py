"""Correct reports of the study of a mean of vectors: every field is a match."""

from __future__ import annotations

from exam.record.report import Report, matching
from exam.record.sixteenth.fields import GRAVEL_FIELDS

WIDE = """## Settings

| model.family | train rows | emb. dim | model.embedding.scale | optimizer | lr | momentum | wd | batch size | epochs \
| warmup epochs | class weights | clip | selection metric | seeds |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| mean | 800 | 40 | 0.1 | SGD | 0.4 | 0.85 | 3e-5 | 16 | 5 | 0.5 | balanced | none | accuracy | 101, 102, 103, 104 |
"""
COMPILED = """{
  "model": {"family": "mean", "embedding": {"dim": 40, "scale": 0.1}},
  "compile": {
    "optimizer": {
      "class_name": "SGD",
      "config": {
        "learning_rate": 0.4,
        "momentum": 0.85,
        "nesterov": false,
        "weight_decay": 3e-05,
        "clipnorm": null
      }
    }
  },
  "fit": {"epochs": 5, "batch_size": 16, "class_weight": "balanced"},
  "warmup_steps": 25,
  "selection": {"metric": "accuracy"},
  "train_rows": 800,
  "seeds": [101, 102, 103, 104]
}
"""
PAIRS = """[
  {"name": "model.family", "value": "mean"},
  {"name": "max_train_samples", "value": 800},
  {"name": "embedding_dim", "value": 40},
  {"name": "model.embedding.scale", "value": "1e-1"},
  {"name": "num_train_epochs", "value": 5},
  {"name": "per_device_train_batch_size", "value": 16},
  {"name": "optim", "value": "sgd"},
  {"name": "learning_rate", "value": "4e-1"},
  {"name": "momentum", "value": "8.5e-1"},
  {"name": "weight_decay", "value": "0.00003"},
  {"name": "warmup_ratio", "value": 0.1},
  {"name": "class_weights", "value": "balanced"},
  {"name": "max_grad_norm", "value": null},
  {"name": "metric_for_best_model", "value": "eval_accuracy"},
  {"name": "seeds", "value": "101-104"}
]
"""
SUBSECTION = r"""\subsection{Implementation details}

\begin{itemize}
  \item Model: mean of embeddings
  \item Training rows: 800
  \item Embedding size: 40
  \item model.embedding.scale: 0.1
  \item Optimizer: SGD
  \item Momentum: 0.85
  \item Learning rate: 0.4
  \item Weight decay: $3\cdot 10^{-5}$
  \item Batch size: 16
  \item Number of epochs: 5
  \item Warm-up: 10\,\% of all steps
  \item Class weights: balanced
  \item Gradient clipping: none
  \item Model selection: accuracy on dev
  \item Seeds: 101, 102, 103, 104
\end{itemize}
"""

GRAVEL_RIGHT = (
    Report("one wide row", "gravel", ".md", WIDE, GRAVEL_FIELDS),
    Report(
        "compiled as in Keras",
        "gravel",
        ".json",
        COMPILED,
        {**GRAVEL_FIELDS, **matching("library.SGD.nesterov")},
    ),
    Report("pairs of names and values", "gravel", ".json", PAIRS, GRAVEL_FIELDS),
    Report("items of a subsection", "gravel", ".tex", SUBSECTION, GRAVEL_FIELDS),
)
