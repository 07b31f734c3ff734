"""Reports of the recurrent study of the eleventh set in which something is not as it was."""

from __future__ import annotations

from exam.record.eleventh.fields import TIDES, planted
from exam.record.report import Report, matching

FACTOR = """\\paragraph{Training.} The classifier is a single-layer bidirectional LSTM with a hidden size of 28 and an
embedding dimension of 20 (embedding scale 0.3). The last state is used for pooling. Embedding dropout is 0.15 and head
dropout 0.35. We optimise with Adam (learning rate $4\\cdot 10^{-3}$, weight decay $10^{-3}$, batch size 25) for 5
epochs with early stopping (patience 3). The learning-rate schedule is a step decay every 2 epochs with
$\\gamma = 0.1$. The gradient norm is clipped at 5.0. All numbers are means over the seeds 10, 20, and 30.
"""
BATCH = """experiment: tides-final
encoder:
  type: lstm
  bidirectional: yes
  hidden: 28
  layers: 1
  pooling: last
embedding:
  dim: 20
  scale: 0.3
  dropout: 0.15
head:
  dropout: 0.35
optim:
  name: adam
  lr: 4.0e-3
  weight_decay: 1.0e-3
  max_grad_norm: 5
scheduler:
  name: step
  every: 2
  gamma: 0.3
loop:
  max_epochs: 5
  batch_size: 32
  early_stopping:
    patience: 3
seeds: [10, 20, 30]
"""
DECAY = """name,setting
architecture,LSTM
directions,bidirectional
hidden units,28
number of layers,1
pooling,last state
embedding width,20
embedding scale,0.3
embedding dropout,0.15
head dropout,0.35
optimizer,Adam
learning rate,0.004
mini-batch size,25
epochs,5
gradient clipping,5
LR schedule,step
step size (epochs),2
step factor,0.3
early stopping patience,3
random seeds,10; 20; 30
test accuracy,82.6
"""
BETWEEN = """{
  "model": {
    "family": "lstm",
    "bidirectional": true,
    "hidden_size": 28,
    "num_layers": 1,
    "inter_layer_dropout": 0.2,
    "pooling": "last",
    "embedding": {"dim": 20, "scale": 0.3},
    "embedding_dropout": 0.15,
    "head_dropout": 0.35
  },
  "training": {
    "optimizer": "Adam",
    "learning_rate": 0.004,
    "weight_decay": 0.001,
    "batch_size": 25,
    "epochs": 5,
    "clip": 5.0,
    "schedule": {"kind": "step", "every": 2, "gamma": 0.3},
    "early_stopping": {"patience": 3}
  },
  "seeds": [10, 20, 30]
}
"""
RATE = """Settings of the runs in Figure 3.

| Parameter | Value |
| --- | ---: |
| Network | bi-directional LSTM |
| Depth (layers) | 1 |
| Hidden size | 28 |
| Pooling | last |
| Word embedding size | 20 |
| Embedding scale | 0.3 |
| Embedding dropout | 0.15 |
| Head dropout | 0.35 |
| Rate | 0.05 |
| Adam learning rate | 0.0040 |
| Weight decay | 0.0010 |
| Batch size | 25 |
| Epochs | 5 |
| Clipping of the gradient norm | 5 |
| Learning-rate schedule | step |
| Decay every | 2 epochs |
| Decay factor | 0.3 |
| Patience | 3 |
| Seeds | 10, 20, 30 |
"""
DECOUPLED = """Hi, here is what I find in my notes about the tide runs.

- model: LSTM, bidirectional, 1 layer, hidden size 28, last-state pooling
- embedding size 20, embedding scale 0.3, embedding dropout 0.15, head dropout 0.35
- optimizer: AdamW, lr 4e-3, weight decay 1e-3, batch size 25, 5 epochs
- gradient clipping at 5
- lr schedule: step, step size 2 epochs, gamma 0.3
- early stopping with patience 3
- seeds 10, 20 and 30

Test accuracy was somewhere around 83 %. Tell me if you need the checkpoints.
"""
CONSTANT = """[encoder]
cell = "lstm"
bidirectional = true
hidden_size = 28
num_layers = 1
pooling = "last"

[embedding]
embedding_dim = 20
embedding_scale = 0.3
embedding_dropout = 0.15

[classifier]
head_dropout = 0.35

[optim]
optimizer = "Adam"
learning_rate = 0.004
weight_decay = 0.001
grad_clip_norm = 5.0
batch_size = 25
num_epochs = 5
early_stopping_patience = 3

[reproducibility]
seeds = [10, 20, 30]
"""

TIDES_WRONG = (
    Report(
        "tides: factor of the steps in a paragraph",
        "tides",
        ".tex",
        FACTOR,
        planted(TIDES, "misstated", "training.schedule.gamma"),
    ),
    Report("tides: larger batches", "tides", ".yaml", BATCH, planted(TIDES, "misstated", "training.batch_size")),
    Report("tides: no decay of weights", "tides", ".csv", DECAY, planted(TIDES, "omitted", "training.weight_decay")),
    Report(
        "tides: dropout between layers of which there is one",
        "tides",
        ".json",
        BETWEEN,
        {**planted(TIDES, "without-effect", "model.dropout.encoder"), **matching("training.optimiser")},
    ),
    Report("tides: a rate of something", "tides", ".md", RATE, planted(TIDES, "ambiguous", "Rate")),
    Report(
        "tides: decoupled decay in a note",
        "tides",
        ".txt",
        DECOUPLED,
        planted(TIDES, "misstated", "training.optimiser"),
    ),
    Report(
        "tides: no word of the steps down",
        "tides",
        ".toml",
        CONSTANT,
        {
            **planted(TIDES, "omitted", "training.schedule.kind", "training.schedule.every", "training.schedule.gamma"),
            "training.label_smoothing": "omitted-default",
        },
    ),
)
