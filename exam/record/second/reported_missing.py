"""Reports of the second set that leave something out: what somebody set, or what nobody chose."""

from __future__ import annotations

from collections.abc import Mapping

from exam.record.report import Kind, Report, as_csv, as_markdown, as_yaml, matching, stated
from exam.record.second.studies import COURIER, KITE, PIGEON


def _omitted(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    return {**dict.fromkeys(paths, "omitted"), **matching(*right)}


def _default(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    return {**dict.fromkeys(paths, "omitted-default"), **matching(*right)}


LEARNED = ("training.learning_rate",)
STOPPED = ("training.early_stopping.patience", "training.early_stopping.metric")

OMITTED = (
    Report(
        "no width",
        "courier",
        ".md",
        as_markdown(stated(COURIER, without=("hidden size",))),
        _omitted("model.hidden", right=("model.layers",)),
    ),
    Report(
        "nothing of vectors",
        "courier",
        ".yaml",
        as_yaml(stated(COURIER, without=("embedding dim", "model.dropout.embedding"))),
        _omitted("model.embedding.dim", "model.dropout.embedding", right=("model.dropout.encoder",)),
    ),
    Report(
        "clipping switched off in silence",
        "courier",
        ".csv",
        as_csv(stated(COURIER, without=("gradient clipping",)), "Name", "Value"),
        _omitted("training.clip", right=LEARNED),
    ),
    Report(
        "no word of stopping",
        "courier",
        ".md",
        as_markdown(
            stated(COURIER, without=("early stopping patience", "training.early_stopping.metric")), "Option", "Value"
        ),
        _omitted(*STOPPED, right=("training.epochs",)),
    ),
    Report(
        "no word of directions",
        "courier",
        ".yaml",
        as_yaml(stated(COURIER, without=("bidirectional",))),
        _omitted("model.bidirectional", right=("model.family",)),
    ),
    Report(
        "no weights of classes",
        "pigeon",
        ".yaml",
        as_yaml(stated(PIGEON, without=("class weights",))),
        _omitted("training.class_weights", right=("training.label_smoothing",)),
    ),
    Report(
        "no tokenisation",
        "pigeon",
        ".md",
        as_markdown(stated(PIGEON, without=("data.tokens",))),
        _omitted("data.tokens", right=("data.train_rows",)),
    ),
    Report(
        "no warm-up",
        "pigeon",
        ".csv",
        as_csv(stated(PIGEON, without=("warmup epochs",))),
        _omitted("training.schedule.warmup", right=("training.schedule.kind",)),
    ),
    Report(
        "no dropout of an own model",
        "kite",
        ".yaml",
        as_yaml(stated(KITE, without=("drop",))),
        _omitted("model.params.drop", right=("model.params.width", "model.params.kernel")),
    ),
    Report(
        "no choice of a checkpoint",
        "kite",
        ".md",
        as_markdown(stated(KITE, without=("training.selection.metric",))),
        _omitted("training.selection.metric", right=LEARNED),
    ),
)

DEFAULT = (
    Report(
        "nothing of smoothing and weights",
        "courier",
        ".yaml",
        as_yaml(COURIER),
        _default("training.label_smoothing", "training.class_weights", "training.precision"),
    ),
    Report(
        "nothing of warm-up and vectors",
        "courier",
        ".md",
        as_markdown(stated(COURIER, {"label smoothing": "0"})),
        _default(
            "training.schedule.warmup", "model.embedding.mode", "data.tokens", right=("training.label_smoothing",)
        ),
    ),
    Report(
        "nothing inside the optimiser",
        "courier",
        ".csv",
        as_csv(stated(COURIER, {"adam_epsilon": "1e-08"}), "hyperparameter", "value"),
        _default("library.Adam.betas", "data.train_rows", right=("library.Adam.eps",)),
    ),
    Report(
        "nothing of checkpoints",
        "pigeon",
        ".yaml",
        as_yaml(PIGEON),
        _default("training.selection.metric", "training.selection.split", "training.early_stopping"),
    ),
    Report(
        "nothing inside plain descent",
        "pigeon",
        ".md",
        as_markdown(stated(PIGEON, {"Nesterov": "no"}), "Setting", "Value"),
        _default("library.SGD.dampening", "data.order", right=("library.SGD.nesterov",)),
    ),
    Report(
        "nothing of the device",
        "pigeon",
        ".csv",
        as_csv(stated(PIGEON, {"training.precision": "fp32"}), "key", "value"),
        _default("training.device", "data.spelling", right=("training.precision",)),
    ),
    Report(
        "schedule after the warm-up",
        "kite",
        ".yaml",
        as_yaml(KITE),
        _default("training.schedule.kind", "training.label_smoothing", "training.class_weights"),
    ),
    Report(
        "initial weights",
        "kite",
        ".csv",
        as_csv(stated(KITE, {"label smoothing": "0.0", "class weights": "none"})),
        _default("model.initial_scale", right=("training.label_smoothing", "training.class_weights")),
    ),
)
