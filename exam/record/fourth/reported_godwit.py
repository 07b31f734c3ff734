"""Correct reports of the study of brackets with attention: every field is a match."""

from __future__ import annotations

from exam.record.fourth.layouts import as_fixed_sweep, as_noted, as_ranged, as_sections
from exam.record.fourth.studies import GODWIT
from exam.record.report import Report, as_csv, as_markdown, matching, stated

GODWIT_FIELDS = matching(
    "data.train_rows",
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
    "training.schedule.kind",
    "training.schedule.warmup",
    "training.label_smoothing",
    "training.clip",
    "training.selection.metric",
    "seeds",
)
CARD = {
    "model_type": "transformer",
    "hidden_size": "24",
    "num_hidden_layers": "2",
    "num_attention_heads": "3",
    "pooling": "mean",
    "encoder_dropout": "0.15",
    "classifier_dropout": "0.3",
    "max_train_samples": "640",
    "learning_rate": "0.002",
    "train_batch_size": "20",
    "seed": "[11, 12]",
    "optimizer": "adamw_torch with betas=(0.9,0.999) and epsilon=1e-08",
    "weight_decay": "0.05",
    "lr_scheduler_type": "cosine",
    "lr_scheduler_warmup_ratio": "0.05",
    "num_epochs": "10",
    "label_smoothing_factor": "0.08",
    "max_grad_norm": "0.9",
    "metric_for_best_model": "macro_f1",
}
SYMBOLS = {
    "# training strings": "640",
    "Architecture": "Transformer encoder",
    "Model dimension $d$": "24",
    "Number of layers $L$": "2",
    "Number of heads $H$": "3",
    "Pooling": "mean over positions",
    "Dropout (encoder)": "0.15",
    "Dropout (classification head)": "0.30",
    "Epochs": "10",
    "Batch size $B$": "20",
    "Optimizer": "AdamW",
    "Peak learning rate": "$2 \\times 10^{-3}$",
    "Weight decay": "$0.05$",
    "Learning rate schedule": "cosine decay",
    "Linear warmup": "16 steps",
    "Label smoothing $\\epsilon$": "0.08",
    "Max. gradient norm": "0.9",
    "Selection metric": "macro-F1 on dev",
    "Seeds": "11 and 12",
}
SWEEP = {
    "n_train": "640",
    "arch": "transformer",
    "d_model": "24",
    "n_layers": "2",
    "n_heads": "3",
    "pooling": "mean",
    "encoder_dropout": "0.15",
    "head_dropout": "0.3",
    "epochs": "10",
    "batch_size": "20",
    "optimizer": "adamw",
    "lr": "0.002",
    "weight_decay": "0.05",
    "scheduler": "cosine",
    "warmup_steps": "16",
    "label_smoothing": "0.08",
    "grad_clip": "0.9",
    "selection_metric": "macro_f1",
    "seeds": "[11, 12]",
}
CONFIG = """{
  "dataset": {"train_rows": 640},
  "model": {
    "architecture": "transformer",
    "d_model": 24,
    "num_layers": 2,
    "num_heads": 3,
    "pooling": "mean",
    "dropout": {"encoder": 0.15, "head": 0.3}
  },
  "training": {
    "max_steps": 320,
    "batch_size": 20,
    "optimizer": {"name": "AdamW", "lr": 2e-3, "weight_decay": 5e-2, "betas": [0.9, 0.999]},
    "lr_scheduler": {"name": "cosine", "warmup_steps": 16},
    "label_smoothing": 0.08,
    "gradient_clip_val": 0.9,
    "selection": {"metric": "macro_f1"}
  },
  "seeds": [11, 12]
}
"""
PERCENT = {
    "training examples": "640 (of 700)",
    "model.dropout.encoder": "15%",
    "model.dropout.head": "30 %",
    "label smoothing": "8%",
    "learning rate": "2 × 10⁻³",
    "weight decay": "5 × 10⁻²",
    "seeds": "11–12",
}
PARTS = {
    "data": {"training examples": "640"},
    "model": {
        "architecture": "transformer",
        "hidden dimension": "24",
        "layers": "2",
        "attention heads": "3",
        "pooling": "mean",
        "encoder dropout": "0.15",
        "head dropout": "0.3",
    },
    "training": {
        "total steps": "320",
        "batch size": "20",
        "optimizer": "AdamW",
        "learning rate": "2.0E-3",
        "weight decay": "5.0E-2",
        "scheduler": "cosine",
        "warmup steps": "16",
        "label smoothing": "0.08",
        "gradient clipping": "0.9",
        "selection metric": "macro F1",
        "seeds": "11, 12",
    },
}
NOTES = {
    "hidden size": "8 per head",
    "learning rate": "peak",
    "warmup epochs": "linear, 16 updates",
    "gradient clipping": "L2 norm of all gradients",
    "training examples": "stratified by class",
}
RANGES = {
    "learning rate": "1e-4 – 1e-2",
    "heads": "1, 3, 6",
    "label smoothing": "0 – 0.2",
    "weight decay": "0, 0.01, 0.05",
    "batch size": "10, 20, 40",
}

GODWIT_RIGHT = (
    Report(
        "rows of a model card",
        "godwit",
        ".md",
        as_markdown(CARD, "hyperparameter", "value"),
        {**GODWIT_FIELDS, **matching("library.Adam.betas", "library.Adam.eps")},
    ),
    Report("names with their letters", "godwit", ".md", as_markdown(SYMBOLS, "Quantity", "Value"), GODWIT_FIELDS),
    Report("a sweep of single values", "godwit", ".yaml", as_fixed_sweep(SWEEP), GODWIT_FIELDS),
    Report("steps in JSON", "godwit", ".yaml", CONFIG, {**GODWIT_FIELDS, **matching("library.Adam.betas")}),
    Report("shares in percent", "godwit", ".csv", as_csv(stated(GODWIT, PERCENT)), GODWIT_FIELDS),
    Report("parts and total steps", "godwit", ".csv", as_sections(PARTS), GODWIT_FIELDS),
    Report("remarks on some rows", "godwit", ".md", as_noted(GODWIT, NOTES), GODWIT_FIELDS),
    Report("a range behind some values", "godwit", ".md", as_ranged(GODWIT, RANGES), GODWIT_FIELDS),
)
