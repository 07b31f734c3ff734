"""Reports of the study of a transformer with a field that is wrong, missing, idle or ambiguous."""

from __future__ import annotations

from exam.record.report import Report
from exam.record.seventh.answers import FENNEL, but

LINEAR = """{
  "model_type": "transformer",
  "hidden_size": 48,
  "num_hidden_layers": 3,
  "num_attention_heads": 6,
  "encoder_dropout": 0.1,
  "classifier_dropout": 0.1,
  "per_device_train_batch_size": 32,
  "num_train_epochs": 4,
  "optim": "adamw_torch",
  "learning_rate": 5e-4,
  "weight_decay": 0.01,
  "label_smoothing_factor": 0.1,
  "lr_scheduler_type": "linear",
  "warmup_steps": 10,
  "max_grad_norm": 1.0,
  "seed": 42
}
"""
HEADS = """| Hyperparameter | Value |
|---|---|
| Model | Transformer encoder |
| Number of layers | 3 |
| Number of heads | 4 |
| $d_{model}$ | 48 |
| Encoder dropout | 0.1 |
| Classifier dropout | 0.1 |
| Optimizer | AdamW |
| Learning rate | 5e-4 |
| LR schedule | cosine |
| Warmup steps | 10 |
| Weight decay | 0.01 |
| Label smoothing | 0.1 |
| Batch size | 32 |
| Epochs | 4 |
| Random seed | 42 |

Note: training takes less than a minute.
"""
COUPLED = """Training. The transformer has three layers, six attention heads and a hidden size of 48; we use encoder
dropout of 0.1 and head dropout of 0.1. All models are trained for 4 epochs using the Adam optimizer
with a learning rate of 0.0005 and a weight decay of 0.01. The batch size is 32. We use a cosine
learning rate schedule with 10 warmup steps, and label smoothing of 0.1. The seed is 42.
"""
UNSMOOTHED = """model:
  name: transformer
  hidden_size: 48
  num_layers: 3
  num_heads: 6
  encoder_dropout: 0.1
  head_dropout: 0.1
optimizer:
  name: adamw
  lr: 5.0e-4
  weight_decay: 0.01
scheduler:
  name: cosine
  warmup_steps: 10
trainer:
  epochs: 4
  batch_size: 32
  max_grad_norm: 1.0
"""
COLD = r"""\begin{table}
\begin{tabular}{ll}
\hline
\textbf{Setting} & \textbf{Value} \\
\hline
Model & Transformer \\
Hidden size & 48 \\
Layers & 3 \\
Attention heads & 6 \\
Encoder dropout & 0.1 \\
Classifier dropout & 0.1 \\
Optimizer & AdamW \\
Learning rate & 5e-4 \\
Learning rate schedule & cosine \\
Weight decay & 0.01 \\
Label smoothing & 0.1 \\
Batch size & 32 \\
Epochs & 4 \\
Seed & 42 \\
\hline
\end{tabular}
\caption{Settings of the Transformer.}
\end{table}
"""
STEPS = """seed = 42

[model]
family = "transformer"
hidden_size = 48
num_layers = 3
num_heads = 6
encoder_dropout = 0.1
head_dropout = 0.1

[optimizer]
name = "AdamW"
lr = 0.0005
weight_decay = 0.01
momentum = 0.9

[scheduler]
name = "cosine"
warmup_steps = 10
step_size = 10

[training]
epochs = 4
batch_size = 32
label_smoothing = 0.1
"""
RATE = """model: transformer
d_model: 48
n_layers: 3
n_heads: 6
encoder_dropout: 0.1
head_dropout: 0.1
label_smoothing: 0.1
rate: 0.1
optimizer: adamw
lr: 5e-4
weight_decay: 0.01
scheduler: cosine
warmup_epochs: 0.5
batch_size: 32
epochs: 4
seed: 42
"""
RATIO = """Setting,Value
Architecture,Transformer
Hidden size,48
Layers,3
Heads,6
Encoder dropout,10%
Head dropout,10%
Optimizer,AdamW
Learning rate,5.0E-04
LR scheduler,cosine
Warmup ratio,0.2
Weight decay,1.0E-02
Label smoothing,10%
Batch size,32
Epochs,4
Seed,42
"""

WRONG_FENNEL = (
    Report(
        "linear in place of cosine",
        "fennel",
        ".json",
        LINEAR,
        but(FENNEL, misstated=("training.schedule.kind",)),
    ),
    Report("two heads less", "fennel", ".md", HEADS, but(FENNEL, misstated=("model.heads",))),
    Report(
        "another optimiser in a sentence",
        "fennel",
        ".txt",
        COUPLED,
        but(FENNEL, misstated=("training.optimiser",)),
    ),
    Report(
        "neither smoothing nor seed",
        "fennel",
        ".yaml",
        UNSMOOTHED,
        but(FENNEL, omitted=("training.label_smoothing", "seeds")),
    ),
    Report(
        "a schedule from the start",
        "fennel",
        ".tex",
        COLD,
        but(FENNEL, omitted=("training.schedule.warmup",)),
    ),
    Report(
        "steps and momentum that nothing reads",
        "fennel",
        ".toml",
        STEPS,
        but(FENNEL, idle=("training.momentum", "training.schedule.every")),
    ),
    Report("a rate of something", "fennel", ".yaml", RATE, but(FENNEL, ambiguous=("rate",))),
    Report("a longer warm-up", "fennel", ".csv", RATIO, but(FENNEL, misstated=("training.schedule.warmup",))),
)
