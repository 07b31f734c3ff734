"""What complete reports of the sixteenth set are expected to be called, and texts with other words in them."""

from __future__ import annotations

from exam.record.report import Kind, matching

TIDES_FIELDS = matching(
    "model.family",
    "model.hidden",
    "model.layers",
    "model.bidirectional",
    "model.pooling",
    "model.embedding.dim",
    "model.dropout.embedding",
    "model.dropout.encoder",
    "model.dropout.head",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.weight_decay",
    "training.schedule.kind",
    "training.schedule.warmup",
    "training.class_weights.ebb",
    "training.class_weights.flood",
    "training.class_weights.slack",
    "training.clip",
    "training.early_stopping.patience",
    "training.early_stopping.metric",
    "training.selection.metric",
    "seeds",
)
LANTERN_FIELDS = matching(
    "data.tokens",
    "model.family",
    "model.hidden",
    "model.heads",
    "model.layers",
    "model.dropout.encoder",
    "model.dropout.head",
    "training.epochs",
    "training.learning_rate",
    "training.label_smoothing",
    "training.schedule.kind",
    "training.schedule.every",
    "training.schedule.gamma",
    "seeds",
)
GRAVEL_FIELDS = matching(
    "data.train_rows",
    "model.family",
    "model.embedding.dim",
    "model.embedding.scale",
    "training.epochs",
    "training.batch_size",
    "training.optimiser",
    "training.learning_rate",
    "training.momentum",
    "training.weight_decay",
    "training.schedule.warmup",
    "training.class_weights",
    "training.clip",
    "training.selection.metric",
    "seeds",
)
QUILL_FIELDS = matching(
    "model.own",
    "model.params.filters",
    "model.params.window",
    "model.params.drop",
    "training.epochs",
    "training.batch_size",
    "training.learning_rate",
    "training.weight_decay",
    "training.clip",
    "training.early_stopping.patience",
    "seeds",
)
MORTAR_FIELDS = matching(
    "model.own",
    "model.params.rounds",
    "model.params.pull",
    "model.params.ridge",
    "data.train_rows",
    "seeds",
)
HERON_FIELDS = matching(
    "model.embedding.mode",
    "model.pooling",
    "training.epochs",
    "training.batch_size",
    "training.learning_rate",
)


def kinds(kind: Kind, *paths: str, right: tuple[str, ...] = ()) -> dict[str, Kind]:
    """Fields of this kind, and others that are right."""
    return {**dict.fromkeys(paths, kind), **matching(*right)}


def swapped(text: str, *changes: tuple[str, str]) -> str:
    """The text with something else in place of what stands there once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
