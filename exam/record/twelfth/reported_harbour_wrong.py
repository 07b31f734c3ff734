"""Reports of the recurrent study with something that is not as it was."""

from __future__ import annotations

from exam.record.report import Report
from exam.record.twelfth.expecting import HARBOUR, expect

SHEET = """Setting,Value,Comment
Architecture,GRU,
Hidden size,40,
Layers,2,
Pooling,last,
Embedding dim,24,
Embedding mode,frozen-random,nothing to learn there
Encoder dropout,35%,
Head dropout,10%,
Epochs,5,
Batch size,25,
Learning rate,4.00E-04,peak
LR schedule,step,
training.schedule.every,3,epochs
training.schedule.gamma,0.2,
class_weights.gale,3,
class_weights.calm,0.5,
Gradient clipping,5,
training.selection.metric,balanced_accuracy,
Seeds,"3, 14, 15",
"""
WEIGHTED = """# resolved settings of run harbour-final
rnn_type: GRU
rnn_hidden_size: 40
rnn_num_layers: 2
pooling: last
embedding_dim: 24
model.embedding.mode: frozen-random
model.dropout.encoder: 0.35
model.dropout.head: 0.1
num_epochs: 5
train_batch_size: 25
learning_rate: 4e-3
scheduler: step
training.schedule.every: 3
training.schedule.gamma: 0.2
class_weights: {calm: 0.5, breeze: 1.0, gale: 2.0}
clip_grad_norm: 5.0
training.selection.metric: balanced_accuracy
seeds: [3, 14, 15]
git_commit: 9f31c0e
"""
SHORT = """### Reproducing Table 2

Everything you need should be in here; ask us if not.

| Parameter | Value | Parameter | Value |
|---|---|---|---|
| Model | GRU | Epochs | 5 |
| Hidden size | 40 | Batch size | 25 |
| Layers | 2 | Learning rate | 4e-3 |
| Pooling | last | Schedule | step |
| Embedding size | 24 | `schedule.every` | 3 |
| Embedding mode | frozen-random | `schedule.gamma` | 0.2 |
| `dropout.encoder` | 0.35 | Class weights | gale: 3, calm: 0.5 |
| `dropout.head` | 0.1 | Seeds | 3, 14, 15 |
"""
HYDRA = """# .hydra/config.yaml
model:
  _target_: harbour.nets.GRU
  hidden_size: 40
  num_layers: 2
  pooling: last
  embedding: {dim: 24, mode: frozen-random}
  dropout: {encoder: 0.35, head: 0.1}
optimizer:
  _target_: torch.optim.Adam
  lr: 4e-3
  betas: [0.9, 0.999]
scheduler:
  _target_: torch.optim.lr_scheduler.StepLR
  step_size: 3
  gamma: 0.5
trainer:
  _target_: lightning.Trainer
  max_epochs: 5
  gradient_clip_val: 5.0
  accelerator: cpu
datamodule: {batch_size: 25}
loss: {class_weights: {gale: 3.0, calm: 0.5}}
checkpoint: {monitor: val/balanced_accuracy, mode: max}
seeds: [3, 14, 15]
"""
IDLE = """key,value
family,gru
hidden,40
layers,2
heads,4
pooling,last
embedding.dim,24
embedding.mode,frozen-random
dropout.encoder,0.35
dropout.head,0.1
epochs,5
batch_size,25
optimiser,adam
learning_rate,0.004
momentum,0.9
schedule.kind,step
schedule.every,3
schedule.gamma,0.2
class_weights.calm,0.5
class_weights.gale,3.0
clip,5.0
selection.metric,balanced_accuracy
seeds,"3, 14, 15"
"""
SILENT = """## Methods

Our model is a 2-layer GRU with 40 hidden units; the last hidden state represents a day. The embedding size is 24. We
use dropout with probability 0.35 between recurrent layers and dropout with probability 0.1 before the classifier.
Training runs for 5 epochs with a batch size of 25. We use Adam with an initial learning rate of 4e-3 and a step
schedule with a step size of 3 epochs and a gamma of 0.2. The gradient norm is clipped at 5.0. In the loss, the class
weight for gale is 3.0 and the class weight for calm is 0.5. Checkpoints are selected by balanced accuracy on the
development set. All numbers are averages over the seeds 3, 14, and 15.
"""
GREEK = """{
  "model": {"name": "gru", "hidden_dim": 40, "n_layers": 2, "pooling": "last",
            "embedding": {"dim": 24, "mode": "frozen-random"}, "dropout": {"encoder": 0.35, "head": 0.1}},
  "train": {"n_epochs": 5, "bs": 25, "lr": 0.004, "clip_norm": 5,
            "class_weights": {"gale": 3, "calm": 0.5},
            "schedule": {"kind": "step", "every": 3, "gamma": 0.2},
            "selection": {"metric": "balanced_accuracy"}},
  "alpha": 0.3,
  "seeds": [3, 14, 15],
  "activation": "tanh",
  "host": "node07"
}
"""

HARBOUR_WRONG = (
    Report("a rate in a sheet", "harbour", ".csv", SHEET, expect(HARBOUR, wrong=("training.learning_rate",))),
    Report("weight of gales", "harbour", ".yaml", WEIGHTED, expect(HARBOUR, wrong=("training.class_weights.gale",))),
    Report(
        "four columns without clipping",
        "harbour",
        ".md",
        SHORT,
        expect(HARBOUR, omitted=("training.clip", "training.selection.metric")),
    ),
    Report(
        "factor of a composed file",
        "harbour",
        ".yaml",
        HYDRA,
        expect(HARBOUR, "training.optimiser", "library.Adam.betas", wrong=("training.schedule.gamma",)),
    ),
    Report("heads of a GRU", "harbour", ".csv", IDLE, expect(HARBOUR, idle=("model.heads", "training.momentum"))),
    Report("no word of frozen vectors", "harbour", ".md", SILENT, expect(HARBOUR, omitted=("model.embedding.mode",))),
    Report("a Greek letter by name", "harbour", ".json", GREEK, expect(HARBOUR, unclear=("alpha",))),
)
