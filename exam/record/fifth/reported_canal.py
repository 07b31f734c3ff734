"""Correct reports of the study of a transformer: every field is a match."""

from __future__ import annotations

from exam.record.report import Report, matching

CANAL_FIELDS = matching(
    "model.family",
    "model.hidden",
    "model.layers",
    "model.heads",
    "model.dropout.encoder",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.weight_decay",
    "training.label_smoothing",
    "training.schedule.kind",
    "training.schedule.warmup",
    "seeds",
)
TRAINER = """# TrainingArguments
output_dir: runs/canal
per_device_train_batch_size: 16
per_device_eval_batch_size: 64
gradient_accumulation_steps: 1
num_train_epochs: 4.0
optim: adamw_torch
learning_rate: 0.0003
weight_decay: 0.01
adam_beta1: 0.9
adam_beta2: 0.999
adam_epsilon: 1e-08
max_grad_norm: 1.0
lr_scheduler_type: cosine
warmup_ratio: 0.1
label_smoothing_factor: 0.1
fp16: false
logging_steps: 20
seed: [42, 43]
# config of the model
model_type: transformer
hidden_size: 32
num_hidden_layers: 3
num_attention_heads: 8
dropout: 0.1
classifier_dropout: 0.1
"""
TWO_TABLES = r"""## Appendix A

Table A1: The encoder.

| Component | Choice |
| :-- | :-- |
| Architecture | Transformer encoder |
| Model dimension $d_{\text{model}}$ | 32 |
| Number of layers | 3 |
| Attention heads | 8 |
| Dropout (encoder) | 0.1 |
| Dropout (classifier) | 0.1 |

Table A2: Optimisation. Warm-up is linear.

| Hyperparameter | Value |
| :-- | --: |
| Optimizer | AdamW ($\beta_1 = 0.9$, $\beta_2 = 0.999$) |
| Peak learning rate | $3 \times 10^{-4}$ |
| Weight decay | $10^{-2}$ |
| Learning rate schedule | cosine decay |
| Warm-up | 10% of training steps |
| Label smoothing | 0.1 |
| Batch size | 16 |
| Training epochs | 4 |
| Seeds | 42, 43 |
"""
LIGHTNING = """seed_everything: [42, 43]
trainer:
  max_epochs: 4
  accelerator: cpu
  devices: 1
  precision: 32-true
  gradient_clip_val: 1.0
model:
  init_args:
    architecture: transformer
    d_model: 32
    nhead: 8
    num_layers: 3
    dropout: 0.1
    label_smoothing: 0.1
data:
  init_args:
    batch_size: 16
optimizer:
  class_path: torch.optim.AdamW
  init_args:
    lr: 0.0003
    weight_decay: 0.01
lr_scheduler:
  name: cosine
  warmup_steps: 16
"""
UNITS = """parameter,value,unit
architecture,transformer,
hidden size,32,
layers,3,
attention heads,8,
encoder dropout,10,%
classifier dropout,10,%
optimizer,AdamW,
learning rate,3e-4,
weight decay,0.01,
label smoothing,10,%
learning rate schedule,cosine,
warm-up,16,steps
training time,0.1,minutes
epochs,4,
batch size,16,sequences
seeds,"42, 43",
"""
PARAGRAPH = """# Experimental setup

The encoder is a Transformer with 3 layers, 8 attention heads and a hidden size of 32; dropout is 0.1 in the encoder
and 0.1 before the classifier. We trained it for 4 epochs with AdamW (learning rate 3e-4, weight decay 0.01)
and a batch size of 16. The learning rate follows a cosine schedule after a linear warm-up over the first 16 steps. We
use label smoothing of 0.1. We report the mean over two random seeds, 42 and 43.
"""
LOGGED = """key,value
model_type,transformer
d_model,32
encoder_layers,3
encoder_attention_heads,8
dropout,0.1
classifier_dropout,0.1
num_epochs,4
train_batch_size,16
optimizer,AdamW
lr,0.0003
weight_decay,0.01
label_smoothing,0.1
lr_scheduler,cosine
num_warmup_steps,16
seeds,"[42, 43]"
"""

CANAL_RIGHT = (
    Report(
        "training arguments with all the rest",
        "canal",
        ".yaml",
        TRAINER,
        {**CANAL_FIELDS, **matching("library.Adam.betas", "library.Adam.eps", "training.clip")},
    ),
    Report("tables of an appendix", "canal", ".md", TWO_TABLES, {**CANAL_FIELDS, **matching("library.Adam.betas")}),
    Report(
        "a command line of Lightning",
        "canal",
        ".yaml",
        LIGHTNING,
        {**CANAL_FIELDS, **matching("training.clip", "training.precision", "training.device")},
    ),
    Report("a column of units", "canal", ".csv", UNITS, CANAL_FIELDS),
    Report("a paragraph of the setup", "canal", ".md", PARAGRAPH, CANAL_FIELDS),
    Report("logged parameters", "canal", ".csv", LOGGED, CANAL_FIELDS),
)
