"""Reports of the convolution, which is a module of its own."""

from __future__ import annotations

import json

from exam.record.ninth.complete import QUARRY, QUARRY_FIELDS, but
from exam.record.report import Report, as_csv, as_markdown, as_yaml, matching, stated

COMPILED = """# model.compile(...) and model.fit(...)
compile:
  optimizer: Adam
  learning_rate: 0.0015
  beta_1: 0.9
  beta_2: 0.999
  epsilon: 1.0e-08
  global_clipnorm: 2.5
  label_smoothing: 0.1
fit:
  epochs: 4
  batch_size: 24
  class_weight: balanced
  shuffle: true
  verbose: 2
selection: {split: train}
model:
  own: quarry:build
  params:
    channels: 22
    kernels: [3, 5]
    drop: 0.35
    activation: gelu
seeds: [0, 1]
"""
README = """### Settings

| Argument | Default of the script | In the paper |
| --- | --- | --- |
| model.own | | quarry:build |
| channels | 16 | 22 |
| kernels | 3 | 3, 5 |
| drop | 0 | 0.35 |
| activation | relu | gelu |
| epochs | 10 | 4 |
| batch size | 32 | 24 |
| optimizer | Adam | Adam |
| learning rate | 1e-3 | 1.5e-3 |
| label smoothing | 0 | 0.1 |
| class weights | none | balanced |
| max. gradient norm | 1 | 2.5 |
| training.selection.split | dev | train |
| seeds | 0 | 0, 1 |
"""
TABLE = """| | Quarry |
| --- | --- |
| model.own | `quarry:build` |
| model.params.channels | 22 |
| model.params.kernels | 3 and 5 |
| model.params.drop | 35 % |
| model.params.activation | GELU |
| Optimizer | Adam |
| Learning rate | 1.5 · 10⁻³ |
| Weight decay | none |
| LR schedule | constant |
| Warmup | no |
| Batch size | 24 |
| Epochs | 4 |
| Label smoothing | 0.10 |
| Class weights | balanced |
| Gradient clipping (norm) | 2.5 |
| training.selection.split | train |
| Device | CPU |
| Seeds | 0; 1 |
| Trainable parameters | 4,315 |
| Macro-F1 (test) | 52.0 ± 1.1 |
| Runtime | 3 s |
"""
METHODS = r"""\paragraph{Optimisation.} The model \texttt{quarry:build} (channels: 22, kernels: 3 and 5, drop: 0.35,
activation: gelu) is trained with Adam~\cite{kingma2015adam} at a learning rate of $1.5 \times 10^{-3}$ for 4 epochs
with a batch size of 24. We use balanced class weights and a label smoothing of 0.1. The gradient norm is clipped at
2.5. The checkpoint is chosen on train, because dev was used for something else (selection split: train). We trained it
twice, with seeds 0 and 1.
"""
VALIDATED = """\
The convolutional model is quarry:build with channels = 22, kernels = [3, 5], drop = 0.35 and activation = gelu.
It is trained for 4 epochs with the Adam optimizer, a learning rate of 0.0015 and a batch size of 24. Class weights are
balanced, label smoothing is 0.1, and gradient clipping is at a norm of 2.5. After each epoch the loss is measured on
the dev set, and the checkpoint is selected on dev. Seeds are 0 and 1.
"""
UNITS = """setting,value,unit
model.own,quarry:build,
channels,22,
kernels,"3, 5",syllables
drop,35,%
activation,gelu,
epochs,4,passes
batch_size,24,songs
optimizer,adam,
learning_rate,0.0015,
label_smoothing,10,%
class_weights,balanced,
gradient_clip_norm,2.5,
training.selection.split,train,
seeds,"0, 1",
"""

QUARRY_REPORTS = (
    Report("compiled and fitted", "quarry", ".yaml", COMPILED, {**QUARRY_FIELDS, **matching("library.Adam.eps")}),
    Report(
        "table of an appendix with results",
        "quarry",
        ".md",
        TABLE,
        {
            **QUARRY_FIELDS,
            **matching("training.weight_decay", "training.schedule.kind", "training.schedule.warmup"),
        },
    ),
    Report("paragraph on the convolution", "quarry", ".tex", METHODS, QUARRY_FIELDS),
    Report("a column of units", "quarry", ".csv", UNITS, QUARRY_FIELDS),
    Report("arguments with defaults of a script", "quarry", ".md", README, QUARRY_FIELDS),
    Report(
        "another activation",
        "quarry",
        ".json",
        json.dumps(stated(QUARRY, {"activation": "relu"}), indent=2) + "\n",
        but(QUARRY_FIELDS, misstated=("model.params.activation",)),
    ),
    Report("chosen on dev", "quarry", ".txt", VALIDATED, but(QUARRY_FIELDS, misstated=("training.selection.split",))),
    Report(
        "a third kernel",
        "quarry",
        ".md",
        as_markdown(stated(QUARRY, {"kernels": "3, 4, 5"}), "Parameter", "Setting"),
        but(QUARRY_FIELDS, misstated=("model.params.kernels",)),
    ),
    Report(
        "neither drop nor weights of classes",
        "quarry",
        ".yaml",
        as_yaml(stated(QUARRY, without=("drop", "class weights"))),
        but(QUARRY_FIELDS, omitted=("model.params.drop", "training.class_weights")),
    ),
    Report(
        "width of a family",
        "quarry",
        ".csv",
        as_csv(stated(QUARRY, {"model.hidden": "64", "model.dropout.embedding": "0.1"})),
        but(QUARRY_FIELDS, idle=("model.hidden", "model.dropout.embedding")),
    ),
    Report(
        "a constant of something",
        "quarry",
        ".json",
        json.dumps(stated(QUARRY, {"constant": "0.7"})) + "\n",
        but(QUARRY_FIELDS, unclear=("constant",)),
    ),
)
