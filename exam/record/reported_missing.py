"""Reports that leave something out: what somebody set, or what nobody chose."""

from __future__ import annotations

from collections.abc import Mapping

from exam.record.report import ATTENTION, PLAIN, RECURRENT, Kind, Report, as_csv, as_markdown, as_yaml, matching, stated


def _omitted(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    return {**dict.fromkeys(paths, "omitted"), **matching(*right)}


def _default(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    return {**dict.fromkeys(paths, "omitted-default"), **matching(*right)}


OMITTED = (
    Report(
        "no learning rate",
        "recurrent",
        ".yaml",
        as_yaml(stated(RECURRENT, without=("learning rate",))),
        _omitted("training.learning_rate", right=("training.weight_decay",)),
    ),
    Report(
        "no dropout",
        "recurrent",
        ".md",
        as_markdown(stated(RECURRENT, without=("dropout",))),
        _omitted("model.dropout.encoder", "model.dropout.head", right=("model.hidden",)),
    ),
    Report(
        "no weight decay",
        "recurrent",
        ".csv",
        as_csv(stated(RECURRENT, without=("weight decay",))),
        _omitted("training.weight_decay", right=("training.learning_rate",)),
    ),
    Report(
        "no batch size",
        "recurrent",
        ".yaml",
        as_yaml(stated(RECURRENT, renamed={"epochs": "num_train_epochs"}, without=("batch size",))),
        _omitted("training.batch_size", right=("training.epochs",)),
    ),
    Report(
        "no momentum",
        "attention",
        ".yaml",
        as_yaml(stated(ATTENTION, without=("momentum",))),
        _omitted("training.momentum", right=("training.optimiser",)),
    ),
    Report(
        "no schedule",
        "attention",
        ".md",
        as_markdown(stated(ATTENTION, without=("schedule", "warmup epochs")), "Name", "Value"),
        _omitted("training.schedule.kind", "training.schedule.warmup", right=("training.learning_rate",)),
    ),
    Report(
        "no smoothing",
        "attention",
        ".csv",
        as_csv(stated(ATTENTION, without=("label smoothing",))),
        _omitted("training.label_smoothing", right=("training.clip",)),
    ),
    Report(
        "no number of rows",
        "plain",
        ".yaml",
        as_yaml(stated(PLAIN, without=("training examples",))),
        _omitted("data.train_rows", right=("training.epochs",)),
    ),
)

DEFAULT = (
    Report(
        "nothing of the optimiser",
        "recurrent",
        ".yaml",
        as_yaml(RECURRENT),
        _default("training.optimiser", "training.clip", "training.schedule.kind", "model.bidirectional"),
    ),
    Report(
        "optimiser and norm",
        "recurrent",
        ".md",
        as_markdown(stated(RECURRENT, {"optimizer": "Adam", "max gradient norm": "1.0"})),
        _default(
            "training.label_smoothing", "training.selection.metric", right=("training.optimiser", "training.clip")
        ),
    ),
    Report(
        "nothing of the selection",
        "attention",
        ".yaml",
        as_yaml(ATTENTION),
        _default("training.weight_decay", "training.selection.metric", "model.embedding.dim"),
    ),
    Report(
        "sizes alone",
        "plain",
        ".csv",
        as_csv(PLAIN, "Hyperparameter", "Value"),
        _default("training.learning_rate", "training.batch_size", "training.optimiser", "model.dropout.head"),
    ),
    Report(
        "rate and batch",
        "plain",
        ".yaml",
        as_yaml(stated(PLAIN, {"lr": "1e-3", "batch": "64"})),
        _default("training.optimiser", "training.clip", right=("training.learning_rate", "training.batch_size")),
    ),
)
