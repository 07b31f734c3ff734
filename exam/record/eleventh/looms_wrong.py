"""Reports of the study with attention of the eleventh set in which something is not as it was."""

from __future__ import annotations

from exam.record.eleventh.fields import LOOMS, planted
from exam.record.report import Report, matching

TENFOLD = r"""% appendix.tex
\begin{tabular}{lc}
\hline
Parameter & Ours \\
\hline
Architecture & Transformer encoder \\
Layers & 2 \\
Attention heads & 3 \\
Hidden dimension & 24 \\
Embedding dimension & 24 \\
Positional encoding & none \\
Pooling & attention \\
Encoder dropout & 0.1 \\
Head dropout & 0.1 \\
Optimizer & AdamW \\
Learning rate & 1.5e-3 \\
Weight decay & 0.2 \\
Label smoothing & 0.08 \\
LR schedule & cosine \\
Warmup epochs & 1 \\
Batch size & 48 \\
Epochs & 3 \\
Model selection metric & macro-F1 \\
Random seeds & 0 and 1 \\
\hline
\end{tabular}
"""
LINEAR = """# trainer_state of the best run, cleaned up by hand
model_type: transformer
hidden_size: 24
num_attention_heads: 3
num_hidden_layers: 2
embedding_size: 24
positions: none
pooling: attention
encoder_dropout: 0.1
classifier_dropout: 0.1
per_device_train_batch_size: 48
num_train_epochs: 3
optim: adamw_torch
learning_rate: 1.5e-03
weight_decay: 0.02
label_smoothing_factor: 0.08
lr_scheduler_type: linear
warmup_steps: 10
max_grad_norm: 1.0
metric_for_best_model: macro_f1
seed: [0, 1]
save_total_limit: 1
disable_tqdm: true
"""
FORGOTTEN = """The encoder is a Transformer with two layers, three attention heads, a hidden size of 24 and an embedding
dimension of 24. It is followed by attention pooling and a linear layer. The encoder dropout is 0.1, and so is the head
dropout.

We optimise the network for 3 epochs with AdamW (learning rate 0.0015, weight decay 0.02) and a batch size of 48. The
schedule of the learning rate is cosine, with a warm-up of 1 epoch. We keep the checkpoint with the highest macro-F1 on
dev. Runs are repeated with 2 seeds.
"""
STEPPED = """{
  "config": {
    "model": {"value": "transformer"},
    "d_model": {"value": 24},
    "n_heads": {"value": 3},
    "n_layers": {"value": 2},
    "positions": {"value": false},
    "pooling": {"value": "attention"},
    "embedding_dim": {"value": 24},
    "encoder_dropout": {"value": 0.1},
    "head_dropout": {"value": 0.1},
    "optimizer": {"value": "adamw"},
    "learning_rate": {"value": 0.0015},
    "weight_decay": {"value": 0.02},
    "label_smoothing": {"value": 0.08},
    "lr_scheduler": {"value": "cosine"},
    "warmup_epochs": {"value": 1},
    "lr_step_size": {"value": 10},
    "batch_size": {"value": 48},
    "epochs": {"value": 3},
    "selection_metric": {"value": "macro_f1"},
    "seeds": {"value": [0, 1]}
  }
}
"""
RATIO = """hyperparameter,value
model,transformer
hidden size,24
number of heads,3
embedding size,24
positional encoding,false
pooling,attention
encoder dropout,0.1
head dropout,0.1
optimizer,AdamW
learning rate,0.0015
weight decay,0.02
label smoothing,0.08
schedule,cosine
warmup epochs,1
ratio,0.4
batch size,48
epochs,3
selection metric,macro_f1
seeds,"0, 1"
"""
SLOW = """## Reproducing the looms numbers

Everything below is what `train.py` printed when it began.

| flag | value |
| --- | --- |
| `--model` | transformer |
| `--d-model` | 24 |
| `--num-heads` | 3 |
| `--positions` | false |
| `--pooling` | attention |
| `--embedding-dim` | 24 |
| `--encoder-dropout` | 0.1 |
| `--head-dropout` | 0.1 |
| `--optimizer` | adamw |
| `--lr` | 0.0015 |
| `--weight-decay` | 0.02 |
| `--label-smoothing` | 0.08 |
| `--lr-scheduler` | cosine |
| `--warmup-steps` | 100 |
| `--batch-size` | 48 |
| `--epochs` | 3 |
| `--selection-metric` | macro_f1 |
| `--seeds` | 0 1 |
"""
THIRD = """Dear reviewer, thank you for asking. The model is a Transformer without positional encoding: hidden size 24,
3 attention heads, embedding size 24, attention pooling, encoder dropout 0.1 and head dropout 0.1. It was trained
with AdamW at a learning rate of 0.0015 and a weight decay of 0.02, with label smoothing of 0.08. The batch size was 48
and training took 3 epochs, with a cosine schedule and a warm-up of 1 epoch. We ran three seeds (0, 1 and 2).
"""

LOOMS_WRONG = (
    Report(
        "looms: ten times the decay",
        "looms",
        ".tex",
        TENFOLD,
        {**planted(LOOMS, "misstated", "training.weight_decay"), **matching("model.layers")},
    ),
    Report("looms: straight decline", "looms", ".yaml", LINEAR, planted(LOOMS, "misstated", "training.schedule.kind")),
    Report(
        "looms: methods without smoothing and positions",
        "looms",
        ".md",
        FORGOTTEN,
        planted(LOOMS, "omitted", "training.label_smoothing", "model.positions"),
    ),
    Report(
        "looms: steps of a cosine",
        "looms",
        ".json",
        STEPPED,
        planted(LOOMS, "without-effect", "training.schedule.every"),
    ),
    Report("looms: a ratio of something", "looms", ".csv", RATIO, planted(LOOMS, "ambiguous", "ratio")),
    Report(
        "looms: ten times the warm-up", "looms", ".md", SLOW, planted(LOOMS, "misstated", "training.schedule.warmup")
    ),
    Report(
        "looms: answer to a reviewer",
        "looms",
        ".txt",
        THIRD,
        {**planted(LOOMS, "misstated", "seeds"), "training.selection.metric": "omitted"},
    ),
)
