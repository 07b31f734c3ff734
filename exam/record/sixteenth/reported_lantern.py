"""Correct reports of the study with attention: every field is a match."""

from __future__ import annotations

from exam.record.report import Report, matching
from exam.record.sixteenth.fields import LANTERN_FIELDS

DEFAULTED = matching("training.optimiser", "training.batch_size")
SECTIONS = """# config/lantern.toml
title = "lantern"

[data]
tokens = "characters"

[model]
name = "transformer"
d_model = 32
nhead = 8
num_layers = 3
dropout = 0.1

[optimizer]
name = "Adam"
lr = 6e-4
betas = [0.9, 0.999]
eps = 1e-8

[scheduler]
name = "StepLR"
step_size = 2      # epochs
gamma = 0.3

[train]
epochs = 6
batch_size = 64
label_smoothing = 0.08
seeds = [0, 1]
"""
README = """# Lanterns

Code for *Letters in the dark*.

## Reproducing the numbers

```bash
pip install -r requirements.txt
for seed in 0 1; do
  python main.py --tokens characters --arch transformer --d-model 32 --n-heads 8 --n-layers 3 --dropout 0.1 \\
    --optim adam --lr 0.0006 --label-smoothing 0.08 --lr-scheduler step --lr-step-size 2 --lr-gamma 0.3 \\
    --epochs 6 --batch-size 64 --seed $seed
done
```

Each run takes less than a minute on a laptop.
"""
TRACKED = """wandb_version: 1

_wandb:
  desc: null
  value:
    cli_version: 0.17.5
    framework: torch
    python_version: 3.11.9
tokens:
  desc: null
  value: characters
model:
  desc: null
  value: transformer
hidden_size:
  desc: null
  value: 32
num_attention_heads:
  desc: null
  value: 8
num_hidden_layers:
  desc: null
  value: 3
dropout:
  desc: null
  value: 0.1
optimizer:
  desc: null
  value: adam
learning_rate:
  desc: null
  value: 0.0006
label_smoothing:
  desc: null
  value: 0.08
lr_scheduler:
  desc: null
  value: step
lr_step_size:
  desc: null
  value: 2
lr_gamma:
  desc: null
  value: 0.3
epochs:
  desc: null
  value: 6
batch_size:
  desc: null
  value: 64
seed:
  desc: null
  value: [0, 1]
"""
EXPORT = """\
Name,State,tokens,model,d_model,nhead,num_layers,dropout,lr,label_smoothing,lr_scheduler,step_size,gamma,epochs,seed
lantern-0,finished,characters,transformer,32,8,3,0.1,0.0006,0.08,step,2,0.3,6,0
lantern-1,finished,characters,transformer,32,8,3,0.1,0.0006,0.08,step,2,0.3,6,1
"""
SEARCHED = """### Appendix B: Hyperparameter search

All values were chosen by the loss on the development set.

| Hyperparameter | Search space | Selected |
| --- | --- | --- |
| Tokens | words, characters | characters |
| Model | LSTM, transformer | transformer |
| Hidden size | 16, 32, 64 | 32 |
| Attention heads | 2, 4, 8 | 8 |
| Layers | 1, 2, 3 | 3 |
| Dropout | 0, 0.1, 0.2 | 0.1 |
| Learning rate | [1e-4, 1e-2] | 6e-4 |
| Label smoothing | 0, 0.04, 0.08 | 0.08 |
| Learning rate schedule | constant, cosine, step | step |
| Step size (epochs) | 1, 2, 3 | 2 |
| Decay factor per step | 0.1, 0.3, 0.5 | 0.3 |
| Epochs | 6 | 6 |
| Seeds | 0, 1 | 0, 1 |
"""

LANTERN_RIGHT = (
    Report(
        "sections of a config",
        "lantern",
        ".toml",
        SECTIONS,
        {**LANTERN_FIELDS, **DEFAULTED, **matching("library.Adam.betas", "library.Adam.eps")},
    ),
    Report("loop over seeds", "lantern", ".md", README, {**LANTERN_FIELDS, **DEFAULTED}),
    Report("config of a tracker", "lantern", ".yaml", TRACKED, {**LANTERN_FIELDS, **DEFAULTED}),
    Report("export of a tracker", "lantern", ".csv", EXPORT, LANTERN_FIELDS),
    Report("search space beside the choice", "lantern", ".md", SEARCHED, LANTERN_FIELDS),
)
