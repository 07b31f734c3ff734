"""Correct reports of the study with attention of the eleventh set."""

from __future__ import annotations

from exam.record.eleventh.fields import LOOMS
from exam.record.report import Report, matching

TRAINER = """{
  "architectures": ["TransformerForSequenceClassification"],
  "model_type": "transformer",
  "hidden_size": 24,
  "embedding_size": 24,
  "num_hidden_layers": 2,
  "num_attention_heads": 3,
  "positions": false,
  "pooling": "attention",
  "encoder_dropout": 0.1,
  "classifier_dropout": 0.1,
  "training_args": {
    "output_dir": "out/looms",
    "num_train_epochs": 3.0,
    "per_device_train_batch_size": 48,
    "per_device_eval_batch_size": 256,
    "gradient_accumulation_steps": 1,
    "learning_rate": 0.0015,
    "weight_decay": 0.02,
    "adam_beta1": 0.9,
    "adam_beta2": 0.999,
    "adam_epsilon": 1e-08,
    "max_grad_norm": 1.0,
    "optim": "adamw_torch",
    "lr_scheduler_type": "cosine",
    "warmup_steps": 10,
    "label_smoothing_factor": 0.08,
    "eval_strategy": "epoch",
    "save_strategy": "epoch",
    "logging_steps": 5,
    "load_best_model_at_end": true,
    "metric_for_best_model": "eval_macro_f1",
    "greater_is_better": true,
    "fp16": false,
    "push_to_hub": false,
    "report_to": []
  },
  "seeds": [0, 1]
}
"""
METHODS = r"""\section{Methods}
\paragraph{Model.} Our classifier is a Transformer encoder with 2 layers, 3 attention heads and a hidden size of 24.
The embedding dimension is 24 as well. We use no positional encodings, since the label does not depend on the order of
threads. States are pooled by attention pooling. Encoder dropout and head dropout are both 0.1.

\paragraph{Training.} We train for 3 epochs with AdamW \citep{loshchilov2019adamw}, a batch size of 48, a peak learning
rate of $1.5\times10^{-3}$, and a weight decay of 0.02. The learning rate has a linear warm-up of 1 epoch, followed by
a cosine schedule. Label smoothing is 0.08, and gradients are clipped to a norm of 1.0. The checkpoint with the best
macro-F1 on the development set is kept. We repeat each run with seeds 0 and 1.
"""
CARD = """---
license: apache-2.0
tags:
- text-classification
- generated_from_trainer
metrics:
- f1
---

# looms-small

A Transformer over colours of threads, trained from scratch. It reaches a macro-F1 of 0.71 on the test set.

## Model

- model: Transformer encoder
- hidden size: 24
- attention heads: 3
- embedding size: 24
- positional encoding: none
- pooling: attention
- encoder dropout: 0.1
- head dropout: 0.1

## Training procedure

### Training hyperparameters

The following hyperparameters were used during training:
- learning_rate: 0.0015
- train_batch_size: 48
- seeds: 0, 1
- optimizer: adamw_torch with betas=(0.9,0.999) and epsilon=1e-08
- weight_decay: 0.02
- lr_scheduler_type: cosine
- lr_scheduler_warmup_steps: 10
- num_epochs: 3
- label_smoothing_factor: 0.08
- metric_for_best_model: macro_f1
"""
COMPOSED = """# outputs/2026-03-14/10-22-51/.hydra/config.yaml
dataset:
  path: ${oc.env:DATA}/cloth
  tokens: whitespace
model:
  _target_: looms.model.Transformer
  family: transformer
  hidden: 24
  heads: 3
  layers: 2
  positions: false
  pooling: attention
  embedding:
    dim: 24
  dropout:
    encoder: 0.1
    head: 0.1
optimizer:
  _target_: torch.optim.AdamW
  lr: 1.5e-3
  weight_decay: 2e-2
  eps: 1e-8
scheduler:
  kind: cosine
  warmup_epochs: 1
criterion:
  _target_: torch.nn.CrossEntropyLoss
  label_smoothing: 0.08
training:
  epochs: 3
  batch_size: 48
  selection:
    metric: macro_f1
seeds: [0, 1]
"""
SEARCHED = """run_id,status,params.model,params.hidden_size,params.num_heads,params.positions,params.pooling,\
params.embedding_dim,params.encoder_dropout,params.head_dropout,params.epochs,params.batch_size,params.optimizer,\
params.learning_rate,params.weight_decay,params.label_smoothing,params.lr_scheduler,params.warmup_epochs,\
params.selection_metric,params.seed,metrics.test_accuracy
5f0c1b,FINISHED,transformer,24,3,False,attention,24,0.1,0.1,3,48,AdamW,0.0015,0.02,0.08,cosine,1,macro_f1,0,0.712
a41d7e,FINISHED,transformer,24,3,False,attention,24,0.1,0.1,3,48,AdamW,0.0015,0.02,0.08,cosine,1,macro_f1,1,0.688
"""
PROJECT = """[tool.looms.model]
type = "Transformer"
d_model = 24
nhead = 3
num_layers = 2
positions = false
pooling = "attention"
embedding_dim = 24
encoder_dropout = 0.10
head_dropout = 0.10

[tool.looms.train]
optimizer = "AdamW"
learning_rate = 15e-4
weight_decay = 0.020
label_smoothing = 0.080
batch_size = 48
epochs = 3
scheduler = "cosine"
warmup_steps = 10
selection_metric = "macro-F1"
seeds = 2
"""
NOTE = """looms, final setting (copied from the whiteboard on Friday)

Transformer, hidden size 24, 3 heads, embedding size 24, no positional encoding, attention pooling.
Encoder dropout 10%, head dropout 10%, label smoothing 8%.
AdamW with lr 1.5e-3 and weight decay 2e-2. Batch size 48, 3 epochs.
Cosine schedule after a warmup of 1 epoch.
Best checkpoint by macro F1 on dev.
2 seeds.

Macro-F1 on test: 71.2 and 68.8. One run costs 2 seconds.
"""
TRANSPOSED = """Table A.2: settings by group.

| Group | Hyperparameter | Setting |
| :--- | :--- | :--- |
| Architecture | Model | Transformer encoder |
| | Hidden size $d$ | 24 |
| | Number of heads | 3 |
| | Positional encoding | none |
| | Embedding dim. | 24 |
| | Pooling | attention |
| Regularisation | Dropout (encoder) | 0.1 |
| | Dropout (head) | 0.1 |
| | Label smoothing | 0.08 |
| | Weight decay | $2 \\times 10^{-2}$ |
| Optimisation | Optimiser | AdamW |
| | Peak LR | $1.5 \\times 10^{-3}$ |
| | Schedule | cosine |
| | Warm-up | 1 epoch |
| | Batch size | 48 |
| | Epochs | 3 |
| | Selection metric | macro-F1 |
| | Seeds | 0, 1 |
| Cost | Hardware | 2 × AMD EPYC cores |
| | GPU hours | 0 |
| | Parameters | 14,714 |
"""

LOOMS_RIGHT = (
    Report(
        "looms: configuration and arguments of a trainer",
        "looms",
        ".json",
        TRAINER,
        {**LOOMS, **matching("model.layers", "training.clip", "library.Adam.eps")},
    ),
    Report("looms: section of methods", "looms", ".tex", METHODS, {**LOOMS, **matching("training.clip")}),
    Report("looms: card of a model", "looms", ".md", CARD, LOOMS),
    Report(
        "looms: composed configuration",
        "looms",
        ".yaml",
        COMPOSED,
        {**LOOMS, **matching("model.layers", "library.Adam.eps"), "library.Adam.betas": "omitted-default"},
    ),
    Report(
        "looms: one row a run",
        "looms",
        ".csv",
        SEARCHED,
        {**LOOMS, "model.layers": "omitted-default", "training.clip": "omitted-default"},
    ),
    Report("looms: options of a project", "looms", ".toml", PROJECT, {**LOOMS, **matching("model.layers")}),
    Report(
        "looms: copied from a whiteboard",
        "looms",
        ".txt",
        NOTE,
        {**LOOMS, "training.class_weights": "omitted-default"},
    ),
    Report("looms: settings by group", "looms", ".md", TRANSPOSED, LOOMS),
)
