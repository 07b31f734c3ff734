"""Correct reports of the recurrent study with two layers: every field is a match."""

from __future__ import annotations

from exam.record.report import Report, matching

MARSH_FIELDS = matching(
    "data.train_rows",
    "model.family",
    "model.hidden",
    "model.pooling",
    "model.dropout.encoder",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.learning_rate",
    "training.weight_decay",
    "seeds",
)
THOUSANDS = """Table 1: Hyperparameters of the LSTM.

| Hyperparameter | Value |
| :--- | :---: |
| Architecture | LSTM |
| Number of layers | 2 |
| Hidden size | 40 |
| Pooling | last hidden state |
| Dropout | 40% |
| Training set size | 0.48k sequences |
| Tokenization | whitespace |
| Optimizer | Adam (Kingma and Ba, 2015) |
| Learning rate | 2 × 10⁻³ |
| Weight decay | 10⁻⁵ |
| Batch size | 24 |
| Epochs | 3 |
| Seeds | 1, 2, 3 |
"""
SHORT = """rnn: LSTM
emsize: 32
nhid: 40
nlayers: 2
dropout: 0.4
pooling: last
n_train: 480
optim: adam
lr: 2e-3
wd: 1e-5
clip: 1.0
bs: 24
n_epochs: 3
seeds: 1 2 3
"""
STEPS = """# training arguments
max_train_samples: 480
per_device_train_batch_size: 24
max_steps: 60
optim: adam
learning_rate: 0.002
weight_decay: 1.0e-05
lr_scheduler_type: constant
max_grad_norm: 1.0
bf16: false
seed: [1, 2, 3]
# model
model_type: lstm
hidden_size: 40
num_layers: 2
pooling: last
dropout: 0.4
"""
SCIENTIFIC = """name,value,comment
train examples,480,of 640
model,LSTM,
hidden dim,40,
number of layers,2,
pooling,last,state of the last token
dropout,4.0E-01,
number of epochs,3,
batch size,24,
optimizer,Adam,
learning rate,2.0E-03,constant
weight decay,1.0E-05,L2
random seeds,"1, 2, 3",
"""
DOTTED = """data.train_rows: 480
model.family: lstm
model.hidden: 40
model.layers: 2
model.pooling: last
model.dropout.encoder: 0.40
model.dropout.head: 0.40
training.epochs: 3
training.batch_size: 24
training.optimiser: adam
training.learning_rate: .002
training.weight_decay: 0.00001
seeds: [3, 2, 1]
"""

MARSH_RIGHT = (
    Report(
        "thousands and superscripts",
        "marsh",
        ".md",
        THOUSANDS,
        {**MARSH_FIELDS, **matching("model.layers", "data.tokens", "training.optimiser")},
    ),
    Report(
        "short names of a script",
        "marsh",
        ".yaml",
        SHORT,
        {
            **MARSH_FIELDS,
            **matching("model.layers", "model.embedding.dim", "training.optimiser", "training.clip"),
        },
    ),
    Report(
        "steps, and no epochs",
        "marsh",
        ".yaml",
        STEPS,
        {**MARSH_FIELDS, **matching("model.layers", "training.optimiser", "training.schedule.kind", "training.clip")},
    ),
    Report(
        "scientific notation and comments",
        "marsh",
        ".csv",
        SCIENTIFIC,
        {**MARSH_FIELDS, **matching("model.layers", "training.optimiser")},
    ),
    Report(
        "paths of the study file",
        "marsh",
        ".yaml",
        DOTTED,
        {**MARSH_FIELDS, **matching("model.layers", "training.optimiser")},
    ),
)
