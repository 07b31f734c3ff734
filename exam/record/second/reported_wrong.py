"""Reports of the second set in which one value is not the one that was used."""

from __future__ import annotations

from collections.abc import Mapping

from exam.record.report import Kind, Report, as_csv, as_markdown, as_yaml, matching, stated
from exam.record.second.studies import COURIER, KITE, PIGEON


def _wrong(*paths: str, right: tuple[str, ...] = ()) -> Mapping[str, Kind]:
    return {**dict.fromkeys(paths, "misstated"), **matching(*right)}


LEARNED = ("training.learning_rate",)
STEPPED = ("training.schedule.every", "training.schedule.gamma")

WRONG = (
    Report(
        "a power of ten less",
        "courier",
        ".md",
        as_markdown(stated(COURIER, {"learning rate": "2 × 10⁻⁴"})),
        _wrong("training.learning_rate", right=("training.weight_decay", "training.batch_size")),
    ),
    Report(
        "not decoupled",
        "courier",
        ".yaml",
        as_yaml(stated(COURIER, {"optim": "torch.optim.Adam"}, without=("optimizer",))),
        _wrong("training.optimiser", right=("training.weight_decay",)),
    ),
    Report(
        "schedule on plateaus",
        "courier",
        ".yaml",
        as_yaml(stated(COURIER, {"lr_scheduler": "ReduceLROnPlateau"}, without=("training.schedule.kind",))),
        _wrong("training.schedule.kind", right=STEPPED),
    ),
    Report(
        "clipping where there was none",
        "courier",
        ".csv",
        as_csv(stated(COURIER, {"gradient clipping": "1.0"}), "hyperparameter", "value"),
        _wrong("training.clip", right=LEARNED),
    ),
    Report(
        "dropout by a comma",
        "courier",
        ".md",
        as_markdown(stated(COURIER, {"model.dropout.head": "4 %"})),
        _wrong("model.dropout.head", right=("model.dropout.encoder", "model.dropout.embedding")),
    ),
    Report(
        "one direction",
        "courier",
        ".md",
        as_markdown(stated(COURIER, {"bidirectional": "no"}), "Setting", "Value"),
        _wrong("model.bidirectional", right=("model.hidden",)),
    ),
    Report(
        "stopped by the loss",
        "courier",
        ".yaml",
        as_yaml(stated(COURIER, {"training.early_stopping.metric": "log_loss"})),
        _wrong("training.early_stopping.metric", right=("training.early_stopping.patience",)),
    ),
    Report(
        "chosen by accuracy",
        "courier",
        ".csv",
        as_csv(stated(COURIER, {"metric_for_best_model": "accuracy"}, without=("training.selection.metric",))),
        _wrong("training.selection.metric", right=("training.early_stopping.metric",)),
    ),
    Report(
        "ten times the rows",
        "pigeon",
        ".md",
        as_markdown(stated(PIGEON, {"training examples": "12,000"})),
        _wrong("data.train_rows", right=("training.epochs",)),
    ),
    Report(
        "usual momentum",
        "pigeon",
        ".yaml",
        as_yaml(stated(PIGEON, {"momentum": "0.90"})),
        _wrong("training.momentum", right=LEARNED),
    ),
    Report(
        "half of the warm-up",
        "pigeon",
        ".yaml",
        as_yaml(stated(PIGEON, {"warmup_ratio": "5%"}, without=("warmup epochs",))),
        _wrong("training.schedule.warmup", right=("training.schedule.kind",)),
    ),
    Report(
        "classes without weights",
        "pigeon",
        ".csv",
        as_csv(stated(PIGEON, {"class weights": "none"})),
        _wrong("training.class_weights", right=("training.label_smoothing",)),
    ),
    Report(
        "words in place of characters",
        "pigeon",
        ".md",
        as_markdown(stated(PIGEON, {"data.tokens": "whitespace"})),
        _wrong("data.tokens", right=("model.family",)),
    ),
    Report(
        "wider kernel",
        "kite",
        ".yaml",
        as_yaml(stated(KITE, {"model.params.kernel": "5"}, without=("kernel",))),
        _wrong("model.params.kernel", right=("model.params.width", "model.params.drop")),
    ),
    Report(
        "another beta and a third seed",
        "kite",
        ".md",
        as_markdown(stated(KITE, {"Adam betas": "(0.9, 0.98)", "seeds": "7, 8, 9"})),
        _wrong("library.Adam.betas", "seeds", right=("training.optimiser",)),
    ),
)
