"""Correct reports of the study of a convolution."""

from __future__ import annotations

from exam.record.report import Report
from exam.record.twelfth.expecting import LOOM, expect

LIGHTNING = """# lightning_logs/version_12/hparams.yaml, with the trainer's part
model:
  own: weave:build
  params: {filters: 24, reach: 2, leak: 0.15}
  initial_scale: 0.8
  batch_statistics: stored
trainer:
  max_epochs: 4
  gradient_clip_val: 1.0
  precision: 32-true
  accelerator: cpu
  deterministic: true
data: {batch_size: 32}
optimizer: {class_path: torch.optim.Adam, init_args: {lr: 0.0025, weight_decay: 0.0003}}
warmup_epochs: 0.5
model_checkpoint: {monitor: val_acc, mode: max}
seed_everything: [41, 42]
"""
TABLE = """#### Settings of the convolutional model

Setting | Value
--- | ---
Model | `weave:build`
Filters | 24
Reach | 2
Leak | 0.15
Initial scale of weights | 0.8
Batch statistics | stored
Optimiser | Adam
Learning rate | 2.5 · 10⁻³
L2 (weight decay) | 3 · 10⁻⁴
Batch size | 32
Epochs | 4
Warm-up | half an epoch
Schedule after warm-up | constant
Checkpoint metric | accuracy (dev)
Seeds | 41 and 42
Test accuracy | 84.2 %
"""
EXPORT = """{
  "model": {"own": "weave:build", "params": {"filters": 24, "reach": 2, "leak": 0.15},
            "initial_scale": 0.8, "batch_statistics": "stored"},
  "optimizer": {"name": "Adam", "learning_rate": 0.0025, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8,
                "weight_decay": 0.0003},
  "fit": {"epochs": 4, "batch_size": 32},
  "warmup_epochs": 0.5,
  "selection": {"metric": "accuracy"},
  "seeds": [41, 42],
  "commit": "b7d1e42",
  "user": "mara"
}
"""
SIUNITX = r"""\begin{tabular}{@{}l S[table-format=1.4]@{}}
\toprule
{Quantity} & {Value} \\
\midrule
{\texttt{own}} & {\texttt{weave:build}} \\
{\texttt{filters}} & 24 \\
{\texttt{reach}} & 2 \\
{\texttt{leak}} & 0.15 \\
{\texttt{initial\_scale}} & 0.8 \\
{\texttt{batch\_statistics}} & {stored} \\
{Learning rate} & 0.0025 \\
{Weight decay} & 3e-4 \\
{Batch size} & 32 \\
{Epochs} & 4 \\
{Warm-up (epochs)} & 0.5 \\
{Selection metric} & {accuracy} \\
{Seeds} & {41, 42} \\
\bottomrule
\end{tabular}
"""
PROSE = """### Model and training

Our own model (`weave:build`) is a convolution with 24 filters, a reach of 2 and a leak of 0.15. Weights are drawn with
an initial scale of 0.8. Batch statistics are stored: batch normalisation uses what it has kept, in training as well.
We train for 4 epochs with Adam, with a batch size of 32, a learning rate of 0.0025 and a weight decay of 3e-4, after a
warmup of 0.5 epochs. The best checkpoint is selected by accuracy on the development set. Seeds were 41 and 42. Test
accuracy is 84.2 %, and training took 3 seconds.
"""

LOOM_RIGHT = (
    Report(
        "parts of a trainer",
        "loom",
        ".yaml",
        LIGHTNING,
        expect(LOOM, "training.optimiser", "training.clip", "training.precision"),
    ),
    Report(
        "table without outer bars",
        "loom",
        ".md",
        TABLE,
        expect(LOOM, "training.optimiser", "training.schedule.kind", default=("training.clip",)),
    ),
    Report(
        "export with a commit",
        "loom",
        ".json",
        EXPORT,
        expect(LOOM, "training.optimiser", "library.Adam.betas", "library.Adam.eps"),
    ),
    Report(
        "columns of numbers in LaTeX",
        "loom",
        ".tex",
        SIUNITX,
        expect(LOOM, default=("training.optimiser", "training.schedule.kind")),
    ),
    Report("own model in words", "loom", ".md", PROSE, expect(LOOM)),
)
