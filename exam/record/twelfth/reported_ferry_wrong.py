"""Reports of the study of a transformer with something that is not as it was."""

from __future__ import annotations

from exam.record.report import Report
from exam.record.twelfth.expecting import FERRY, expect

HEADS = """Appendix C. We did not search over any of these.

| Group | Setting | Value |
| --- | --- | --- |
| Data | Training sequences | 600 |
| Model | Family | Transformer |
| | Hidden size | 48 |
| | Layers | 3 |
| | Attention heads | 8 |
| | Positional encoding | none |
| | Pooling | max |
| | Dropout | 0.1 |
| Training | Epochs | 4 |
| | Batch size | 16 |
| | Optimizer | AdamW |
| | Learning rate | 0.0007 |
| | Weight decay | 0.02 |
| | Label smoothing | 0.05 |
| | Schedule | cosine |
| | Warmup epochs | 1 |
| Stopping | Early-stopping patience | 3 |
| | Early-stopping metric | macro-F1 |
| Runs | Seeds | 0, 1 |
"""
RATIO = """model_type: transformer
hidden_size: 48
num_attention_heads: 6
num_hidden_layers: 3
model.positions: false
pooling: max
dropout: 0.1
max_train_samples: 400
num_train_epochs: 4
per_device_train_batch_size: 16
optim: adamw_torch
learning_rate: 7.0e-4
weight_decay: 2.0e-2
lr_scheduler_type: cosine
warmup_ratio: 0.1
label_smoothing_factor: 0.05
early_stopping_patience: 3
training.early_stopping.metric: macro_f1
seed: [0, 1]
"""
UNPLACED = """name,value
family,Transformer
d_model,48
n_heads,6
n_layers,3
pooling,max
dropout,0.1
n_train,400
epochs,4
batch_size,16
optimizer,AdamW
lr,7E-04
weight_decay,2E-02
label_smoothing,0.05
lr_schedule,cosine
warmup_epochs,1
early_stopping_patience,3
early_stopping_metric,macro_f1
seeds,0-1
test_macro_f1,0.684
gpu,none
"""
STEPPED = r"""\begin{tabular}{p{5cm}r}
\toprule
Option & Choice \\
\midrule
Training examples & 400 \\
Model & Transformer \\
Hidden size & 48 \\
Heads & 6 \\
Layers & 3 \\
Positions & no \\
Pooling & max \\
Dropout & 0.1 \\
Epochs & 4 \\
Batch size & 16 \\
Optimizer & AdamW \\
Learning rate & 0.0007 \\
Momentum & 0.9 \\
Weight decay & 0.02 \\
Label smoothing & 0.05 \\
Schedule & cosine \\
\texttt{schedule.gamma} & 0.5 \\
\texttt{schedule.every} & 2 \\
Warm-up epochs & 1 \\
Early stopping metric & macro F1 \\
Early stopping patience & 3 \\
Seeds & 0, 1 \\
\bottomrule
\end{tabular}
"""
LETTER = """Hi Ines,

you asked how we trained the ferry model. It is a transformer with a hidden size of 48, 6 heads and 3 layers. There are
no positions in it (positional encoding: none), and we use max pooling. Dropout is 0.1. We take 400 training examples
and train for up to 4 epochs with a batch size of 16. The optimizer is AdamW with a learning rate of 0.0007 and a
weight decay of 0.2. The schedule is cosine with a warmup of 1 epoch, and label smoothing is 0.05. Early stopping has a
patience of 5 and its metric is macro F1. We ran seeds 0 and 1.

Best, Tom
"""
UNSMOOTHED = """{
  "data": {"train_rows": 400},
  "model": {
    "family": "transformer", "hidden": 48, "heads": 6, "layers": 3,
    "positions": false, "pooling": "max", "dropout": {"encoder": 0.1, "head": 0.1}
  },
  "training": {
    "epochs": 4, "batch_size": 16, "optimiser": "adamw", "learning_rate": 7e-4,
    "weight_decay": 0.02, "schedule": {"kind": "cosine", "warmup": 1.0}
  },
  "seeds": [0, 1],
  "results": {"accuracy": 0.714, "macro_f1": 0.684},
  "hostname": "pier-3"
}
"""

FERRY_WRONG = (
    Report(
        "groups with another number of heads",
        "ferry",
        ".md",
        HEADS,
        expect(FERRY, wrong=("model.heads", "data.train_rows")),
    ),
    Report("usual ratio of a warm-up", "ferry", ".yaml", RATIO, expect(FERRY, wrong=("training.schedule.warmup",))),
    Report("no word of positions", "ferry", ".csv", UNPLACED, expect(FERRY, omitted=("model.positions",))),
    Report(
        "steps of a cosine",
        "ferry",
        ".tex",
        STEPPED,
        expect(FERRY, idle=("training.momentum", "training.schedule.gamma", "training.schedule.every")),
    ),
    Report(
        "letter to a colleague",
        "ferry",
        ".txt",
        LETTER,
        expect(FERRY, wrong=("training.weight_decay", "training.early_stopping.patience")),
    ),
    Report(
        "neither smoothing nor stopping",
        "ferry",
        ".json",
        UNSMOOTHED,
        expect(
            FERRY,
            omitted=(
                "training.label_smoothing",
                "training.early_stopping.metric",
                "training.early_stopping.patience",
            ),
        ),
    ),
)
