"""Reports of the bidirectional LSTM in which something is wrong, missing, idle or unclear."""

from __future__ import annotations

import json

from exam.record.ninth.complete import FINCH, FINCH_FIELDS, but
from exam.record.report import Report, as_markdown, as_yaml, stated

NARROW = r"""\begin{tabular}{lc}
\hline
\textbf{Hyper-parameter} & \textbf{Value} \\
\hline
Encoder & BiLSTM \\
Layers & 3 \\
Hidden size (each direction) & 44 \\
Pooling & last \\
Embedding size & 18 \\
model.embedding.mode & frozen-random \\
model.embedding.scale & 0.3 \\
Embedding dropout & 0.05 \\
Encoder dropout & 0.15 \\
Classifier dropout & 0.45 \\
Optimiser & Adam \\
Learning rate & $6\times10^{-4}$ \\
Schedule & cosine, warm-up of 12 steps \\
Weight decay & $3\times10^{-5}$ \\
Label smoothing & 0.03 \\
Gradient clipping & 0.5 \\
Batch size & 40 \\
Epochs & 5 \\
Patience (early stopping) & 3 \\
Seeds & 5, 6, 7 \\
\hline
\end{tabular}
"""
TRAINED = """## Set-up

The classifier is a bidirectional LSTM with 3 layers and a hidden size of 44 per direction. Its last state is the
representation of a song (pooling: last). Token embeddings of size 18 are initialised at random (scale 0.3) and trained
together with the rest of the network. We apply dropout of 0.05 to embeddings, dropout of 0.15 between encoder layers
and dropout of 0.45 before the classification head.

For optimisation we use Adam with a learning rate of 0.006, linear warm-up for 12 steps, and cosine decay. The batch
size is 40, the weight decay 3e-5, the label smoothing 0.03, and the gradient norm is clipped at 0.5. We train for up to
5 epochs with early stopping (patience of 3 epochs). Seeds were 5, 6 and 7.
"""
AVERAGED = """\
All numbers are averages over 5 random seeds. The network is a bidirectional LSTM: 3 layers, hidden size 44,
last pooling. Embeddings have dimension 18 and are frozen at random values (frozen-random, scale 0.3). Embedding dropout
was 0.05, encoder dropout 0.15, head dropout 0.45. It was trained with Adam for 5 epochs at a batch size of 40 and a
learning rate of 6e-3 with a cosine schedule and 12 warm-up steps. Weight decay was 3e-5 and label smoothing 0.03;
gradients were clipped at a norm of 0.5. Early stopping had a patience of 3 epochs.
"""
TRAINER = stated(
    FINCH,
    {"lr_scheduler_type": "linear"},
    {
        "batch_size": "per_device_train_batch_size",
        "max_epochs": "num_train_epochs",
        "lr": "learning_rate",
        "label_smoothing": "label_smoothing_factor",
    },
)

FINCH_WRONG = (
    Report("a tenth of the rate", "finch", ".tex", NARROW, but(FINCH_FIELDS, misstated=("training.learning_rate",))),
    Report(
        "vectors said to be trained", "finch", ".md", TRAINED, but(FINCH_FIELDS, misstated=("model.embedding.mode",))
    ),
    Report(
        "linear schedule of a trainer",
        "finch",
        ".yaml",
        as_yaml(TRAINER),
        but(FINCH_FIELDS, misstated=("training.schedule.kind",)),
    ),
    Report(
        "neither smoothing nor the scale of vectors",
        "finch",
        ".md",
        as_markdown(stated(FINCH, without=("label_smoothing", "model.embedding.scale")), "argument", "used"),
        but(FINCH_FIELDS, omitted=("training.label_smoothing", "model.embedding.scale")),
    ),
    Report(
        "optimiser of the library",
        "finch",
        ".json",
        json.dumps({"config": stated(FINCH, without=("optimizer",))}, indent=4) + "\n",
        but(FINCH_FIELDS, default=("training.optimiser", "training.class_weights", "data.tokens", "data.order")),
    ),
    Report(
        "arguments with a momentum",
        "finch",
        ".json",
        json.dumps(stated(FINCH, {"momentum": "0.9"})) + "\n",
        but(FINCH_FIELDS, idle=("training.momentum",)),
    ),
    Report(
        "a letter without a word",
        "finch",
        ".md",
        as_markdown(stated(FINCH, {"τ": "0.7"}), "Symbol or name", "Value"),
        but(FINCH_FIELDS, unclear=("τ",)),
    ),
    Report("five seeds", "finch", ".txt", AVERAGED, but(FINCH_FIELDS, misstated=("seeds",))),
)
