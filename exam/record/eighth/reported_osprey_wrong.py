"""Reports of the study with attention with something changed, left out, added or unclear."""

from __future__ import annotations

from exam.record.eighth.fields import OSPREY, default, idle, misstated, omitted, unclear
from exam.record.report import Report, matching

RATIO = """model_type: transformer
hidden_size: 16
num_hidden_layers: 3
num_attention_heads: 2
pooling: max
encoder_dropout: 0.1
classifier_dropout: 0.15
per_device_train_batch_size: 30
num_train_epochs: 4
optim: adamw_torch
learning_rate: 2.0e-3
weight_decay: 1.0e-2
lr_scheduler_type: cosine
warmup_ratio: 0.1
max_grad_norm: 0.5
label_smoothing_factor: 0.1
seed: 42
"""
TENTH = """The model is a Transformer encoder with 3 layers, 2 attention heads and a hidden size of 16, followed by max
pooling and a linear layer. We set encoder dropout to 0.1 and classifier dropout to 0.15. Training uses AdamW with a
learning rate of 2e-4, a weight decay of 0.01, a cosine schedule with 1 warm-up epoch, a label smoothing of 0.1 and
gradient clipping at a norm of 0.5. We train for 4 epochs with a batch size of 30 and seed 42.
"""
LINEAR = """| Parameter | Value |
| --- | --- |
| Model | Transformer |
| Hidden size | 16 |
| Layers | 3 |
| Heads | 2 |
| Pooling | max |
| Encoder dropout | 0.1 |
| Classifier dropout | 0.15 |
| Optimizer | AdamW |
| Learning rate | 0.002 |
| Learning rate schedule | linear decay |
| Warmup epochs | 1 |
| Weight decay | 0.01 |
| Label smoothing | 0.1 |
| Max gradient norm | 0.5 |
| Batch size | 30 |
| Epochs | 4 |
| Seed | 42 |
"""
PARAMS = """key,value
arch,transformer
batch_size,30
classifier_dropout,0.15
encoder_dropout,0.1
epochs,4
hidden_size,16
learning_rate,0.002
lr_scheduler_type,cosine
num_attention_heads,2
num_layers,3
optimizer,AdamW
pooling,max
seed,42
warmup_epochs,1
weight_decay,0.01
"""
UNDECAYED = """Setup. All experiments use a Transformer with 3 layers, 2 attention heads, a hidden size of 16 and max
pooling. Encoder dropout is 0.1; classifier dropout is 0.15. We train for 4 epochs with AdamW, a batch size of 30 and a
learning rate of 0.002, which follows a cosine schedule after 20 warmup steps. Label smoothing is 0.1 and the maximum
gradient norm is 0.5.
"""
PLAIN = """[model]
architecture = "transformer"
hidden_size = 16
num_layers = 3
num_heads = 2
pooling = "max"
encoder_dropout = 0.1
classifier_dropout = 0.15

[optimizer]
name = "AdamW"
lr = 0.002
weight_decay = 0.01
eps = 1e-8

[scheduler]
name = "cosine"
warmup_epochs = 1

[training]
epochs = 4
batch_size = 30
max_grad_norm = 0.5
label_smoothing = 0.1
seed = 42
"""
DECAY = """model:
  family: transformer
  hidden: 16
  layers: 3
  heads: 2
  pooling: max
  dropout:
    encoder: 0.1
    head: 0.15
training:
  epochs: 4
  batch_size: 30
  optimiser: adamw
  learning_rate: 2e-3
  momentum: 0.9
  weight_decay: 1e-2
  label_smoothing: 0.1
  clip: 0.5
  schedule:
    kind: cosine
    warmup: 1
    gamma: 0.1
seeds: [42]
"""
STEPS = """{
  "model": {
    "name": "transformer",
    "hidden_dim": 16,
    "n_layers": 3,
    "n_heads": 2,
    "pooling": "max",
    "encoder_dropout": 0.1,
    "classifier_dropout": 0.15
  },
  "optimizer": {"name": "AdamW", "lr": 0.002, "weight_decay": 0.01},
  "lr_scheduler": {"name": "cosine", "warmup_epochs": 1, "step_size": 10},
  "trainer": {"max_epochs": 4, "batch_size": 30, "gradient_clip_val": 0.5},
  "label_smoothing": 0.1,
  "seed": 42
}
"""
LETTERS = """Table A1. Hyperparameters.

| Name | Value |
|---|---|
| Architecture | transformer |
| Hidden size | 16 |
| Layers | 3 |
| Heads | 2 |
| Pooling | max |
| k | 5 |
| Encoder dropout | 0.1 |
| Classifier dropout | 0.15 |
| Optimizer | AdamW |
| LR | 2e-3 |
| Schedule | cosine |
| Warmup epochs | 1 |
| Weight decay | 1e-2 |
| Label smoothing | 0.1 |
| Rate | 0.3 |
| Gradient clipping | 0.5 |
| Batch size | 30 |
| Epochs | 4 |
| Seed | 42 |
"""

OSPREY_WRONG = (
    Report(
        "usual share of warm-up",
        "osprey",
        ".yaml",
        RATIO,
        {**OSPREY, **misstated("training.schedule.warmup")},
    ),
    Report(
        "a tenth of the rate in a paragraph",
        "osprey",
        ".txt",
        TENTH,
        {**OSPREY, **misstated("training.learning_rate")},
    ),
    Report(
        "straight line in place of a cosine",
        "osprey",
        ".md",
        LINEAR,
        {**OSPREY, **misstated("training.schedule.kind")},
    ),
    Report(
        "parameters of a tracker without clipping and smoothing",
        "osprey",
        ".csv",
        PARAMS,
        {**OSPREY, **omitted("training.clip", "training.label_smoothing")},
    ),
    Report(
        "a paragraph without decay and seed",
        "osprey",
        ".txt",
        UNDECAYED,
        {**OSPREY, **omitted("training.weight_decay", "seeds")},
    ),
    Report(
        "sections that leave defaults alone",
        "osprey",
        ".toml",
        PLAIN,
        {
            **OSPREY,
            **matching("library.Adam.eps"),
            **default(
                "library.Adam.betas",
                "model.dropout.embedding",
                "model.positions",
                "training.class_weights",
                "training.selection.metric",
            ),
        },
    ),
    Report(
        "momentum and a factor beside a cosine",
        "osprey",
        ".yaml",
        DECAY,
        {**OSPREY, **idle("training.momentum", "training.schedule.gamma")},
    ),
    Report(
        "epochs between steps of a cosine",
        "osprey",
        ".json",
        STEPS,
        {**OSPREY, **idle("training.schedule.every")},
    ),
    Report(
        "two names that say too little",
        "osprey",
        ".md",
        LETTERS,
        {**OSPREY, **unclear("k", "Rate")},
    ),
)
