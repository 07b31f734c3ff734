"""Reports of the Transformer in which something is wrong, missing, idle or unclear."""

from __future__ import annotations

import json

from exam.record.ninth.complete import DELTA, DELTA_FIELDS, but
from exam.record.report import Report, as_csv, as_markdown, as_yaml, matching, stated

SEES_ORDER = """\
The Transformer has 4 layers with 3 heads and a hidden size of 30, and adds sinusoidal positional encodings
to its inputs. States are pooled by max pooling. Encoder dropout is 0.1 and head dropout 0.0. Initial weights are
scaled by 0.8 (initial scale 0.8).
It is trained by SGD with a learning rate of 0.08, momentum of 0.85 and a batch size of 25 for 4 epochs. The learning
rate follows a step schedule: every 2 epochs it is multiplied by 0.25. Class weights are 1.5 for trill and 4 for call;
gradient clipping was not used. The checkpoint with the best balanced accuracy on dev is kept. Seeds: 0, 1, 2, 3.
"""
SWAPPED = r"""\begin{tabularx}{\linewidth}{X r}
\toprule
\multicolumn{2}{c}{\textit{Architecture}} \\
\midrule
Family & Transformer \\
Width $d_\mathrm{model}$ & 30 \\
Number of layers & 3 \\
Number of attention heads & 4 \\
Pooling & max \\
model.positions & false \\
model.initial\_scale & 0.8 \\
model.dropout.encoder & 0.1 \\
model.dropout.head & 0.0 \\
\midrule
\multicolumn{2}{c}{\textit{Optimisation}} \\
\midrule
Optimiser & SGD \\
Learning rate & .08 \\
Momentum & .85 \\
LR schedule & step decay \\
training.schedule.every & 2 \\
training.schedule.gamma & .25 \\
training.class\_weights.trill & 1.5 \\
training.class\_weights.call & 4 \\
Gradient clipping & --- \\
Epochs & 4 \\
Batch size & 25 \\
training.selection.metric & balanced accuracy \\
Seeds & 0--3 \\
\bottomrule
\end{tabularx}
"""
WEIGHED = """\
model: {family: transformer, hidden: 30, layers: 4, heads: 3, positions: false, pooling: max, initial_scale: 0.8}
dropout: {encoder: 0.1, head: 0.0}
optimizer: {name: sgd, lr: 0.08, momentum: 0.85}
scheduler: {name: StepLR, step_size: 2, gamma: 0.25}
training:
  epochs: 4
  batch_size: 25
  clip: null
  class_weights: {trill: 1.5, call: 2}
  selection: {metric: balanced_accuracy}
seeds: [0, 1, 2, 3]
"""

DELTA_WRONG = (
    Report("a sense of order", "delta", ".txt", SEES_ORDER, but(DELTA_FIELDS, misstated=("model.positions",))),
    Report(
        "momentum of Nesterov",
        "delta",
        ".yaml",
        as_yaml(stated(DELTA, {"nesterov": "true"})),
        but(DELTA_FIELDS, misstated=("library.SGD.nesterov",)),
    ),
    Report(
        "halved in place of quartered",
        "delta",
        ".md",
        as_markdown(
            stated(DELTA, {"training.schedule.gamma": "0.5"}, {"training.schedule.every": "Step size (epochs)"}),
            "What",
            "How",
        ),
        but(DELTA_FIELDS, misstated=("training.schedule.gamma",)),
    ),
    Report("layers for heads", "delta", ".tex", SWAPPED, but(DELTA_FIELDS, misstated=("model.layers", "model.heads"))),
    Report(
        "half the weight of a class",
        "delta",
        ".yaml",
        WEIGHED,
        but({**DELTA_FIELDS, **matching("training.class_weights.trill")}, misstated=("training.class_weights.call",)),
    ),
    Report(
        "neither momentum nor pooling",
        "delta",
        ".json",
        json.dumps(stated(DELTA, without=("momentum", "pooling")), indent=2) + "\n",
        but(DELTA_FIELDS, omitted=("training.momentum", "model.pooling")),
    ),
    Report(
        "no word of positions and starts",
        "delta",
        ".md",
        as_markdown(stated(DELTA, without=("model.positions", "model.initial_scale")), "Hyperparameters", "Values"),
        but(DELTA_FIELDS, omitted=("model.positions", "model.initial_scale")),
    ),
    Report(
        "nothing that nobody chose",
        "delta",
        ".csv",
        as_csv(DELTA, "name", "setting"),
        but(
            DELTA_FIELDS,
            default=(
                "model.embedding.dim",
                "training.weight_decay",
                "training.label_smoothing",
                "training.schedule.warmup",
                "library.SGD.nesterov",
            ),
        ),
    ),
    Report(
        "directions of a Transformer",
        "delta",
        ".yaml",
        as_yaml(stated(DELTA, {"bidirectional": "false"})),
        but(DELTA_FIELDS, idle=("model.bidirectional",)),
    ),
    Report(
        "a level of something",
        "delta",
        ".csv",
        as_csv(stated(DELTA, {"level": "2"}), "Setting", "Value"),
        but(DELTA_FIELDS, unclear=("level",)),
    ),
)
