"""Correct reports of the recurrent study, in spellings of appendices: every field is a match."""

from __future__ import annotations

from exam.record.report import Report, matching, stated
from exam.record.second.studies import COURIER

COURIER_FIELDS = matching(
    "model.family",
    "model.hidden",
    "model.layers",
    "model.bidirectional",
    "model.pooling",
    "model.embedding.dim",
    "model.dropout.embedding",
    "model.dropout.encoder",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.weight_decay",
    "training.clip",
    "training.schedule.kind",
    "training.schedule.every",
    "training.schedule.gamma",
    "training.early_stopping.patience",
    "training.early_stopping.metric",
    "training.selection.metric",
    "seeds",
)
APPENDIX = """Table 4 lists all settings. †: tuned on dev.

| Hyperparameter | Value |
|:--|--:|
| Architecture | GRU |
| Hidden units per direction | 20 |
| Recurrent layers | 2 |
| Bidirectional | ✓ |
| Pooling | attention |
| Embedding size | 16 |
| Embedding dropout | 10 % |
| Dropout between layers | 25 % |
| Classifier dropout | 40 % |
| Epochs (max.) | 6 |
| Mini-batch size | 50 |
| Optimiser | AdamW |
| Learning rate† | 2 × 10⁻³ |
| Weight decay† | 5 · 10⁻² |
| Gradient clipping | – |
| Learning-rate schedule | step decay |
| training.schedule.every | 2 epochs |
| LR decay factor | 0.5 |
| Early-stopping patience | 4 epochs |
| Early-stopping metric | dev accuracy |
| Selection metric | macro-F1 (dev) |
| Random seeds | 11, 22, 33 |
"""
TRAINER = """# TrainingArguments
per_device_train_batch_size: 50
num_train_epochs: 6
optim: adamw_torch
learning_rate: 2.0e-03
weight_decay: 5e-2
max_grad_norm: 0.0
metric_for_best_model: eval_macro_f1
early_stopping_patience: 4
seed: [11, 22, 33]
# the rest
model_type: gru
hidden_size: 20
num_hidden_layers: 2
bidirectional: true
pooling: attention
embedding_size: 16
classifier_dropout: 0.4
model.dropout.embedding: 1e-1
model.dropout.encoder: 2.5e-1
training.early_stopping.metric: accuracy
training.schedule.kind: step
training.schedule.every: 2
training.schedule.gamma: 5e-1
"""
NESTED = """model:
  class: nn.GRU
  embedding_dim: 16
  hidden_size: 20
  num_layers: 2
  bidirectional: True
  pooling: attention
  dropout: {embedding: 0.10, encoder: 0.250, head: 0.40}
optimizer:
  class: torch.optim.AdamW
  lr: 0.002
  weight_decay: 0.05
  betas: [0.9, 0.999]
  eps: 1.0e-8
  amsgrad: false
lr_scheduler:
  class: torch.optim.lr_scheduler.StepLR
  step_size: 2
  gamma: 0.5
early_stopping: {monitor: val_accuracy, patience: 4}
training: {max_epochs: 6, batch_size: 50, clip: null, selection: {metric: macro_f1}}
seeds: [33, 22, 11]
"""
VARIANTS = "".join(
    [
        "hyperparameter,main,plain\n",
        *(
            f"{name},{value},{'false' if name == 'bidirectional' else value}\n"
            for name, value in stated(COURIER, {"seeds": "11; 22; 33"}).items()
        ),
    ]
)
ONE_MODEL = """### Hyperparameters

| | **Ours** |
| --- | :---: |
| *Network* | |
| Model | GRU |
| Hidden size | 20 |
| #Layers | 2 |
| Bi-directional | yes |
| Pooling | attention |
| Embedding dim. | 16 |
| model.dropout.embedding | .10 |
| model.dropout.encoder | .25 |
| model.dropout.head | .40 |
| *Optimisation* | |
| #Epochs | 6 |
| Batch size (sequences) | 50 |
| Optimizer | AdamW |
| Peak learning rate | $2\\cdot10^{-3}$ |
| Weight decay | $5\\times10^{-2}$ |
| Clip norm | N/A |
| LR scheduler | StepLR |
| Step size (epochs) | 2 |
| Gamma | 1/2 |
| Patience | 4 |
| training.early_stopping.metric | accuracy |
| training.selection.metric | macro F1 |
| Seeds | {11, 22, 33} |
"""

COURIER_RIGHT = (
    Report("appendix with marks", "courier", ".md", APPENDIX, COURIER_FIELDS),
    Report("trainer without clipping", "courier", ".yaml", TRAINER, COURIER_FIELDS),
    Report(
        "classes of a framework",
        "courier",
        ".yaml",
        NESTED,
        {**COURIER_FIELDS, **matching("library.Adam.betas", "library.Adam.eps")},
    ),
    Report("a column for each variant", "courier", ".csv", VARIANTS, COURIER_FIELDS),
    Report("sections and marks", "courier", ".md", ONE_MODEL, COURIER_FIELDS),
)
