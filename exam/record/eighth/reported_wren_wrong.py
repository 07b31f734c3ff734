"""Reports of the study of a mean of vectors with something changed, left out, added or unclear."""

from __future__ import annotations

from exam.record.eighth.fields import WREN, default, idle, misstated, omitted, unclear
from exam.record.report import Report

MORE_MOMENTUM = """Hyperparameter,Value
Tokenization,characters
Token order,permuted
Training examples,480
Model,mean
Embedding size,24
Classifier dropout,0.35
Optimizer,SGD
Learning rate,0.25
Momentum,0.99
Gradient clipping,none
LR schedule,step
LR step size (epochs),2
LR decay factor,0.3
Batch size,16
Epochs,3
Selection metric,accuracy
Seeds,"1, 2"
"""
WORDS = """**Data.**

| Setting | Value |
| --- | --- |
| Tokenization | whitespace |
| Token order | permuted |
| Training examples | 4,800 |

**Training.**

| Setting | Value |
| --- | --- |
| Model | mean |
| Embedding size | 24 |
| Classifier dropout | 35 % |
| Optimizer | SGD |
| Learning rate | 0.25 |
| Momentum | 0.9 |
| Gradient clipping | none |
| LR schedule | step |
| Step size (epochs) | 2 |
| Gamma | 0.3 |
| Batch size | 16 |
| Epochs | 3 |
| Selection metric | accuracy |
| Seeds | 1 and 2 |
"""
LATER = """{
  "data": {"tokens": "characters", "order": "permuted", "train_rows": 480},
  "model": {"family": "mean", "embedding_dim": 24, "classifier_dropout": 0.35},
  "window": 5,
  "optimizer": {"name": "SGD", "lr": 0.25, "momentum": 0.9},
  "scheduler": {"name": "StepLR", "step_size": 3, "gamma": 0.3},
  "training": {"epochs": 3, "batch_size": 16, "max_grad_norm": null, "selection_metric": "accuracy"},
  "seeds": [1, 2]
}
"""
UNPERMUTED = r"""\begin{table}
\caption{Settings of the second baseline.}
\begin{tabular}{ll}
\hline
Setting & Value \\
\hline
Tokenization & characters \\
Training examples & 480 \\
Model & mean of embeddings \\
Embedding size & 24 \\
Classifier dropout & 0.35 \\
Optimizer & SGD \\
Learning rate & 0.25 \\
Momentum & 0.9 \\
Learning rate schedule & step \\
Step size & 2 epochs \\
Decay factor & 0.3 \\
Gradient clipping & none \\
Batch size & 16 \\
Epochs & 3 \\
Selection metric & accuracy \\
Seeds & 1, 2 \\
\hline
\end{tabular}
\end{table}
"""
NO_MOMENTUM = """We split sequences into characters and permute their order. The model is a mean of embeddings with an
embedding dimension of 24 and a classifier dropout of 0.35. It is trained with SGD on 480 training examples for 3
epochs, with a batch size of 16 and a learning rate of 0.25. We use a step schedule with a decay factor of 0.3 and a
step size of 2 epochs. The checkpoint with the highest accuracy on dev is selected. Seeds are 1 and 2.
"""
UNTOUCHED = """| Hyperparameter | Value |
| --- | --- |
| Tokens | characters |
| Token order | permuted |
| Training examples | 480 |
| Model | mean |
| Embedding size | 24 |
| Classifier dropout | 0.35 |
| Optimizer | SGD |
| Learning rate | 0.25 |
| Momentum | 0.9 |
| Gradient clipping | none |
| LR schedule | StepLR |
| Step size (epochs) | 2 |
| Gamma | 0.3 |
| Batch size | 16 |
| Epochs | 3 |
| Selection metric | accuracy |
| Seeds | {1, 2} |
"""
HEADS = """data.tokens: characters
data.order: permuted
data.train_rows: 480
model.family: mean
model.embedding.dim: 24
model.heads: 4
model.bidirectional: false
model.dropout.head: 0.35
training.epochs: 3
training.batch_size: 16
training.optimiser: sgd
training.learning_rate: 0.25
training.momentum: 0.9
training.clip: null
training.schedule.kind: step
training.schedule.every: 2
training.schedule.gamma: 0.3
training.selection.metric: accuracy
seeds: [1, 2]
"""
SIZE = """{
  "tokens": "characters",
  "order": "permuted",
  "train_rows": 480,
  "model": "mean",
  "embedding_dim": 24,
  "size": 128,
  "classifier_dropout": 0.35,
  "optimizer": "sgd",
  "learning_rate": 0.25,
  "momentum": 0.9,
  "max_grad_norm": null,
  "schedule": "step",
  "step_size": 2,
  "gamma": 0.3,
  "batch_size": 16,
  "epochs": 3,
  "selection_metric": "accuracy",
  "seeds": [1, 2]
}
"""

WREN_WRONG = (
    Report("one nine more", "wren", ".csv", MORE_MOMENTUM, {**WREN, **misstated("training.momentum")}),
    Report(
        "words, and ten times the rows, in two tables",
        "wren",
        ".md",
        WORDS,
        {**WREN, **misstated("data.tokens", "data.train_rows")},
    ),
    Report(
        "a later step, and a window of something",
        "wren",
        ".json",
        LATER,
        {**WREN, **misstated("training.schedule.every"), **unclear("window")},
    ),
    Report(
        "an order that nobody reads of",
        "wren",
        ".tex",
        UNPERMUTED,
        {**WREN, **omitted("data.order")},
    ),
    Report(
        "a paragraph without momentum and clipping",
        "wren",
        ".txt",
        NO_MOMENTUM,
        {**WREN, **omitted("training.momentum", "training.clip")},
    ),
    Report(
        "nothing of decay and warm-up",
        "wren",
        ".md",
        UNTOUCHED,
        {
            **WREN,
            **default(
                "library.SGD.nesterov",
                "training.weight_decay",
                "training.schedule.warmup",
                "training.label_smoothing",
                "training.early_stopping",
            ),
        },
    ),
    Report(
        "heads and directions of a mean",
        "wren",
        ".yaml",
        HEADS,
        {**WREN, **idle("model.heads", "model.bidirectional")},
    ),
    Report(
        "a size of something",
        "wren",
        ".json",
        SIZE,
        {**WREN, **unclear("size")},
    ),
)
