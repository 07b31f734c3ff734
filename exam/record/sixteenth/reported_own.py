"""Correct reports of the studies of own code, and of one that leaves most as it is: every field is a match."""

from __future__ import annotations

from exam.record.report import Report, matching
from exam.record.sixteenth.fields import HERON_FIELDS, MORTAR_FIELDS, QUILL_FIELDS

LIGHTNING = """# config.yaml of LightningCLI
trainer:
  max_epochs: 9
  gradient_clip_val: 5.0
  precision: 32-true
  accelerator: cpu
  callbacks:
    - class_path: lightning.pytorch.callbacks.EarlyStopping
      init_args:
        monitor: val_loss
        patience: 2
model:
  own: quill:make
  params:
    filters: 24
    window: 5
    drop: 0.35
data:
  batch_size: 48
optimizer:
  class_path: torch.optim.Adam
  init_args:
    lr: 0.002
    weight_decay: 0.0001
seeds: [0, 1, 2]
"""
NOTEBOOK = """# How we train the filters

The factory is `quill:make`.

```python
config = dict(
    filters=24,
    window=5,
    drop=0.35,
    optimizer="Adam",
    lr=2e-3,
    weight_decay=1e-4,
    batch_size=48,
    max_epochs=9,
    clip_grad_norm=5.0,
    early_stopping_patience=2,
    seeds=[0, 1, 2],
)
```
"""
WIKI = """Training of the filters (last edit: Tuesday)

model.own: quill:make
filters: 24
window: 5
drop: 35%
optimizer: Adam (PyTorch)
learning rate: 2.0E-3
L2 regularisation: 1e-4
mini-batch size: 48
epochs: up to 9
early stopping: patience of 2 epochs
gradient norm clipped at: 5
seeds: 0, 1, 2
host: the old box under the desk
"""
SHEET = """Parameter,Value,Unit,Comment
model.own,mortar:fit,,our fit function
rounds,45,rounds,all rows in each
pull,6.0e-1,,
ridge,2.0e-3,,
training rows,600,rows,of 960
seeds,8; 9,,
"""
ALIGNED = """[2025-03-04 10:12:01] INFO  starting run
[2025-03-04 10:12:01] INFO  embedding_mode = frozen-random
[2025-03-04 10:12:01] INFO  pooling        = last
[2025-03-04 10:12:01] INFO  epochs         = 4
[2025-03-04 10:12:01] INFO  batch_size     = 32
[2025-03-04 10:12:01] INFO  learning_rate  = 0.002
[2025-03-04 10:12:01] INFO  hidden_size    = 64
[2025-03-04 10:12:01] INFO  num_layers     = 2
"""
BOX = """<h3>Settings of the LSTM</h3>
<table>
  <tr><th>Setting</th><th>Value</th></tr>
  <tr><td>Model</td><td>LSTM</td></tr>
  <tr><td>Embeddings</td><td>random, frozen</td></tr>
  <tr><td>Pooling</td><td>last state</td></tr>
  <tr><td>Hidden units</td><td>64</td></tr>
  <tr><td>Layers</td><td>2</td></tr>
  <tr><td>Optimizer</td><td>Adam</td></tr>
  <tr><td>Learning rate</td><td>2&nbsp;&times;&nbsp;10<sup>&minus;3</sup></td></tr>
  <tr><td>Batch size</td><td>32</td></tr>
  <tr><td>Epochs</td><td>4</td></tr>
  <tr><td>Gradient clipping</td><td>1.0</td></tr>
  <tr><td>Seeds</td><td>0&ndash;4</td></tr>
</table>
"""

OWN_RIGHT = (
    Report(
        "callbacks of Lightning",
        "quill",
        ".yaml",
        LIGHTNING,
        {**QUILL_FIELDS, **matching("training.optimiser", "training.precision")},
    ),
    Report("block of Python", "quill", ".md", NOTEBOOK, {**QUILL_FIELDS, **matching("training.optimiser")}),
    Report("page of a wiki", "quill", ".txt", WIKI, {**QUILL_FIELDS, **matching("training.optimiser")}),
    Report("sheet with units", "mortar", ".csv", SHEET, MORTAR_FIELDS),
    Report("lines of a log", "heron", ".txt", ALIGNED, {**HERON_FIELDS, **matching("model.hidden", "model.layers")}),
    Report(
        "table of a web page",
        "heron",
        ".md",
        BOX,
        {
            **HERON_FIELDS,
            **matching("model.family", "model.hidden", "model.layers", "training.optimiser", "training.clip", "seeds"),
        },
    ),
)
