"""Reports of the fourteenth set in which one or two values are not those that were used."""

from __future__ import annotations

from exam.record.fourteenth import forms
from exam.record.fourteenth.forms import replaced, wrong
from exam.record.fourteenth.reported_lichen import BOTH, CARD
from exam.record.fourteenth.reported_osprey import COMMAND_LINE, LOG, SENTENCES, SYMBOLS
from exam.record.fourteenth.reported_small import ACROSS, ITEMS, LETTER, OVERRIDES
from exam.record.fourteenth.reported_tern import SECTIONS, TABLES, THESIS
from exam.record.fourteenth.stating import LICHEN, MOSS, OSPREY
from exam.record.report import Report, stated

LEARNED = ("training.learning_rate",)
CHECKPOINT = """ModelCheckpoint
    init_args:
      monitor: val_macro_f1
"""
REBUTTAL = """**Answer to reviewer 2.** We thank the reviewer, and will add this table to the appendix.

| | Value |
| :-- | --: |
| Model | `tern:build` |
| Channels | 24 |
| Kernel size | 5 |
| Depth | 2 |
| Training examples | 12.8k |
| Epochs | 4 |
| Batch size | 64 |
| Optimizer | SGD |
| Momentum | 0.9 |
| Weight decay | 5e-4 |
| Learning rate | 1e-1 |
| Warm-up steps | 10 |
| Gradient clipping | 2.5 |
| Class weights | equal 3, fewer 1, more 1 |
| Selection metric | accuracy |
| Seeds | 2024, 2025, 2026 |
"""
REQUEST = """## Train on the reduced set

Closes the last item of the plan. Settings of all runs:

- `model.own`: `tern:build`
- channels: 32
- kernel size: 3
- depth: 2
- training examples: 1,280
- optimizer: SGD
- momentum: 0.9, weight decay: 5e-4
- lr: 0.1
- warmup steps: 10
- batch size: 64, epochs: 4
- gradient clipping: 2.5
- class weights: equal 3, fewer 1, more 1
- selection metric: accuracy
- seeds: 2024, 2025, 2026
"""

OSPREY_WRONG = (
    Report(
        "decay ten times as strong",
        "osprey",
        ".tex",
        replaced(SYMBOLS, ("& $10^{-5}$", "& $10^{-4}$")),
        wrong("training.weight_decay", right=("training.learning_rate", "training.clip")),
    ),
    Report(
        "half of the dropout more",
        "osprey",
        ".md",
        replaced(SENTENCES, ("dropout rate of 0.3", "dropout rate of 0.45")),
        wrong("model.dropout.encoder", "model.dropout.head", right=("model.hidden", *LEARNED)),
    ),
    Report(
        "warm-up of half an epoch in steps",
        "osprey",
        ".txt",
        replaced(LOG, ("warmup_steps=40", "warmup_steps=20")),
        wrong("training.schedule.warmup", right=("training.schedule.kind", "training.batch_size")),
    ),
    Report(
        "patience and choice of a template",
        "osprey",
        ".yaml",
        replaced(
            COMMAND_LINE, ("patience: 3", "patience: 5"), (CHECKPOINT, CHECKPOINT.replace("macro_f1", "accuracy"))
        ),
        wrong(
            "training.early_stopping.patience",
            "training.selection.metric",
            right=("training.early_stopping.metric", "training.epochs"),
        ),
    ),
    Report(
        "larger epsilon",
        "osprey",
        ".yaml",
        forms.as_wandb(stated(OSPREY, {"adam_beta1": "0.9", "adam_beta2": "0.999", "adam_epsilon": "1e-6"})),
        wrong("library.Adam.eps", right=("training.optimiser", *LEARNED)),
    ),
    Report(
        "units of both directions",
        "osprey",
        ".tex",
        forms.as_latex(
            stated(OSPREY, {"hidden units (per direction)": "72"}, without=("hidden size",)), "Settings of the encoder."
        ),
        wrong("model.hidden", right=("model.bidirectional", "model.layers")),
    ),
)

LICHEN_WRONG = (
    Report(
        "norm of a trainer's default",
        "lichen",
        ".md",
        replaced(CARD, ("max_grad_norm: None", "max_grad_norm: 1.0")),
        wrong("training.clip", right=("training.weight_decay", *LEARNED)),
    ),
    Report(
        "more layers in the main column",
        "lichen",
        ".md",
        replaced(BOTH, ("| Layers | 3 | 1 |", "| Layers | 4 | 1 |")),
        wrong("model.layers", right=("model.heads", "training.epochs")),
    ),
    Report(
        "rarer and steeper steps",
        "lichen",
        ".md",
        forms.as_html(stated(LICHEN, {"step size (epochs)": "3", "gamma": "0.1"})),
        wrong("training.schedule.every", "training.schedule.gamma", right=("training.schedule.kind", *LEARNED)),
    ),
    Report(
        "a third seed",
        "lichen",
        ".toml",
        forms.as_toml(stated(LICHEN, {"seeds": "42, 43, 44"})),
        wrong("seeds", right=("training.optimiser", "training.batch_size")),
    ),
)

TERN_WRONG = (
    Report(
        "momentum of Nesterov",
        "tern",
        ".toml",
        replaced(TABLES, ("nesterov = false", "nesterov = true")),
        wrong("library.SGD.nesterov", right=("training.momentum", "training.optimiser")),
    ),
    Report(
        "batches twice as large",
        "tern",
        ".tex",
        replaced(THESIS, ("batch size of 64", "batch size of 128")),
        wrong("training.batch_size", right=("training.epochs", "training.momentum")),
    ),
    Report(
        "a class that weighs less",
        "tern",
        ".txt",
        replaced(SECTIONS, ("equal: 3, fewer: 1, more: 1", "equal: 2, fewer: 1, more: 1")),
        wrong("training.class_weights", right=("training.clip", "training.weight_decay")),
    ),
    Report(
        "ten times the examples, as thousands",
        "tern",
        ".md",
        REBUTTAL,
        wrong("data.train_rows", right=("training.epochs", "model.params.depth")),
    ),
    Report(
        "kernel and channels of another run",
        "tern",
        ".md",
        REQUEST,
        wrong("model.params.kernel", "model.params.channels", right=("model.params.depth", "training.batch_size")),
    ),
)

SMALL_WRONG = (
    Report(
        "vectors that were trained",
        "moss",
        ".md",
        forms.as_bullets(stated(MOSS, {"model.embedding.mode": "trained"})),
        wrong("model.embedding.mode", right=("model.embedding.dim", "training.batch_size")),
    ),
    Report(
        "a digit less of dropout",
        "moss",
        ".txt",
        replaced(LETTER, ("classifier: 0.5", "classifier: 0.05")),
        wrong("model.dropout.head", right=("training.epochs", *LEARNED)),
    ),
    Report(
        "optimiser that does not decouple",
        "wren",
        ".yaml",
        replaced(OVERRIDES, ("- optimizer=adamw", "- optimizer=adam")),
        wrong("training.optimiser", right=("training.weight_decay", *LEARNED)),
    ),
    Report(
        "last state for attention",
        "wren",
        ".tex",
        replaced(ITEMS, ("Pooling: attention", "Pooling: last")),
        wrong("model.pooling", right=("model.hidden", "model.dropout.head")),
    ),
    Report(
        "steps of four epochs",
        "wren",
        ".csv",
        replaced(ACROSS, ("800,150,16", "800,200,16")),
        wrong("training.epochs", right=("training.batch_size", "data.train_rows")),
    ),
)

WRONG = (*OSPREY_WRONG, *LICHEN_WRONG, *TERN_WRONG, *SMALL_WRONG)
