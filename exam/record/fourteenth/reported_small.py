"""Correct reports of the studies of embeddings, of one recurrent layer and of a fit function: all is a match."""

from __future__ import annotations

from exam.record.fourteenth.stating import MOSS_FIELDS, WREN_FIELDS
from exam.record.report import Report, matching

SESSION = """{
  "hparams": {
    "family": "mean",
    "embedding_dim": 40,
    "embedding.mode": "frozen-random",
    "classifier_dropout": 0.5,
    "num_epochs": 8,
    "bsz": 100,
    "optimizer": "Adam",
    "lr": 0.01,
    "weight_decay": 0.0,
    "early_stopping_patience": 2,
    "early_stopping_metric": "val_loss",
    "seeds": [0, 1, 2, 3]
  }
}
"""
LETTER = """Hi both,

as promised, the settings of the baseline for the appendix:

model: mean of embeddings
embedding dim: 40
embeddings: random, frozen
dropout before the classifier: 0.5
optimiser: Adam
learning rate: 0.01
batch size: 100
epochs: at most 8
early stopping: patience 2, on the dev loss
seeds: 0-3

Best,
J.
"""
HANDBOOK = """# Baseline "moss"

| Setting | Value | Remarks |
| --- | ---: | --- |
| Model family | mean | average of embeddings |
| Embedding dimension | 40 | |
| Embedding mode | frozen-random | never updated |
| Dropout (classifier) | 50 % | |
| Optimiser | Adam | |
| Learning rate | 10⁻² | constant |
| Weight decay | 0 | |
| Gradient clipping | 1.0 | norm |
| Mini-batch size | 100 | |
| Maximum epochs | 8 | |
| Patience | 2 epochs | dev loss |
| Number of seeds | 4 | 0 to 3 |
"""
ITEMS = r"""\paragraph{Implementation.}
\begin{itemize}
  \item Model: GRU
  \item Hidden size: 40
  \item Layers: 1
  \item Pooling: attention
  \item Classifier dropout: 25\,\%
  \item Tokenization: characters
  \item Training examples: 800
  \item Epochs: 3
  \item Batch size: 16
  \item Optimizer: AdamW
  \item Learning rate: $2\times10^{-3}$
  \item Weight decay: $10^{-1}$
  \item Gradient clipping: $0.5$
  \item Seeds: 5, 6
\end{itemize}
"""
ACROSS = """Model,Hidden size,Layers,Pooling,Classifier dropout,Tokenization,Training examples,Total steps,Batch size,\
Optimizer,LR,WD,Max grad norm,Seeds
GRU,40,1,attention,25%,characters,800,150,16,AdamW,2.0E-03,1.0E-01,5.0E-01,5; 6
"""
OVERRIDES = """- model.family=gru
- model.hidden_size=40
- model.num_layers=1
- model.pooling=attention
- model.dropout.head=0.25
- data.tokens=characters
- data.train_rows=800
- trainer.max_epochs=3
- trainer.gradient_clip_val=0.5
- batch_size=16
- optimizer=adamw
- optimizer.lr=2e-3
- optimizer.weight_decay=0.1
- seeds=[5,6]
"""
FITTED = """# finch

| Item | Value |
| --- | --- |
| `model.own` | `finch:fit` |
| Training set size | 1,000 |
| Random seeds | 0, 10 and 20 |
| Hardware | 2 CPU cores |
"""

SMALL_RIGHT = (
    Report(
        "hyperparameters of a session",
        "moss",
        ".json",
        SESSION,
        {**MOSS_FIELDS, **matching("training.optimiser", "training.weight_decay", "training.early_stopping.metric")},
    ),
    Report("settings in a letter", "moss", ".txt", LETTER, {**MOSS_FIELDS, **matching("training.optimiser")}),
    Report(
        "page of a handbook",
        "moss",
        ".md",
        HANDBOOK,
        {**MOSS_FIELDS, **matching("training.optimiser", "training.weight_decay", "training.clip")},
    ),
    Report("items of a paragraph", "wren", ".tex", ITEMS, WREN_FIELDS),
    Report("one row of a sheet", "wren", ".csv", ACROSS, WREN_FIELDS),
    Report("overrides of a run", "wren", ".yaml", OVERRIDES, WREN_FIELDS),
    Report("fit function and seeds", "finch", ".md", FITTED, matching("model.own", "data.train_rows", "seeds")),
)
