"""Correct reports of the recurrent study of the eleventh set, as programs read and write them."""

from __future__ import annotations

from exam.record.eleventh.fields import TIDES
from exam.record.report import Report, matching

TRACKED = """wandb_version: 1

_wandb:
  desc: null
  value:
    cli_version: 0.17.4
    python_version: 3.11.7
    framework: torch
model:
  desc: null
  value: lstm
hidden_size:
  desc: null
  value: 28
num_layers:
  desc: null
  value: 1
bidirectional:
  desc: null
  value: true
pooling:
  desc: null
  value: last
embedding_dim:
  desc: null
  value: 20
embedding_init_std:
  desc: standard deviation of the normal that vectors are drawn from
  value: 0.3
embedding_dropout:
  desc: null
  value: 0.15
head_dropout:
  desc: null
  value: 0.35
optimizer:
  desc: null
  value: adam
lr:
  desc: null
  value: 0.004
wd:
  desc: null
  value: 0.001
batch_size:
  desc: null
  value: 25
max_epochs:
  desc: null
  value: 5
gradient_clip_val:
  desc: null
  value: 5
lr_scheduler:
  desc: null
  value: StepLR
step_size:
  desc: epochs
  value: 2
gamma:
  desc: null
  value: 0.3
early_stopping_patience:
  desc: null
  value: 3
seeds:
  desc: null
  value: [10, 20, 30]
"""
OPTIONS = """# configs/tides.toml, as committed with the paper
title = "tides"

[model]
family = "LSTM"
hidden_dim = 28
n_layers = 1
bidirectional = true
pooling = "last"

[model.embedding]
dim = 20
scale = 3e-1

[model.dropout]
embedding = 0.15
head = 0.35

[optimizer]
name = "adam"
lr = 4e-3
betas = [0.9, 0.999]
weight_decay = 1e-3

[training]
epochs = 5
batch_size = 25
clip = 5.0
early_stopping = { monitor = "val_loss", patience = 3 }

[training.schedule]
kind = "step"
every = 2
gamma = 0.3

[run]
seeds = [10, 20, 30]
"""
ARGUMENTS = """{
  "data": "./water",
  "save_dir": "checkpoints/tides",
  "num_workers": 0,
  "log_interval": 10,
  "cuda": false,
  "model": "LSTM",
  "emsize": 20,
  "emb_init_std": 0.3,
  "nhid": 28,
  "nlayers": 1,
  "bidirectional": true,
  "pooling": "last",
  "embedding_dropout": 0.15,
  "head_dropout": 0.35,
  "optim": "adam",
  "lr": 0.004,
  "wd": 0.001,
  "clip": 5,
  "epochs": 5,
  "batch_size": 25,
  "scheduler": "step",
  "step_size": 2,
  "gamma": 0.3,
  "patience": 3,
  "seeds": "10,20,30"
}
"""
LIGHTNING = """# lightning_logs/version_3/hparams.yaml
model:
  cell: LSTM
  hidden_size: 28
  num_layers: 1
  bidirectional: true
  pooling: last
  embedding_dim: 20
  embedding_scale: 0.30
  embedding_dropout: 0.15
  head_dropout: 0.35
optimizer:
  class_path: torch.optim.Adam
  init_args:
    lr: 0.004
    weight_decay: 0.001
lr_scheduler:
  class_path: torch.optim.lr_scheduler.StepLR
  init_args:
    step_size: 2
    gamma: 0.3
data:
  batch_size: 25
trainer:
  max_epochs: 5
  gradient_clip_val: 5.0
  gradient_clip_algorithm: norm
  precision: 32-true
  accelerator: cpu
  callbacks:
    - class_path: lightning.pytorch.callbacks.EarlyStopping
      init_args:
        monitor: val_loss
        patience: 3
        mode: min
seed_everything: [10, 20, 30]
"""

TIDES_FILES = (
    Report("tides: configuration kept by a tracker", "tides", ".yaml", TRACKED, TIDES),
    Report(
        "tides: configuration committed with the paper",
        "tides",
        ".toml",
        OPTIONS,
        {**TIDES, **matching("library.Adam.betas", "training.optimiser")},
    ),
    Report("tides: dump of arguments", "tides", ".json", ARGUMENTS, TIDES),
    Report("tides: parameters of a trainer", "tides", ".yaml", LIGHTNING, TIDES),
)
