"""Reports of the study of a transformer that have no error."""

from __future__ import annotations

from exam.record.report import Report
from exam.record.seventh.answers import FENNEL, but

TRAINER = """{
  "config": {
    "model_type": "transformer",
    "hidden_size": 48,
    "num_hidden_layers": 3,
    "num_attention_heads": 6,
    "encoder_dropout": 0.1,
    "classifier_dropout": 0.1
  },
  "training_args": {
    "output_dir": "out/fennel",
    "per_device_train_batch_size": 32,
    "num_train_epochs": 4.0,
    "optim": "adamw_torch",
    "learning_rate": 0.0005,
    "weight_decay": 0.01,
    "adam_beta1": 0.9,
    "adam_beta2": 0.999,
    "adam_epsilon": 1e-08,
    "max_grad_norm": 1.0,
    "label_smoothing_factor": 0.1,
    "lr_scheduler_type": "cosine",
    "warmup_steps": 10,
    "fp16": false,
    "logging_steps": 20,
    "seed": 42
  }
}
"""
GROUPS = """common:
  seed: 42
model:
  _name: transformer
  d_model: 48
  encoder_layers: 3
  encoder_attention_heads: 6
  encoder_dropout: 0.1
  classifier_dropout: 0.1
criterion:
  _name: label_smoothed_cross_entropy
  label_smoothing: 0.1
dataset:
  batch_size: 32
optimization:
  max_epoch: 4
  lr: [0.0005]
  clip_norm: 1.0
optimizer:
  _name: adamw
  weight_decay: 0.01
lr_scheduler:
  _name: cosine
  warmup_updates: 10
"""
LIGHTNING = """seed_everything = 42

[trainer]
max_epochs = 4
gradient_clip_val = 1.0
accelerator = "cpu"
precision = "32-true"

[data]
batch_size = 32

[model]
family = "transformer"
hidden_dim = 48
num_layers = 3
num_heads = 6
encoder_dropout = 0.1
head_dropout = 0.1
label_smoothing = 0.1

[optimizer]
class_path = "torch.optim.AdamW"

[optimizer.init_args]
lr = 5e-4
weight_decay = 0.01

[lr_scheduler]
name = "cosine"
warmup_steps = 10
"""
THREE_TABLES = """# Appendix B

**Table 5.** Architecture.

| Parameter | Value |
| --- | --- |
| Encoder | Transformer |
| Layers | 3 |
| Attention heads | 6 |
| Hidden size | 48 |
| Positional embeddings | yes |

**Table 6.** Regularisation.

| Parameter | Value (%) |
| --- | --- |
| Encoder dropout | 10 |
| Dropout before the classifier | 10 |
| Label smoothing | 10 |

**Table 7.** Optimisation. All runs used one CPU.

| Parameter | Value |
| --- | --- |
| Optimiser | AdamW |
| Peak learning rate (×10⁻⁴) | 5 |
| Weight decay | 0.01 |
| Schedule | cosine |
| Warm-up (steps) | 10 |
| Batch size (sequences) | 32 |
| Epochs | 4 |
| Gradient clipping | 1.0 |
| Seed | 42 |
"""
PARAGRAPH = r"""\paragraph{Implementation details.}
Our classifier is a Transformer encoder with $3$ layers, $6$ attention heads and a hidden size of $48$. We use a dropout
of $0.1$ in the encoder and a dropout of $0.1$ before the classifier. The model is trained with AdamW
\citep{loshchilov2019} with a peak learning rate of $5 \times 10^{-4}$ and a weight decay of $0.01$. The learning rate
is warmed up linearly over the first $10$ steps and then follows a cosine schedule. We train for four epochs with a
batch size of $32$ and label smoothing of $0.1$. The random seed is $42$.
"""
EXPORTED = """wandb_version: 1

_wandb:
  desc: null
  value:
    cli_version: 0.17.0
    python_version: 3.11.7
arch:
  desc: null
  value: transformer
d_model:
  desc: null
  value: 48
num_layers:
  desc: null
  value: 3
nhead:
  desc: null
  value: 6
encoder_dropout:
  desc: null
  value: 0.1
head_dropout:
  desc: null
  value: 0.1
epochs:
  desc: null
  value: 4
batch_size:
  desc: null
  value: 32
optimizer:
  desc: null
  value: AdamW
lr:
  desc: null
  value: 0.0005
weight_decay:
  desc: null
  value: 0.01
label_smoothing:
  desc: null
  value: 0.1
lr_scheduler:
  desc: null
  value: cosine
warmup_ratio:
  desc: null
  value: 0.125
seed:
  desc: null
  value: 42
"""
KEYS = """key,value
model_type,transformer
hidden_size,48
num_layers,3
num_heads,6
dropout_encoder,0.1
dropout_head,0.1
num_epochs,4
train_batch_size,32
optimizer,AdamW
learning_rate,5e-04
weight_decay,1e-02
label_smoothing,0.1
lr_schedule,cosine
warmup_epochs,0.5
seed,42
"""

RIGHT_FENNEL = (
    Report(
        "configuration and arguments of a trainer",
        "fennel",
        ".json",
        TRAINER,
        but(FENNEL, matched=("library.Adam.betas", "library.Adam.eps", "training.clip")),
    ),
    Report("groups of settings", "fennel", ".yaml", GROUPS, but(FENNEL, matched=("training.clip",))),
    Report(
        "arguments under a class path",
        "fennel",
        ".toml",
        LIGHTNING,
        but(FENNEL, matched=("training.clip", "training.precision", "training.device")),
    ),
    Report(
        "three tables of an appendix",
        "fennel",
        ".md",
        THREE_TABLES,
        but(FENNEL, matched=("training.clip", "model.positions")),
    ),
    Report(
        "a paragraph with formulas",
        "fennel",
        ".tex",
        PARAGRAPH,
        FENNEL,
    ),
    Report("an export with a share of steps", "fennel", ".yaml", EXPORTED, FENNEL),
    Report(
        "clipping as it is by default",
        "fennel",
        ".csv",
        KEYS,
        but(FENNEL, default=("training.clip", "model.pooling", "model.positions", "library.Adam.eps")),
    ),
)
