"""Reports of the recurrent study: a correct one, and others with one thing that is not as it should be."""

from __future__ import annotations

from exam.record.report import Report, as_csv, as_markdown, as_yaml, stated
from exam.record.thirteenth.forms import as_json, as_text, as_toml, default, idle, omitted, unclear, wrong
from exam.record.thirteenth.reported_lark import LARK_FIELDS

PAPER = {
    "Cell type": "GRU",
    "Bidirectional": "yes",
    "Layers": "2",
    "Hidden size": "24",
    "Embedding size": "12",
    "Pooling": "last",
    "Encoder dropout": "0.15",
    "Head dropout": "0.35",
    "Max epochs": "5",
    "Batch size": "25",
    "Optimizer": "Adam",
    "Learning rate": "0.004",
    "Weight decay": "1e-5",
    "LR schedule": "step",
    "LR step size": "2",
    "LR gamma": "0.4",
    "Gradient clipping": "0.5",
    "Patience": "3",
    "Seeds": "3, 14, 15",
}
RENAMED = {
    "Learning rate": "Initial learning rate",
    "Weight decay": "L2 weight decay",
    "Patience": "Early-stopping patience (epochs)",
    "Batch size": "Mini-batch size",
    "Hidden size": "Hidden units",
}
SHORT = {
    "Cell type": "rnn_type",
    "Max epochs": "n_epochs",
    "Learning rate": "learning_rate",
    "Batch size": "bs",
    "Gradient clipping": "clip_grad_norm",
}
KEYS: dict[str, object] = {
    "rnn_type": "GRU",
    "bidirectional": True,
    "num_layers": 2,
    "hidden_size": 24,
    "embedding_dim": 12,
    "pooling": "last",
    "encoder_dropout": 0.15,
    "head_dropout": 0.35,
    "max_epochs": 5,
    "batch_size": 25,
    "optimizer": "adam",
    "learning_rate": 0.004,
    "weight_decay": 1e-5,
    "lr_scheduler": "step",
    "step_size": 2,
    "gamma": 0.4,
    "gradient_clip_val": 0.5,
    "early_stopping_patience": 3,
    "seeds": [3, 14, 15],
}
TOML = {
    "model.family": '"gru"',
    "model.layers": "2",
    "model.hidden": "24",
    "model.pooling": '"last"',
    "model.embedding.dim": "12",
    "model.dropout.encoder": "0.15",
    "model.dropout.head": "0.35",
    "training.epochs": "5",
    "training.batch_size": "25",
    "training.learning_rate": "4e-3",
    "training.weight_decay": "1e-5",
    "training.schedule.kind": '"step"',
    "training.schedule.every": "2",
    "training.schedule.gamma": "0.4",
    "training.clip": "0.5",
    "training.early_stopping.patience": "3",
    "seeds": "[3, 14, 15]",
}
PRINTED = """batch_size = 25
bidirectional = True
clip_grad_norm = 0.5
embedding_dim = 12
encoder_dropout = 0.15
epochs = 5
head_dropout = 0.35
hidden_size = 24
learning_rate = 0.004
log_dir = runs/lark-final
lr_decay_factor = 0.4
lr_decay_every = 2
lr_schedule = step
model = gru
num_layers = 2
patience = 3
pooling = last
seeds = [3, 14, 15]
weight_decay = 1e-05
"""
HALVED = """\\paragraph{Training.} We use a bidirectional GRU with 2 layers and a hidden size of 24 per direction. The
embedding size is 12, and the last state is pooled. Dropout is 0.15 between layers and 0.35 before the output layer.
We train with Adam for 5 epochs with a batch size of 25, a weight decay of $10^{-5}$ and an initial learning rate of
$4\\cdot10^{-3}$. We use a step schedule with a decay factor of 0.5 every 2 epochs. The gradient norm is clipped at 0.5.
Training stops early with a patience of 3 epochs. We report the mean over the seeds 3, 14 and 15.
"""

LARK_WRONG = (
    Report(
        "rate of another table",
        "lark",
        ".json",
        as_json({**KEYS, "learning_rate": 0.001}),
        wrong("training.learning_rate", right=("training.weight_decay", "training.batch_size", "seeds")),
    ),
    Report(
        "more hidden units than there were",
        "lark",
        ".md",
        as_markdown(stated(PAPER, {"Hidden size": "32"}, renamed={"Layers": "# Layers"})),
        wrong("model.hidden", right=("model.embedding.dim", "model.layers", "model.family")),
    ),
    Report(
        "halved where it was multiplied",
        "lark",
        ".tex",
        HALVED,
        wrong("training.schedule.gamma", right=("training.schedule.every", "training.learning_rate")),
    ),
    Report(
        "no direction told",
        "lark",
        ".toml",
        as_toml(TOML),
        omitted("model.bidirectional", right=("model.family", "model.hidden", "training.clip")),
    ),
    Report(
        "arguments printed by a script",
        "lark",
        ".txt",
        PRINTED,
        {**LARK_FIELDS, **default("training.optimiser", "training.schedule.warmup")},
    ),
    Report(
        "no word on the pooled state",
        "lark",
        ".txt",
        as_text(stated(PAPER, {"Dev accuracy": "88.1 %"}, without=("Pooling",))),
        omitted("model.pooling", right=("model.bidirectional", "training.early_stopping.patience")),
    ),
    Report(
        "heads of a network without attention",
        "lark",
        ".md",
        as_markdown(stated(PAPER, {"Attention heads": "4"}, RENAMED), "Parameter", "Setting"),
        idle("model.heads", right=("model.hidden", "model.layers")),
    ),
    Report(
        "momentum beside Adam",
        "lark",
        ".yaml",
        as_yaml({name: str(value) for name, value in {**KEYS, "momentum": 0.9}.items()}),
        idle("training.momentum", right=("training.optimiser", "training.learning_rate")),
    ),
    Report(
        "strength of something",
        "lark",
        ".csv",
        as_csv(stated(PAPER, {"strength": "0.3"}, SHORT), "name", "value"),
        unclear("strength", right=("model.dropout.head", "training.weight_decay")),
    ),
)
