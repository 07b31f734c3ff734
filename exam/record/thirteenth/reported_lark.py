"""Correct reports of the recurrent study: everything that somebody chose is stated as it was."""

from __future__ import annotations

from exam.record.report import Report, matching
from exam.record.thirteenth.forms import default

LARK_FIELDS = matching(
    "model.family",
    "model.hidden",
    "model.bidirectional",
    "model.pooling",
    "model.embedding.dim",
    "model.dropout.encoder",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.learning_rate",
    "training.weight_decay",
    "training.schedule.kind",
    "training.schedule.every",
    "training.schedule.gamma",
    "training.clip",
    "training.early_stopping.patience",
    "seeds",
)
BOOKTABS = """\\appendix
\\section{Training details}
\\begin{table}[h]
\\centering
\\caption{Hyperparameters of the call classifier. Runs took 4\\,s each on two CPU cores.}
\\begin{tabular}{lr}
\\toprule
\\textbf{Hyperparameter} & \\textbf{Value} \\\\
\\midrule
\\multicolumn{2}{l}{\\emph{Model}} \\\\
Architecture & GRU \\\\
Bidirectional & yes \\\\
Number of layers & 2 \\\\
Hidden units (per direction) & 24 \\\\
Embedding dimension & 12 \\\\
Pooling & last state \\\\
Dropout between layers & 0.15 \\\\
Dropout before the classifier & 0.35 \\\\
\\midrule
\\multicolumn{2}{l}{\\emph{Optimization}} \\\\
Optimizer & Adam \\\\
Initial learning rate & $4 \\times 10^{-3}$ \\\\
Weight decay & $10^{-5}$ \\\\
Batch size & 25 \\\\
Maximum epochs & 5 \\\\
LR schedule & step decay \\\\
LR decay every & 2 epochs \\\\
LR decay factor & 0.4 \\\\
Gradient clipping (norm) & 0.5 \\\\
Early stopping patience & 3 epochs \\\\
Seeds & 3, 14, 15 \\\\
\\bottomrule
\\end{tabular}
\\end{table}
"""
HYDRA = """# .hydra/config.yaml
model:
  _target_: torch.nn.GRU
  embedding_dim: 12
  hidden_size: 24
  num_layers: 2
  bidirectional: true
  dropout: 0.15
  pooling: last
  head_dropout: 0.35
optimizer:
  _target_: torch.optim.Adam
  lr: 4.0e-3
  betas: [0.9, 0.999]
  weight_decay: 1.0e-05
scheduler:
  _target_: torch.optim.lr_scheduler.StepLR
  step_size: 2
  gamma: 0.4
trainer:
  max_epochs: 5
  gradient_clip_val: 0.5
  accelerator: cpu
  devices: 1
early_stopping:
  monitor: val_loss
  patience: 3
datamodule:
  batch_size: 25
  num_workers: 2
seeds: [3, 14, 15]
hydra:
  job: {name: lark, chdir: false}
"""
SWEEP = """wandb_version: 1

_wandb:
  desc: null
  value:
    python_version: 3.11.9
    framework: torch
architecture:
  desc: null
  value: gru
hidden_size:
  desc: null
  value: 24
num_layers:
  desc: null
  value: 2
bidirectional:
  desc: null
  value: true
pooling:
  desc: null
  value: last
embedding_dim:
  desc: null
  value: 12
encoder_dropout:
  desc: null
  value: 0.15
head_dropout:
  desc: null
  value: 0.35
epochs:
  desc: null
  value: 5
batch_size:
  desc: null
  value: 25
learning_rate:
  desc: null
  value: 0.004
weight_decay:
  desc: null
  value: 1.0e-05
lr_scheduler:
  desc: null
  value: StepLR
lr_step_size:
  desc: null
  value: 2
lr_gamma:
  desc: null
  value: 0.4
grad_clip:
  desc: null
  value: 0.5
early_stopping_patience:
  desc: null
  value: 3
seeds:
  desc: null
  value:
  - 3
  - 14
  - 15
"""
COLUMNS = """hyperparameter,main,forward
architecture,GRU,GRU
bidirectional,yes,no
layers,2,2
hidden size,24,24
embedding size,12,12
pooling,last,last
dropout (between layers),0.15,0.15
dropout (head),0.35,0.35
epochs,5,5
batch size,25,25
optimizer,Adam,Adam
learning rate,4e-3,4e-3
weight decay,1e-5,1e-5
learning rate schedule,step,step
step size (epochs),2,2
gamma,0.4,0.4
max gradient norm,0.5,0.5
early stopping patience,3,3
seeds,"3, 14, 15","3, 14, 15"
"""
SENTENCES = """## Implementation

Each model is a bidirectional GRU with two layers of 24 hidden units per direction, on embeddings of dimension 12. The
last state is pooled and passed to a linear classifier. We apply a dropout of 0.15 between the recurrent layers and of
0.35 before the classifier. We train for at most 5 epochs with Adam, a batch size of 25, a learning rate of 0.004 and a
weight decay of 1e-5. The learning rate follows a step schedule: it is multiplied by 0.4 every 2 epochs. Gradients are
clipped to a norm of 0.5. Early stopping has a patience of 3 epochs. All scores are means over three seeds (3, 14, 15).
"""
ARGPARSE = """{
  "arch": "gru",
  "bidirectional": true,
  "nlayers": 2,
  "hidden_dim": 24,
  "emb_dim": 12,
  "pooling": "last",
  "dropout_encoder": 0.15,
  "dropout_head": 0.35,
  "epochs": 5,
  "batch_size": 25,
  "lr": 0.004,
  "wd": 1e-05,
  "lr_schedule": "step",
  "lr_decay_every": 2,
  "lr_decay_factor": 0.4,
  "clip_norm": 0.5,
  "patience": 3,
  "seeds": [3, 14, 15],
  "data_dir": "/home/mk/calls",
  "output_dir": "runs/lark-final",
  "device": "cpu",
  "num_workers": 0
}
"""

LARK_RIGHT = (
    Report("appendix in booktabs", "lark", ".tex", BOOKTABS, {**LARK_FIELDS, **matching("training.optimiser")}),
    Report("composed configuration", "lark", ".yaml", HYDRA, {**LARK_FIELDS, **matching("training.optimiser")}),
    Report("configuration of a logged run", "lark", ".yaml", SWEEP, {**LARK_FIELDS, **default("training.optimiser")}),
    Report("a column for each model", "lark", ".csv", COLUMNS, LARK_FIELDS),
    Report("paragraph on a recurrent model", "lark", ".md", SENTENCES, LARK_FIELDS),
    Report(
        "arguments dumped by a script",
        "lark",
        ".json",
        ARGPARSE,
        {**LARK_FIELDS, **default("training.label_smoothing", "training.selection.metric")},
    ),
)
