"""Correct reports of the study with attention, as frameworks and trackers export them and as papers print them."""

from __future__ import annotations

from exam.record.report import Report, matching

QUARRY_FIELDS = matching(
    "model.family",
    "model.hidden",
    "model.layers",
    "model.heads",
    "model.pooling",
    "model.dropout.encoder",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.weight_decay",
    "training.label_smoothing",
    "training.class_weights.fault",
    "training.schedule.kind",
    "training.schedule.warmup",
    "training.selection.metric",
    "seeds",
)
ARGUMENTS = """{
  "model_type": "transformer",
  "hidden_size": 32,
  "num_hidden_layers": 3,
  "num_attention_heads": 2,
  "dropout": 0.1,
  "classifier_dropout": 0.1,
  "pooling": "max",
  "output_dir": "./quarry",
  "per_device_train_batch_size": 20,
  "per_device_eval_batch_size": 64,
  "gradient_accumulation_steps": 1,
  "num_train_epochs": 4.0,
  "max_steps": -1,
  "optim": "adamw_torch",
  "learning_rate": 0.0005,
  "weight_decay": 0.01,
  "adam_beta1": 0.9,
  "adam_beta2": 0.999,
  "adam_epsilon": 1e-08,
  "max_grad_norm": 1.0,
  "lr_scheduler_type": "cosine",
  "warmup_ratio": 0.25,
  "warmup_steps": 0,
  "label_smoothing_factor": 0.1,
  "class_weights": {"fault": 3.0, "normal": 1.0},
  "metric_for_best_model": "accuracy",
  "load_best_model_at_end": true,
  "logging_steps": 12,
  "fp16": false,
  "bf16": false,
  "seeds": [0, 1]
}
"""
CARD = """# quarry-encoder

A transformer encoder that tells faults from normal logs.

### Training hyperparameters

| Hyperparameter | Value |
| --- | --- |
| model_type | transformer |
| hidden_size | 32 |
| num_hidden_layers | 3 |
| num_attention_heads | 2 |
| pooling | max |
| dropout | 0.1 |
| learning_rate | 0.0005 |
| train_batch_size | 20 |
| eval_batch_size | 64 |
| seed | 0, 1 |
| optimizer | AdamW with betas=(0.9,0.999) and epsilon=1e-08 |
| weight_decay | 0.01 |
| lr_scheduler_type | cosine |
| lr_scheduler_warmup_ratio | 0.25 |
| num_epochs | 4 |
| label_smoothing_factor | 0.1 |
| class_weights | fault: 3.0, normal: 1.0 |
| metric_for_best_model | accuracy |

### Framework versions

- Transformers 4.48.0
- PyTorch 2.6.0
"""
PARAMS = """key,value
family,transformer
d_model,32
num_layers,3
nhead,2
pooling,max
dropout,0.1
max_epochs,4
batch_size,20
optimizer,AdamW
lr,5.0e-4
weight_decay,0.01
label_smoothing,0.1
class_weights,"{'fault': 3.0, 'normal': 1.0}"
lr_scheduler,CosineAnnealingLR
warmup_epochs,1
gradient_clip_val,1.0
checkpoint_monitor,val_accuracy
seeds,"[0, 1]"
git_commit,8f3c1e2
hostname,node-07
"""
FOUR_COLUMNS = """\\begin{tabular}{ll@{\\qquad}ll}
\\toprule
Hyperparameter & Value & Hyperparameter & Value \\\\
\\midrule
Architecture & Transformer & Optimizer & AdamW \\\\
Hidden size & 32 & Peak learning rate & $5\\times10^{-4}$ \\\\
Layers & 3 & Weight decay & 0.01 \\\\
Attention heads & 2 & Schedule & cosine \\\\
Pooling & max & Warm-up & 1 epoch \\\\
Dropout & 10\\,\\% & Label smoothing & 0.1 \\\\
Batch size & 20 & Class weight of \\emph{fault} & 3 \\\\
Epochs & 4 & Checkpoint selection metric & accuracy \\\\
Seeds & 2 & Max.\\ gradient norm & 1.0 \\\\
\\bottomrule
\\end{tabular}
"""
PRINTED = """==================== settings ====================
model family           : transformer
hidden size            : 32
number of layers       : 3
attention heads        : 2
pooling                : max
dropout                : 0.10
epochs                 : 4
batch size             : 20
optimiser              : AdamW
learning rate          : 5e-04
weight decay           : 1e-02
schedule               : cosine
warmup steps           : 12
label smoothing        : 0.1
class weights          : fault 3.0, normal 1.0
selection metric       : accuracy
seeds                  : 0, 1
===================== results ====================
hardware               : Intel Xeon, 2 cores
wall time              : 3.2 s per run
test accuracy          : 0.956
"""
PROSE = """\\subsection{Experimental setup}
Our classifier is a transformer encoder with 3 layers, 2 attention heads and a hidden size of 32. States are combined by
max pooling. We use a dropout of 0.1. We optimise with AdamW, with a peak learning rate of $5 \\times 10^{-4}$
and a weight decay of 0.01, in batches of 20 for 4 epochs. The learning rate is warmed up linearly over the first epoch
and follows a cosine schedule afterwards. We use label smoothing of 0.1 and a class weight of 3 for \\emph{fault}. The
checkpoint with the best accuracy on the development set is selected. We report means over 2 seeds.
"""
NESTED = """[model]
family = "transformer"
hidden_size = 32
num_layers = 3
num_heads = 2
pooling = "max"
dropout = 0.1

[optimizer]
name = "AdamW"
lr = 5e-4
weight_decay = 1e-2
betas = [0.9, 0.999]

[scheduler]
name = "cosine"
warmup_epochs = 1

[training]
epochs = 4
batch_size = 20
label_smoothing = 0.1
selection_metric = "accuracy"
seeds = [0, 1]

[training.class_weights]
fault = 3.0
normal = 1.0
"""

QUARRY_RIGHT = (
    Report(
        "all training arguments",
        "quarry",
        ".json",
        ARGUMENTS,
        {**QUARRY_FIELDS, **matching("training.clip", "library.Adam.eps")},
    ),
    Report("table of a model card", "quarry", ".md", CARD, QUARRY_FIELDS),
    Report("logged parameters", "quarry", ".csv", PARAMS, {**QUARRY_FIELDS, **matching("training.clip")}),
    Report("names and values side by side", "quarry", ".tex", FOUR_COLUMNS, QUARRY_FIELDS),
    Report("head of a log", "quarry", ".txt", PRINTED, QUARRY_FIELDS),
    Report("paragraph on attention", "quarry", ".tex", PROSE, QUARRY_FIELDS),
    Report("sections of a file", "quarry", ".toml", NESTED, QUARRY_FIELDS),
)
