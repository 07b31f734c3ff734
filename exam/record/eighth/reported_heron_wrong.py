"""Reports of the recurrent study with something changed, left out, added or unclear."""

from __future__ import annotations

from exam.record.eighth.fields import HERON, default, idle, misstated, omitted, unclear
from exam.record.report import Report

DIGITS = """parameter,value,unit,comment
model,LSTM,,
hidden size,42,units,
layers,1,,
pooling,last,,
embedding size,12,,
embedding mode,frozen-random,,never updated
embedding dropout,0.05,,
classifier dropout,0.30,,
optimizer,Adam,,
learning rate,0.004,,constant
weight decay,0.0001,,
batch size,25,sequences,
max epochs,4,epochs,
class weights,balanced,,
early stopping metric,macro_f1,,on dev
early stopping patience,3,epochs,
selection metric,macro_f1,,on dev
seeds,"0, 1, 2",,
"""
FIVE_SEEDS = """## 4.2 Experimental setup

We use an LSTM with 1 layer and a hidden size of 24 on top of frozen random embeddings with an embedding dimension of
12; the last hidden state is fed to a linear classifier. Embedding dropout is 0.05 and classifier dropout is 0.3. The
model is trained with Adam (learning rate 0.004, weight decay 0.0001) with a batch size of 25 for up to 4 epochs. Class
weights are balanced. We use early stopping on dev macro-F1 with a patience of 3 epochs, and select the checkpoint with
the highest dev macro-F1. We report the mean over five random seeds.
"""
TRAINABLE = r"""\begin{table}[t]
  \centering
  \caption{Hyperparameters of the recurrent baseline.}
  \label{tab:hyper}
  \begin{tabular}{lr}
    \toprule
    Hyperparameter & Value \\
    \midrule
    Model & LSTM \\
    Hidden size & 24 \\
    Layers & 1 \\
    Pooling & last \\
    Embedding size & 12 \\
    Trainable embeddings & yes \\
    Embedding dropout & 0.05 \\
    Classifier dropout & 0.3 \\
    \midrule
    Optimizer & Adam \\
    Learning rate & $4 \times 10^{-3}$ \\
    Weight decay & $10^{-4}$ \\
    Batch size & 25 \\
    Epochs & 4 \\
    Class weights & balanced \\
    Early stopping patience & 3 \\
    Early stopping metric & macro F1 \\
    Selection metric & macro F1 \\
    Seeds & 0, 1, 2 \\
    \bottomrule
  \end{tabular}
\end{table}
"""
UNWEIGHTED = """Implementation details. The encoder is an LSTM with one layer and 24 hidden units, of which we take the
last hidden state. Embeddings have a dimension of 12; they are initialised at random and frozen. Embedding dropout is
5% and dropout before the classifier is 30%. We train with the Adam optimizer, a learning rate of 0.004 and a weight
decay of 1e-4. The batch size is 25 and the maximum number of epochs is 4. Early stopping monitors macro-F1 on dev with
patience 3, and the checkpoint with the best macro-F1 on dev is evaluated. Seeds: 0, 1, 2.
"""
SILENT = """# settings of the paper
seeds = [0, 1, 2]

[model]
family = "lstm"
hidden_size = 24
num_layers = 1
pooling = "last"
embedding_dim = 12
embedding_dropout = 0.05
classifier_dropout = 0.3

[training]
optimizer = "Adam"
learning_rate = 4e-3
weight_decay = 1e-4
batch_size = 25
epochs = 4
class_weights = "balanced"

[training.early_stopping]
metric = "macro_f1"
patience = 3
"""
BRIEF = """{
  "model": "LSTM",
  "hidden_size": 24,
  "num_layers": 1,
  "pooling": "last",
  "embedding_dim": 12,
  "embedding_mode": "frozen-random",
  "embedding_dropout": 0.05,
  "classifier_dropout": 0.3,
  "lr": 0.004,
  "weight_decay": 0.0001,
  "bsz": 25,
  "n_epochs": 4,
  "class_weights": "balanced",
  "early_stopping_patience": 3,
  "early_stopping_metric": "macro_f1",
  "selection_metric": "macro_f1",
  "seeds": [0, 1, 2]
}
"""
BETWEEN = """model.family: lstm
model.hidden: 24
model.layers: 1
model.pooling: last
model.embedding.dim: 12
model.embedding.mode: frozen-random
model.dropout.embedding: 0.05
model.dropout.encoder: 0.2
model.dropout.head: 0.3
training.optimiser: adam
training.learning_rate: 0.004
training.weight_decay: 0.0001
training.batch_size: 25
training.epochs: 4
training.class_weights: balanced
training.early_stopping.metric: macro_f1
training.early_stopping.patience: 3
training.selection.metric: macro_f1
seeds: [0, 1, 2]
"""
MOMENTUM = """Settings of all runs.

| Setting | Value |
| :--- | ---: |
| Model | LSTM |
| Attention heads | 4 |
| Hidden size | 24 |
| Layers | 1 |
| Pooling | last |
| Embedding size | 12 |
| Embedding mode | frozen random |
| Embedding dropout | 0.05 |
| Classifier dropout | 0.3 |
| Optimizer | Adam |
| Learning rate | .004 |
| Momentum | 0.9 |
| Weight decay | .0001 |
| Batch size | 25 |
| Epochs | 4 |
| Class weights | balanced |
| Early stopping metric | macro-F1 |
| Early stopping patience | 3 |
| Selection metric | macro-F1 |
| Seeds | 0, 1, 2 |
"""
ALPHA = """name,value
model,lstm
hidden_size,24
n_layers,1
pooling,last
embedding_size,12
freeze_embeddings,True
embedding_dropout,0.05
classifier_dropout,0.3
optimizer,adam
learning_rate,4e-03
weight_decay,1e-04
batch_size,25
epochs,4
class_weights,balanced
early_stopping_metric,macro_f1
early_stopping_patience,3
selection_metric,macro_f1
seeds,0 1 2
alpha,0.7
"""

HERON_WRONG = (
    Report(
        "two digits changed about",
        "heron",
        ".csv",
        DIGITS,
        {**HERON, **misstated("model.hidden")},
    ),
    Report(
        "five seeds in a paragraph",
        "heron",
        ".md",
        FIVE_SEEDS,
        {**HERON, **misstated("seeds")},
    ),
    Report(
        "vectors that were never trained",
        "heron",
        ".tex",
        TRAINABLE,
        {**HERON, **misstated("model.embedding.mode")},
    ),
    Report(
        "a paragraph without weights of classes",
        "heron",
        ".txt",
        UNWEIGHTED,
        {**HERON, **omitted("training.class_weights")},
    ),
    Report(
        "no word of freezing and of checkpoints",
        "heron",
        ".toml",
        SILENT,
        {**HERON, **omitted("model.embedding.mode", "training.selection.metric")},
    ),
    Report(
        "an optimiser that nobody chose",
        "heron",
        ".json",
        BRIEF,
        {
            **HERON,
            **default("training.optimiser", "training.clip", "training.schedule.kind", "training.label_smoothing"),
        },
    ),
    Report(
        "dropout between layers of which there is one",
        "heron",
        ".yaml",
        BETWEEN,
        {**HERON, **idle("model.dropout.encoder")},
    ),
    Report(
        "heads and momentum",
        "heron",
        ".md",
        MOMENTUM,
        {**HERON, **idle("model.heads", "training.momentum")},
    ),
    Report(
        "a letter among the names",
        "heron",
        ".csv",
        ALPHA,
        {**HERON, **unclear("alpha")},
    ),
)
