"""Reports of the study of an own network, correct ones and those with one thing that is not as it should be."""

from __future__ import annotations

from exam.record.report import Report, as_csv, as_markdown, as_yaml, matching, stated
from exam.record.thirteenth.forms import as_json, as_text, default, idle, omitted, unclear, wrong

STOPPED = ("training.early_stopping.patience", "training.early_stopping.metric")
TERN_FIELDS = matching(
    "model.own",
    "model.params.width",
    "model.params.kernel",
    "model.params.drop",
    "training.epochs",
    "training.batch_size",
    "training.learning_rate",
    "training.label_smoothing",
    "training.clip",
    *STOPPED,
    "seeds",
)
PAPER = {
    "model.own": "gated:build",
    "width": "20",
    "kernel": "3",
    "drop": "0.25",
    "epochs": "4",
    "batch size": "30",
    "optimizer": "Adam",
    "learning rate": "2e-3",
    "label smoothing": "0.05",
    "gradient clipping": "5",
    "early stopping metric": "accuracy",
    "early stopping patience": "2",
    "seeds": "1, 2",
}
HUGGING = {
    "epochs": "num_train_epochs",
    "batch size": "per_device_train_batch_size",
    "learning rate": "learning_rate",
    "label smoothing": "label_smoothing_factor",
    "gradient clipping": "max_grad_norm",
}
KEYS: dict[str, object] = {
    "model": {"own": "gated:build", "params": {"width": 20, "kernel": 3, "drop": 0.25}},
    "max_epochs": 4,
    "batch_size": 30,
    "optimizer": "Adam",
    "lr": 0.002,
    "label_smoothing": 0.05,
    "gradient_clip_val": 5.0,
    "early_stopping": {"monitor": "val_accuracy", "patience": 2},
    "seeds": [1, 2],
}
LIGHTNING = """# lightning 2.4, config.yaml
trainer:
  accelerator: cpu
  devices: 1
  precision: 32-true
  max_epochs: 4
  gradient_clip_val: 5.0
  log_every_n_steps: 10
early_stopping:
  monitor: val_accuracy
  mode: max
  patience: 2
model:
  own: gated:build
  params:
    width: 20
    kernel: 3
    drop: 0.25
  label_smoothing: 0.05
optimizer:
  class_path: torch.optim.Adam
  init_args:
    lr: 0.002
data:
  batch_size: 30
  num_workers: 0
seeds: [1, 2]
"""
DECORATED = """Table 7. Settings of the gated network. All were chosen on dev.

| **Hyperparameter** | **Value** |
|---|---:|
| model.own | `gated:build` |
| `width` | 20 channels |
| `kernel` | 3 |
| `drop` | 25 % |
| Epochs (maximum) | 4 |
| Batch size | 30 |
| Optimizer | Adam (β₁ = 0.9, β₂ = 0.999) |
| Learning rate | 2 × 10⁻³ |
| Label smoothing | 5 % |
| Gradient clipping, norm | 5.0 |
| Early stopping patience | 2 epochs |
| Early stopping metric | dev accuracy |
| Seeds | 1 and 2 |
"""
TABULAR = """\\begin{tabular}{lc}
  \\hline
  Parameter & Setting \\\\ \\hline
  model.own & \\texttt{gated:build} \\\\
  \\texttt{width} & 20 \\\\
  \\texttt{kernel} & 3 \\\\
  \\texttt{drop} & 0.25 \\\\
  max\\_epochs & 4 \\\\
  batch\\_size & 30 \\\\
  optimizer & Adam \\\\
  learning\\_rate & \\num{2e-3} \\\\
  label\\_smoothing & 0.05 \\\\
  gradient\\_clip\\_val & 5.0 \\\\
  early\\_stopping\\_metric & accuracy \\\\
  early\\_stopping\\_patience & 2 \\\\
  seeds & $\\{1, 2\\}$ \\\\
  \\hline
\\end{tabular}
"""
PATIENT = """seeds = [1, 2]

[model]
own = "gated:build"

[model.params]
width = 20
kernel = 3
drop = 0.25

[training]
epochs = 4
batch_size = 30
optimiser = "adam"
learning_rate = 2e-3
label_smoothing = 0.05
clip = 5.0
early_stopping = {metric = "accuracy", patience = 5}
"""

TERN_REPORTS = (
    Report(
        "nested arguments of a trainer",
        "tern",
        ".yaml",
        LIGHTNING,
        {**TERN_FIELDS, **matching("training.optimiser", "training.precision")},
    ),
    Report("table with marks and units", "tern", ".md", DECORATED, TERN_FIELDS),
    Report("names in typewriter", "tern", ".tex", TABULAR, TERN_FIELDS),
    Report(
        "object of a tracker",
        "tern",
        ".json",
        as_json({**KEYS, "run_name": "splendid-tern-12", "host": "node-07", "git_commit": "8f3c1e2"}),
        {**TERN_FIELDS, **default("training.weight_decay", "training.schedule.kind", "training.class_weights")},
    ),
    Report(
        "kernel of the factory's default",
        "tern",
        ".csv",
        as_csv(stated(PAPER, {"kernel": "5"}, HUGGING)),
        wrong("model.params.kernel", right=("model.params.width", "model.params.drop")),
    ),
    Report(
        "patience of the library's default",
        "tern",
        ".toml",
        PATIENT,
        wrong(
            "training.early_stopping.patience",
            right=("training.early_stopping.metric", "training.epochs", "model.params.kernel"),
        ),
    ),
    Report(
        "no drop told",
        "tern",
        ".yaml",
        as_yaml(stated(PAPER, without=("drop",))),
        omitted("model.params.drop", right=("model.params.width", "training.label_smoothing")),
    ),
    Report(
        "nothing of an early end",
        "tern",
        ".md",
        as_markdown(stated(PAPER, without=("early stopping metric", "early stopping patience"))),
        omitted(*STOPPED, right=("training.epochs", "training.clip")),
    ),
    Report(
        "layers of an own network",
        "tern",
        ".txt",
        as_text(stated(PAPER, {"model.layers": "2"})),
        idle("model.layers", right=("model.params.width", "model.params.kernel")),
    ),
    Report(
        "factor of a constant rate",
        "tern",
        ".json",
        as_json({**KEYS, "lr_scheduler": "constant", "lr_gamma": 0.1}),
        idle("training.schedule.gamma", right=("training.schedule.kind", "training.learning_rate")),
    ),
    Report(
        "tau of something",
        "tern",
        ".md",
        as_markdown(stated(PAPER, {"τ": "0.1"}, {"gradient clipping": "max. gradient norm"}), "Parameter", "Value"),
        unclear("τ", right=("training.label_smoothing", "model.params.drop")),
    ),
)
