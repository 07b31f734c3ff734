"""Reports of the GRU over notes that are taken apart."""

from __future__ import annotations

import json

from exam.record.ninth.complete import CHANT, CHANT_FIELDS, but
from exam.record.report import Report, as_csv, as_markdown, as_yaml, matching, stated

FLAGS = """seed_everything: [42, 43, 44]
trainer:
  accelerator: cpu
  precision: 32-true
  max_epochs: 6
  gradient_clip_val: 1.0
early_stopping:
  monitor: val_accuracy
  patience: 2
  mode: max
model_checkpoint:
  monitor: val_accuracy
  mode: max
model:
  family: gru
  hidden_size: 26
  num_layers: 1
  embedding: {dim: 14, composition: factor-sum}
  dropout: {head: 0.1}
optimizer:
  class_path: torch.optim.AdamW
  init_args:
    lr: 0.0025
    weight_decay: 0.02
warmup_steps: 15
data:
  batch_size: 32
  tokens: "regex:[a-g][1248]"
  factors: "(?P<pitch>[a-g])(?P<length>[1248])"
  train_rows: 480
streams:
  order: fixed
"""
STEPS = r"""\begin{tabular}{ll}
\toprule
Parameter & Value \\
\midrule
Tokenization & \verb|regex:[a-g][1248]| \\
data.factors & \verb|(?P<pitch>[a-g])(?P<length>[1248])| \\
Training examples & 480 \\
Model & GRU \\
Hidden size & 26 \\
Layers & 1 \\
Embedding dimension & 14 \\
model.embedding.composition & factor-sum \\
Dropout before the output layer & 0.1 \\
Optimizer & AdamW ($\beta_1=0.9$, $\beta_2=0.999$) \\
Learning rate & 0.0025 \\
Weight decay & $2\cdot10^{-2}$ \\
Learning rate warm-up & 15 steps \\
Batch size & 32 \\
Total steps & 90 \\
Early stopping & patience of 2 epochs \\
Early stopping metric & dev accuracy \\
Checkpoint selection metric & dev accuracy \\
streams.order & fixed \\
Seeds & 42, 43, 44 \\
\bottomrule
\end{tabular}
"""
TOML = """[data]
tokens = "regex:[a-g][1248]"
factors = '(?P<pitch>[a-g])(?P<length>[1248])'
max_train_samples = 480

[model]
architecture = "gru"
hidden_size = 26
num_layers = 1
embedding.dim = 14
embedding.composition = "factor-sum"
dropout.head = 0.1

[optim]
optimizer = "adamw"
lr = 25e-4
weight_decay = 2e-2
adam_epsilon = 1e-8
warmup_epochs = 1.0
clip_grad_norm = 1

[run]
epochs = 6
batch_size = 32
early_stopping = { patience = 2, metric = "accuracy" }
selection = { metric = "accuracy" }
streams.order = "fixed"
seeds = [42, 43, 44]
"""
METHODS = r"""\section{Training details}
We keep 480 training examples. A regular expression splits tunes into notes (\verb|regex:[a-g][1248]|), and the factors
of a note are its pitch and its length, \verb|(?P<pitch>[a-g])(?P<length>[1248])|. The vector of a note is the sum of
those of its factors (factor-sum), with an embedding dimension of 14. A GRU with 1 layer and a hidden size of 26 reads
them. Head dropout is 0.1. We use AdamW with a learning rate of $2.5\times10^{-3}$, a weight decay of 0.02, warm-up over
1 epoch and a batch size of 32, for at most 6 epochs. Early stopping has a patience of 2 epochs, and its metric is
accuracy on dev, as is the selection metric. The order of batches is the same in every run (streams.order: fixed). The
seeds are 42, 43 and 44.
"""

MARKED = stated(CHANT, {"data.tokens": "`regex:[a-g][1248]`", "data.factors": "`(?P<pitch>[a-g])(?P<length>[1248])`"})

CHANT_REPORTS = (
    Report(
        "callbacks of Lightning",
        "chant",
        ".yaml",
        FLAGS,
        {**CHANT_FIELDS, **matching("training.precision", "training.clip")},
    ),
    Report("steps in place of epochs", "chant", ".tex", STEPS, CHANT_FIELDS),
    Report("tables of TOML", "chant", ".toml", TOML, {**CHANT_FIELDS, **matching("library.Adam.eps", "training.clip")}),
    Report("section on the GRU", "chant", ".tex", METHODS, CHANT_FIELDS),
    Report(
        "answers to a colleague",
        "chant",
        ".md",
        as_markdown(
            stated(MARKED, {"LR schedule": "constant after warmup", "clip norm": "1"}, {"learning rate": "Peak LR"}),
            "You asked",
            "We used",
        ),
        {**CHANT_FIELDS, **matching("training.schedule.kind", "training.clip")},
    ),
    Report(
        "concatenated factors",
        "chant",
        ".yaml",
        as_yaml(
            stated(
                CHANT,
                {
                    "data.tokens": "'regex:[a-g][1248]'",
                    "data.factors": "'(?P<pitch>[a-g])(?P<length>[1248])'",
                    "model.embedding.composition": "factor-concat",
                },
            )
        ),
        but(CHANT_FIELDS, misstated=("model.embedding.composition",)),
    ),
    Report(
        "all rows of train",
        "chant",
        ".csv",
        as_csv(stated(CHANT, {"training examples": "600"}), "field", "value"),
        but(CHANT_FIELDS, misstated=("data.train_rows",)),
    ),
    Report(
        "a beta of another paper",
        "chant",
        ".json",
        json.dumps(stated(CHANT, {"betas": "(0.9, 0.98)"}), indent=1) + "\n",
        but(CHANT_FIELDS, misstated=("library.Adam.betas",)),
    ),
    Report(
        "nothing of notes",
        "chant",
        ".csv",
        as_csv(stated(CHANT, without=("data.tokens", "data.factors")), "Hyperparameter", "Value"),
        but(CHANT_FIELDS, omitted=("data.tokens", "data.factors")),
    ),
    Report(
        "nothing of stopping, nor of batches in one order",
        "chant",
        ".md",
        as_markdown(
            stated(MARKED, without=("early stopping patience", "training.early_stopping.metric", "streams.order"))
        ),
        but(
            CHANT_FIELDS,
            omitted=("training.early_stopping.patience", "training.early_stopping.metric", "streams.order"),
        ),
    ),
    Report(
        "between layers of which there is one",
        "chant",
        ".md",
        as_markdown(stated(MARKED, {"dropout between GRU layers": "0.2"})),
        but(CHANT_FIELDS, idle=("model.dropout.encoder",)),
    ),
    Report(
        "a coefficient of something",
        "chant",
        ".csv",
        as_csv(stated(CHANT, {"coefficient": "0.35"}), "parameter", "value"),
        but(CHANT_FIELDS, unclear=("coefficient",)),
    ),
    Report(
        "defaults of the GRU",
        "chant",
        ".json",
        json.dumps({"hparams": CHANT}) + "\n",
        but(
            CHANT_FIELDS,
            default=("training.clip", "training.schedule.kind", "model.pooling", "training.label_smoothing"),
        ),
    ),
)
