"""Correct reports of the study of a transformer."""

from __future__ import annotations

from exam.record.report import Report
from exam.record.twelfth.expecting import FERRY, expect

ARGUMENTS = """# TrainingArguments
output_dir: out/ferry
per_device_train_batch_size: 16
gradient_accumulation_steps: 1
num_train_epochs: 4.0
learning_rate: 0.0007
optim: adamw_torch
adam_beta1: 0.9
adam_beta2: 0.999
adam_epsilon: 1.0e-08
weight_decay: 0.02
max_grad_norm: 1.0
lr_scheduler_type: cosine
warmup_ratio: 0.25
label_smoothing_factor: 0.05
logging_strategy: epoch
report_to: none
bf16: false
# callback
early_stopping_patience: 3
early_stopping_metric: macro_f1
# data
max_train_samples: 400
# model
model_type: transformer
hidden_size: 48
num_hidden_layers: 3
num_attention_heads: 6
position_embedding_type: none
pooling: max
dropout: 0.1
classifier_dropout: 0.1
# runs
seed: [0, 1]
"""
CARD = """---
license: mit
language: en
---

# ferry-transformer

A small transformer over wind logs, without positions.

## Training hyperparameters

| name | value |
|:---|:---|
| architecture | transformer encoder |
| num_layers | 3 |
| num_heads | 6 |
| d_model | 48 |
| positional encoding | none |
| pooling | max |
| encoder dropout | 0.1 |
| head dropout | 0.1 |
| num_train_epochs | 4 |
| train_batch_size | 16 |
| num_train_samples | 400 |
| optimizer | AdamW with betas=(0.9, 0.999) and epsilon=1e-08 |
| learning_rate | 7e-04 |
| weight_decay | 0.02 |
| label_smoothing | 0.05 |
| lr_scheduler_type | cosine |
| lr_scheduler_warmup_steps | 25 |
| early stopping metric | macro F1 on dev |
| early stopping patience | 3 |
| seeds | 0 and 1 |

### Framework versions

- PyTorch 2.6.0
- Python 3.12
"""
VARIANTS = """hyperparameter,main,shallow
family,transformer,transformer
hidden size,48,48
layers,3,1
heads,6,6
positions,false,false
pooling,max,max
encoder dropout,0.1,0.1
head dropout,0.1,0.1
train rows,400,400
epochs,4,4
batch size,16,16
optimizer,AdamW,AdamW
learning rate,0.0007,0.0007
weight decay,0.02,0.02
label smoothing,0.05,0.05
schedule,cosine,cosine
warmup epochs,1,1
early stopping patience,3,3
early stopping metric,macro_f1,macro_f1
seeds,"0, 1","0, 1"
"""
UNITS = r"""\begin{table}
\caption{Transformer settings. Test accuracy is $71.4 \pm 0.9$.}
\begin{tabular}{ll}
\hline
Training sequences & 400 of 600 \\
Model & Transformer \\
Model width $d_{\text{model}}$ & 48 \\
Attention heads & 6 \\
Layers & 3 \\
Positional encoding & none \\
Pooling & max \\
Dropout & $10\%$ \\
\hline
Epochs & 4 \\
Batch size & 16 sequences \\
Optimiser & AdamW \\
Peak learning rate & $7\times10^{-4}$ \\
Weight decay & $2\times10^{-2}$ \\
Label smoothing & $5\%$ \\
LR schedule & cosine \\
Warm-up & 1 epoch \\
Early stopping patience & 3 epochs \\
Early stopping metric & macro-F$_1$ \\
Seeds & 2 \\
\hline
\end{tabular}
\end{table}
"""
PROSE = """# Experimental setup

We train a transformer with 3 layers, 6 attention heads and a hidden size of 48. No positional encodings are used, as
we ask whether order matters at all. Token states are reduced to one vector by max pooling. Dropout is 0.1 in the
encoder, and 0.1 before the classification head.

Optimisation uses AdamW with a learning rate of 7e-4, a weight decay of 0.02 and a batch size of 16, for at most 4
epochs over 400 training examples. The learning rate is warmed up linearly over 1 epoch and follows a cosine schedule
afterwards. Targets are smoothed (label smoothing of 0.05). Early stopping monitors macro-F1 on the development set
with a patience of 3 epochs. We report the mean over the seeds 0 and 1.
"""
MLFLOW = """{
  "info": {"run_name": "ferry-main", "status": "FINISHED", "lifecycle_stage": "active"},
  "data": {
    "params": [
      {"key": "n_train", "value": "400"},
      {"key": "family", "value": "transformer"},
      {"key": "d_model", "value": "48"},
      {"key": "nhead", "value": "6"},
      {"key": "num_encoder_layers", "value": "3"},
      {"key": "model.positions", "value": "False"},
      {"key": "pooling", "value": "max"},
      {"key": "dropout", "value": "0.1"},
      {"key": "max_epochs", "value": "4"},
      {"key": "batch_size", "value": "16"},
      {"key": "optimizer", "value": "AdamW"},
      {"key": "lr", "value": "0.0007"},
      {"key": "weight_decay", "value": "0.02"},
      {"key": "label_smoothing", "value": "0.05"},
      {"key": "schedule.kind", "value": "cosine"},
      {"key": "schedule.warmup", "value": "1.0"},
      {"key": "early_stopping.metric", "value": "macro_f1"},
      {"key": "early_stopping.patience", "value": "3"},
      {"key": "seeds", "value": "[0, 1]"}
    ]
  }
}
"""
FULL = """# the run that went into the paper, with what we left alone

[data]
train_rows = 400
tokens = "whitespace"
order = "kept"

[model]
family = "transformer"
hidden = 48
heads = 6
layers = 3
positions = false
pooling = "max"
embedding = { dim = 32, mode = "trained", scale = 1.0 }
dropout = { embedding = 0.0, encoder = 0.1, head = 0.1 }

[training]
epochs = 4
batch_size = 16
optimiser = "adamw"
learning_rate = 7e-4
weight_decay = 0.02
label_smoothing = 0.05
class_weights = "none"
clip = 1.0
schedule = { kind = "cosine", warmup = 1 }
early_stopping = { split = "dev", metric = "macro_f1", patience = 3 }
selection = { split = "dev", metric = "log_loss" }

[runs]
seeds = [0, 1]
"""

FERRY_RIGHT = (
    Report(
        "arguments with callback",
        "ferry",
        ".yaml",
        ARGUMENTS,
        expect(FERRY, "library.Adam.betas", "library.Adam.eps", "training.clip"),
    ),
    Report(
        "card of a model without positions",
        "ferry",
        ".md",
        CARD,
        expect(FERRY, default=("training.clip", "model.embedding.dim")),
    ),
    Report("main beside its shallow variant", "ferry", ".csv", VARIANTS, expect(FERRY)),
    Report("units of a transformer", "ferry", ".tex", UNITS, expect(FERRY, default=("training.selection.metric",))),
    Report("setup in two paragraphs", "ferry", ".md", PROSE, expect(FERRY)),
    Report("parameters of a logged run", "ferry", ".json", MLFLOW, expect(FERRY, default=("training.class_weights",))),
    Report(
        "with what was left alone",
        "ferry",
        ".toml",
        FULL,
        expect(
            FERRY,
            "data.tokens",
            "data.order",
            "model.embedding.dim",
            "model.embedding.mode",
            "model.embedding.scale",
            "model.dropout.embedding",
            "training.class_weights",
            "training.clip",
            "training.early_stopping.split",
            "training.selection.split",
            "training.selection.metric",
        ),
    ),
)
