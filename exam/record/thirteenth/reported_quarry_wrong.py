"""Reports of the study with attention: a correct one, and others with one thing that is not as it should be."""

from __future__ import annotations

from exam.record.report import Report, as_markdown, as_yaml, stated
from exam.record.thirteenth.forms import as_json, as_latex, as_toml, idle, omitted, unclear, wrong
from exam.record.thirteenth.reported_quarry import QUARRY_FIELDS

PAPER = {
    "Architecture": "Transformer",
    "Hidden size": "32",
    "Layers": "3",
    "Attention heads": "2",
    "Pooling": "max",
    "Dropout": "0.1",
    "Epochs": "4",
    "Batch size": "20",
    "Optimizer": "AdamW",
    "Learning rate": "5e-4",
    "Weight decay": "0.01",
    "LR schedule": "cosine",
    "Warmup epochs": "1",
    "Label smoothing": "0.1",
    "Class weights": "fault: 3, normal: 1",
    "Selection metric": "accuracy",
    "Seeds": "0, 1",
}
SYMBOLS = {"Hidden size": "$d_{\\text{model}}$", "Attention heads": "\\# heads", "Learning rate": "Peak LR"}
LONG = {
    "Layers": "Number of encoder layers",
    "Attention heads": "Number of attention heads",
    "Epochs": "Training epochs",
    "Optimizer": "Optimiser",
    "Selection metric": "Metric for best model",
}
HUGGING: dict[str, object] = {
    "model_type": "transformer",
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "pooling": "max",
    "dropout": 0.1,
    "num_train_epochs": 4,
    "per_device_train_batch_size": 20,
    "optim": "adamw_torch",
    "learning_rate": 5e-4,
    "weight_decay": 0.01,
    "lr_scheduler_type": "cosine",
    "warmup_ratio": 0.25,
    "label_smoothing_factor": 0.1,
    "class_weights": {"fault": 3.0, "normal": 1.0},
    "metric_for_best_model": "accuracy",
    "seeds": [0, 1],
}
TOML = {
    "model_type": '"transformer"',
    "d_model": "32",
    "num_layers": "3",
    "nhead": "2",
    "pooling": '"max"',
    "dropout": "0.1",
    "max_epochs": "4",
    "batch_size": "20",
    "optimizer": '"AdamW"',
    "lr": "5e-4",
    "weight_decay": "0.01",
    "lr_scheduler": '"cosine"',
    "warmup_epochs": "1",
    "label_smoothing": "0.1",
    "selection_metric": '"accuracy"',
    "seeds": "[0, 1]",
}
DOTTED = """key,value
model.family,transformer
model.hidden_size,32
model.num_layers,3
model.num_heads,2
model.pooling,max
model.dropout,0.1
optimizer.name,AdamW
optimizer.lr,0.0005
optimizer.weight_decay,0.01
scheduler.name,cosine
scheduler.warmup_epochs,1
training.max_epochs,4
training.batch_size,20
training.label_smoothing,0.1
training.class_weights.fault,3.0
training.class_weights.normal,1.0
training.selection_metric,accuracy
seeds,"[0, 1]"
"""
WEIGHTS = """# what we ran, copied from the lab book
model: {family: transformer, hidden: 32, layers: 3, heads: 2, pooling: max, dropout: {encoder: 0.1, head: 0.1}}
training:
  epochs: 4
  batch_size: 20
  optimiser: adamw
  lr: 0.0005
  weight_decay: 0.01
  label_smoothing: 0.1
  class_weights: {fault: 2.0, normal: 1.0}
  schedule: {kind: cosine, warmup: 1}
  selection: {metric: accuracy}
seeds: [0, 1]
"""
BATCHES = """### Training

We train a transformer encoder with 3 layers, a hidden size of 32 and 2 attention heads, with max pooling and a dropout
of 0.1. The optimizer is AdamW with a learning rate of 5e-4 and a weight decay of 0.01. Models are trained for 4 epochs
with batches of 32. The schedule is cosine with 1 epoch of warmup. Label smoothing is 0.1. The class fault has a class
weight of 3. Checkpoints are selected by accuracy on dev. We use the seeds 0 and 1.
"""

QUARRY_WRONG = (
    Report(
        "decay of the usual shape",
        "quarry",
        ".json",
        as_json({**HUGGING, "lr_scheduler_type": "linear"}),
        wrong("training.schedule.kind", right=("training.schedule.warmup", "training.learning_rate")),
    ),
    Report(
        "warm-up of twice the steps",
        "quarry",
        ".md",
        as_markdown(stated(PAPER, {"Warmup steps": "24"}, LONG, without=("Warmup epochs",)), "Setting", "Value"),
        wrong("training.schedule.warmup", right=("training.schedule.kind", "training.label_smoothing")),
    ),
    Report(
        "lighter weight of faults",
        "quarry",
        ".yaml",
        WEIGHTS,
        wrong("training.class_weights.fault", right=("training.label_smoothing", "training.selection.metric")),
    ),
    Report(
        "larger batches in a sentence",
        "quarry",
        ".md",
        BATCHES,
        wrong("training.batch_size", right=("training.epochs", "model.layers", "model.heads")),
    ),
    Report(
        "dotted keys of a tracker",
        "quarry",
        ".csv",
        DOTTED,
        QUARRY_FIELDS,
    ),
    Report(
        "no weights of faults",
        "quarry",
        ".toml",
        as_toml(TOML),
        omitted("training.class_weights.fault", right=("training.label_smoothing", "model.hidden", "model.heads")),
    ),
    Report(
        "steps of a cosine",
        "quarry",
        ".tex",
        as_latex(stated(PAPER, {"LR step size (epochs)": "2", "Weight decay": "$10^{-2}$"}, SYMBOLS)),
        idle("training.schedule.every", right=("training.schedule.kind", "model.layers")),
    ),
    Report(
        "temperature of something",
        "quarry",
        ".yaml",
        as_yaml(
            stated(
                PAPER,
                {"temperature": "0.7", "Class weights": "{fault: 3, normal: 1}"},
                renamed={"Learning rate": "lr", "Weight decay": "wd"},
            )
        ),
        unclear("temperature", right=("training.learning_rate", "training.weight_decay")),
    ),
)
