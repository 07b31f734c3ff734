"""Reports in which one value is not the one that was used."""

from __future__ import annotations

from collections.abc import Mapping

from exam.record.report import ATTENTION, PLAIN, RECURRENT, Kind, Report, as_csv, as_markdown, as_yaml, matching, stated


def _wrong(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    return {**dict.fromkeys(paths, "misstated"), **matching(*right)}


LEARNED = ("training.learning_rate",)

WRONG = (
    Report(
        "learning rate of the default",
        "recurrent",
        ".yaml",
        as_yaml(stated(RECURRENT, {"learning rate": "1e-3"})),
        _wrong("training.learning_rate", right=("training.weight_decay", "training.batch_size")),
    ),
    Report(
        "half the batch",
        "recurrent",
        ".yaml",
        as_yaml(stated(RECURRENT, {"per_device_train_batch_size": "16"}, without=("batch size",))),
        _wrong("training.batch_size", right=LEARNED),
    ),
    Report(
        "dropout of 3 per cent",
        "recurrent",
        ".md",
        as_markdown(stated(RECURRENT, {"dropout": "3 %"})),
        _wrong("model.dropout.encoder", "model.dropout.head", right=LEARNED),
    ),
    Report(
        "weight decay by a power of ten",
        "recurrent",
        ".md",
        as_markdown(stated(RECURRENT, {"weight decay": "10⁻³"}), "Parameter", "Setting"),
        _wrong("training.weight_decay", right=LEARNED),
    ),
    Report(
        "too many steps",
        "recurrent",
        ".yaml",
        as_yaml(stated(RECURRENT, {"max_steps": "380"}, without=("epochs",))),
        _wrong("training.epochs", right=("training.batch_size",)),
    ),
    Report(
        "more units",
        "recurrent",
        ".csv",
        as_csv(stated(RECURRENT, {"units": "64"}, without=("hidden size",))),
        _wrong("model.hidden", right=("model.layers",)),
    ),
    Report(
        "fewer layers",
        "recurrent",
        ".yaml",
        as_yaml(stated(RECURRENT, {"num_layers": "2"}, without=("layers",))),
        _wrong("model.layers", right=("model.hidden",)),
    ),
    Report(
        "decoupled optimiser",
        "recurrent",
        ".yaml",
        as_yaml(stated(RECURRENT, {"optim": "adamw_torch"})),
        _wrong("training.optimiser", right=("training.weight_decay",)),
    ),
    Report(
        "five seeds",
        "recurrent",
        ".md",
        as_markdown(stated(RECURRENT, {"seeds": "0–4"})),
        _wrong("seeds", right=LEARNED),
    ),
    Report(
        "another epsilon",
        "recurrent",
        ".yaml",
        as_yaml(stated(RECURRENT, {"adam_epsilon": "1e-6"})),
        _wrong("library.Adam.eps", right=LEARNED),
    ),
    Report(
        "linear schedule",
        "attention",
        ".yaml",
        as_yaml(stated(ATTENTION, {"lr_scheduler_type": "linear"}, without=("schedule",))),
        _wrong("training.schedule.kind", right=("training.schedule.warmup",)),
    ),
    Report(
        "twice the warm-up",
        "attention",
        ".csv",
        as_csv(stated(ATTENTION, {"warmup_steps": "60"}, without=("warmup epochs",)), "option", "choice"),
        _wrong("training.schedule.warmup", right=("training.schedule.kind",)),
    ),
    Report(
        "a tenth of the smoothing",
        "attention",
        ".md",
        as_markdown(stated(ATTENTION, {"label smoothing": "1 %"})),
        _wrong("training.label_smoothing", right=("training.momentum",)),
    ),
    Report(
        "ten times the norm",
        "attention",
        ".yaml",
        as_yaml(stated(ATTENTION, {"max_grad_norm": "5"}, without=("gradient clipping",))),
        _wrong("training.clip", right=("training.label_smoothing",)),
    ),
    Report(
        "another pooling",
        "attention",
        ".yaml",
        as_yaml(stated(ATTENTION, {"pooling": "mean"})),
        _wrong("model.pooling", right=("model.heads",)),
    ),
    Report(
        "ten thousand rows",
        "plain",
        ".yaml",
        as_yaml(stated(PLAIN, {"training examples": "10k"})),
        _wrong("data.train_rows", right=("training.epochs",)),
    ),
    Report(
        "another recurrence",
        "plain",
        ".csv",
        as_csv(stated(PLAIN, {"family": "LSTM"}), "setting", "value"),
        _wrong("model.family", right=("model.hidden",)),
    ),
    Report(
        "more patience",
        "plain",
        ".yaml",
        as_yaml(stated(PLAIN, {"early_stopping_patience": "5"}, without=("patience",))),
        _wrong("training.early_stopping.patience", right=("training.epochs",)),
    ),
)
