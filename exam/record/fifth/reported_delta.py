"""Correct reports of the study of an own factory: every field is a match."""

from __future__ import annotations

from exam.record.report import Report, matching

DELTA_FIELDS = matching(
    "model.own",
    "model.params.channels",
    "model.params.kernel_size",
    "model.params.dropout",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.momentum",
    "training.weight_decay",
    "training.class_weights",
    "training.clip",
    "training.schedule.kind",
    "training.schedule.every",
    "training.schedule.gamma",
    "seeds",
)
SKORCH = """module: delta:build
module__channels: 24
module__kernel_size: 5
module__dropout: 0.3
max_epochs: 3
batch_size: 40
optimizer: SGD
optimizer__lr: 0.1
optimizer__momentum: 0.9
optimizer__weight_decay: 0.0001
lr_scheduler: StepLR
lr_scheduler__step_size: 1
lr_scheduler__gamma: 0.5
gradient_clip_value: null
class_weight: balanced
seeds: [0, 1]
"""
NOTES = """All settings are the same for both seeds.

| Hyper-parameter | Value | Notes |
| --- | --- | --- |
| Model | `delta:build` | convolution over tokens |
| Channels | 24 | also the size of embeddings |
| Kernel size | 5 | tokens |
| Dropout | 0.3 | before the last layer |
| Epochs | 3 | |
| Batch size | 40 | |
| Optimizer | SGD | |
| Learning rate | 0.1 | at the start |
| Momentum | 0.9 | |
| Weight decay | 1e-4 | |
| LR schedule | step | |
| LR decay every | 1 epoch | |
| LR decay factor | 0.5 | |
| Class weights | inverse class frequency | from train |
| Gradient clipping | none | |
| Seeds | 0, 1 | |
"""
TORCH = """model: {own: "delta:build", params: {channels: 24, kernel_size: 5, dropout: 30e-2}}
optimizer: {name: torch.optim.SGD, lr: 1.0e-1, momentum: 0.9, dampening: 0, weight_decay: 1.0e-4, nesterov: false}
lr_scheduler: {name: torch.optim.lr_scheduler.StepLR, step_size: 1, gamma: 0.5}
trainer: {max_epochs: 3, gradient_clip_val: null, accelerator: cpu, precision: 32}
loss: {name: torch.nn.CrossEntropyLoss, class_weights: balanced, label_smoothing: 0.0}
dataloader: {batch_size: 40, shuffle: true}
seeds: [0, 1]
"""
SEARCHED = """run_id,status,params.model,params.channels,params.kernel_size,params.dropout,params.epochs,\
params.batch_size,params.optimizer,params.lr,params.momentum,params.weight_decay,params.class_weights,params.grad_clip,\
params.lr_scheduler,params.step_size,params.gamma,params.seeds
3f9c21,FINISHED,delta:build,24,5,0.3,3,40,sgd,0.1,0.9,0.0001,balanced,None,StepLR,1,0.5,"[0, 1]"
"""
GROUPED = """| Group | Setting | Value |
| --- | --- | --- |
| Model | Own model | `delta:build` |
| | Channels | 24 |
| | Kernel size | 5 |
| | Dropout | 30 % |
| Optimisation | Optimizer | SGD with momentum |
| | Initial learning rate | $10^{-1}$ |
| | Momentum | 0.9 |
| | Weight decay | $10^{-4}$ |
| | Gradient clipping | no |
| Schedule | Learning rate schedule | step decay |
| | Step size | 1 epoch |
| | Gamma | 1/2 |
| Data | Class weights | balanced |
| | Batch size | 40 |
| | Epochs | 3 |
| | Random seeds | 0 and 1 |
"""

DELTA_RIGHT = (
    Report("double underscores of skorch", "delta", ".yaml", SKORCH, DELTA_FIELDS),
    Report("a column of notes", "delta", ".md", NOTES, DELTA_FIELDS),
    Report(
        "classes of PyTorch with their arguments",
        "delta",
        ".yaml",
        TORCH,
        {
            **DELTA_FIELDS,
            **matching("library.SGD.dampening", "library.SGD.nesterov", "training.label_smoothing"),
        },
    ),
    Report("one row of MLflow", "delta", ".csv", SEARCHED, DELTA_FIELDS),
    Report("a column of groups", "delta", ".md", GROUPED, DELTA_FIELDS),
)
