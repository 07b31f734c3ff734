"""Reports of the study of a mean of embeddings."""

from __future__ import annotations

from exam.record.report import Report
from exam.record.seventh.answers import TANSY, but

CLASSES = """data:
  train_rows: 480
model:
  type: mean
  embedding_dim: 20
  embedding_dropout: 0.15
  head_dropout: 0.25
optimizer:
  name: torch.optim.SGD
  lr: 0.2
  momentum: 0.85
  nesterov: false
scheduler:
  name: torch.optim.lr_scheduler.StepLR
  step_size: 2
  gamma: 0.3
training:
  epochs: 4
  batch_size: 16
  class_weights: balanced
  grad_clip: null
  early_stopping: {monitor: val_loss, patience: 2}
  selection_metric: accuracy
seeds: [10, 20, 30, 40]
"""
UNITS = """Table S1 has the settings of the baseline.

| Setting | Unit | Value |
| --- | --- | --- |
| Model | – | mean of embeddings |
| Training set | rows | 480 |
| Embedding width | dimensions | 20 |
| Embedding dropout | % | 15 |
| Head dropout | % | 25 |
| Optimiser | – | SGD |
| Learning rate | – | 0.2 |
| Momentum | – | 0.85 |
| LR schedule | – | step |
| LR step size | epochs | 2 |
| LR decay factor | – | 0.3 |
| Batch size | rows | 16 |
| Epochs | – | 4 |
| Early stopping patience | epochs | 2 |
| Class weights | – | balanced |
| Gradient clipping | – | none |
| Checkpoint selection metric | – | accuracy |
| Seeds | – | 10, 20, 30, 40 |
"""
PARAGRAPH = """### Baseline

As a baseline we use the mean of embeddings: the 20-dimensional embeddings of all tokens are averaged
and passed to a linear layer. Embedding dropout is 0.15 and head dropout is 0.25. The model is trained
on 480 training examples with SGD, a learning rate of 0.2, a momentum of 0.85 and a batch size of 16 for
at most 4 epochs. The learning rate follows a step schedule: it is multiplied by 0.3 every 2 epochs. We
use early stopping with a patience of 2 epochs and select the checkpoint with the best dev accuracy.
Class weights are balanced. We do not use gradient clipping. We train with the seeds 10, 20, 30 and 40.
"""
SILENT = """{
  "n_train": 480,
  "model": "mean",
  "embedding_dim": 20,
  "embedding_dropout": 0.15,
  "head_dropout": 0.25,
  "optimizer": "sgd",
  "learning_rate": 0.2,
  "momentum": 0.85,
  "scheduler": "step",
  "step_size": 2,
  "gamma": 0.3,
  "epochs": 4,
  "batch_size": 16,
  "class_weight": "balanced",
  "max_grad_norm": null,
  "early_stopping_patience": 2,
  "metric_for_best_model": "accuracy",
  "seeds": [10, 20, 30, 40]
}
"""
USUAL = r"""\begin{table}[ht]
  \caption{Training of the mean-embedding baseline}
  \begin{tabular}{@{}lc@{}}
    \toprule
    & \textbf{Value} \\
    \midrule
    Model & mean \\
    Training rows & 480 \\
    Embedding dimension & 20 \\
    Embedding dropout & .15 \\
    Classifier dropout & .25 \\
    Optimizer & SGD \\
    Learning rate & $0.2$ \\
    Momentum & $0.9$ \\
    Learning rate schedule & step decay \\
    Step size (epochs) & $2$ \\
    Decay factor $\gamma$ & $0.5$ \\
    Batch size & $16$ \\
    Epochs & $4$ \\
    Early stopping patience & $2$ \\
    Class weights & balanced \\
    Gradient clipping & none \\
    Selection metric & accuracy \\
    Seeds & $10, 20, 30, 40$ \\
    \bottomrule
  \end{tabular}
\end{table}
"""
ROWS = """max_train_samples: 640
model: mean
embedding_dim: 20
embedding_dropout: 0.15
classifier_dropout: 0.25
optim: sgd
learning_rate: 0.2
momentum: 0.85
lr_scheduler: step
lr_step_size: 2
lr_gamma: 0.3
num_train_epochs: 4
per_device_train_batch_size: 16
class_weights: balanced
max_grad_norm: none
early_stopping_patience: 2
metric_for_best_model: eval_accuracy
seed: [10, 20, 30, 40]
"""
UNWEIGHTED = """hyperparameter,value,comment
model,mean,
training rows,480,of 640
embedding dim,20,
embedding dropout,0.15,
head dropout,0.25,
optimizer,SGD,
learning rate,2e-1,initial
momentum,0.85,
schedule,step,
step size,2,epochs
gamma,0.3,
batch size,16,
epochs,4,at most
patience,2,epochs
gradient clipping,none,
selection metric,accuracy,on dev
seeds,"10, 20, 30, 40",four runs
"""
ENDLESS = """The baseline is a mean of embeddings (embedding dimension 20) that is trained on 480 training examples.
We set the embedding dropout to 0.15 and the head dropout to 0.25. The optimizer is SGD with a learning
rate of 0.2 and a momentum of 0.85. The learning rate follows a step schedule and is multiplied by 0.3
every 2 epochs. We train for 4 epochs with a batch size of 16 and balanced class weights. The checkpoint
is selected by dev accuracy. Seeds are 10, 20, 30 and 40.
"""
ENCODER = """| Parameter | Value |
| :-- | --: |
| model | mean |
| train rows | 480 |
| embedding dim | 20 |
| hidden size | 64 |
| layers | 2 |
| embedding dropout | 0.15 |
| head dropout | 0.25 |
| optimizer | SGD |
| learning rate | 0.2 |
| momentum | 0.85 |
| lr schedule | step |
| lr step size (epochs) | 2 |
| lr gamma | 0.3 |
| batch size | 16 |
| epochs | 4 |
| early stopping patience | 2 |
| class weights | balanced |
| gradient clipping | off |
| selection metric | accuracy |
| seeds | 10, 20, 30, 40 |
"""
ALPHA = """alpha = 0.5
seeds = [10, 20, 30, 40]

[data]
train_rows = 480

[model]
family = "mean"
embedding_dim = 20
embedding_dropout = 0.15
head_dropout = 0.25

[optimizer]
name = "sgd"
lr = 0.2
momentum = 0.85

[scheduler]
name = "step"
step_size = 2
gamma = 0.3

[training]
epochs = 4
batch_size = 16
class_weights = "balanced"
gradient_clipping = "none"
early_stopping_patience = 2
selection_metric = "accuracy"
"""

TANSY_REPORTS = (
    Report(
        "classes of an optimiser and a scheduler",
        "tansy",
        ".yaml",
        CLASSES,
        but(TANSY, matched=("training.early_stopping.metric", "library.SGD.nesterov")),
    ),
    Report("a column of units", "tansy", ".md", UNITS, TANSY),
    Report("a paragraph about a baseline", "tansy", ".md", PARAGRAPH, TANSY),
    Report(
        "nothing of decay and smoothing",
        "tansy",
        ".json",
        SILENT,
        but(
            TANSY,
            default=(
                "training.weight_decay",
                "training.label_smoothing",
                "training.schedule.warmup",
                "library.SGD.nesterov",
            ),
        ),
    ),
    Report(
        "the usual momentum and factor",
        "tansy",
        ".tex",
        USUAL,
        but(TANSY, misstated=("training.momentum", "training.schedule.gamma")),
    ),
    Report("all rows of train", "tansy", ".yaml", ROWS, but(TANSY, misstated=("data.train_rows",))),
    Report("no word of weights", "tansy", ".csv", UNWEIGHTED, but(TANSY, omitted=("training.class_weights",))),
    Report(
        "neither patience nor clipping",
        "tansy",
        ".txt",
        ENDLESS,
        but(TANSY, omitted=("training.early_stopping.patience", "training.clip")),
    ),
    Report("an encoder that is not there", "tansy", ".md", ENCODER, but(TANSY, idle=("model.hidden", "model.layers"))),
    Report(
        "an alpha of something",
        "tansy",
        ".toml",
        ALPHA,
        but(TANSY, ambiguous=("alpha",)),
    ),
)
