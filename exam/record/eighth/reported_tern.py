"""Reports of the study of an own factory."""

from __future__ import annotations

from exam.record.eighth.fields import TERN, default, idle, misstated, omitted, unclear
from exam.record.report import Report, matching

LIGHTNING = """seed_everything: [13, 21]
trainer:
  max_epochs: 3
  gradient_clip_val: 5.0
  gradient_clip_algorithm: norm
  accelerator: cpu
  precision: 32-true
model:
  own: tern:build
  params:
    width: 20
    blocks: 2
    drop: 0.1
data:
  batch_size: 40
optimizer:
  class_path: torch.optim.SGD
  init_args:
    lr: 0.05
    momentum: 0.8
    weight_decay: 0.0005
    dampening: 0
    nesterov: false
warmup_epochs: 0.6
"""
UNITS = """Settings for the residual model. Warm-up is linear; afterwards the rate stays constant.

| Parameter | Value | Unit |
| --- | ---: | --- |
| model.own | tern:build | |
| Width | 20 | units |
| Blocks | 2 | |
| Drop | 10 | % |
| Optimizer | SGD | |
| Learning rate | 5e-2 | |
| Learning rate schedule | constant | |
| Warm-up | 9 | steps |
| Momentum | 0.8 | |
| Weight decay | 5e-4 | |
| Max. gradient norm | 5 | |
| Batch size | 40 | sequences |
| Epochs | 3 | |
| Seeds | 13, 21 | |
"""
TABULAR = r"""\begin{tabular}{lc}
\toprule
Hyperparameter & Value \\
\midrule
\texttt{model.own} & \texttt{tern:build} \\
width & 20 \\
blocks & 2 \\
drop & 0.1 \\
Optimizer & SGD \\
Learning rate & $5 \times 10^{-2}$ \\
Momentum & 0.8 \\
Weight decay & $5 \times 10^{-4}$ \\
Warmup ratio & 20\% \\
Gradient clipping & 5.0 \\
Batch size & 40 \\
Epochs & 3 \\
Seeds & 13, 21 \\
\bottomrule
\end{tabular}
"""
RUNS = (
    "Run ID,Name,Status,model.own,width,blocks,drop,epochs,batch_size,optimizer,lr,momentum,weight_decay,"
    "max_grad_norm,warmup_epochs,seed,test_accuracy\n"
    "4b1f0c77,tern-13,FINISHED,tern:build,20,2,0.1,3,40,SGD,0.05,0.8,0.0005,5.0,0.6,13,0.68\n"
    "9d20e5aa,tern-21,FINISHED,tern:build,20,2,0.1,3,40,SGD,0.05,0.8,0.0005,5.0,0.6,21,0.68\n"
)
NESTEROV = """{
  "model": {"own": "tern:build", "params": {"width": 20, "blocks": 2, "drop": 0.1}},
  "optimizer": {"type": "SGD", "lr": 0.05, "momentum": 0.8, "weight_decay": 0.0005, "nesterov": true},
  "warmup_steps": 9,
  "max_grad_norm": 5.0,
  "batch_size": 40,
  "num_epochs": 3,
  "seeds": [13, 21]
}
"""
PERCENT = """model.own: tern:build
width: 20
blocks: 2
drop: 1 %
optimizer: sgd
lr: 5e-2
momentum: 0.8
wd: 5e-4
clip_grad_norm: 5
warmup_epochs: 0.6
bs: 40
epochs: 3
seeds: 13 and 21
"""
NO_WARM_UP = """| Hyperparameter | Setting |
| --- | --- |
| model.own | tern:build |
| width | 20 |
| blocks | 2 |
| drop | 0.1 |
| Optimiser | SGD with momentum |
| Learning rate | 0.05 |
| Momentum | 0.8 |
| Gradient clipping | 5.0 |
| Batch size | 40 |
| Epochs | 3 |
| Seeds | 13, 21 |
"""
HEADS = """seeds = [13, 21]

[model]
own = "tern:build"
num_attention_heads = 4

[model.params]
width = 20
blocks = 2
drop = 0.1

[training]
optimizer = "SGD"
learning_rate = 0.05
momentum = 0.8
weight_decay = 0.0005
clip = 5.0
batch_size = 40
epochs = 3

[training.schedule]
kind = "constant"
warmup = 0.6
gamma = 0.1
"""
GREEK = """model.own: tern:build
model.params.width: 20
model.params.blocks: 2
model.params.drop: 0.1
optimizer: SGD
learning_rate: 0.05
momentum: 0.8
weight_decay: 0.0005
gradient_clipping: 5.0
warmup_epochs: 0.6
batch_size: 40
epochs: 3
tau: 0.7
seeds: [13, 21]
"""

TERN_REPORTS = (
    Report(
        "arguments of classes",
        "tern",
        ".yaml",
        LIGHTNING,
        {**TERN, **matching("training.precision", "library.SGD.dampening", "library.SGD.nesterov")},
    ),
    Report("a column of units", "tern", ".md", UNITS, {**TERN, **matching("training.schedule.kind")}),
    Report(
        "a share of all steps",
        "tern",
        ".tex",
        TABULAR,
        TERN,
    ),
    Report("a row for each run of a tracker", "tern", ".csv", RUNS, TERN),
    Report(
        "another kind of momentum",
        "tern",
        ".json",
        NESTEROV,
        {**TERN, **misstated("library.SGD.nesterov")},
    ),
    Report("one per cent in place of ten", "tern", ".yaml", PERCENT, {**TERN, **misstated("model.params.drop")}),
    Report(
        "no decay and no warm-up",
        "tern",
        ".md",
        NO_WARM_UP,
        {
            **TERN,
            **omitted("training.weight_decay", "training.schedule.warmup"),
            **default("training.schedule.kind", "training.class_weights"),
        },
    ),
    Report(
        "heads, and a factor of a constant rate",
        "tern",
        ".toml",
        HEADS,
        {**TERN, **matching("training.schedule.kind"), **idle("model.heads", "training.schedule.gamma")},
    ),
    Report(
        "a Greek letter in full",
        "tern",
        ".yaml",
        GREEK,
        {**TERN, **unclear("tau")},
    ),
)
