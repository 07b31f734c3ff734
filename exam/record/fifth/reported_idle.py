"""Reports of the fifth set with a field that nothing reads, or of which nobody can say what it means."""

from __future__ import annotations

from exam.record.fifth.studies import BROOK, CANAL, DELTA, FORD, MARSH
from exam.record.report import Report, as_csv, as_markdown, as_yaml, matching, stated

LEARNED = matching("training.learning_rate")
TREES = matching("model.params.n_estimators", "model.params.max_depth")

NAMESPACE = """arch: transformer
d_model: 32
n_layers: 3
n_heads: 8
encoder_dropout: 0.1
classifier_dropout: 0.1
epochs: 4
batch_size: 16
optimizer: adamw
lr: 0.0003
adam_beta1: 0.9
adam_beta2: 0.999
momentum: 0.9
weight_decay: 0.01
label_smoothing: 0.1
lr_scheduler: cosine
warmup_steps: 16
seeds: [42, 43]
"""
NESTED = """model: {name: transformer, d_model: 32, num_layers: 3, nhead: 8, dropout: 0.1}
optimizer: {name: AdamW, lr: 3.0e-4, weight_decay: 0.01}
training: {epochs: 4, batch_size: 16, label_smoothing: 0.1}
training.schedule.kind: cosine
training.schedule.warmup: 0.4
training.schedule.every: 10
training.schedule.gamma: 0.1
seeds: [42, 43]
"""

IDLE = (
    Report(
        "dropout between layers of which there is one",
        "brook",
        ".yaml",
        as_yaml(stated(BROOK, {"encoder_dropout": "0.2"})),
        {"model.dropout.encoder": "without-effect", **matching("model.dropout.embedding", "model.dropout.head")},
    ),
    Report(
        "heads and positions of a recurrent model",
        "brook",
        ".csv",
        as_csv(stated(BROOK, {"attention heads": "4", "positional encoding": "yes"})),
        {"model.heads": "without-effect", "model.positions": "without-effect", **LEARNED},
    ),
    Report(
        "a momentum left among the arguments",
        "canal",
        ".yaml",
        NAMESPACE,
        {"training.momentum": "without-effect", **matching("library.Adam.betas", "training.optimiser")},
    ),
    Report(
        "steps down of a cosine",
        "canal",
        ".yaml",
        NESTED,
        {
            "training.schedule.every": "without-effect",
            "training.schedule.gamma": "without-effect",
            **matching("training.schedule.kind", "training.schedule.warmup"),
        },
    ),
    Report(
        "heads and directions of a convolution",
        "delta",
        ".md",
        as_markdown(stated(DELTA, {"attention heads": "4", "bidirectional": "no"})),
        {
            "model.heads": "without-effect",
            "model.bidirectional": "without-effect",
            **matching("model.params.channels", "model.params.dropout"),
        },
    ),
    Report(
        "a rate and epochs of a forest",
        "ford",
        ".md",
        as_markdown(
            stated(FORD, {"Epochs": "20", "Batch size": "64", "Optimizer": "Adam", "Learning rate": "1e-3"}),
            "Parameter",
            "Value",
        ),
        {
            "training.epochs": "without-effect",
            "training.batch_size": "without-effect",
            "training.optimiser": "without-effect",
            "training.learning_rate": "without-effect",
            **TREES,
        },
    ),
    Report(
        "a factor of a constant rate",
        "marsh",
        ".md",
        as_markdown(stated(MARSH, {"LR schedule": "constant", "LR decay factor": "0.1"})),
        {"training.schedule.gamma": "without-effect", **matching("training.schedule.kind"), **LEARNED},
    ),
)

AMBIGUOUS = (
    Report(
        "a tau of something",
        "brook",
        ".md",
        as_markdown(stated(BROOK, {"τ": "0.5"}), "Symbol or name", "Value"),
        {"τ": "ambiguous", **LEARNED},
    ),
    Report(
        "a ratio of something",
        "canal",
        ".yaml",
        as_yaml(stated(CANAL, {"ratio": "0.25"})),
        {"ratio": "ambiguous", **matching("training.schedule.warmup")},
    ),
    Report(
        "a coefficient without a name",
        "delta",
        ".csv",
        as_csv(stated(DELTA, {"c2": "0.02"})),
        {"c2": "ambiguous", **matching("training.weight_decay")},
    ),
    Report(
        "a level of something",
        "ford",
        ".yaml",
        as_yaml(stated(FORD, {"level": "3"})),
        {"level": "ambiguous", **TREES},
    ),
    Report(
        "a limit of something",
        "marsh",
        ".csv",
        as_csv(stated(MARSH, {"limit": "100"}), "hyperparameter", "value"),
        {"limit": "ambiguous", **LEARNED, **matching("training.epochs")},
    ),
)
