"""Correct reports of the study with attention."""

from __future__ import annotations

from exam.record.eighth.fields import OSPREY
from exam.record.report import Report, matching

TRAINER = """{
  "model_type": "transformer",
  "hidden_size": 16,
  "num_hidden_layers": 3,
  "num_attention_heads": 2,
  "pooling": "max",
  "encoder_dropout": 0.1,
  "classifier_dropout": 0.15,
  "output_dir": "runs/osprey",
  "logging_steps": 10,
  "per_device_train_batch_size": 30,
  "gradient_accumulation_steps": 1,
  "num_train_epochs": 4.0,
  "optim": "adamw_torch",
  "learning_rate": 0.002,
  "weight_decay": 0.01,
  "adam_beta1": 0.9,
  "adam_beta2": 0.999,
  "adam_epsilon": 1e-08,
  "lr_scheduler_type": "cosine",
  "warmup_ratio": 0.25,
  "max_grad_norm": 0.5,
  "label_smoothing_factor": 0.1,
  "bf16": false,
  "seed": 42
}
"""
NOTES = """### Table 3: Hyperparameters

| Hyper-parameter | Value | Notes |
| --- | --- | --- |
| Architecture | Transformer encoder | with positions |
| Hidden dimension | 16 | |
| Layers | 3 | |
| Attention heads | 2 | per layer |
| Pooling | max | padding is left out |
| Encoder dropout | 10 % | |
| Classifier dropout | 15 % | |
| Optimizer | AdamW | default betas |
| Peak learning rate | 2 × 10⁻³ | |
| LR schedule | cosine | down to 0 |
| Warm-up | 20 steps | linear |
| Weight decay | 0.01 | decoupled |
| Label smoothing | 10 % | |
| Gradient clipping (norm) | 0.5 | |
| Batch size | 30 sequences | |
| Epochs | 4 | |
| Seed | 42 | one run |

Test accuracy is given in Table 1.
"""
SENTENCES = """**Hyperparameters.** We train a Transformer with 3 layers, 2 attention heads and a hidden size of 16;
token states are reduced by max pooling. Encoder dropout is 0.1 and classifier dropout is 0.15. We optimise with AdamW
with a peak learning rate of 2e-3 and a weight decay of 0.01. The learning rate is warmed up linearly for 1 epoch and
then follows a cosine schedule. We use a label smoothing of 0.1, clip gradients to a norm of 0.5, and train for 4 epochs
with a batch size of 30. The random seed is 42.
"""
BOOKTABS = r"""\begin{tabular}{@{}ll@{}}
\toprule
\textbf{Hyperparameter} & \textbf{Value} \\
\midrule
\multicolumn{2}{@{}l}{\textit{Model}} \\
Architecture & Transformer \\
Hidden size $d$ & 16 \\
Number of layers & 3 \\
Number of heads & 2 \\
Pooling & max \\
Encoder dropout & 0.10 \\
Classifier dropout & 0.15 \\
\midrule
\multicolumn{2}{@{}l}{\textit{Optimization}} \\
Optimizer & AdamW \\
Learning rate & $2\cdot 10^{-3}$ \\
Learning rate schedule & cosine \\
Warmup & 1 epoch \\
Weight decay & $0.01$ \\
Label smoothing & 0.1 \\
Gradient clipping & 0.5 \\
Batch size & 30 \\
Epochs & 4 \\
Random seed & 42 \\
\bottomrule
\end{tabular}
"""
FLAGS = """arch: transformer
encoder_layers: 3
encoder_attention_heads: 2
hidden_size: 16
pooling: max
encoder_dropout: 0.1
classifier_dropout: 0.15
optimizer: adamw
adam_betas: (0.9, 0.999)
adam_eps: 1e-08
lr: [0.002]
lr_scheduler: cosine
warmup_updates: 20
clip_norm: 0.5
weight_decay: 0.01
label_smoothing: 0.1
max_epoch: 4
batch_size: 30
seed: 42
"""

OSPREY_RIGHT = (
    Report(
        "arguments of a trainer with its folders",
        "osprey",
        ".json",
        TRAINER,
        {**OSPREY, **matching("library.Adam.betas", "library.Adam.eps")},
    ),
    Report("a third column of notes", "osprey", ".md", NOTES, OSPREY),
    Report("sentences below a bold heading", "osprey", ".md", SENTENCES, OSPREY),
    Report(
        "a tabular with two headings",
        "osprey",
        ".tex",
        BOOKTABS,
        OSPREY,
    ),
    Report(
        "flags of a command line",
        "osprey",
        ".yaml",
        FLAGS,
        {**OSPREY, **matching("library.Adam.betas", "library.Adam.eps")},
    ),
)
