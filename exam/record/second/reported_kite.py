"""Correct reports of the study of an own model, in spellings of appendices: every field is a match."""

from __future__ import annotations

from exam.record.report import Report, as_markdown, as_yaml, matching, stated
from exam.record.second.studies import KITE

KITE_FIELDS = matching(
    "model.own",
    "model.params.width",
    "model.params.kernel",
    "model.params.drop",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.weight_decay",
    "training.schedule.warmup",
    "training.clip",
    "training.selection.metric",
    "seeds",
)
LATEX = {
    "model.own": "`kite:build`",
    "width": "28",
    "kernel": "3",
    "drop": "15\\,\\%",
    "Training epochs": "4",
    "Batch size": "30",
    "Optimizer": "AdamW (decoupled weight decay)",
    "Learning rate": "\\num{5e-4}",
    "Adam $\\beta_1$": "0.9",
    "Adam $\\beta_2$": "0.999",
    "Adam $\\epsilon$": "$10^{-8}$",
    "Weight decay": "0.01",
    "Warmup steps": "50",
    "Gradient norm clipping": "1/4",
    "training.selection.metric": "accuracy",
    "Seeds": "7 and 8",
}
CONSTANT = """model.own: kite:build
model.params: {width: 28, kernel: 3, drop: 0.15}
per_device_train_batch_size: 30
num_train_epochs: 4
optim: adamw_torch
adam_beta1: 0.9
adam_beta2: 0.999
adam_epsilon: 1e-8
learning_rate: 5e-04
weight_decay: 0.010
lr_scheduler_type: constant_with_warmup
warmup_steps: 50
max_grad_norm: 0.250
metric_for_best_model: accuracy
seed: [8, 7]
"""
LIGHTNING = """max_epochs: 4
gradient_clip_val: 0.25
precision: 32-true
accelerator: cpu
batch_size: 30
optimizer: AdamW
lr: 0.0005
weight_decay: 1e-2
warmup_epochs: 1
training.selection.metric: accuracy
model.own: kite:build
model.params.width: 28
model.params.kernel: 3
model.params.drop: 0.150
seed_everything: [7, 8]
"""
HARDWARE = {
    "learning rate": "5 × 10⁻⁴",
    "warmup epochs": "1.0",
    "Hardware": "one CPU with 2 cores",
    "Training time": "about 3 min per run",
    "Test accuracy": "71.2 ± 0.4",
}

KITE_RIGHT = (
    Report(
        "commands of LaTeX",
        "kite",
        ".md",
        as_markdown(LATEX, "Parameter", "Value"),
        {**KITE_FIELDS, **matching("library.Adam.eps")},
    ),
    Report(
        "constant with warm-up",
        "kite",
        ".yaml",
        CONSTANT,
        {**KITE_FIELDS, **matching("library.Adam.eps", "training.schedule.kind")},
    ),
    Report("flags of Lightning", "kite", ".yaml", LIGHTNING, {**KITE_FIELDS, **matching("training.precision")}),
    Report("rows that are no settings", "kite", ".md", as_markdown(stated(KITE, HARDWARE)), KITE_FIELDS),
    Report(
        "steps over all epochs",
        "kite",
        ".yaml",
        as_yaml(
            stated(
                KITE, {"total training steps": "200", "warmup": "25 % of steps"}, without=("epochs", "warmup epochs")
            )
        ),
        KITE_FIELDS,
    ),
)
