"""Reports of the study of a convolution with something that is not as it was."""

from __future__ import annotations

from exam.record.report import Report
from exam.record.twelfth.expecting import LOOM, expect

UNSCALED = """Field,Loom
model.own,weave:build
filters,24
reach,2
leak,0.15
model.initial_scale,1.0
model.batch_statistics,stored
training.epochs,4
training.batch_size,32
training.learning_rate,0.0025
training.weight_decay,0.0003
training.schedule.warmup,0.5
training.selection.metric,accuracy
seeds,41 42
"""
DECOUPLED = """own: weave:build
filters: 24
reach: 2
leak: 0.15
initial_scale: 0.8
batch_statistics: stored
optimizer: torch.optim.AdamW
lr: 2.5e-3
weight_decay: 3e-4
batch_size: 32
max_epochs: 4
warmup_epochs: 0.5
training.selection.metric: val_accuracy
seeds: [41, 42]
"""
UNSTORED = """Supplement S3: training of the convolution

The model is weave:build with filters = 24, reach = 2 and leak = 0.15, and its weights have an initial scale of 0.8. It
was trained with Adam for 4 epochs. The batch size was 32, the learning rate 2.5e-3 and the weight decay 3e-4. The
learning rate had a warmup of 0.5 epochs. Checkpoints were selected by accuracy on dev. The seeds were 41 and 42.
"""
HEADED = """[model]
own = "weave:build"
params = { filters = 24, reach = 2, leak = 0.15 }
heads = 4
dropout = { embedding = 0.1 }
initial_scale = 0.8
batch_statistics = "stored"

[training]
epochs = 4
batch_size = 32
optimizer = "Adam"
learning_rate = 2.5e-3
weight_decay = 3e-4
schedule = { kind = "constant", warmup = 0.5 }
selection = { metric = "accuracy" }

[seeding]
seeds = [41, 42]
"""
RATIO = """What follows was copied from the notebook.

| key | value |
|---|---|
| own | weave:build |
| filters | 24 |
| reach | 2 |
| leak | 0.15 |
| ratio | 0.25 |
| initial_scale | 0.8 |
| batch_statistics | stored |
| n_epochs | 4 |
| batch_size | 32 |
| lr | 2.5e-3 |
| wd | 3e-4 |
| warmup_epochs | 0.5 |
| selection_metric | accuracy |
| activation | leaky ReLU |
| seeds | 41, 42 |
"""
SLOW = """{
  "experiment": "loom",
  "status": "COMPLETED",
  "config": {
    "own": "weave:build",
    "filters": 24,
    "reach": 2,
    "leak": 0.15,
    "initial_scale": 0.8,
    "batch_statistics": "stored",
    "num_train_epochs": 4,
    "train_batch_size": 64,
    "learning_rate": 0.0025,
    "weight_decay": 0.0003,
    "warmup_epochs": 2,
    "selection_metric": "accuracy",
    "seeds": [41, 42]
  }
}
"""
FORGETFUL = """# cli flags, one a line
--own: weave:build
--filters: 24
--reach: 2
--initial-scale: 0.8
--batch-statistics: stored
--epochs: 4
--batch-size: 32
--optimizer: adam
--lr: 0.0025
--weight-decay: 0.0003
--warmup-epochs: 0.5
--seeds: [41, 42]
"""

LOOM_WRONG = (
    Report("weights as they are drawn", "loom", ".csv", UNSCALED, expect(LOOM, wrong=("model.initial_scale",))),
    Report("decoupled decay", "loom", ".yaml", DECOUPLED, expect(LOOM, wrong=("training.optimiser",))),
    Report(
        "supplement without statistics", "loom", ".txt", UNSTORED, expect(LOOM, omitted=("model.batch_statistics",))
    ),
    Report(
        "heads of a convolution",
        "loom",
        ".toml",
        HEADED,
        expect(LOOM, idle=("model.heads", "model.dropout.embedding")),
    ),
    Report("a ratio of something", "loom", ".md", RATIO, expect(LOOM, unclear=("ratio",))),
    Report(
        "twice the batch and a longer warm-up",
        "loom",
        ".json",
        SLOW,
        expect(LOOM, wrong=("training.batch_size", "training.schedule.warmup")),
    ),
    Report(
        "flags without a leak",
        "loom",
        ".yaml",
        FORGETFUL,
        expect(LOOM, omitted=("model.params.leak", "training.selection.metric")),
    ),
)
