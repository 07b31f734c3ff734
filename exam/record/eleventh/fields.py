"""What a complete and correct report of each study of the eleventh set says: each of these fields is a match."""

from __future__ import annotations

from collections.abc import Mapping

from exam.record.report import Kind, matching

TIDES = matching(
    "model.family",
    "model.hidden",
    "model.layers",
    "model.bidirectional",
    "model.pooling",
    "model.embedding.dim",
    "model.embedding.scale",
    "model.dropout.embedding",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.learning_rate",
    "training.weight_decay",
    "training.clip",
    "training.schedule.kind",
    "training.schedule.every",
    "training.schedule.gamma",
    "training.early_stopping.patience",
    "seeds",
)
LOOMS = matching(
    "model.family",
    "model.hidden",
    "model.heads",
    "model.positions",
    "model.pooling",
    "model.embedding.dim",
    "model.dropout.encoder",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.weight_decay",
    "training.label_smoothing",
    "training.schedule.kind",
    "training.schedule.warmup",
    "training.selection.metric",
    "seeds",
)
PETALS = matching(
    "data.tokens",
    "data.train_rows",
    "model.family",
    "model.embedding.dim",
    "model.embedding.mode",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.momentum",
    "training.clip",
    "training.selection.split",
    "streams.init",
    "seeds",
)
"""Weights of classes are stated in every report, too; which name each of them has is left open."""
GEARS = matching(
    "data.train_without",
    "model.own",
    "model.params.learning_rate",
    "model.params.rounds",
    "model.params.l2",
    "model.params.ngram",
    "model.params.buckets",
    "seeds",
)


def planted(whole: Mapping[str, Kind], kind: Kind, *names: str) -> dict[str, Kind]:
    """All fields of a report as they are, but for those in which something is planted."""
    return {**whole, **dict.fromkeys(names, kind)}
