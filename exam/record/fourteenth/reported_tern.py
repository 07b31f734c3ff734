"""Correct reports of the study of an own network: every field is a match."""

from __future__ import annotations

from exam.record.fourteenth.stating import TERN_FIELDS
from exam.record.report import Report, matching

LOGGED = """key,value
model.own,tern:build
model.params.channels,24
model.params.kernel,5
model.params.depth,2
model.params.drop,0.1
data.train_rows,1280
training.epochs,4
training.batch_size,64
optimizer.name,SGD
optimizer.lr,0.1
optimizer.momentum,0.9
optimizer.nesterov,False
optimizer.weight_decay,0.0005
training.class_weights,{'equal': 3.0}
training.max_grad_norm,2.5
training.warmup_steps,10
training.selection.metric,accuracy
seeds,"[2024, 2025, 2026]"
"""
TABLES = """title = "tern, final configuration"

[model]
own = "tern:build"

[model.params]
channels = 24
kernel = 5
depth = 2

[data]
train_rows = 1_280

[optimizer]
name = "sgd"
lr = 1e-1
momentum = 0.90
dampening = 0
nesterov = false
weight_decay = 5.0e-4

[training]
num_epochs = 4
batch_size = 64
class_weights = { equal = 3.0, fewer = 1.0, more = 1.0 }
clip_grad_norm = 2.5
lr_scheduler = "constant_with_warmup"
warmup_ratio = 0.125
selection_metric = "accuracy"

[run]
seeds = [2024, 2025, 2026]
"""
SECTIONS = """; settings of the final runs
[model]
own = tern:build
channels = 24
kernel = 5
depth = 2

[data]
train_rows = 1280

[optimiser]
optimiser = SGD
learning_rate = .1
momentum = .9
weight_decay = 5e-4
clip_norm = 2.5

[training]
epochs = 4
batch_size = 64
class_weights = equal: 3, fewer: 1, more: 1
warmup_epochs = 0.5
selection_metric = accuracy
seeds = 2024, 2025, 2026
"""
THESIS = r"""\section{Training}

The network of this chapter (\texttt{tern:build}) stacks convolutions with 24 channels, a kernel of 5 and a depth of 2.
It was trained on 1\,280 training examples for 4 epochs with SGD, a momentum of $0.9$, a weight decay of
$5\cdot10^{-4}$ and a batch size of 64. The learning rate of $0.1$ is reached by a linear warm-up over 0.5 epochs and
stays constant from then on. Gradients are clipped at a norm of 2.5. In the loss, class weights are 3 for
\emph{equal}, and 1 for \emph{fewer} and for \emph{more}. The checkpoint with the best accuracy on the development set
is kept. All numbers are means over the seeds 2024, 2025 and 2026.
"""

TERN_RIGHT = (
    Report(
        "parameters of a tracker",
        "tern",
        ".csv",
        LOGGED,
        {**TERN_FIELDS, **matching("library.SGD.nesterov")},
    ),
    Report(
        "tables of a configuration",
        "tern",
        ".toml",
        TABLES,
        {**TERN_FIELDS, **matching("training.schedule.kind", "library.SGD.nesterov", "library.SGD.dampening")},
    ),
    Report("sections of a configuration", "tern", ".txt", SECTIONS, TERN_FIELDS),
    Report("chapter of a thesis", "tern", ".tex", THESIS, TERN_FIELDS),
)
