"""Correct reports of the study with attention, in layouts of papers and tools: every field is a match."""

from __future__ import annotations

from exam.record.report import Report, as_markdown, matching, stated
from exam.record.third.layouts import as_exported, as_flags, as_searched
from exam.record.third.studies import TERN

TERN_FIELDS = matching(
    "model.family",
    "model.hidden",
    "model.layers",
    "model.heads",
    "model.positions",
    "model.pooling",
    "model.dropout.encoder",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.weight_decay",
    "training.schedule.kind",
    "training.schedule.warmup",
    "training.selection.metric",
    "seeds",
)
ENUMS = """# config.json of the model
model_type: transformer
hidden_size: 40
num_hidden_layers: 3
num_attention_heads: 5
model.positions: true
pooling: attention
model.dropout.encoder: 0.1
classifier_dropout: 0.25
# str(TrainingArguments)
per_gpu_train_batch_size: 16
num_train_epochs: 8.0
optim: OptimizerNames.ADAMW_TORCH
learning_rate: 0.0007
weight_decay: 0.02
adam_beta1: 0.9
adam_beta2: 0.999
adam_epsilon: 1e-08
lr_scheduler_type: SchedulerType.COSINE
warmup_ratio: 0.05
max_grad_norm: 1.0
metric_for_best_model: eval_accuracy
seed: [101, 202]
"""
HYDRA = """trainer:
  max_epochs: 8
  gradient_clip_val: 1.0
  precision: 32-true
  accelerator: cpu
datamodule:
  batch_size: 16
model:
  family: transformer
  hidden_dim: 40
  num_layers: 3
  num_heads: 5
  positions: true
  pooling: attention
  dropout: {encoder: 0.1, head: 0.25}
  optimizer:
    _target_: torch.optim.AdamW
    lr: 7.0e-04
    weight_decay: 2.0e-02
  scheduler:
    _target_: torch.optim.lr_scheduler.CosineAnnealingLR
warmup_steps: 24
training.selection.metric: accuracy
seed: [101, 202]
"""
FAIRSEQ = {
    "arch": "transformer",
    "encoder-layers": "3",
    "encoder-attention-heads": "5",
    "d-model": "40",
    "model.positions": "True",
    "pooling": "attention",
    "encoder-dropout": "0.1",
    "classifier-dropout": "0.25",
    "max-update": "480",
    "batch-size": "16",
    "optimizer": "adamw",
    "lr": "[7e-4]",
    "weight-decay": "2e-2",
    "lr-scheduler": "cosine",
    "warmup-updates": "24",
    "clip-norm": "1.0",
    "best-checkpoint-metric": "accuracy",
    "seed": "[101, 202]",
}
VASWANI = {
    "Architecture": "Transformer encoder",
    "$d_{\\text{model}}$": "$40$",
    "# Transformer layers": "$3$",
    "# attention heads": "$5$",
    "Positional encoding": "sinusoidal",
    "Pooling": "attention",
    "Encoder dropout": "$0.1$",
    "Classifier dropout": "$0.25$",
    "# epochs": "$8$",
    "Batch size": "$16$",
    "Optimizer": "AdamW (Loshchilov & Hutter, 2019)",
    "Learning rate": "$7\\mathrm{e}{-4}$",
    "Adam $(\\beta_1, \\beta_2)$": "$(0.9, 0.999)$",
    "Weight decay": "$0.02$",
    "LR schedule": "cosine annealing",
    "Warmup": "24 steps",
    "Selection metric": "accuracy (dev)",
    "Random seeds": "$\\{101, 202\\}$",
}
COMMENTED = """Hyper-parameter,Symbol,Value,Comment
architecture,,transformer,encoder only
hidden size,d,40,
layers,L,3,
attention heads,h,5,8 per head
positional encodings,,yes,
pooling,,attention,
encoder dropout,p,0.1,
head dropout,q,0.25,
epochs,E,8,
batch size,B,16,sequences
optimizer,,AdamW,
learning rate,η,7e-4,peak
weight decay,λ,0.02,decoupled
lr schedule,,cosine,to zero
warmup proportion,,0.05,linear
selection metric,,accuracy,on dev
seeds,,"101, 202",
"""
DATACLASS = """arch: {name: transformer, d_model: 40, n_layers: 3, n_heads: 5, use_positions: true, pooling: attention}
dropout: {encoder: 0.1, head: 0.25}
optim: {name: adamw, lr: 7.0e-4, wd: 2.0e-2}
sched: {name: cosine, warmup_epochs: 0.4}
train: {n_epochs: 8, bs: 16}
selection_metric: accuracy
seeds: [101, 202]
"""
BOLD = {
    "hidden size": "20, **40**, 80",
    "layers": "1, 2, **3**",
    "heads": "1, **5**",
    "model.dropout.encoder": "0, **0.1**, 0.2",
    "batch size": "8, **16**, 32",
    "learning rate": "1e-4, 3e-4, **7e-4**, 1e-3",
    "weight decay": "0, **0.02**",
}
DOTTED = {
    "model.family": "transformer",
    "model.hidden": "40",
    "model.layers": "3",
    "model.heads": "5",
    "model.positions": "true",
    "model.pooling": "attention",
    "model.dropout.encoder": "0.1",
    "model.dropout.head": "0.25",
    "training.epochs": "8",
    "training.batch_size": "16",
    "optimizer.name": "AdamW",
    "optimizer.lr": "0.0007",
    "optimizer.weight_decay": "0.02",
    "optimizer.betas": "[0.9, 0.999]",
    "lr_scheduler.name": "cosine",
    "lr_scheduler.warmup_epochs": "0.4",
    "training.selection.metric": "accuracy",
    "seeds": "[101, 202]",
}
QUOTED = """\ufeff"Parameter","Value"
"Architecture","Transformer"
"Hidden size","40 dims"
"Layers","3 layers"
"Attention heads","5 heads"
"Use positional encodings","True"
"Pooling","attention"
"Encoder dropout","10.0%"
"Classifier dropout","25.0%"
"Epochs","8 epochs"
"Batch size","16 sequences per batch"
"Optimizer","AdamW"
"Learning rate","7e−4"
"Weight decay","2e−2"
"LR scheduler","Cosine"
"Warmup steps","24 steps"
"Selection metric","Accuracy"
"Seeds","101; 202"
"""
TRIED = {"learning rate": "{1e-4, 7e-4, 1e-3}", "weight decay": "{0, 0.02, 0.1}", "heads": "{1, 5, 10}"}

TERN_RIGHT = (
    Report(
        "members of enumerations",
        "tern",
        ".yaml",
        ENUMS,
        {**TERN_FIELDS, **matching("library.Adam.betas", "library.Adam.eps", "training.clip")},
    ),
    Report(
        "targets of Hydra",
        "tern",
        ".yaml",
        HYDRA,
        {**TERN_FIELDS, **matching("training.clip", "training.precision", "training.device")},
    ),
    Report("updates of fairseq", "tern", ".yaml", as_flags(FAIRSEQ), {**TERN_FIELDS, **matching("training.clip")}),
    Report(
        "symbols and citations",
        "tern",
        ".md",
        as_markdown(VASWANI),
        {**TERN_FIELDS, **matching("library.Adam.betas")},
    ),
    Report("symbols and comments", "tern", ".csv", COMMENTED, TERN_FIELDS),
    Report("fields of a dataclass", "tern", ".yaml", DATACLASS, TERN_FIELDS),
    Report(
        "choice in bold",
        "tern",
        ".md",
        as_markdown(stated(TERN, BOLD), "Hyperparameter", "Values tried (chosen in bold)"),
        TERN_FIELDS,
    ),
    Report(
        "dotted names with descriptions",
        "tern",
        ".yaml",
        as_exported(DOTTED),
        {**TERN_FIELDS, **matching("library.Adam.betas")},
    ),
    Report("quotes and units", "tern", ".csv", QUOTED, TERN_FIELDS),
    Report("best of a grid", "tern", ".md", as_searched(TERN, TRIED, "Best"), TERN_FIELDS),
)
