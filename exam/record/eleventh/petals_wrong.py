"""Reports of the study of a mean of embeddings of the eleventh set in which something is not as it was."""

from __future__ import annotations

from exam.record.eleventh.fields import PETALS, planted
from exam.record.report import Report

USUAL = """# sweep-17 / best
tokens: characters
train_rows: 400
family: mean
embedding_dim: 40
embedding_mode: frozen-random
optimizer: sgd
lr: 0.2
momentum: 0.9
bs: 16
epochs: 4
grad_clip: null
class_weights:
  rose: 2.0
  fern: 0.5
selection.split: train
streams.init: fixed
seeds: [3, 7]
"""
ALL_ROWS = """{
  "@type": "TrainingRun",
  "data": {"tokens": "characters", "n_train": 700},
  "model": {"family": "mean", "embedding": {"dim": 40, "mode": "frozen-random"}},
  "optimiser": {"name": "SGD", "lr": 0.2, "momentum": 0.95},
  "training": {
    "epochs": 4,
    "batch_size": 16,
    "clip": null,
    "class_weights": {"rose": 2.0, "fern": 0.5},
    "selection": {"split": "train"}
  },
  "streams": {"init": "fixed"},
  "seeds": [3, 7]
}
"""
NO_MOMENTUM = r"""Characters are the tokens (tokenisation: characters), and 400 training examples are used. The model is
the mean of embeddings with an embedding dimension of 40; the embeddings are random and frozen (embedding mode:
frozen-random), and \texttt{streams.init} is fixed. We use SGD with a learning rate of 0.2, a batch size of 16 and
4 epochs, without gradient clipping. Class weights are 2.0 for rose and 0.5 for fern. The selection split is train. We
use the seeds 3 and 7.
"""
LAYERS = """| Hyperparameter | Value |
| --- | --- |
| Family | mean |
| Tokens | characters |
| Train rows | 400 |
| Embedding dim | 40 |
| Embedding mode | frozen-random |
| Hidden size | 64 |
| Attention heads | 4 |
| streams.init | fixed |
| Optimizer | SGD |
| Learning rate | 0.2 |
| Momentum | 0.95 |
| Batch size | 16 |
| Epochs | 4 |
| Gradient clipping | no |
| Class weights | rose: 2.0, fern: 0.5 |
| Selection split | train |
| Seeds | 3, 7 |
"""
COEFFICIENT = r"""\begin{tabular}{|l|l|}
\hline
\textbf{Name} & \textbf{Value} \\ \hline
Family & mean of embeddings \\ \hline
Tokenization & characters \\ \hline
Training examples & 400 \\ \hline
Embedding size & 40 \\ \hline
Embedding mode & frozen-random \\ \hline
Init stream (streams.init) & fixed \\ \hline
Optimizer & SGD \\ \hline
Learning rate & 0.2 \\ \hline
Momentum & 0.95 \\ \hline
Coefficient & 0.01 \\ \hline
Batch size & 16 \\ \hline
Epochs & 4 \\ \hline
Gradient clipping & none \\ \hline
Class weights & rose: 2.0, fern: 0.5 \\ \hline
Selection split & train \\ \hline
Seeds & 3, 7 \\ \hline
\end{tabular}
"""
UNFROZEN = """parameter,value
tokens,characters
training rows,400
family,mean
embedding dim,40
streams.init,fixed
optimizer,SGD
learning rate,0.2
momentum,0.95
batch size,16
epochs,4
gradient clipping,none
class weights,"rose: 2.0, fern: 0.5"
seeds,"3, 7"
wall time,00:00:03
"""
CLIPPED = """To whom it may concern: the table of the first version was lost, so here are its settings again.

We split rows into characters (tokens: characters) and used 400 training rows. The family is mean, with an embedding
dimension of 40 and the embedding mode frozen-random. The optimizer was SGD with learning rate 0.2 and momentum 0.95.
We trained for 4 epochs with batch size 16. Gradient clipping was 1.0. Class weights were 2.0 for rose and 0.5 for fern.
The selection split was train, and streams.init was fixed. The seeds were 3 and 7.
"""

PETALS_WRONG = (
    Report("petals: usual momentum", "petals", ".yaml", USUAL, planted(PETALS, "misstated", "training.momentum")),
    Report("petals: all rows of train", "petals", ".json", ALL_ROWS, planted(PETALS, "misstated", "data.train_rows")),
    Report(
        "petals: paragraph without momentum",
        "petals",
        ".tex",
        NO_MOMENTUM,
        planted(PETALS, "omitted", "training.momentum"),
    ),
    Report(
        "petals: width and heads of a mean",
        "petals",
        ".md",
        LAYERS,
        planted(PETALS, "without-effect", "model.hidden", "model.heads"),
    ),
    Report(
        "petals: a coefficient of something", "petals", ".tex", COEFFICIENT, planted(PETALS, "ambiguous", "Coefficient")
    ),
    Report(
        "petals: nothing of frozen vectors and of checkpoints",
        "petals",
        ".csv",
        UNFROZEN,
        planted(PETALS, "omitted", "model.embedding.mode", "training.selection.split"),
    ),
    Report(
        "petals: settings of a lost table",
        "petals",
        ".txt",
        CLIPPED,
        planted(PETALS, "misstated", "training.clip"),
    ),
)
