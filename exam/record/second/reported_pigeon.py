"""Correct reports of the study of a bag, in spellings of appendices: every field is a match."""

from __future__ import annotations

from exam.record.report import Report, matching

PIGEON_FIELDS = matching(
    "model.family",
    "data.tokens",
    "data.train_rows",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.momentum",
    "training.weight_decay",
    "training.label_smoothing",
    "training.class_weights",
    "training.schedule.kind",
    "training.schedule.warmup",
    "training.clip",
    "seeds",
)
CARRIED = """| Setting | Choice |
| --- | --- |
| Model | bag of tokens |
| Tokenization | characters |
| Training rows | 1,200 |
| Epochs | 5 |
| Batch size | 20 |
| Optimizer | SGD with momentum |
| Momentum | .8 |
| Initial learning rate | 0.50 |
| Weight decay | $10^{-5}$ |
| Label smoothing ε | 0.02 |
| Class weights | balanced |
| LR schedule | cosine decay |
| Warm-up | linear warmup over 10% of steps |
| Max. gradient norm | 2 |
| Seeds | 0–3 |
"""
COSINE = """per_device_train_batch_size: 20
num_train_epochs: 5.0
optim: sgd
momentum: 8e-1
learning_rate: 5e-1
weight_decay: 1e-05
lr_scheduler_type: cosine
warmup_ratio: 0.1
label_smoothing_factor: 2e-2
class_weight: balanced
max_grad_norm: 2.0
data.tokens: characters
max_train_samples: 1200
model.family: bag
seed: [0, 1, 2, 3]
"""
SHEET = """Parameter,Setting,Note
family,bag,linear
tokens,characters,
train rows,"1,200",of 1500
n_epochs,5,
batch_size,20,
optimiser,sgd,
learning_rate,5E-1,peak
momentum,8.0E-01,
weight_decay,1.00E-05,
label_smoothing,2 %,
class_weights,balanced,
lr_scheduler,cosine,
warmup_steps,30,half an epoch
gradient_clip_norm,2.0,
seeds,0 to 3,four runs
"""
KERAS = """optimizer: SGD
learning_rate: 0.5
momentum: 0.80
weight_decay: 0.00001
global_clipnorm: 2
label_smoothing: 0.020
class_weight: balanced
epochs: 5
batch_size: 20
training.schedule.kind: cosine
training.schedule.warmup: 0.5
data: {tokens: characters, train_rows: 1200}
model: {family: bag}
seeds: 4
"""
BRITISH = """model: bag
data:
  tokens: characters
  train_rows: 1_200
training:
  epochs: 5
  batch_size: 20
  optimiser:
    name: SGD
    lr: .5
    momentum: .8
    dampening: 0
    nesterov: false
    weight_decay: 1.e-5
  label_smoothing: 2.0e-2
  class_weights: balanced
  schedule:
    kind: cosine
    warmup: 1/2
  clip: 2
seeds: [0, 1, 2, 3]
"""

PIGEON_RIGHT = (
    Report("warm-up in words", "pigeon", ".md", CARRIED, PIGEON_FIELDS),
    Report("trainer with a ratio", "pigeon", ".yaml", COSINE, PIGEON_FIELDS),
    Report("sheet with notes", "pigeon", ".csv", SHEET, PIGEON_FIELDS),
    Report("clipping of all variables", "pigeon", ".yaml", KERAS, PIGEON_FIELDS),
    Report(
        "nested optimiser",
        "pigeon",
        ".yaml",
        BRITISH,
        {**PIGEON_FIELDS, **matching("library.SGD.dampening", "library.SGD.nesterov")},
    ),
)
